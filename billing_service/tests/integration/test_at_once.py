"""Two billing runs at once, and a run that starts again: never a double, never a hole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from billing_service.domain.commands import RecordPayment
from billing_service.tests.integration.store import StoreApp, line, terms
from billing_service.views.receivables import receivables

ACCOUNTS = [f"c{n}" for n in range(12)]


def test_two_runs_at_once_issue_each_receivable_once(bare: StoreApp) -> None:
    """glpi 2855: two processes; OCA/contract 1473: relaunched after a crash."""
    for account_id in ACCOUNTS:
        bare.hear("activated", account_id, number=account_id, on="2026-01-01", terms=terms(line("10.00")))

    def run(number: int) -> list[str]:
        records = [{"account_id": each, "month": "2026-01", "id": f"{number}/{each}"} for each in ACCOUNTS]
        return [answer["status"] for answer in bare.batch("bill", records)]

    with ThreadPoolExecutor(3) as pool:
        statuses = [status for answers in pool.map(run, range(3)) for status in answers]
    assert sorted(statuses) == ["issued"] * 12 + ["nothing"] * 24
    rows = bare.find(receivables)
    assert sorted(row["account_id"] for row in rows) == sorted(ACCOUNTS)
    assert bare.query("totals", month="2026-01")["billed"] == "120.00"


def test_payments_at_once_are_all_recorded(bare: StoreApp) -> None:
    bare.hear("activated", "c1", number="1", on="2026-01-01", terms=terms(line("100.00")))
    bare.batch("bill", [{"account_id": "c1", "month": "2026-01"}])

    def pay(number: int) -> None:
        bare.execute(RecordPayment("c1", f"P{number}", Decimal("10.00")))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(pay, range(3)))
    assert bare.query("account", account_id="c1")["balance"] == "70.00"
    assert bare.query("balance_on", on="2026-01-01")["balance"] == "70.00"
