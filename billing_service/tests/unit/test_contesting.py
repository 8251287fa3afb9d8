"""Charges for work that the customer contests wait until it is accepted, in whatever order both are told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from billing_service.domain import commands as c
from billing_service.domain import events as e
from billing_service.domain import more_commands as m
from billing_service.domain.ids import added_charge_id
from billing_service.tests.unit.given import ACCOUNT, amount, bill, day, given, kinds, only, open_account

WORK = added_charge_id(ACCOUNT, "work", "W1")


def work(ref: str = "W1", request: str = "R1") -> c.AddCharge:
    price = amount("80.00")
    return c.AddCharge(ACCOUNT, "work", ref, Decimal(1), day("2026-01-03"), "Visita", price, request_id=request)


def contest(request: str = "R1") -> m.ContestWork:
    return m.ContestWork(ACCOUNT, request, "contested", day("2026-01-10"))


def accept(request: str = "R1") -> m.AcceptWork:
    return m.AcceptWork(ACCOUNT, request, day("2026-01-20"))


def billed_in_january(*commands: Any) -> str:
    return str(only(given(open_account(), *commands).when(bill("2026-01")).events(), e.ReceivableIssued).net)


def test_contested_work_is_not_billed_until_it_is_accepted() -> None:
    assert billed_in_january(work(), contest()) == "300.00"
    assert billed_in_january(work(), contest(), accept()) == "380.00"


def test_work_that_is_told_after_the_contest_is_held_as_it_comes() -> None:
    assert billed_in_january(contest(), work()) == "300.00"
    assert billed_in_january(contest(), work(), accept()) == "380.00"
    assert billed_in_january(contest(), accept(), work()) == "380.00"


def test_other_requests_are_billed() -> None:
    assert billed_in_january(work(), work("W2", "R2"), contest()) == "380.00"


def test_what_finance_held_for_a_reason_of_its_own_stays_held() -> None:
    hold = c.HoldCharge(ACCOUNT, "aguarda medição", charge_id=WORK, on=day("2026-01-05"))
    assert billed_in_january(work(), hold, contest(), accept()) == "300.00"


def test_work_that_is_billed_already_is_disputed_and_then_owed_again() -> None:
    spec = given(open_account(), work(), bill("2026-01"), contest())
    (receivable,) = spec.state().receivables.values()
    assert (receivable.balance, receivable.claimable) == (amount("380.00"), amount("300.00"))
    (receivable,) = given(open_account(), work(), bill("2026-01"), contest(), accept()).state().receivables.values()
    assert receivable.claimable == amount("380.00")


def test_a_line_that_was_disputed_before_stays_disputed() -> None:
    spec = given(open_account(), work(), bill("2026-01"))
    (id_,) = spec.state().receivables
    dispute = c.DisputeReceivable(ACCOUNT, id_, "preço", day("2026-01-05"), charge_ids=(WORK,))
    (receivable,) = (
        given(open_account(), work(), bill("2026-01"), dispute, contest(), accept()).state().receivables.values()
    )
    assert receivable.claimable == amount("300.00")


def test_contested_twice_is_held_once_and_accepted_without_a_contest_is_nothing() -> None:
    given(open_account(), work(), contest()).when(contest()).then_nothing()
    given(open_account(), work()).when(accept()).then_nothing()
    again = given(open_account(), work(), contest(), accept()).when(contest())
    assert kinds(again.events()) == ["WorkContested", "ChargeHeld"]
