"""The account as the service runs it: events heard, agenda, taxes, cancellation, renegotiation, disputes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billing_service.domain.commands import (
    CancelReceivable,
    ChangeChargeDueDay,
    DisputeReceivable,
    HoldCharge,
    MoveCharge,
    NoteNfse,
    RenegotiateReceivables,
    ResolveDispute,
)
from billing_service.domain.taxes import LoadWithholdingRates, SetCustomerWithholding
from billing_service.domain.withholding import Rate
from billing_service.tests.integration.steps import bill, kinds, pending
from billing_service.tests.integration.store import StoreApp, line, terms
from billing_service.views.agenda import planned_charges
from services.store.tables import due


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
