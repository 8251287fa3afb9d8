"""What was owed on a day, as it was believed on another: effective and recorded time, on both stores."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing_service.domain import boleto_messages as b
from billing_service.domain import commands as c
from billing_service.domain.prolonging import ChangeReceivableDueDay
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


def shown(app: StoreApp, as_of: str, known_at: str | None = None) -> dict[str, Any]:
    (row,) = app.find(receivables, month="2026-01", renegotiation_id=None)
    asked = {"as_of": as_of, **({"known_at": known_at} if known_at else {})}
    told: dict[str, Any] = app.query("receivable", receivable_id=row["receivable_id"], **asked)["as_of"]
    return told


def receivable_id(app: StoreApp) -> str:
    return str(app.find(receivables)[0]["receivable_id"])


@pytest.fixture
def billed(app: StoreApp) -> StoreApp:
    app.batch("bill", [{"account_id": "c1", "month": "2026-01"}])
    return app


def test_a_dispute_is_shown_from_its_day_and_from_when_it_was_recorded(billed: StoreApp) -> None:
    """Contested on the 20th, which is entered on the 25th; resolved on 3 February."""
    id_ = receivable_id(billed)
    billed.today("2026-01-25")
    billed.execute(c.DisputeReceivable("c1", id_, "x", date(2026, 1, 20)))
    billed.today("2026-02-03")
    billed.execute(c.ResolveDispute("c1", id_, "y"))
    for as_of, known_at, contested in (
        ("2026-01-19", None, False),
        ("2026-01-20", None, True),
        ("2026-01-22", "2026-01-24", False),
        ("2026-01-22", "2026-01-25", True),
        ("2026-02-03", "2026-02-02", True),
        ("2026-02-03", None, False),
    ):
        told = shown(billed, as_of, known_at)
        assert (told["disputed"], told["status"] == "disputed") == (contested, contested), (as_of, known_at)
        assert told["disputed_amount"] == ("300.00" if contested else "0.00")
        if contested:
            assert told["payable"] == "300.00"  # what is contested bears no late charges


def test_a_contested_line_is_shown_by_its_amount(billed: StoreApp) -> None:
    id_ = receivable_id(billed)
    (line_,) = billed.query("receivable", receivable_id=id_)["lines"]
    billed.execute(c.IssueCreditNote("c1", "N1", id_, Decimal("100.00"), "x", line_["charge_id"], date(2026, 1, 5)))
    billed.today("2026-01-20")
    billed.execute(c.DisputeReceivable("c1", id_, "x", charge_ids=(line_["charge_id"],)))
    assert shown(billed, "2026-01-19")["disputed_amount"] == "0.00"
    assert shown(billed, "2026-01-20")["disputed_amount"] == "200.00"


def test_a_loss_is_shown_from_its_day_and_from_when_it_was_recorded(billed: StoreApp) -> None:
    billed.today("2026-02-20")
    billed.execute(c.WriteOffReceivable("c1", receivable_id(billed), "x", date(2026, 2, 10)))
    told = [
        (shown(billed, *asked)["status"], shown(billed, *asked)["balance"])
        for asked in (("2026-02-09",), ("2026-02-10",), ("2026-02-15", "2026-02-19"), ("2026-02-15", "2026-02-20"))
    ]
    open_, lost = ("open", "300.00"), ("written_off", "0.00")
    assert told == [open_, lost, open_, lost]


def test_a_cancellation_and_a_renegotiation_are_shown_likewise(billed: StoreApp) -> None:
    billed.today("2026-01-15")
    billed.execute(c.RenegotiateReceivables("c1", "R1", (receivable_id(billed),), "x", count=2, late_charges=False))
    assert [shown(billed, day_)["status"] for day_ in ("2026-01-14", "2026-01-15")] == ["open", "renegotiated"]
    assert shown(billed, "2026-01-15", "2026-01-14")["balance"] == "300.00"
    billed.batch("bill", [{"account_id": "c1", "month": "2026-02", "on": "2026-01-16"}])
    (row,) = billed.find(receivables, month="2026-02", renegotiation_id=None)
    billed.today("2026-01-20")
    billed.execute(c.CancelReceivable("c1", row["receivable_id"], "x", on=date(2026, 1, 18)))

    def told(as_of: str, **more: str) -> Any:
        return billed.query("receivable", receivable_id=row["receivable_id"], as_of=as_of, **more)["as_of"]["status"]

    assert (told("2026-01-17"), told("2026-01-18"), told("2026-01-18", known_at="2026-01-19")) == (
        "open",
        "cancelled",
        "open",
    )


def test_a_due_day_is_shown_as_it_was_and_its_late_charges_with_it(billed: StoreApp) -> None:
    """Due on the 11th, payable on the 13th; on the 20th put off to the 30th."""
    billed.today("2026-01-20")
    billed.execute(ChangeReceivableDueDay("c1", receivable_id(billed), date(2026, 1, 30), "x"))
    told = [shown(billed, *asked) for asked in (("2026-01-19",), ("2026-01-20",), ("2026-01-25", "2026-01-19"))]
    assert [each["due_on"] for each in told] == ["2026-01-11", "2026-01-30", "2026-01-11"]
    assert [each["payable"] for each in told] == ["306.80", "300.00", "307.40"]  # 6.00; 8 and 14 days at 0.10
    (row,) = billed.find(receivables)
    assert (str(row["due_on"]), str(row["original_due_on"])) == ("2026-01-30", "2026-01-11")


def test_a_boleto_is_shown_as_far_as_it_had_come(billed: StoreApp) -> None:
    bank = b.BankDetails("341", "0057", "12345", "7", "110")
    billed.execute(b.MakeBoleto("c1", receivable_id(billed), "B1", "p1", 1, bank))
    billed.execute(b.RemitBoleto("c1", "B1", "M1", "register"))
    billed.today("2026-01-05")
    billed.execute(b.ConfirmBoleto("c1", "B1", on=date(2026, 1, 4)))
    assert shown(billed, "2026-01-03")["boletos"] == {"B1": "remitted"}
    assert shown(billed, "2026-01-04")["boletos"] == {"B1": "registered"}
    assert shown(billed, "2026-01-04", "2026-01-04")["boletos"] == {"B1": "remitted"}
