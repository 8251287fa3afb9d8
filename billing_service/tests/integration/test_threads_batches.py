"""Threads of the field about batches: slow with every line, none of many, all stopped by one."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from billing_service.domain.billing_run import StartRun
from billing_service.tests.integration.store import StoreApp, line, terms
from billing_service.views.receivables import receivables

QUIET = {"dunning": [], "default": {"days": None}}


def statements(app: StoreApp, account_id: str) -> int:
    """How many statements the database is sent to bill an account's month."""
    sent: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    event.listen(app.database.engine, "before_cursor_execute", note)
    try:
        (answer,) = app.batch("bill", [{"account_id": account_id, "month": "2026-01"}])
    finally:
        event.remove(app.database.engine, "before_cursor_execute", note)
    assert answer["status"] == "issued"
    return len(sent)


def test_an_invoice_of_many_lines_costs_as_many_statements_as_one_of_a_few(bare: StoreApp) -> None:
    """OCA/contract 986: half a minute for one invoice, because each line was filled in by itself."""
    for name, count in (("few", 2), ("many", 80)):
        lines = [line(f"{n}.00", f"L{n}") for n in range(1, count + 1)]
        bare.hear("activated", name, number=name, on="2026-01-01", terms=terms(*lines, **QUIET))
    few, many = statements(bare, "few"), statements(bare, "many")
    assert many <= few + 5


@pytest.mark.parametrize("count", [236])
def test_two_hundred_and_thirty_six_contracts_are_all_invoiced_by_one_run(bare: StoreApp, count: int) -> None:
    """OCA/contract 815: with 236 contracts of one day none was invoiced, with a hundred all were."""
    for n in range(count):
        bare.hear("activated", f"c{n}", number=f"N{n}", on="2026-01-01", terms=terms(line("1.00"), **QUIET))
    bare.execute(StartRun("r1", "2026-01"))
    bare.run_due(bare.now().replace(minute=1))
    shown = bare.query("run", run_id="r1")
    assert (shown["contracts"], shown["issued"], shown["failed"], shown["total"]) == (count, count, 0, f"{count}.00")
    assert len(bare.find(receivables)) == count
