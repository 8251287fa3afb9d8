"""Payments, what they pay, reversal, credit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from billing_service.domain import commands as c
from billing_service.domain import events as e
from billing_service.domain.state import Account, Receivable
from billing_service.tests.unit.given import (
    ACCOUNT,
    amount,
    bill,
    day,
    given,
    kinds,
    noon,
    only,
    open_account,
    pay,
    receivable_of,
)

BILLED = (open_account(), bill("2026-01"))  # 300.00, due on Sunday 11 January, payable on Monday 12 January
TWO = (*BILLED, bill("2026-02"))


def reverse(payment_id: str = "P1", on: str = "2026-02-01") -> c.ReversePayment:
    return c.ReversePayment(ACCOUNT, payment_id, "devolvido", day(on), noon(on))


def test_a_payment_in_full_settles() -> None:
    events = given(*BILLED).when(pay("300.00", "2026-01-10")).events()
    assert kinds(events) == ["PaymentReceived", "ReceivableSettled"]
    assert only(events, e.ReceivableSettled).days_late == 0


def test_a_part_leaves_the_rest_open() -> None:
    spec = given(*BILLED).when(pay("100.00", "2026-01-10"))
    assert kinds(spec.events()) == ["PaymentReceived"]
    assert spec.state().balance == amount("200.00")


def test_what_is_over_stays_as_credit() -> None:
    spec = given(*BILLED).when(pay("350.00", "2026-01-10"))
    assert only(spec.events(), e.PaymentReceived).unallocated == amount("50.00")
    assert (spec.state().credit, spec.state().balance) == (amount("50.00"), amount("-50.00"))


def test_the_oldest_is_paid_first() -> None:
    spec = given(*TWO)
    received = only(spec.when(pay("400.00", "2026-01-10")).events(), e.PaymentReceived)
    assert [(a.receivable_id, a.amount) for a in received.allocations] == [
        (receivable_of(spec, "2026-01"), amount("300.00")),
        (receivable_of(spec, "2026-02"), amount("100.00")),
    ]


def test_the_payer_may_choose() -> None:
    spec = given(*TWO)
    chosen = (e.Allocation(receivable_of(spec, "2026-02"), amount("300.00")),)
    events = spec.when(pay("310.00", "2026-01-10", allocations=chosen)).events()
    assert only(events, e.ReceivableSettled).receivable_id == receivable_of(spec, "2026-02")
    assert only(events, e.PaymentReceived).unallocated == amount("10.00")


def test_no_more_can_be_put_on_a_receivable_than_it_owes() -> None:
    spec = given(*TWO)
    chosen = (e.Allocation(receivable_of(spec, "2026-02"), amount("301.00")),)
    spec.when(pay("310.00", "2026-01-10", allocations=chosen)).then_refused("payment.allocation-exceeds-balance")


def test_no_more_can_be_allocated_than_was_paid() -> None:
    spec = given(*TWO)
    chosen = tuple(e.Allocation(receivable_of(spec, month), amount("200.00")) for month in ("2026-01", "2026-02"))
    spec.when(pay("300.00", "2026-01-10", allocations=chosen)).then_refused("payment.allocation-exceeds-amount")


def test_the_same_payment_again_changes_nothing_and_another_under_its_id_is_refused() -> None:
    spec = given(*BILLED, pay("100.00", "2026-01-10"))
    spec.when(pay("100.00", "2026-01-10")).then_nothing()
    spec.when(pay("101.00", "2026-01-10")).then_refused("payment.id-in-use")


def test_an_amount_is_positive_and_in_cents() -> None:
    for wrong in ("0.00", "-5.00", "10.001"):
        given(*BILLED).when(pay(wrong, "2026-01-10")).then_refused("payment.amount-invalid")


def test_days_late_count_from_the_original_due_day_once_the_payable_day_has_passed() -> None:
    for on, days in (("2026-01-12", 0), ("2026-01-13", 2)):
        events = given(*BILLED).when(pay("300.00", on)).events()
        assert only(events, e.ReceivableSettled).days_late == days


def test_what_a_late_payment_brings_beyond_the_debt_pays_its_late_charges_first() -> None:
    spec = given(*BILLED).when(pay("310.00", "2026-01-21"))
    accrued = only(spec.events(), e.LateChargesAccrued)
    assert (accrued.fine, accrued.interest, accrued.days) == (amount("6.00"), amount("1.00"), 10)
    assert spec.state().credit == amount("3.00")


def test_a_reversed_payment_opens_what_it_had_paid_again() -> None:
    spec = given(*BILLED, pay("350.00", "2026-01-10")).when(reverse())
    event = only(spec.events(), e.PaymentReversed)
    assert (event.amount, event.credit) == (amount("350.00"), amount("50.00"))
    (receivable,) = spec.state().receivables.values()
    assert (receivable.is_open, spec.state().balance) == (True, amount("300.00"))


def test_a_reversal_takes_back_the_credit_that_was_used_since() -> None:
    spec = given(*BILLED, pay("350.00", "2026-01-10"), bill("2026-02")).when(reverse())
    assert spec.state().balance == amount("600.00")


def test_a_payment_is_reversed_once_and_must_be_known() -> None:
    given(*BILLED, pay("300.00", "2026-01-10"), reverse()).when(reverse()).then_nothing()
    given(*BILLED).when(reverse("P9")).then_refused("payment.unknown", payment_id="P9")


def test_finance_puts_credit_on_a_receivable() -> None:
    spec = given(*TWO)
    chosen = (e.Allocation(receivable_of(spec, "2026-01"), amount("300.00")),)
    spec = given(*TWO, pay("350.00", "2026-01-10", allocations=chosen))
    used = only(spec.when(c.AllocateCredit(ACCOUNT, None, day("2026-02-01"))).events(), e.CreditAllocated)
    assert [(use.receivable_id, use.amount) for use in used.allocations] == [
        (receivable_of(spec, "2026-02"), amount("50.00"))
    ]


def credit_note(value: str, receivable_id: str, note: str = "N1") -> c.IssueCreditNote:
    return c.IssueCreditNote(ACCOUNT, note, receivable_id, amount(value), "cortesia", None, day("2026-01-20"))


def test_a_credit_note_by_finance_lowers_the_debt_and_may_settle_it() -> None:
    spec = given(*BILLED)
    events = spec.when(credit_note("300.00", receivable_of(spec, "2026-01"))).events()
    assert kinds(events) == ["CreditNoteIssued", "ReceivableSettled"]


def test_credit_notes_never_exceed_the_receivable() -> None:
    spec = given(*BILLED)
    first = credit_note("200.00", receivable_of(spec, "2026-01"))
    second = credit_note("100.01", receivable_of(spec, "2026-01"), "N2")
    spec.when(first, second).then_refused("credit.exceeds-receivable", limit=amount("100.00"))
    spec.when(first, first).then_nothing()


def test_of_one_due_day_what_was_issued_first_is_paid_first() -> None:
    """Not what happens to have the smaller id: whoever pays twice a part can reckon what is left of which."""
    on = date(2026, 1, 1)
    issued = [Receivable(id_, id_, on, on, on, Decimal(10), "2026-01") for id_ in ("z", "a", "m")]
    account = Account(receivables={each.receivable_id: each for each in issued})
    assert [each.receivable_id for each in account.open_receivables()] == ["z", "a", "m"]
