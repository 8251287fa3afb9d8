"""Suggestions for bank rows: each reason by itself, and the order in which they are offered."""

from __future__ import annotations

from decimal import Decimal

import pytest

from billing_service.domain.bank_row import DECIDER, row_payment_id
from billing_service.domain.matching import KnownPayment, Suggestion, Target, suggest, suggest_payments
from billing_service.tests.unit.given import day
from billing_service.tests.unit.samples_bank import row_life


def target(id_: str, balance: str, customer: str = "k1", **changes: str) -> Target:
    amount = Decimal(balance)
    payable, gross = Decimal(changes.get("payable", balance)), Decimal(changes.get("gross", balance))
    due = day(changes.get("due", "2026-01-10"))
    return Target(id_, f"c-{id_}", customer, changes.get("number", ""), amount, payable, gross, amount, due)


def best(amount: str, *targets: Target, text: str = "", customer: str | None = None) -> Suggestion | None:
    found = suggest(Decimal(amount), day("2026-01-09"), text, customer, targets)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("amount", "made", "reasons"),
    [
        ("300.00", target("a", "300.00"), ("amount", "date")),
        ("306.20", target("a", "300.00", payable="306.20", due="2025-12-20"), ("late_charges",)),
        ("95.35", target("a", "95.35", gross="100.00"), ("amount", "date", "net")),
        ("100.00", target("a", "95.35", gross="100.00"), ("gross", "date")),
    ],
)
def test_an_amount_that_fits_is_suggested_with_its_reason(amount: str, made: Target, reasons: tuple[str, ...]) -> None:
    found = best(amount, made)
    assert found is not None
    assert found.reasons == reasons


def test_one_cent_less_needs_more_than_the_amount() -> None:
    assert best("299.99", target("a", "300.00", due="2026-03-01")) is None
    found = best("299.99", target("a", "300.00"), customer="k1")
    assert found is not None
    assert (found.reasons, found.parts) == (("near", "payer", "date"), (("a", Decimal("299.99")),))


def test_the_payer_s_own_receivable_stands_before_a_stranger_s_of_the_same_amount() -> None:
    mine, other = target("b", "300.00"), target("a", "300.00", customer="k2")
    ids = [s.parts[0][0] for s in suggest(Decimal("300.00"), day("2026-01-09"), "", "k1", (other, mine))]
    assert ids[0] == "b"


def test_a_number_in_the_text_counts() -> None:
    one, two = target("a", "300.00", number="C-7/01"), target("b", "300.00", number="C-8/01")
    found = best("300.00", one, two, text="TED REF c-8/01")
    assert found is not None
    assert found.parts[0][0] == "b"


def test_several_of_one_customer_add_up_but_never_of_two() -> None:
    a, b, c = target("a", "100.00"), target("b", "250.00"), target("c", "333.00")
    found = best("350.00", a, b, c)
    assert found is not None
    assert (found.reasons, found.parts) == (("sum",), (("a", Decimal("100.00")), ("b", Decimal("250.00"))))
    assert best("350.00", a, target("b", "250.00", customer="k2")) is None


def test_sums_reckon_with_that_day_s_late_charges() -> None:
    a, b = target("a", "100.00", payable="102.10"), target("b", "250.00")
    found = best("352.10", a, b, customer="k1")
    assert found is not None
    assert found.reasons == ("sum", "late_charges", "payer")


def test_payments_by_hand_are_offered_and_those_of_other_rows_are_not() -> None:
    known = [
        KnownPayment("P1", "c1", "k1", Decimal("300.00"), day("2026-01-08"), "pix", of_row=False),
        KnownPayment("P2", "c1", "k1", Decimal("300.00"), day("2026-01-08"), "pix", of_row=True),
        KnownPayment("P3", "c1", "k1", Decimal("300.00"), day("2025-11-08"), "pix", of_row=False),
    ]
    into = suggest_payments(Decimal("300.00"), day("2026-01-09"), "k1", known)
    assert [(s.payment_id, s.kind) for s in into] == [("P1", "linked")]
    out = suggest_payments(Decimal("-300.00"), day("2026-01-09"), None, known)
    assert [(s.payment_id, s.kind) for s in out] == [("P1", "reversed"), ("P2", "reversed"), ("P3", "reversed")]


def test_a_row_s_payment_has_an_id_of_its_own_for_each_try() -> None:
    ids = {row_payment_id(row, account, attempt) for row in "ab" for account in "cd" for attempt in (0, 1)}
    assert len(ids) == 8
    assert DECIDER.fold(row_life()).attempt == 2
