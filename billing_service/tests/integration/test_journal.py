"""A period's movements over all accounts: in pages, without a gap, with sums that are those of the balances."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from billing_service.domain.commands import RecordPayment
from billing_service.domain.taxes import LoadWithholdingRates, SetCustomerWithholding
from billing_service.domain.withholding import Rate
from billing_service.tests.integration.store import StoreApp

YEAR = {"since": "2026-01-01", "until": "2026-12-31"}


def lived(app: StoreApp) -> None:
    for month in ("2026-01", "2026-02", "2026-03"):
        (answer,) = app.batch("bill", [{"account_id": "c1", "month": month, "on": f"{month}-01"}])
        assert answer["status"] == "issued"
    app.execute(RecordPayment("c1", "p1", Decimal("350.00"), date(2026, 2, 10), "pix"))
    app.execute(RecordPayment("c1", "p2", Decimal("600.00"), date(2026, 3, 10), "pix"))


def pages(app: StoreApp, limit: int, **params: Any) -> list[dict[str, Any]]:
    found, after = [], None
    while True:
        page = app.query("journal", **params, limit=limit, **({"after": after} if after else {}))
        found += page["items"]
        after = page["next"]
        if after is None:
            return found


def test_pages_of_any_size_hold_each_movement_once(app: StoreApp) -> None:
    lived(app)
    whole = app.query("journal", **YEAR)["items"]
    assert len(whole) > 4
    assert [item["on"] for item in whole] == sorted(item["on"] for item in whole)
    for limit in (1, 2, 3):
        assert pages(app, limit, **YEAR) == whole


def test_a_periods_movements_are_the_difference_of_the_balances(app: StoreApp) -> None:
    lived(app)
    for since, until in (("2026-01-01", "2026-12-31"), ("2026-02-01", "2026-02-28"), ("2026-03-01", "2026-03-31")):
        moved = sum((Decimal(item["amount"]) for item in pages(app, 2, since=since, until=until)), Decimal(0))
        before = (date.fromisoformat(since) - timedelta(days=1)).isoformat()
        opening, closing = (Decimal(app.query("balance_on", on=on)["balance"]) for on in (before, until))
        assert moved == closing - opening


def test_the_totals_are_those_of_the_whole_period_on_every_page(app: StoreApp) -> None:
    lived(app)
    whole = app.query("journal", **YEAR)
    moved = sum((abs(Decimal(item["amount"])) for item in whole["items"]), Decimal(0))
    assert Decimal(whole["totals"]["moved"]) == moved
    assert app.query("journal", **YEAR, limit=1)["totals"] == whole["totals"]
    assert app.query("journal", since="2025-01-01", until="2025-12-31")["totals"]["moved"] == "0.00"


def test_taxes_that_were_withheld_stand_beside_their_receivable_and_in_the_totals(app: StoreApp) -> None:
    app.execute(LoadWithholdingRates((Rate("IRRF", Decimal("5"), date(2026, 1, 1), minimum=Decimal("10.00")),), "x"))
    app.execute(SetCustomerWithholding("k1", date(2026, 2, 1), ("IRRF",)))
    lived(app)
    answer = app.query("journal", **YEAR)
    taxed = [(item["amount"], item["withheld"]) for item in answer["items"] if item["kind"] == "receivable"]
    assert taxed == [("300.00", "0.00"), ("285.00", "15.00"), ("285.00", "15.00")]
    assert answer["totals"]["withheld"] == "30.00"
    assert {item["withheld"] for item in answer["items"] if item["kind"] == "payment"} == {"0.00"}
    billed = app.query("totals", since="2026-01", until="2026-12")
    assert Decimal(billed["billed"]) == sum(Decimal(amount) + Decimal(tax) for amount, tax in taxed)
