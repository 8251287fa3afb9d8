"""Interest by the taxa legal and monetary correction, by published values; checked by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from billing_service.domain import commands as c
from billing_service.domain import events as e
from billing_service.domain.late import IndexMonth, correction_of, legal_interest, unpublished
from billing_service.domain.terms import LateTerms
from billing_service.tests.unit.given import ACCOUNT, amount, bill, day, given, line, only, open_account, pay


def table(index: str, **months: str) -> tuple[IndexMonth, ...]:
    return tuple(IndexMonth(index, day(f"2026-{name[1:]}-01"), Decimal(value)) for name, value in months.items())


LEGAL = table("taxa_legal", m01="0.930000", m02="0.840000")
IPCA = table("ipca", m01="0.31", m02="0.28")


def test_the_taxa_legal_is_simple_by_the_days_of_each_month() -> None:
    """11 of January's 31 days and 10 of February's 28: 0.93 × 11/31 + 0.84 × 10/28 = 0.33 + 0.30 = 0.63 %."""
    assert legal_interest(amount("1000.00"), day("2026-01-20"), day("2026-02-10"), LEGAL) == amount("6.30")


def test_it_is_never_negative() -> None:
    rates = table("taxa_legal", m01="-0.5", m02="0.84")
    assert legal_interest(amount("1000.00"), day("2026-01-20"), day("2026-02-10"), rates) == amount("3.00")


def test_a_correction_multiplies_month_by_month_and_never_lowers_the_debt() -> None:
    """(1 + 0.31 % × 11/31) × (1 + 0.28 % × 10/28) = 1.0011 × 1.001 = 1.0021011."""
    assert correction_of(amount("1000.00"), day("2026-01-20"), day("2026-02-10"), "ipca", IPCA) == amount("2.10")
    falls = table("ipca", m01="-0.31", m02="-0.28")
    assert correction_of(amount("1000.00"), day("2026-01-20"), day("2026-02-10"), "ipca", falls) == amount("0.00")


def test_a_month_that_is_not_published_counts_nothing_and_is_named() -> None:
    known = LEGAL[:1]
    assert legal_interest(amount("1000.00"), day("2026-01-20"), day("2026-02-10"), known) == amount("3.30")
    assert unpublished(day("2026-01-20"), day("2026-02-10"), "taxa_legal", known) == (day("2026-02-01"),)


def late(interest: str, correction: str) -> Any:
    """1,000.00 due on 20 January (a Tuesday)."""
    agreed = LateTerms(interest=interest, correction=correction)
    return given(open_account(line("1000.00"), ends_on="2026-01-31", late=agreed), bill("2026-01", "2026-01-10"))


@pytest.mark.parametrize(
    ("interest", "correction", "expected"),
    [
        ("agreed", "none", ("0.00", "20.00", "7.00")),  # 1 % × 21/30
        ("legal", "none", ("0.00", "20.00", "6.30")),
        ("legal", "ipca", ("2.10", "20.04", "6.31")),  # fine and interest of 1,002.10
        ("agreed", "ipca", ("2.10", "20.04", "7.01")),
    ],
)
def test_what_is_late_costs_what_the_terms_say(interest: str, correction: str, expected: tuple[str, str, str]) -> None:
    spec = late(interest, correction)
    (id_,) = spec.state().receivables
    on = day("2026-02-10")
    accrued = only(
        spec.when(c.AccrueLateCharges(ACCOUNT, id_, on, published=(*LEGAL, *IPCA))).events(), e.LateChargesAccrued
    )
    assert (str(accrued.correction), str(accrued.fine), str(accrued.interest)) == expected
    owed = str(amount("1000.00") + accrued.correction + accrued.fine + accrued.interest)
    paid = spec.when(pay(owed, "2026-02-10", published=(*LEGAL, *IPCA)))
    assert only(paid.events(), e.PaymentReceived).unallocated == 0
    assert only(paid.events(), e.ReceivableSettled).days_late == 21


def test_accrued_twice_the_debt_grows_as_if_it_had_been_once() -> None:
    """Interest and correction of the days since; the fine once."""
    spec = late("legal", "none")
    (id_,) = spec.state().receivables
    steps = [c.AccrueLateCharges(ACCOUNT, id_, day(on), published=LEGAL) for on in ("2026-01-31", "2026-02-10")]
    state = spec.when(*steps).state()
    (receivable,) = state.receivables.values()
    assert (receivable.fine, receivable.interest) == (amount("20.00"), amount("6.30"))
