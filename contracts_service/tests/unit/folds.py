"""Fold events into tables in memory, as the service does in a command's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from contracts_service.views.contracts import ContractsView
from contracts_service.views.customers import CustomersView
from contracts_service.views.deadlines import DeadlinesView
from contracts_service.views.indices import IndicesView
from contracts_service.views.papers import PapersView
from contracts_service.views.providers import ProvidersView
from contracts_service.views.service_types import ServiceTypesView
from contracts_service.views.templates import TemplatesView
from services.codec import to_json_values
from services.component import Context, View
from services.events import Incoming
from services.testing.rows import MemoryRows

VIEWS: tuple[View, ...] = (
    ProvidersView(),
    CustomersView(),
    ServiceTypesView(),
    TemplatesView(),
    IndicesView(),
    ContractsView(),
    PapersView(),
    DeadlinesView(),
)


class Vault:
    """Fingerprints that a person can read."""

    def fingerprint(self, value: str) -> str:
        return f"#{value}"


def incoming(event: Any, version: int = 1, source: str = "contracts", historical: bool = False) -> Incoming:
    kind, data = (event.EVENT_TYPE, to_json_values(event)) if not isinstance(event, tuple) else event
    return Incoming(
        id=f"s@{version}",
        source=source,
        type=kind,
        schema=1,
        stream="s",
        version=version,
        at=datetime(2026, 3, 10, 12, tzinfo=UTC),
        data=data,
        correlation="",
        causation="",
        actor="test",
        historical=historical,
        depth=0,
    )


def folded(*events: Any, views: Sequence[View] = VIEWS) -> MemoryRows:
    rows = MemoryRows()
    rows.create(*(table for view in VIEWS for table in view.tables))
    for version, event in enumerate(events, 1):
        for view in views:
            view.fold(incoming(event, version), rows)
        rows.flush()
    return rows


def context(now: datetime = datetime(2026, 3, 10, 12, tzinfo=UTC)) -> Context:
    return Context("contracts", now, "test", "pt-BR", "id", False, Vault())  # type: ignore[arg-type]
