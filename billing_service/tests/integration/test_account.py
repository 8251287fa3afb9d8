"""The account as the service runs it: events heard, agenda, bills, payments, balances, what is due."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from billing_service.domain.commands import (
    CancelReceivable,
    ChangeChargeDueDay,
    DisputeReceivable,
    HoldCharge,
    MoveCharge,
    NoteNfse,
    RecordPayment,
    RenegotiateReceivables,
    ResolveDispute,
    ReversePayment,
)
from billing_service.domain.taxes import LoadWithholdingRates, SetCustomerWithholding
from billing_service.domain.withholding import Rate
from billing_service.tests.integration.store import StoreApp, line, terms
from billing_service.views.agenda import planned_charges
from services.errors import Invalid, NotFound, Refused
from services.rows import Rows
from services.store.tables import due, refusals


def bill(app: StoreApp, month: str, on: str | None = None, account_id: str = "c1") -> dict[str, Any]:
    (answer,) = app.batch("bill", [{"account_id": account_id, "month": month, "on": on or f"{month}-01"}])
    return answer


def pay(app: StoreApp, amount: str, on: str, payment_id: str = "P1") -> None:
    app.execute(RecordPayment("c1", payment_id, Decimal(amount), date.fromisoformat(on), "pix"))


def pending(app: StoreApp) -> dict[str, str]:
    """What is due and not done: key without the receivable → instant."""
    rows = app.find(due, due.c.done_at.is_(None))
    return {_short(row["key"]): row["at"].strftime("%Y-%m-%dT%H:%MZ") for row in rows}


def _short(key: str) -> str:
    kind, _, *level = key.split(":")
    return ":".join([kind, *level])


def kinds(app: StoreApp, account_id: str = "c1") -> list[str]:
    return [event.type.removeprefix("billing.") for event in app.events(f"account-{account_id}")]


def run_until(app: StoreApp, text: str) -> None:
    app.today(text)
    app.run_due(app.now())


def test_an_activated_contract_has_an_account_and_an_agenda(app: StoreApp) -> None:
    assert kinds(app) == ["account.opened", "account.terms_taken", "account.charges_planned"]
    shown = app.query("account", account_id="c1")
    assert (shown["customer_id"], shown["balance"], shown["contract_number"]) == ("k1", "0.00", "2026/000001")
    items = app.query("agenda", account_id="c1", through="2026-12-31")["items"]
    assert [item["bill_on"] for item in items] == [f"2026-{month:02}-01" for month in range(1, 13)]
    assert items[0]["why"]["pt-BR"].startswith("Cláusula 4.1 (contrato original): cobrança mensal de R$ 300,00")


def test_the_agenda_says_what_finance_decided(app: StoreApp) -> None:
    named = {"line_id": "L1", "period_start": date(2026, 3, 1)}
    app.execute(HoldCharge("c1", "em negociação", **named))
    app.execute(MoveCharge("c1", date(2026, 5, 20), "a pedido", "L1", date(2026, 4, 1)))
    app.execute(ChangeChargeDueDay("c1", date(2026, 6, 30), "a pedido", "L1", date(2026, 5, 1)))
    app.hear("amended", addendum=1, effective_on="2026-02-15", terms=terms(line("330.00")), reason="mais salas")
    items = {item["period_start"]: item for item in app.query("agenda", account_id="c1")["items"]}
    said = {start: (item["state"], item["bill_on"], item["reason"]) for start, item in items.items()}
    assert said["2026-03-01"] == ("held", "2026-03-01", "em negociação")
    assert said["2026-04-01"] == ("moved", "2026-05-20", "a pedido")
    assert (said["2026-05-01"][0], items["2026-05-01"]["due_on"]) == ("moved", "2026-06-30")
    assert said["2026-06-01"] == ("planned", "2026-06-01", None)
    assert [item["period_start"] for item in app.query("agenda", account_id="c1", state="held")["items"]] == [
        "2026-03-01"
    ]
    assert bill(app, "2026-03")["amount"] == "615.00"  # January, and February in two parts; March is held
    assert bill(app, "2026-05")["amount"] == "660.00"  # April, moved, and May on a receivable of its own
    assert app.query("billable", month="2026-05")["accounts"] == []


def test_taxes_are_withheld_by_the_table_and_the_customer_and_each_says_why(app: StoreApp) -> None:
    app.execute(LoadWithholdingRates((Rate("IRRF", Decimal("5"), date(2026, 1, 1), minimum=Decimal("10.00")),), "x"))
    app.execute(SetCustomerWithholding("k1", date(2026, 2, 1), ("IRRF",)))
    assert [bill(app, month)["amount"] for month in ("2026-01", "2026-02")] == ["300.00", "285.00"]
    app.today("2026-02-01")
    assert app.query("withholder", customer_id="k1")["taxes"] == {"IRRF": "5"}
    (row,) = app.query("receivables", month="2026-02")["items"]
    app.execute(NoteNfse("c1", row["receivable_id"], "77", "https://nfse.example/77"))
    shown = app.query("receivable", receivable_id=row["receivable_id"])
    assert (shown["gross"], shown["withheld"], shown["net"], shown["nfse_number"]) == (
        "300.00",
        "15.00",
        "285.00",
        "77",
    )
    assert shown["withholdings"][0]["why"]["pt-BR"].startswith("IRRF: 5% de R$ 300,00 = R$ 15,00")


def test_a_cancelled_receivable_s_charges_are_on_the_agenda_again(app: StoreApp) -> None:
    bill(app, "2026-01")
    (row,) = app.query("receivables", month="2026-01")["items"]
    app.execute(CancelReceivable("c1", row["receivable_id"], "tomador errado", "hold"))
    assert pending(app) == {}
    (first, *_) = app.query("agenda", account_id="c1")["items"]
    assert (first["period_start"], first["state"], first["reason"]) == ("2026-01-01", "held", "tomador errado")
    shown = app.query("receivable", receivable_id=row["receivable_id"])
    assert (shown["status"], shown["balance"], app.query("totals", month="2026-01")["billed"]) == (
        "cancelled",
        "0.00",
        "0.00",
    )


def test_a_renegotiated_debt_is_followed_by_its_instalments(app: StoreApp) -> None:
    bill(app, "2026-01")
    (row,) = app.query("receivables", month="2026-01")["items"]
    agreed = {"count": 2, "first_due_on": date(2026, 1, 20)}
    app.execute(RenegotiateReceivables("c1", "R1", (row["receivable_id"],), "acordo", **agreed))
    items = {item["number"]: item for item in app.query("receivables", account_id="c1")["items"]}
    assert {number: (item["status"], item["balance"]) for number, item in items.items()} == {
        "2026/000001-2026-01": ("renegotiated", "0.00"),
        "2026/000001-2026-01-R1-1/2": ("open", "150.00"),
        "2026/000001-2026-01-R1-2/2": ("open", "150.00"),
    }
    assert str(min(row["at"] for row in app.find(due, due.c.done_at.is_(None)))) == "2026-01-17 12:00:00+00:00"
    assert (app.query("totals")["billed"], app.query("account", account_id="c1")["balance"]) == ("300.00", "300.00")


def test_a_contested_line_is_shown_and_the_rest_still_falls_due(app: StoreApp) -> None:
    app.hear("amended", addendum=1, effective_on="2026-01-01", terms=terms(line(), line("50.00", "L2")), reason="x")
    bill(app, "2026-01")
    (row,) = app.query("receivables", month="2026-01")["items"]
    before = pending(app)
    lines = app.query("receivable", receivable_id=row["receivable_id"])["lines"]
    (charge,) = [item["charge_id"] for item in lines if item["line_id"] == "L2"]
    app.execute(DisputeReceivable("c1", row["receivable_id"], "não reconhece", charge_ids=(charge,)))
    shown = app.query("receivable", receivable_id=row["receivable_id"], as_of="2026-02-11")
    assert (shown["status"], shown["disputed_amount"], shown["late"]["fine"]) == ("open", "50.00", "6.00")
    assert pending(app) == before
    app.execute(ResolveDispute("c1", row["receivable_id"], "aceita", credit=True))
    shown = app.query("receivable", receivable_id=row["receivable_id"])
    assert (shown["disputed_amount"], shown["balance"]) == ("0.00", "300.00")


def test_an_imported_contract_has_one_too(bare: StoreApp) -> None:
    bare.hear("activated", number="7", on="2025-11-01", terms=terms(starts_on="2025-11-01"), historical=True)
    rows = bare.find(planned_charges)
    assert (len(rows), str(max(row["bill_on"] for row in rows))) == (15, "2027-01-01")


def test_an_addendum_an_adjustment_and_a_renewal_plan_anew(app: StoreApp) -> None:
    app.hear("amended", addendum=1, effective_on="2026-03-01", terms=terms(line("330.00")), reason="mais salas")
    app.hear("price_adjusted", addendum=2, effective_on="2026-06-01", percent="10", terms=terms(line("363.00")))
    app.today("2026-12-20")
    app.hear(
        "renewed", effective_on="2026-06-01", ends_on="2027-12-31", terms=terms(line("363.00"), ends_on="2027-12-31")
    )
    rows = app.find(planned_charges)
    by_month = {row["period_start"].isoformat()[:7]: str(row["amount"]) for row in rows}
    assert [by_month[month] for month in ("2026-02", "2026-03", "2026-06")] == ["300.00", "330.00", "363.00"]
    assert by_month["2027-12"] == "363.00"


def test_a_suspension_credits_and_a_resumption_charges_again(app: StoreApp) -> None:
    bill(app, "2026-01")
    app.hear("suspended", on="2026-01-16", reason="agreement", note="")
    assert app.query("account", account_id="c1")["balance"] == "145.16"
    assert app.find(planned_charges) == []
    app.hear("resumed", on="2026-02-01")
    assert bill(app, "2026-02")["amount"] == "300.00"


@pytest.mark.parametrize("happened", ["terminated", "expired"])
def test_the_last_day_in_force_is_charged(app: StoreApp, happened: str) -> None:
    app.hear(happened, on="2026-02-14", reason="fim")
    rows = sorted(app.find(planned_charges), key=lambda row: row["bill_on"])
    assert [(str(row["period_end"]), str(row["amount"])) for row in rows] == [
        ("2026-01-31", "300.00"),
        ("2026-02-14", "150.00"),
    ]


def work(app: StoreApp, beyond: str, work_id: str = "W1", contract_id: str = "c1", **more: str) -> None:
    data = {
        "request_id": "r1",
        "contract_id": contract_id,
        "customer_id": "k1",
        "work_id": work_id,
        "service_type_id": "s1",
        "performed_on": "2026-01-20",
        "quantity": "3",
        "unit": "hour",
        "included_quantity": "1",
        "beyond_quantity": beyond,
        "unit_price": "120.00",
        "description": "Troca de peça",
        **more,
    }
    app.deliver([("tickets.request.work_recorded", data)], source="tickets", stream="request-r1")


def test_work_beyond_what_is_included_is_charged_and_points_to_it(app: StoreApp) -> None:
    work(app, "2")
    work(app, "0", "W2")
    assert bill(app, "2026-01")["amount"] == "540.00"
    (shown,) = app.query("receivables", account_id="c1")["items"]
    lines = app.query("receivable", receivable_id=shown["receivable_id"])["lines"]
    assert (lines[1]["explanation"]["source_ref"], lines[1]["amount"]) == ("W1", "240.00")
    assert lines[1]["why"]["en"] == "Extra charge: work of 2026-01-20 (W1): (3 − 1 included) × R$ 120.00 = R$ 240.00."


def test_what_is_charged_for_a_request_names_its_receivable_once_it_is_billed(app: StoreApp) -> None:
    work(app, "2")
    work(app, "1", "W2", request_id="r2")

    def charges() -> list[dict[str, Any]]:
        return list(app.query("charges_of_request", account_id="c1", request_id="r1")["items"])

    (waiting,) = charges()
    assert (waiting["state"], waiting["amount"], waiting["receivable"]) == ("added", "240.00", None)
    bill(app, "2026-01")
    (billed,) = charges()
    assert (billed["state"], billed["charge_id"]) == ("billed", waiting["charge_id"])
    (shown,) = app.query("receivables", account_id="c1")["items"]
    assert billed["receivable"] == {
        "receivable_id": shown["receivable_id"], "number": shown["number"], "issued_on": shown["issued_on"],
        "due_on": shown["due_on"], "payable_on": shown["payable_on"], "net": shown["net"], "balance": shown["balance"],
        "status": "open", "disputed": False,
    }  # fmt: skip
    lines = [billed["charge_id"]]
    app.execute(DisputeReceivable("c1", shown["receivable_id"], "não foi feito", charge_ids=tuple(lines)))
    assert charges()[0]["receivable"]["disputed"] is True


def test_work_whose_price_nobody_accepted_is_not_charged(app: StoreApp) -> None:
    """Without an acceptance, and without the contract's emergency clause, there is no charge; the event says why."""
    work(app, "2", charge="none", uncharged_because="price-not-accepted")
    work(app, "2", "W2", charge="accepted", charge_limit="150.00")
    assert bill(app, "2026-01")["amount"] == "450.00"
    (shown,) = app.query("receivables", account_id="c1")["items"]
    lines = app.query("receivable", receivable_id=shown["receivable_id"])["lines"]
    assert [(line["explanation"]["source_ref"], line["amount"]) for line in lines[1:]] == [("W2", "150.00")]
    assert "150.00" in lines[1]["why"]["en"]


def test_work_that_is_told_before_the_contract_is_not_lost(bare: StoreApp) -> None:
    work(bare, "2")
    bare.hear("activated", number="7", on="2026-01-01", terms=terms())
    assert bill(bare, "2026-01")["amount"] == "540.00"
    assert bare.find(refusals) == []


# -- a billing run ---------------------------------------------------------------------------------------------------


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


# -- balances --------------------------------------------------------------------------------------------------------


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


# -- what is due -----------------------------------------------------------------------------------------------------


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


# -- imported history ------------------------------------------------------------------------------------------------


def record(**changes: Any) -> dict[str, Any]:
    values = {
        "id": "import-1",
        "contract_id": "c1",
        "receivable_id": "r-1",
        "external_ref": "0000611365",
        "number": "0000611365",
        "issued_on": "2013-01-02",
        "due_on": "2013-02-02",
        "amount": "55.94",
        "disputed": False,
        "payments": [{"on": "2013-02-15", "amount": "55.94"}],
    }
    return {**values, **changes}


def send(app: StoreApp, **changes: Any) -> dict[str, Any]:
    (answer,) = app.batch("import_receivables", [record(**changes)], historical=True)
    return answer


def test_an_imported_receivable_is_history_with_its_delay_and_balance(app: StoreApp) -> None:
    assert send(app)["status"] == "imported"
    (late,) = app.query("lateness", account_id="c1")["items"]
    assert (late["external_ref"], late["days_late"], late["settled_on"]) == ("0000611365", 13, "2013-02-15")
    days = ("2013-01-01", "2013-01-02", "2013-02-14", "2013-02-15")
    assert [app.query("balance_on", on=day)["balance"] for day in days] == ["0.00", "55.94", "55.94", "0.00"]


def test_the_same_record_again_is_unchanged_and_a_different_one_rejected(app: StoreApp) -> None:
    assert [send(app, id=id_)["status"] for id_ in ("import-1", "import-1", "import-2")] == [
        "imported",
        "unchanged",
        "unchanged",
    ]
    answer = send(app, id="import-3", amount="55.95")
    assert (answer["status"], answer["error"]["code"]) == ("rejected", "receivable.imported-differently")


def test_nobody_is_reminded_of_an_imported_debt_and_it_defaults_nobody(app: StoreApp) -> None:
    send(app, payments=[])
    assert pending(app) == {}
    assert app.query("balance_on", on="2026-01-01")["open"] == "55.94"


def test_the_views_follow_from_the_events_alone(app: StoreApp) -> None:
    """Folded again from the first event, every table has the same rows."""
    bill(app, "2026-01")
    pay(app, "100.00", "2026-01-10")
    app.hear("suspended", on="2026-01-16", reason="agreement", note="")
    tables = [table for view in app.component.views for table in view.tables]
    before = {table.name: _all(app, table) for table in tables}
    with app.database.write() as conn:
        for table in tables:
            conn.execute(table.delete())
        rows = Rows(conn)
        for event in app.events("account-c1"):
            for view in app.component.views:
                view.fold(event, rows)
        rows.flush()
    assert {table.name: _all(app, table) for table in tables} == before


def _all(app: StoreApp, table: Any) -> list[Any]:
    with app.database.read() as conn:
        return sorted(map(tuple, conn.execute(select(table))), key=repr)
