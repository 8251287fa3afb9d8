"""Contested lines, cancellation, renegotiation: what is not contested goes on, and no cent is owed twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from billing_service.domain import commands as c
from billing_service.domain import events as e
from billing_service.domain.terms import DunningStep
from billing_service.tests.unit.given import (
    ACCOUNT,
    amount,
    bill,
    day,
    given,
    issued,
    kinds,
    line,
    noon,
    only,
    open_account,
    pay,
    terms,
)
from services.testing.decider import DeciderSpec


def two_lines(*more: Any) -> tuple[DeciderSpec, str, str]:
    """January with 300.00 and 50.00; its receivable, and the charge of the second line."""
    opening = open_account(line("300.00"), line("50.00", "L2"), dunning=(DunningStep(1, 5),))
    spec = given(opening, bill("2026-01"), *more)
    (id_,) = [r.receivable_id for r in spec.state().receivables.values() if r.month == "2026-01"]
    (charge,) = [key for key, b in spec.state().billed.items() if (b.line.line_id, b.receivable_id) == ("L2", id_)]
    return spec, id_, charge


def dispute(id_: str, *charges: str, on: str = "2026-01-15") -> c.DisputeReceivable:
    return c.DisputeReceivable(ACCOUNT, id_, "não reconhece", day(on), charge_ids=charges)


def resolve(id_: str, *charges: str, **options: Any) -> c.ResolveDispute:
    return c.ResolveDispute(ACCOUNT, id_, "conferido", charge_ids=charges, on=day("2026-03-02"), **options)


def test_a_contested_line_bears_no_late_charges_and_the_others_do() -> None:
    spec, id_, charge = two_lines()
    disputed = spec.when(dispute(id_, charge))
    assert only(disputed.events(), e.ReceivableDisputed).lines == (e.DisputedLine(charge, amount("50.00")),)
    accrued = only(disputed.when(c.AccrueLateCharges(ACCOUNT, id_, day("2026-02-10"))).events(), e.LateChargesAccrued)
    assert (accrued.fine, accrued.interest) == (amount("6.00"), amount("3.00"))  # 2 % and 30 days at 1 %, of 300.00


def test_reminders_go_on_for_what_is_not_contested_and_stop_when_all_is() -> None:
    spec, id_, charge = two_lines()
    remind = c.SendReminder(ACCOUNT, id_, 1, day("2026-01-20"))
    assert kinds(spec.when(dispute(id_, charge), remind).events()) == ["ReminderSent"]
    (other,) = [key for key, b in spec.state().billed.items() if b.line.line_id == "L1"]
    spec.when(dispute(id_, charge), dispute(id_, other), remind).then_nothing()
    spec.when(dispute(id_), remind).then_nothing()


def test_only_what_is_not_contested_leads_to_default() -> None:
    spec, id_, charge = two_lines()
    late = only(
        spec.when(dispute(id_, charge), c.CheckDefault(ACCOUNT, day("2026-02-10"))).events(), e.AccountInDefault
    )
    assert late.amount == amount("300.00")
    paid = spec.when(dispute(id_, charge), pay("300.00", "2026-01-10"))
    paid.when(c.CheckDefault(ACCOUNT, day("2026-02-10"))).then_nothing()


def test_money_pays_what_is_not_contested_first() -> None:
    spec, id_, charge = two_lines(bill("2026-02"))
    state = spec.when(dispute(id_, charge), pay("650.00", "2026-02-10")).state()
    assert sorted(r.balance for r in state.receivables.values()) == [0, amount("50.00")]
    assert state.receivables[id_].balance == amount("50.00")


def test_contesting_again_changes_nothing_and_another_receivable_s_line_is_refused() -> None:
    spec, id_, charge = two_lines()
    spec.when(dispute(id_, charge), dispute(id_, charge)).then_nothing()
    spec.when(dispute(id_, "other")).then_refused("credit.charge-unknown")


def test_a_resolved_line_is_owed_again() -> None:
    spec, id_, charge = two_lines()
    state = spec.when(dispute(id_, charge), resolve(id_, charge)).state()
    assert state.receivables[id_].claimable == amount("350.00")
    spec.when(resolve(id_)).then_nothing()


def test_when_the_customer_is_right_the_line_is_credited() -> None:
    spec, id_, charge = two_lines()
    resolved = spec.when(dispute(id_, charge), resolve(id_, credit=True))
    assert only(resolved.events(), e.CreditNoteIssued).amount == amount("50.00")
    assert resolved.state().receivables[id_].balance == amount("300.00")


def cancel(id_: str, charges: str = "return") -> c.CancelReceivable:
    return c.CancelReceivable(ACCOUNT, id_, "tomador errado", charges, day("2026-01-05"))


def test_the_charges_of_a_cancelled_receivable_go_back_to_the_agenda_and_are_billed_once() -> None:
    spec, id_, _ = two_lines()
    cancelled = spec.when(cancel(id_))
    assert cancelled.state().balance == 0
    again = issued(spec.when(cancel(id_), bill("2026-01", "2026-01-06")).events())
    assert (again.gross, again.number) == (amount("350.00"), "C-7-2026-01.2")
    spec.when(cancel(id_), cancel(id_)).then_nothing()


def test_they_may_go_back_held_or_be_dropped() -> None:
    spec, id_, _ = two_lines()
    assert "ReceivableIssued" not in kinds(spec.when(cancel(id_, "hold"), bill("2026-01", "2026-01-06")).events())
    assert "ReceivableIssued" not in kinds(spec.when(cancel(id_, "drop"), bill("2026-01", "2026-01-06")).events())
    spec.when(cancel(id_, "?")).then_refused("receivable.charges-unknown")


def test_a_charge_that_went_back_is_priced_anew_by_new_terms() -> None:
    spec, id_, _ = two_lines()
    taken = c.TakeTerms(ACCOUNT, day("2026-01-01"), terms(line("310.00")), "addendum 1", noon("2026-01-05"))
    assert issued(spec.when(cancel(id_), taken, bill("2026-01", "2026-01-06")).events()).gross == amount("310.00")


@pytest.mark.parametrize("before", ["pay", "credit"])
def test_what_was_paid_or_credited_is_not_cancelled(before: str) -> None:
    spec, id_, _ = two_lines()
    first = (
        pay("1.00", "2026-01-02")
        if before == "pay"
        else c.IssueCreditNote(ACCOUNT, "N", id_, Decimal("1.00"), "x", on=day("2026-01-02"))
    )
    spec.when(first, cancel(id_)).then_refused("receivable.not-cancellable")


def renegotiate(*ids: str, **options: Any) -> c.RenegotiateReceivables:
    agreed = {"count": 3, "first_due_on": day("2026-03-10"), "on": day("2026-02-10"), **options}
    return c.RenegotiateReceivables(ACCOUNT, "R1", ids, "acordo", **agreed)


def test_a_debt_with_its_late_charges_becomes_instalments_that_come_to_the_same() -> None:
    """350.00 + 2 % + 1 % for 30 days = 360.50, in three parts; the cents that remain on the first."""
    spec, id_, _ = two_lines()
    done = spec.when(renegotiate(id_))
    assert kinds(done.events())[:2] == ["LateChargesAccrued", "ReceivableRenegotiated"]
    parts = [x for x in done.events() if isinstance(x, e.ReceivableIssued)]
    assert [(str(x.due_on), str(x.net), x.number) for x in parts] == [
        ("2026-03-10", "120.18", "C-7-2026-01-R1-1/3"),
        ("2026-04-10", "120.16", "C-7-2026-01-R1-2/3"),
        ("2026-05-10", "120.16", "C-7-2026-01-R1-3/3"),
    ]
    assert done.state().balance == amount("360.50")
    assert done.state().receivables[id_].balance == 0
    spec.when(renegotiate(id_), renegotiate(id_)).then_nothing()


def test_instalments_as_agreed_must_come_to_what_is_owed() -> None:
    spec, id_, _ = two_lines()
    parts = (c.Instalment(day("2026-03-10"), amount("200.00")), c.Instalment(day("2026-03-20"), amount("150.00")))
    assert len(spec.when(renegotiate(id_, instalments=parts, late_charges=False)).events()) == 3
    spec.when(renegotiate(id_, instalments=parts)).then_refused("renegotiation.sum-differs", owed=amount("360.50"))
    spec.when(renegotiate(id_, count=0)).then_refused("renegotiation.sum-differs")
    spec.when(renegotiate(id_, first_due_on=day("2026-02-09"))).then_refused("renegotiation.due-in-the-past")


def test_a_renegotiation_makes_a_defaulting_account_regular_until_an_instalment_is_late() -> None:
    spec, id_, _ = two_lines(c.CheckDefault(ACCOUNT, day("2026-02-10")))
    done = spec.when(renegotiate(id_))
    assert kinds(done.events())[-1] == "AccountRegularised"
    late = spec.when(renegotiate(id_), c.CheckDefault(ACCOUNT, day("2026-04-09")))
    assert only(late.events(), e.AccountInDefault).since == day("2026-03-10")


def test_what_is_contested_is_not_renegotiated_and_bills_go_on_numbering_as_before() -> None:
    spec, id_, charge = two_lines()
    spec.when(dispute(id_, charge), renegotiate(id_)).then_refused("receivable.disputed")
    assert issued(spec.when(renegotiate(id_), bill("2026-02", "2026-02-11")).events()).number == "C-7-2026-02"


def test_what_is_cancelled_is_contested_no_more() -> None:
    spec, id_, charge = two_lines()
    cancelled = spec.when(dispute(id_, charge), c.CancelReceivable(ACCOUNT, id_, "engano", on=day("2026-01-20")))
    assert not cancelled.state().receivables[id_].disputed_lines
    spec.when(
        dispute(id_, charge),
        c.CancelReceivable(ACCOUNT, id_, "engano", on=day("2026-01-20")),
        resolve(id_, charge, credit=True),
    ).then_nothing()
