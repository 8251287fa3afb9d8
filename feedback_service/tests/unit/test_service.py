"""The component on a store: migrations make the tables that the views use, and the parts play together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from feedback_service.tests.unit.stories import ANA, ID, REQUEST, RESOLVED, TECHNICIAN, hours
from feedback_service.wiring import component
from services.errors import Refused
from services.migrations import upgrade
from services.store.database import Database
from services.testing.app import MemoryApp, memory_app

NOW = RESOLVED


@pytest.fixture
def app() -> Iterator[MemoryApp]:
    made = memory_app(component())
    made.now = lambda: NOW
    terms = {"time_zone": "America/Sao_Paulo", "evaluation": {"tacit_days": 5, "remind_hours": 24}}
    made.deliver(
        [
            ("contracts.contract.activated", {"contract_id": "contract-1", "on": "2026-01-01", "terms": terms}),
            (
                "contracts.customer.contact_authorised",
                {"customer_id": "customer-1", "contact_id": "contact-bruno", "rights": ["requests"]},
            ),
        ],
        source="contracts",
    )
    yield made
    made.close()


def resolve(app: MemoryApp, **options: Any) -> None:
    data = {
        "request_id": REQUEST,
        "contract_id": "contract-1",
        "customer_id": "customer-1",
        "contact_id": ANA,
        "at": RESOLVED,
        "resolution": 1,
        "resolved_by": TECHNICIAN,
    }
    app.deliver([("tickets.request.resolved", data)], source="tickets", **options)


def types(app: MemoryApp) -> list[str]:
    return [event.type.rpartition(".")[2] for event in app.events(f"evaluation-{ID}")]


def test_a_resolution_is_asked_reminded_and_tacitly_confirmed_by_time_alone(app: MemoryApp) -> None:
    resolve(app)
    app.run_due(hours(24))
    app.run_due(hours(5 * 24))
    app.run_due(RESOLVED + timedelta(days=30))
    assert types(app) == ["requested", "reminded", "confirmed", "expired"]
    assert app.query("evaluation", request_id=REQUEST)["status"] == "expired"


def test_history_asks_nobody(app: MemoryApp) -> None:
    resolve(app, historical=True)
    assert types(app) == []


def test_over_the_wire_nobody_can_claim_to_be_authorised(app: MemoryApp) -> None:
    resolve(app)
    claim = {"evaluation_id": ID, "by": "contact-eve", "authorised": True}
    with pytest.raises(Refused) as refused:
        app.send("confirm_service", claim, actor="contact:contact-eve")
    assert refused.value.code == "evaluation.not-authorised"
    assert refused.value.words["pt-BR"]
    app.send("confirm_service", {"evaluation_id": ID, "by": "contact-bruno"}, actor="contact:contact-bruno")
    assert types(app) == ["requested", "confirmed"]


def test_an_erased_customer_s_words_are_gone_from_rows_and_events(app: MemoryApp) -> None:
    resolve(app)
    app.send("rate_service", {"evaluation_id": ID, "by": ANA, "score": 1, "comment": "ruim"}, actor=f"contact:{ANA}")
    assert app.query("evaluation", evaluation_id=ID)["comment"] == "ruim"
    app.deliver([("contracts.customer.erased", {"customer_id": "customer-1", "person_ids": [ANA]})], source="contracts")
    assert app.query("evaluation", evaluation_id=ID)["comment"] is None
    rated = next(event for event in app.events(f"evaluation-{ID}") if event.type.endswith(".rated"))
    assert rated.data["comment"] != "ruim"
    assert app.query("csat")["low"] == 1


def test_migrations_make_the_tables_of_the_views(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/feedback.db")
    upgrade(component(), database)
    found = inspect(database.engine)
    for table in component().metadata.sorted_tables:
        assert {c["name"] for c in found.get_columns(table.name)} == {c.name for c in table.columns}
        assert {i["name"] for i in found.get_indexes(table.name)} == {i.name for i in table.indexes}
    database.dispose()
