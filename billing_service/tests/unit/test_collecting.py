"""Overdue, reminders, default and regularisation, late charges, disputes, write-off, imported history."""

from __future__ import annotations

from datetime import UTC, datetime

from billing_service.domain import commands as c
from billing_service.domain import events as e
from billing_service.domain.terms import DefaultRule, DunningStep
from billing_service.tests.unit.given import (
    ACCOUNT,
    CUSTOMER,
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
from services.testing.decider import DeciderSpec

LADDER = (DunningStep(1, -3), DunningStep(2, 5), DunningStep(3, 15))
BILLED = (open_account(dunning=LADDER), bill("2026-01"))  # due on Sunday 11 January, payable on Monday 12 January
OF_JANUARY = receivable_of(given(*BILLED), "2026-01")


def overdue(on: str) -> c.MarkOverdue:
    return c.MarkOverdue(ACCOUNT, OF_JANUARY, at=noon(on))


def remind(level: int, on: str) -> c.SendReminder:
    return c.SendReminder(ACCOUNT, OF_JANUARY, level, at=noon(on))


def check(on: str) -> c.CheckDefault:
    return c.CheckDefault(ACCOUNT, at=noon(on))


def dispute(on: str = "2026-01-05") -> c.DisputeReceivable:
    return c.DisputeReceivable(ACCOUNT, OF_JANUARY, "valor errado", day(on))


def in_default() -> DeciderSpec:
    return given(*BILLED, check("2026-02-10"))


def test_overdue_begins_the_day_after_the_payable_day() -> None:
    spec = given(*BILLED)
    spec.when(overdue("2026-01-12")).then_nothing()
    spec.when(overdue("2026-01-13")).then(e.ReceivableOverdue(ACCOUNT, OF_JANUARY, day("2026-01-13"), 2))


def test_the_day_is_the_contracts_local_day() -> None:
    """At 02:30 UTC it is still the payable day in São Paulo."""
    early = c.MarkOverdue(ACCOUNT, OF_JANUARY, at=datetime(2026, 1, 13, 2, 30, tzinfo=UTC))
    given(*BILLED).when(early).then_nothing()


def test_overdue_is_noted_once_and_not_for_what_is_paid() -> None:
    given(*BILLED, overdue("2026-01-13")).when(overdue("2026-01-14")).then_nothing()
    given(*BILLED, pay("300.00", "2026-01-10")).when(overdue("2026-01-13")).then_nothing()


def test_a_reminder_is_sent_once_for_each_level() -> None:
    spec = given(*BILLED)
    expected = e.ReminderSent(ACCOUNT, ACCOUNT, CUSTOMER, OF_JANUARY, 2, "email", day("2026-01-16"))
    spec.when(remind(2, "2026-01-16")).then(expected)
    spec.when(remind(2, "2026-01-16"), remind(2, "2026-01-17")).then_nothing()


def test_a_reminder_is_not_sent_before_its_day_nor_for_an_unknown_level() -> None:
    given(*BILLED).when(remind(2, "2026-01-15")).then_nothing()
    given(*BILLED).when(remind(9, "2026-01-20")).then_nothing()


def test_nobody_is_reminded_of_what_is_paid_or_disputed() -> None:
    given(*BILLED, pay("300.00", "2026-01-10")).when(remind(2, "2026-01-20")).then_nothing()
    given(*BILLED, dispute()).when(remind(2, "2026-01-20")).then_nothing()


def test_an_account_is_in_default_after_the_days_of_its_terms() -> None:
    spec = given(*BILLED)
    spec.when(check("2026-02-09")).then_nothing()
    spec.when(check("2026-02-10")).then(
        e.AccountInDefault(ACCOUNT, ACCOUNT, CUSTOMER, day("2026-01-11"), 30, amount("300.00"))
    )
    in_default().when(check("2026-02-11")).then_nothing()


def test_terms_may_know_no_default() -> None:
    spec = given(open_account(default=DefaultRule(days=None)), bill("2026-01"))
    spec.when(check("2026-12-31")).then_nothing()


def test_a_payment_in_full_regularises_the_account() -> None:
    events = in_default().when(pay("300.00", "2026-02-15")).events()
    assert kinds(events) == ["PaymentReceived", "ReceivableSettled", "AccountRegularised"]
    assert only(events, e.AccountRegularised).on == day("2026-02-15")


def test_a_payment_in_part_does_not_regularise() -> None:
    assert kinds(in_default().when(pay("299.99", "2026-02-15")).events()) == ["PaymentReceived"]


def test_a_dispute_holds_overdue_late_charges_and_default() -> None:
    spec = given(*BILLED, dispute())
    spec.when(overdue("2026-01-20")).then_nothing()
    spec.when(check("2026-03-01")).then_nothing()
    spec.when(c.AccrueLateCharges(ACCOUNT, OF_JANUARY, day("2026-02-01"))).then_nothing()
    resolved = c.ResolveDispute(ACCOUNT, OF_JANUARY, "procedente", day("2026-03-02"))
    assert kinds(spec.when(resolved, check("2026-03-02")).events()) == ["AccountInDefault"]


def test_a_dispute_of_what_caused_the_default_regularises() -> None:
    assert kinds(in_default().when(dispute("2026-02-12")).events()) == ["ReceivableDisputed", "AccountRegularised"]


def test_late_charges_accrue_the_fine_once_and_interest_by_days() -> None:
    spec = given(*BILLED)
    first = c.AccrueLateCharges(ACCOUNT, OF_JANUARY, day("2026-01-21"))
    second = c.AccrueLateCharges(ACCOUNT, OF_JANUARY, day("2026-01-31"))
    spec.when(first).then(
        e.LateChargesAccrued(ACCOUNT, OF_JANUARY, day("2026-01-21"), 10, amount("6.00"), amount("1.00"))
    )
    spec.when(first, second).then(
        e.LateChargesAccrued(ACCOUNT, OF_JANUARY, day("2026-01-31"), 20, amount("0.00"), amount("1.00"))
    )
    spec.when(first, first).then_nothing()


def test_a_write_off_ends_the_pursuit_but_not_the_default() -> None:
    lost = c.WriteOffReceivable(ACCOUNT, OF_JANUARY, "insolvência", day("2026-06-01"))
    spec = in_default().when(lost)
    assert kinds(spec.events()) == ["ReceivableWrittenOff"]
    assert spec.state().balance == amount("0.00")
    in_default().when(lost, lost).then_nothing()
    given(*BILLED, pay("300.00", "2026-01-10")).when(lost).then_refused("receivable.not-open")


# -- history of another system ---------------------------------------------------------------------------------------


def imported(**changes: object) -> c.ImportReceivable:
    fields: dict[str, object] = {
        "account_id": ACCOUNT,
        "external_ref": "INV-1",
        "number": "0000611365",
        "issued_on": day("2013-01-02"),
        "due_on": day("2013-02-02"),
        "amount": amount("55.94"),
        "disputed": True,
        "payments": (c.ImportedPayment(day("2013-02-15"), amount("55.94")),),
        **changes,
    }
    return c.ImportReceivable(**fields)  # type: ignore[arg-type]


def test_an_imported_receivable_comes_with_its_payments_and_its_delay() -> None:
    events = given(open_account()).when(imported()).events()
    assert kinds(events) == ["ReceivableIssued", "ReceivableDisputed", "PaymentReceived", "ReceivableSettled"]
    assert only(events, e.ReceivableSettled).days_late == 13  # due on a Saturday: the source's day, not our calendar's


def test_the_same_record_again_changes_nothing_and_a_different_one_is_refused() -> None:
    spec = given(open_account(), imported())
    spec.when(imported()).then_nothing()
    spec.when(imported(amount=amount("55.95"))).then_refused("receivable.imported-differently", external_ref="INV-1")
    spec.when(imported(payments=())).then_refused("receivable.imported-differently")


def test_imported_debts_are_never_overdue_reminded_of_or_a_default() -> None:
    spec = given(open_account(dunning=LADDER), imported(payments=(), disputed=False))
    (debt,) = spec.state().receivables
    spec.when(c.MarkOverdue(ACCOUNT, debt, at=noon("2026-01-02"))).then_nothing()
    spec.when(c.SendReminder(ACCOUNT, debt, 2, at=noon("2026-01-02"))).then_nothing()
    spec.when(check("2026-01-02")).then_nothing()
    assert spec.state().balance == amount("55.94")


def test_an_imported_record_must_make_sense() -> None:
    spec = given(open_account())
    spec.when(imported(amount=amount("0.00"))).then_refused("receivable.amount-invalid")
    spec.when(imported(due_on=day("2013-01-01"))).then_refused("receivable.due-before-issue")
