"""Bills in batches, and the balance of any day."""

from __future__ import annotations

from datetime import date

import pytest

from billing_service.domain.commands import (
    ReversePayment,
)
from billing_service.tests.integration.steps import bill, pay
from billing_service.tests.integration.store import StoreApp, line, terms
from services.errors import Invalid, NotFound, Refused


def test_a_run_bills_each_account_once_and_one_bad_record_stops_no_other(app: StoreApp) -> None:
    """OCA/contract 815, 1459, 1473: one bad contract, a crash, a second run."""
    app.hear("activated", "c2", number="8", on="2026-01-01", terms=terms(line("29.85")))
    assert app.query("billable", month="2026-01") == {"month": "2026-01", "accounts": ["c1", "c2"], "next": None}
    records = [{"account_id": each, "month": "2026-01"} for each in ("c1", "unknown", "c2")]
    answers = app.batch("bill", records)
    assert [answer["status"] for answer in answers] == ["issued", "rejected", "issued"]
    assert [answer["amount"] for answer in answers if "amount" in answer] == ["300.00", "29.85"]
    assert answers[1]["error"]["code"] == "account.not-open"
    assert app.query("billable", month="2026-01")["accounts"] == []
    again = app.batch("bill", records)
    assert [answer["status"] for answer in again] == ["nothing", "rejected", "nothing"]
    totals = app.query("totals", month="2026-01")
    assert (totals["contracts"], totals["billed"]) == (2, "329.85")


def test_billable_goes_in_pages_and_sees_accounts_whose_agenda_is_too_short(app: StoreApp) -> None:
    app.hear("activated", "c2", number="8", on="2026-01-01", terms=terms())
    first = app.query("billable", month="2026-01", limit=1)
    assert first == {"month": "2026-01", "accounts": ["c1"], "next": "c1"}
    assert app.query("billable", month="2026-01", limit=1, after="c1")["accounts"] == ["c2"]
    assert app.query("billable", month="2031-05")["accounts"] == ["c1", "c2"]


def test_a_month_must_be_a_month(app: StoreApp) -> None:
    with pytest.raises(Invalid):
        app.query("billable", month="2026-13")


def test_a_run_may_be_sent_again_with_the_same_id(app: StoreApp) -> None:
    record = {"id": "run-1/c1", "account_id": "c1", "month": "2026-01"}
    assert [app.batch("bill", [record])[0]["status"] for _ in range(2)] == ["issued", "nothing"]


def test_the_balance_of_any_day_follows_from_the_ledger(app: StoreApp) -> None:
    bill(app, "2026-01")
    pay(app, "350.00", "2026-01-10")
    bill(app, "2026-02")
    on = {day: app.query("balance_on", account_id="c1", on=day) for day in ("2025-12-31", "2026-01-09", "2026-01-10")}
    assert [each["balance"] for each in on.values()] == ["0.00", "300.00", "-50.00"]
    after = app.query("balance_on", on="2026-02-01", account_id="c1", receivables=True)
    assert (after["open"], after["credit"], after["open_receivables"]) == ("250.00", "0.00", 1)
    assert [item["balance"] for item in after["receivables"]] == ["250.00"]
    app.execute(ReversePayment("c1", "P1", "devolvido", date(2026, 2, 5)))
    assert app.query("balance_on", on="2026-02-05")["balance"] == "600.00"
    app.today("2026-02-06")
    items = app.query("statement", account_id="c1")["items"]
    assert items[-1]["balance"] == app.query("account", account_id="c1")["balance"]


def test_a_receivable_shows_what_paying_it_takes_on_any_day(app: StoreApp) -> None:
    id_ = bill(app, "2026-01")["receivable_id"]
    pay(app, "100.00", "2026-01-25")
    before = app.query("receivable", receivable_id=id_, as_of="2026-01-21")
    assert (before["late"]["days"], before["late"]["fine"], before["late"]["interest"]) == (10, "6.00", "1.00")
    assert (before["as_of"]["balance"], before["as_of"]["payable"], before["balance"]) == ("300.00", "307.00", "200.00")
    after = app.query("receivable", receivable_id=id_, as_of="2026-01-31")
    assert (after["as_of"]["balance"], after["as_of"]["payable"]) == ("200.00", "205.33")


def test_refusals_have_words_in_both_languages(app: StoreApp) -> None:
    with pytest.raises(Refused) as refused:
        app.send("record_payment", {"account_id": "c1", "payment_id": "P1", "amount": "0"})
    assert set(refused.value.words) == {"pt-BR", "en"}
    with pytest.raises(NotFound):
        app.query("receivable", receivable_id="none")
