"""The preview of a run says what it would issue and why that differs from the month before; and the run issues just that."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing_service.domain import commands as c
from billing_service.tests.integration.store import StoreApp, line, terms
from billing_service.views.receivables import receivables


@pytest.fixture
def house(bare: StoreApp) -> StoreApp:
    """January is billed; in February each contract but c0 differs in a way of its own."""
    quiet: dict[str, Any] = {"dunning": [], "default": {"days": None}}
    for n in range(8):
        lines = [line("100.00")]
        if n == 3:
            lines = [line("100.00", discounts=[{"percent": "10", "starts_on": "2026-02-01", "ends_on": "2026-02-28"}])]
        if n == 4:
            lines.append(line("90.00", "L2", rule="quarterly", starts_on="2026-02-01"))
        bare.hear("activated", f"c{n}", number=f"N{n}", on="2026-01-01", terms=terms(*lines, **quiet))
    bare.batch("bill", [{"account_id": f"c{n}", "month": "2026-01", "on": "2026-01-01"} for n in range(8)])
    bare.today("2026-01-20")
    adjusted = terms(line("104.00"), **quiet)
    bare.hear("price_adjusted", "c1", addendum=1, effective_on="2026-02-01", terms=adjusted, reason="IPCA")
    bare.hear("suspended", "c2", on="2026-02-15", reason="x")
    more = terms(line("100.00"), line("50.00", "L2"), **quiet)
    bare.hear("amended", "c5", addendum=1, effective_on="2026-02-01", terms=more, reason="x")
    bare.execute(c.HoldCharge("c6", "em negociação", "L1", date(2026, 2, 1)))
    bare.execute(c.AddCharge("c7", "work", "W1", Decimal(2), date(2026, 1, 20), "Visita", Decimal("30.00")))
    return bare


def told(house: StoreApp, **params: Any) -> dict[str, tuple[str, str, list[str]]]:
    items = house.query("run_preview", month="2026-02", **params)["items"]
    return {
        i["contract_id"]: (i["amount"], i["last_amount"], [r for x in i["lines"] for r in x["reasons"]]) for i in items
    }


def test_each_difference_is_named_exceptions_first(house: StoreApp) -> None:
    assert told(house) == {
        "c1": ("104.00", "100.00", ["price_adjusted"]),
        "c2": ("50.00", "100.00", ["proration"]),
        "c3": ("90.00", "100.00", ["discount"]),
        "c4": ("190.00", "100.00", ["rhythm"]),
        "c5": ("150.00", "100.00", ["new_line"]),
        "c6": ("0.00", "100.00", ["held"]),
        "c7": ("160.00", "100.00", ["use"]),
        "c0": ("100.00", "100.00", ["same"]),
    }
    assert list(told(house))[-1] == "c0"


def test_what_is_held_is_shown_with_its_reason(house: StoreApp) -> None:
    (shown,) = house.query("run_preview", month="2026-02", contract_ids=["c6"])["items"]
    assert [(each["amount"], each["reason"]) for each in shown["held"]] == [("100.00", "em negociação")]


def test_pages_and_exceptions_only(house: StoreApp) -> None:
    first = house.query("run_preview", month="2026-02", only_exceptions=True, limit=4)
    rest = house.query("run_preview", month="2026-02", only_exceptions=True, limit=4, after=first["next"])
    assert [item["contract_id"] for item in (*first["items"], *rest["items"])] == [f"c{n}" for n in range(1, 8)]
    assert (rest["next"], first["exceptions"], first["contracts"]) == (None, 7, 7)


def test_the_run_issues_what_the_preview_said_and_the_preview_writes_nothing(house: StoreApp) -> None:
    shown = house.query("run_preview", month="2026-02")
    assert {row["month"] for row in house.find(receivables)} == {"2026-01"}
    records = [{"account_id": item["contract_id"], "month": "2026-02"} for item in shown["items"]]
    house.batch("bill", records)
    issued = {row["account_id"]: str(row["gross"]) for row in house.find(receivables, month="2026-02")}
    assert issued == {i["contract_id"]: i["amount"] for i in shown["items"] if i["contract_id"] != "c6"}
    assert shown["amount"] == str(sum(map(Decimal, issued.values())))


def test_of_a_contract_that_was_taken_over_only_its_own_month_is_shown(bare: StoreApp) -> None:
    bare.today("2026-03-10")
    said = terms(line("100.00"), billing={"due_days": 10, "business_day_rule": "next", "first_bill": "month"})
    bare.hear("activated", "t1", number="T1", on="2026-01-01", terms=said)
    (shown,) = bare.query("run_preview", month="2026-04")["items"]
    bare.batch("bill", [{"account_id": "t1", "month": "2026-04"}])
    (row,) = bare.find(receivables)
    assert shown["amount"] == str(row["gross"]) == "100.00"
