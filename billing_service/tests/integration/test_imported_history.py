"""Receivables of another system as history, and views that follow from the events alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from billing_service.tests.integration.steps import bill, pay, pending
from billing_service.tests.integration.store import StoreApp
from services.rows import Rows


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
