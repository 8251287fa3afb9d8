"""What was owed on a day, as it was believed on another: effective and recorded time, on both stores."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing_service.domain import commands as c
from billing_service.tests.integration.store import StoreApp
from billing_service.views.receivables import receivables


@pytest.fixture
def told(app: StoreApp) -> StoreApp:
    """Billed on 1 January. A payment of the 10th is entered on the 15th; a credit dated the 12th on 2 February."""
    app.batch("bill", [{"account_id": "c1", "month": "2026-01"}])
    app.today("2026-01-15")
    app.execute(c.RecordPayment("c1", "P1", Decimal("100.00"), date(2026, 1, 10)))
    app.today("2026-02-02")
    (row,) = app.find(receivables)
    app.execute(c.IssueCreditNote("c1", "N1", row["receivable_id"], Decimal("50.00"), "x", on=date(2026, 1, 12)))
    return app


@pytest.mark.parametrize(
    ("on", "known_at", "balance"),
    [
        ("2026-01-09", None, "300.00"),
        ("2026-01-10", None, "200.00"),
        ("2026-01-12", None, "150.00"),
        ("2026-01-12", "2026-01-14", "300.00"),  # the payment was not entered yet
        ("2026-01-12", "2026-01-15", "200.00"),
        ("2026-01-12", "2026-02-01", "200.00"),
        ("2026-01-12", "2026-02-02", "150.00"),
        ("2026-01-09", "2026-02-02", "300.00"),
        ("2026-01-12", "2025-12-31", "0.00"),
    ],
)
def test_balance_and_receivable_of_a_day_as_known_on_another(
    told: StoreApp, on: str, known_at: str | None, balance: str
) -> None:
    asked: dict[str, Any] = {"known_at": known_at} if known_at else {}
    assert told.query("balance_on", account_id="c1", on=on, **asked)["balance"] == balance
    assert told.query("statement", account_id="c1", until=on, **asked)["balance"] == balance
    assert told.query("customer_statement", customer_id="k1", until=on, **asked)["closing"] == balance
    (row,) = told.find(receivables)
    shown = told.query("receivable", receivable_id=row["receivable_id"], as_of=on, **asked)
    assert shown["as_of"]["balance"] == balance
    assert len(shown["credit_notes"]) == (balance == "150.00")


def test_late_charges_are_reckoned_on_what_was_believed_to_be_open(told: StoreApp) -> None:
    """Due on the 11th, a Sunday; the 12th is a holiday: payable on the 13th. Nine days late on the 20th."""
    (row,) = told.find(receivables)
    now = told.query("receivable", receivable_id=row["receivable_id"], as_of="2026-01-20")
    then = told.query("receivable", receivable_id=row["receivable_id"], as_of="2026-01-20", known_at="2026-01-14")
    assert (now["late"]["fine"], now["late"]["interest"], now["late"]["days"]) == ("3.00", "0.45", 9)
    assert (then["late"]["fine"], then["late"]["interest"], then["as_of"]["payable"]) == ("6.00", "0.90", "306.90")


def test_each_movement_says_when_it_was_recorded(told: StoreApp) -> None:
    items = told.query("statement", account_id="c1")["items"]
    assert [(i["on"], i["recorded_at"][:10]) for i in items] == [
        ("2026-01-01", "2026-01-01"),
        ("2026-01-10", "2026-01-15"),
        ("2026-01-12", "2026-02-02"),
    ]
