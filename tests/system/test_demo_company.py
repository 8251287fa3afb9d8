"""The demo company, filled on days on which dates go wrong: all that it promises is there, and everything agrees.

In this process, with clocks that stand still at those instants.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.wiring import create_app, ensure_first_user
from services.settings import secret_for
from vigencia import company
from vigencia.client import Client
from vigencia.composition import Composition
from vigencia.demo import demo_id
from vigencia.demo.desk import PARKED
from vigencia.verifying import verify

NOWS = {
    "on 29 February": datetime(2028, 2, 29, 18, 20, tzinfo=UTC),
    "on a Sunday, the 31st": datetime(2027, 1, 31, 13, 5, tzinfo=UTC),
}
LAST_DAY = "2199-12-31"


@dataclass
class Filled:
    system: Composition
    client: Client
    notes: list[str]
    now: datetime

    def ask(self, service: str, query: str, **params: Any) -> Any:
        return self.system.ask(service, query, params)

    def all(self, service: str, query: str, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        after = None
        while True:
            page = self.ask(service, query, limit=200, **params, **({"after": after} if after else {}))
            found += page.get("items") or page["requests"]
            if (after := page.get("next")) is None:
                return found


@pytest.fixture(scope="module", params=NOWS.values(), ids=NOWS)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    store, notes = tmp_path_factory.mktemp("demo") / "store", list[str]()
    store.mkdir()
    system = Composition(store)
    for app in system.apps.values():
        app.application.clock = lambda: request.param
    system.start()
    try:
        company.fill_when_empty(system, store, notes.append, request.param)
        gateway = system.apps["gateway"]
        ensure_first_user(gateway, run=lambda work, *args: work(*args))
        flask = httpx.WSGITransport(app=create_app(gateway, run=lambda work, *args: work(*args)))
        client = Client("http://demo", lambda: _token(store), "en", transport=flask)
        yield Filled(system, client, notes, request.param)
        client.close()
    finally:
        system.stop()


def _token(store: Path) -> str:
    from gateway.identity.tokens import Tokens

    return Tokens(secret_for(store, "tokens")).issue("command-line")[0]


def test_no_rule_said_no(filled: Filled) -> None:
    assert filled.notes == []
    for service in filled.system.services:
        assert filled.system.operate(service, "refusals") == []


def test_contracts_are_in_every_state(filled: Filled) -> None:
    found = filled.all("contracts", "contracts")
    assert Counter(row["status"] for row in found) == {
        "active": 30, "suspended": 2, "draft": 2, "terminated": 1, "expired": 1,
    }  # fmt: skip
    stopped = [
        filled.ask("contracts", "contract", contract_id=row["contract_id"])
        for row in found
        if row["status"] == "suspended"
    ]
    assert {each["suspension"]["reason"] for each in stopped} == {"default", "agreement"}
    assert len(filled.ask("contracts", "renewals")["items"]) >= 2
    assert filled.ask("contracts", "due_adjustments", month=f"{filled.now:%Y-%m}-01")["items"]
    assert len(filled.all("contracts", "customers")) == 28


def test_money_is_owed_paid_and_late_in_every_way(filled: Filled) -> None:
    rows = filled.all("billing", "receivables")
    assert 520 <= len(rows) <= 580
    states = Counter(row["status"] for row in rows)
    assert 0.85 <= states["settled"] / len(rows) <= 0.95
    assert (states["disputed"], states["written_off"], states["renegotiated"]) == (1, 1, 3)
    late = {_age(filled, row) for row in rows if row["status"] == "overdue"}
    assert {5, 40, 95} <= late
    assert [row for row in rows if 0 < Decimal(row["paid"]) < Decimal(row["net"]) and Decimal(row["balance"]) > 0]
    assert [row for row in rows if Decimal(row["credited"]) > 0]
    assert [row for row in rows if Decimal(row["net"]) < Decimal(row["gross"])]
    assert len(filled.ask("billing", "bank_rows", status="open")["items"]) == 1


def _age(filled: Filled, row: dict[str, Any]) -> int:
    return (filled.now.date() - datetime.fromisoformat(row["due_on"]).date()).days


def test_what_is_owed_is_charges_less_payments_and_credits(filled: Filled) -> None:
    for row in filled.all("contracts", "contracts"):
        if row["status"] == "draft":
            continue
        items = filled.ask("billing", "statement", account_id=row["contract_id"])["items"]
        balance = filled.ask("billing", "account", account_id=row["contract_id"])["balance"]
        assert sum((Decimal(item["amount"]) for item in items), Decimal(0)) == Decimal(balance)


def test_requests_are_in_every_state(filled: Filled) -> None:
    rows = filled.all("tickets", "requests")
    states = Counter(row["status"] for row in rows)
    assert len(rows) == 160
    assert set(states) == {"open", "in_progress", "waiting", "awaiting_confirmation", "resolved", "closed", "cancelled"}
    soon = filled.ask("tickets", "request", request_id=demo_id("request/vinte-minutos"))
    due = datetime.fromisoformat(soon["resolution_due_at"])
    assert 0 <= (due - filled.now).total_seconds() <= 20 * 60
    late = filled.ask("tickets", "request", request_id=demo_id("request/estourada"))
    assert "tickets.deadline.breached" in _happened(late)
    assert "tickets.deadline.breached" not in _happened(soon)


def _happened(request: dict[str, Any]) -> set[str]:
    return {event["type"] for event in request["timeline"]}


def test_phone_calls_become_fewer(filled: Filled) -> None:
    months = sorted(filled.ask("tickets", "channels")["items"], key=lambda row: row["month"])
    shares = [Decimal(row["phone_share"]) for row in months]
    assert len(shares) >= 18
    assert all(later < earlier for earlier, later in itertools.pairwise(shares))


def test_customers_have_had_their_say(filled: Filled) -> None:
    rows = filled.all("feedback", "evaluations")
    assert len(rows) == 95
    assert [row for row in rows if row["status"] == "contested"]
    assert [row for row in rows if row["tacit"]]
    (row,) = (row for row in rows if row["score"] == 2)
    low = filled.ask("feedback", "evaluation", evaluation_id=row["evaluation_id"])
    assert low["replies"]
    assert low["follow_up"] == "done"


def test_visits_are_today_and_one_was_missed(filled: Filled) -> None:
    visits = filled.all("tickets", "visits")
    today = filled.now.date().isoformat()
    assert len([row for row in visits if str(row["on"]) == today]) >= 3
    assert len([row for row in visits if row["status"] == "missed"]) == 1


def test_retrying_heals_what_was_set_aside_and_everything_agrees(filled: Filled) -> None:
    (parked,) = filled.system.operate("tickets", "parked")
    assert [check.name for check in verify(filled.client) if not check.holds] == ["tickets: subscriptions"]
    healed = filled.system.operate("tickets", "retry", subscription=parked["subscription"], stream=parked["stream"])
    assert healed == {"handled": 1, "failed": None}
    filled.system.settle()
    assert filled.ask("tickets", "request", request_id=demo_id(f"request/{PARKED}"))["status"] == "closed"
    assert [check for check in verify(filled.client) if not check.holds] == []
