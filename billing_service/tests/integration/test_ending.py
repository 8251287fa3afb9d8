"""What contracts and tickets tell of terminations and of work, as billing hears it, on both stores."""

from __future__ import annotations

from typing import Any

from billing_service.tests.integration.store import StoreApp, terms
from billing_service.views.agenda import planned_charges
from billing_service.views.receivables import credit_notes, receivables

FINE = {"fine": "270.00", "fine_base": "2700.00", "fine_percent": "10", "by": "customer", "right": "notice"}


def tell(app: StoreApp, happened: str, request_id: str = "R1", **data: Any) -> None:
    """One of a request's events, as tickets tells it."""
    told = {"request_id": request_id, "contract_id": "c1", "customer_id": "k1", **data}
    app.deliver([(f"tickets.request.{happened}", told)], source="tickets", stream=f"request-{request_id}")


def work(app: StoreApp) -> None:
    """Three hours, of which two are included."""
    tell(
        app, "work_recorded", work_id="W1", service_type_id="s1", performed_on="2026-01-05", quantity="3", unit="hour",
        included_quantity="2", beyond_quantity="1", unit_price="120.00", description="Compressor",
    )  # fmt: skip


def billed(app: StoreApp, month: str) -> list[str]:
    app.batch("bill", [{"account_id": "c1", "month": month, "on": f"{month}-28"}])
    return [str(row["net"]) for row in app.find(receivables, month=month)]


def test_a_termination_charges_its_fine_and_credits_the_days_after_it(app: StoreApp) -> None:
    app.batch("bill", [{"account_id": "c1", "month": "2026-03", "on": "2026-03-01"}])
    app.today("2026-03-20")
    app.hear("terminated", on="2026-03-15", reason="x", **FINE)
    (note,) = app.find(credit_notes)
    assert str(note["amount"]) == "154.84"  # 300.00 − 300.00 × 15/31
    assert billed(app, "2026-04") == ["270.00"]
    (row,) = app.find(receivables, month="2026-04")
    (line,) = app.query("receivable", receivable_id=row["receivable_id"])["lines"]
    assert "10% de R$ 2.700,00" in line["why"]["pt-BR"]


def test_a_termination_that_is_undone_is_as_if_it_had_not_been(app: StoreApp) -> None:
    before = app.find(planned_charges)
    app.hear("terminated", on="2026-03-15", reason="x", **FINE)
    assert [str(row["amount"]) for row in app.find(planned_charges, planned=False)] == ["270.00"]
    app.hear("termination_undone", on="2026-03-15", status="active")
    assert app.find(planned_charges, planned=False) == []
    last = max(row["bill_on"] for row in before)  # with the resumption the agenda has moved on
    again = [row for row in app.find(planned_charges) if row["bill_on"] <= last]
    assert sum(row["amount"] for row in again) == sum(row["amount"] for row in before)


def test_a_regret_gives_everything_back(app: StoreApp) -> None:
    app.batch("bill", [{"account_id": "c1", "month": "2026-01", "on": "2026-01-01"}])
    app.today("2026-01-05")
    app.hear("terminated", on="2026-01-05", reason="x", refund_all=True, by="customer", right="regret")
    answer = app.query("account", account_id="c1")
    assert (answer["open"], answer["credit"], app.find(planned_charges)) == ("0.00", "0.00", [])


def test_contested_work_waits_and_the_line_says_what_was_included(app: StoreApp) -> None:
    work(app)
    tell(app, "reopened", cause="contested")
    assert billed(app, "2026-01") == ["300.00"]
    tell(app, "closed", by="confirmation")
    assert billed(app, "2026-02") == ["420.00"]
    (row,) = app.find(receivables, month="2026-02")
    lines = app.query("receivable", receivable_id=row["receivable_id"])["lines"]
    (line,) = [each for each in lines if each["line_id"] is None]
    assert "(3 − 2 incluídos) × R$ 120,00" in line["why"]["pt-BR"]
    assert line["explanation"]["request_id"] == "R1"


def test_reopened_by_the_provider_nothing_waits(app: StoreApp) -> None:
    work(app)
    tell(app, "reopened", cause="provider")
    assert billed(app, "2026-01") == ["420.00"]


def test_contested_after_it_was_billed_the_line_is_disputed(app: StoreApp) -> None:
    work(app)
    assert billed(app, "2026-01") == ["420.00"]
    tell(app, "reopened", cause="low_score")
    (row,) = app.find(receivables)
    assert (str(row["disputed_amount"]), row["status"]) == ("120.00", "open")
    tell(app, "closed", by="tacit")
    (row,) = app.find(receivables)
    assert str(row["disputed_amount"]) == "0.00"


def test_prices_of_work_need_no_account_yet(bare: StoreApp) -> None:
    """Between services there is no order: work and its contest may be told before the activation is."""
    work(bare)
    bare.hear("activated", number="1", on="2026-01-01", terms=terms())
    assert billed(bare, "2026-01") == ["420.00"]
