"""Aging, cash forecast, the revenue of each contract, recurring revenue, a customer's statement, the Pix of a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing_service.domain.commands import DisputeReceivable, HoldCharge, IssueCreditNote, RecordPayment
from billing_service.domain.pix import fields, is_sound
from billing_service.tests.integration.store import StoreApp, line, terms
from services.errors import NotFound, Refused


def bill(app: StoreApp, month: str, account_id: str = "c1") -> None:
    (answer,) = app.batch("bill", [{"account_id": account_id, "month": month, "on": f"{month}-01"}])
    assert answer["status"] == "issued"


def second(app: StoreApp) -> None:
    """Another contract of the same customer."""
    agreed = terms(line("90.00"), starts_on="2026-02-01")
    app.hear("activated", "c2", number="2026/000002", on="2026-02-01", terms=agreed, provider_id="p1")


def amounts(answer: dict[str, Any]) -> dict[str, str]:
    return {key: value for key, value in answer.items() if key not in ("on", "receivables") and value != "0.00"}


def test_aging_says_how_long_what_is_open_has_been_due(app: StoreApp) -> None:
    second(app)
    bill(app, "2026-01")
    bill(app, "2026-02")
    bill(app, "2026-02", "c2")
    assert amounts(app.query("aging", on="2026-01-12")) == {"open": "690.00", "not_due": "690.00"}  # 11/1 is a Sunday
    assert amounts(app.query("aging", on="2026-03-13")) == {
        "open": "690.00",
        "days_1_30": "390.00",
        "days_61_90": "300.00",
    }
    by_contract = app.query("aging", on="2026-05-15", by="contract")["items"]
    assert [(item["contract_id"], item["days_91"], item["days_61_90"]) for item in by_contract] == [
        ("c1", "600.00", "0.00"),
        ("c2", "90.00", "0.00"),
    ]
    assert app.query("aging", by="customer", on="2026-05-15")["items"][0]["open"] == "690.00"


def test_aging_says_what_is_contested(app: StoreApp) -> None:
    bill(app, "2026-01")
    (row,) = app.query("receivables")["items"]
    app.execute(DisputeReceivable("c1", row["receivable_id"], "x"))
    assert app.query("aging")["disputed"] == "300.00"


def test_the_forecast_holds_what_is_open_and_what_is_planned_by_the_day_it_is_due(app: StoreApp) -> None:
    bill(app, "2026-01")
    app.execute(HoldCharge("c1", "em negociação", "L1", date(2026, 3, 1)))
    told = app.query("forecast")
    months = {item["month"]: (item["issued"], item["planned"]) for item in told["months"]}
    assert len(months) == 12
    assert (months["2026-01"], months["2026-02"], months["2026-03"], months["2026-12"]) == (
        ("300.00", "0.00"),
        ("0.00", "300.00"),
        ("0.00", "0.00"),
        ("0.00", "300.00"),
    )
    app.today("2026-02-01")
    assert app.query("forecast", account_id="c1")["late"] == "300.00"
    assert app.query("forecast", customer_id="other")["expected"] == "0.00"


def test_the_forecast_of_all_is_that_of_each_whatever_moves_the_days(app: StoreApp) -> None:
    """Ten days to pay: what is billed on 25 March is due in April. Then thirty days, for what remains as well."""
    second(app)
    bill(app, "2026-01")
    for month, day in (("03", 25), ("05", 2)):
        asked = {"line_id": "L1", "period_start": f"2026-{month}-01", "bill_on": f"2026-{month}-{day:02}"}
        app.send("move_charge", {"account_id": "c1", "reason": "x", **asked})
    app.execute(HoldCharge("c2", "x", "L1", date(2026, 6, 1)))
    planned = {item["month"]: item["planned"] for item in same_forecast(app)["months"]}
    assert (planned["2026-03"], planned["2026-04"], planned["2026-05"], planned["2026-06"]) == (
        "90.00",
        "690.00",
        "390.00",
        "300.00",
    )
    longer = terms(line("90.00"), starts_on="2026-02-01", billing={"due_days": 30, "business_day_rule": "next"})
    app.hear("amended", "c2", addendum=1, effective_on="2027-01-01", terms=longer, reason="x")
    planned = {item["month"]: item["planned"] for item in same_forecast(app)["months"]}
    assert (planned["2026-04"], planned["2026-05"]) == ("600.00", "480.00")
    app.today("2026-05-20")
    assert same_forecast(app)["months"][0]["planned"] == "1560.00"  # and all that should have been billed by now


def same_forecast(app: StoreApp) -> Any:
    """Over all accounts: by the view of months what the customer's charges say."""
    told = app.query("forecast")
    assert told == app.query("forecast", customer_id="k1")
    return told


def test_each_contract_s_revenue_stands_alone(app: StoreApp) -> None:
    second(app)
    bill(app, "2026-02")
    bill(app, "2026-02", "c2")
    app.execute(RecordPayment("c2", "P1", Decimal("40.00"), date(2026, 2, 5), "pix"))
    items = {(i["contract_id"], i["month"]): i for i in app.query("revenue")["items"]}
    assert (items["c2", "2026-02"]["billed"], items["c2", "2026-02"]["received"], items["c2", "2026-02"]["open"]) == (
        "90.00",
        "40.00",
        "50.00",
    )
    assert (items["c1", "2026-02"]["net"], items["c1", "2026-02"]["received"]) == ("600.00", "0.00")
    first = app.query("revenue", limit=1)
    assert app.query("revenue", after=first["next"])["items"][0]["contract_id"] == "c2"


def test_months_are_summed_gross_and_net_with_what_is_open(app: StoreApp) -> None:
    """300.00 of January less 5 % ISS; 90.00 of February; 100.00 came in on 5 February, 20.00 were credited on the 6th."""
    app.send("load_withholding_rates", {"rates": [{"tax": "ISS", "percent": "5", "valid_from": "2020-01-01"}]})
    app.send("set_customer_withholding", {"customer_id": "k1", "valid_from": "2026-01-01", "taxes": ["ISS"]})
    bill(app, "2026-01")
    app.send("set_customer_withholding", {"customer_id": "k1", "valid_from": "2026-02-01", "taxes": []})
    second(app)
    bill(app, "2026-02", "c2")
    app.execute(RecordPayment("c1", "P1", Decimal("100.00"), date(2026, 2, 5), "pix"))
    (row,) = app.query("receivables", account_id="c2")["items"]
    app.execute(IssueCreditNote("c2", "N1", row["receivable_id"], Decimal("20.00"), "x", on=date(2026, 2, 6)))
    told = app.query("totals")
    shown = [
        [m[n] for n in ("month", "billed", "withheld", "net", "received", "credited", "open")] for m in told["months"]
    ]
    assert shown == [
        ["2026-01", "300.00", "15.00", "285.00", "0.00", "0.00", "185.00"],
        ["2026-02", "90.00", "0.00", "90.00", "100.00", "20.00", "70.00"],
    ]
    assert (told["net"], told["open"], app.query("balance_on", on="2026-12-31")["balance"]) == (
        "375.00",
        "255.00",
        "255.00",
    )
    assert app.query("totals", contract_id="c2")["open"] == "70.00"


def test_recurring_revenue_moves_in_the_month_of_its_effect(app: StoreApp) -> None:
    """300.00 a month; 1 200.00 a year more from May; 60.00 a month less from June; the second contract comes and goes."""
    yearly = line("1200.00", "L2", rule="yearly")
    second(app)
    app.hear("amended", addendum=1, effective_on="2026-05-01", terms=terms(line(), yearly), reason="x")
    app.hear("amended", addendum=2, effective_on="2026-06-01", terms=terms(line("240.00"), yearly), reason="x")
    app.hear("terminated", "c2", on="2026-06-30", reason="x")
    assert app.query("mrr")["mrr"] == "300.00"  # of today; later months when they are asked for
    told = {item["month"]: item for item in app.query("mrr", until="2026-12")["months"]}
    assert {m: (i["new"], i["expansion"], i["contraction"], i["churn"], i["closing"]) for m, i in told.items()} == {
        "2026-01": ("300.00", "0.00", "0.00", "0.00", "300.00"),
        "2026-02": ("90.00", "0.00", "0.00", "0.00", "390.00"),
        "2026-05": ("0.00", "100.00", "0.00", "0.00", "490.00"),
        "2026-06": ("0.00", "0.00", "-60.00", "0.00", "430.00"),
        "2026-07": ("0.00", "0.00", "0.00", "-90.00", "340.00"),
    }
    assert app.query("mrr", since="2026-06", until="2026-06")["months"][0]["opening"] == "490.00"


def test_a_discount_is_off_recurring_revenue_while_it_runs(app: StoreApp) -> None:
    """300.00 less 20 % from May to August: 240.00; ended with the contract in July, undone, 300.00 again in September."""
    off = {"percent": "20", "amount": "0.00", "starts_on": "2026-05-01", "ends_on": "2026-08-31", "reason": "x"}
    app.hear("amended", addendum=1, effective_on="2026-05-01", terms=terms(line(discounts=[off])), reason="x")

    def moved() -> list[tuple[str, str, str]]:
        items = app.query("mrr", until="2026-12")["months"]
        kinds = ("new", "expansion", "contraction", "churn", "reactivation")
        return [(i["month"], kind, i[kind]) for i in items for kind in kinds if i[kind] != "0.00"]

    foreseen = [("2026-05", "contraction", "-60.00"), ("2026-09", "expansion", "60.00")]
    assert moved() == [("2026-01", "new", "300.00"), *foreseen]
    app.hear("terminated", on="2026-07-15", reason="x")
    assert moved()[1:] == [foreseen[0], ("2026-07", "churn", "-240.00")]
    undone = {"on": "2026-07-15", "status": "active", "reason": "x", "addendum": 1}
    app.hear("termination_undone", **undone)
    assert moved()[1:] == foreseen


def test_a_customer_s_statement_goes_over_all_his_contracts(app: StoreApp) -> None:
    second(app)
    bill(app, "2026-01")
    bill(app, "2026-02", "c2")
    app.execute(RecordPayment("c1", "P1", Decimal("300.00"), date(2026, 1, 9), "pix"))
    told = app.query("customer_statement", customer_id="k1", since="2026-01-05")
    assert (told["opening"], told["closing"]) == ("300.00", "90.00")
    assert [(item["kind"], item["number"], item["balance"]) for item in told["items"]] == [
        ("payment", "2026/000001-2026-01", "0.00"),
        ("receivable", "2026/000002-2026-02", "90.00"),
    ]
    assert told["contracts"] == [{"contract_id": "c1", "balance": "0.00"}, {"contract_id": "c2", "balance": "90.00"}]


def test_the_pix_code_is_made_anew_with_that_day_s_late_charges(app: StoreApp) -> None:
    second(app)
    bill(app, "2026-02", "c2")
    (row,) = app.query("receivables", account_id="c2")["items"]
    with pytest.raises(NotFound):
        app.query("pix", receivable_id=row["receivable_id"])
    registered = {
        "provider_id": "p1",
        "legal_name": "Ar e Frio Ltda.",
        "city": "São Paulo",
        "pix_key": "pix@ar.example",
    }
    app.deliver([("contracts.provider.registered", registered)], source="contracts", stream="provider-p1")
    app.today("2026-02-05")
    now = app.query("pix", receivable_id=row["receivable_id"])
    assert (now["amount"], fields(now["code"])["54"], is_sound(now["code"])) == ("90.00", "90.00", True)
    late = app.query("pix", receivable_id=row["receivable_id"], on="2026-03-13")
    assert (late["amount"], late["fine"], late["interest"]) == ("92.70", "1.80", "0.90")
    assert fields(late["code"])["59"] == "Ar e Frio Ltda."
    app.execute(RecordPayment("c2", "P1", Decimal("90.00"), date(2026, 2, 5), "pix"))
    with pytest.raises(Refused):
        app.query("pix", receivable_id=row["receivable_id"])


def test_a_suspension_that_gives_nothing_back_is_charged_on(app: StoreApp) -> None:
    app.hear("suspended", on="2026-02-10", reason="agreement", note="", give_back="nothing")
    assert len(app.query("agenda", account_id="c1")["items"]) == 13


def test_the_agenda_of_all_contracts_names_each_contract_in_pages(app: StoreApp) -> None:
    second(app)
    seen, after = [], None
    while True:
        page = app.query("agenda", through="2026-03-31", limit=2, **({"after": after} if after else {}))
        seen += [(item["bill_on"], item["contract_number"], item["amount"]) for item in page["items"]]
        if (after := page["next"]) is None:
            break
    assert seen == sorted(seen)
    numbers = {"2026/000001", "2026/000002"}
    assert {number for _, number, _ in seen} == numbers
    assert [number for on, number, _ in seen if on == "2026-01-01"] == ["2026/000001"]
