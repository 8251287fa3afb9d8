"""Imported history is known everywhere, and triggers nobody: no reminder, no suspension, no question, no deadline."""

from __future__ import annotations

from typing import Any

import pytest

from tests.system.world import PROVIDER, SERVICE, World, contract_terms, line

TRIGGERED = {
    "billing.receivable.reminder_sent",
    "billing.account.in_default",
    "contracts.contract.suspension_notified",
    "contracts.contract.suspended",
    "tickets.deadline.warned",
    "tickets.deadline.breached",
    "feedback.evaluation.planned",
    "feedback.evaluation.requested",
}
CONTRACT = "old-contract"


def contract(**changes: Any) -> dict[str, Any]:
    customer = {"customer_id": "old-customer", "external_ref": "K-7", "kind": "person", "name": "Cliente antigo"}
    terms = contract_terms(
        starts_on="2025-01-01",
        lines=[line("100.00", starts_on="2026-03-01")],
        dunning=[{"level": 1, "days": 3, "channel": "email"}],
    )
    return {
        "id": "import-contract-7", "provider_id": PROVIDER, "customer": customer, "status": "active",
        "contract": {"contract_id": CONTRACT, "external_ref": "C-7", **terms, **changes},
    }  # fmt: skip


RECEIVABLES = [
    {
        "id": "import-receivable-1", "contract_id": CONTRACT, "external_ref": "F-1", "number": "F-1",
        "issued_on": "2025-09-01", "due_on": "2025-10-01", "amount": "100.00",
        "payments": [{"on": "2025-10-15", "amount": "100.00"}],
    },
    {
        "id": "import-receivable-2", "contract_id": CONTRACT, "external_ref": "F-2", "number": "F-2",
        "issued_on": "2025-10-01", "due_on": "2025-11-01", "amount": "250.00", "payments": [],
    },
]  # fmt: skip
REQUEST = {
    "id": "import-request-1", "request_id": "old-request", "contract_id": CONTRACT, "external_ref": "INC-1",
    "service_type_id": SERVICE, "channel": "phone", "priority": "medium", "opened_at": "2025-11-03T12:00:00Z",
    "steps": [
        {"at": "2025-11-03T12:00:00Z", "kind": "new"},
        {"at": "2025-11-10T12:00:00Z", "kind": "active", "assignee": "tec-1"},
        {"at": "2025-11-11T12:00:00Z", "kind": "waiting"},
        {"at": "2025-11-20T12:00:00Z", "kind": "resolved"},
        {"at": "2025-11-21T12:00:00Z", "kind": "reopened"},
        {"at": "2025-11-25T12:00:00Z", "kind": "resolved"},
        {"at": "2025-11-30T12:00:00Z", "kind": "closed"},
    ],
}  # fmt: skip


def take_over(world: World) -> list[str]:
    """The three imports, as the command line sends them; the answers' statuses."""
    return [
        *world.batch("contracts", "import_contracts", contract(), historical=False),
        *world.batch("billing", "import_receivables", *RECEIVABLES, historical=True),
        *world.batch("tickets", "import_requests", REQUEST, historical=True),
    ]


@pytest.fixture
def taken_over(world: World) -> World:
    assert take_over(world) == ["imported"] * 4
    return world


def triggered(world: World) -> set[str]:
    return {type_ for service in world.system.apps for type_ in world.types(service)} & TRIGGERED


def test_an_imported_contract_lives_like_any_other(taken_over: World) -> None:
    """It has its account and its agenda, and covers its services."""
    assert taken_over.planned(CONTRACT)[0] == ("2026-03-01", "100.00")
    assert taken_over.coverage(CONTRACT, "old-customer") == "covered"


def test_imported_receivables_say_who_paid_late_and_what_is_open(taken_over: World) -> None:
    late = taken_over.ask("billing", "lateness", account_id=CONTRACT)["items"]
    assert {item["number"]: item["days_late"] for item in late} == {"F-1": 14, "F-2": 121}
    assert taken_over.ask("billing", "balance_on", account_id=CONTRACT, on="2025-10-10")["open"] == "350.00"
    assert taken_over.ask("billing", "balance_on", account_id=CONTRACT, on="2025-10-15")["open"] == "250.00"


def test_an_imported_request_keeps_its_history(taken_over: World) -> None:
    shown = taken_over.request("old-request")
    assert (shown["status"], shown["reopenings"], shown["channel"]) == ("closed", 1, "phone")


def test_imported_history_triggers_nobody(taken_over: World) -> None:
    """Neither at once nor in the weeks after: an old debt suspends nobody, an old resolution asks nobody."""
    assert triggered(taken_over) == set()
    taken_over.go_to("2026-04-30")
    assert triggered(taken_over) == set()
    assert taken_over.coverage(CONTRACT, "old-customer") == "covered"


def test_the_same_import_again_changes_nothing(taken_over: World) -> None:
    before = {service: len(taken_over.feed(service)) for service in taken_over.system.apps}
    assert take_over(taken_over) == ["unchanged"] * 4
    assert {service: len(taken_over.feed(service)) for service in taken_over.system.apps} == before


def test_todays_debt_of_an_imported_contract_is_followed_up(taken_over: World) -> None:
    """What is billed here is no history: its default is notified."""
    taken_over.do("billing", "bill_month", account_id=CONTRACT, month="2026-03")
    taken_over.go_to("2026-04-11")
    assert triggered(taken_over) >= {"billing.receivable.reminder_sent", "contracts.contract.suspension_notified"}
