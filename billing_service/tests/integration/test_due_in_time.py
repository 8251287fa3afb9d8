"""What is due by time: the overdue mark, reminders, default; paid, reversed, missed and caught up."""

from __future__ import annotations

from billing_service.domain.commands import (
    ReversePayment,
)
from billing_service.tests.integration.steps import bill, kinds, pay, pending, run_until
from billing_service.tests.integration.store import StoreApp


def test_a_receivable_is_marked_reminded_and_led_to_default_in_its_time(app: StoreApp) -> None:
    """Due on Sunday 11 January; Monday the 12th is a holiday of this contract: payable on Tuesday the 13th."""
    bill(app, "2026-01")
    assert pending(app) == {
        "remind:1": "2026-01-08T12:00Z",
        "overdue": "2026-01-14T03:00Z",
        "remind:2": "2026-01-16T12:00Z",
        "remind:3": "2026-01-26T12:00Z",
        "default": "2026-02-10T03:00Z",
    }
    run_until(app, "2026-01-13")
    assert kinds(app)[-1] == "receivable.reminder_sent"
    run_until(app, "2026-03-01")
    assert kinds(app)[-4:] == [
        "receivable.overdue",
        "receivable.reminder_sent",
        "receivable.reminder_sent",
        "account.in_default",
    ]
    (late,) = app.query("lateness", account_id="c1")["items"]
    assert late["days_late"] == 49
    assert app.query("defaults")["items"][0]["account_id"] == "c1"
    pay(app, "300.00", "2026-03-01")
    assert kinds(app)[-1] == "account.regularised"
    assert app.query("defaults")["items"] == []


def test_what_is_paid_is_due_no_more(app: StoreApp) -> None:
    bill(app, "2026-01")
    pay(app, "300.00", "2026-01-05")
    assert pending(app) == {}


def test_a_reversed_payment_makes_it_due_again_from_then_on(app: StoreApp) -> None:
    bill(app, "2026-01")
    pay(app, "300.00", "2026-01-05")
    app.today("2026-01-30")
    app.execute(ReversePayment("c1", "P1", "devolvido"))
    assert pending(app) == {
        "overdue": "2026-01-30T12:00Z",
        "remind:2": "2026-01-30T12:00Z",
        "remind:3": "2026-01-31T12:00Z",
        "default": "2026-02-10T03:00Z",
    }
    run_until(app, "2026-01-30")
    assert kinds(app)[-2:] == ["receivable.overdue", "receivable.reminder_sent"]
    run_until(app, "2026-01-31")
    assert kinds(app)[-1] == "receivable.reminder_sent"
    assert kinds(app).count("receivable.reminder_sent") == 2


def test_days_that_were_missed_are_run_in_order_once(app: StoreApp) -> None:
    bill(app, "2026-01")
    run_until(app, "2026-04-01")
    before = kinds(app)
    run_until(app, "2026-05-01")
    assert kinds(app) == before
    assert before.count("receivable.reminder_sent") == 3
