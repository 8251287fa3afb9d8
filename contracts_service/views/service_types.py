"""The catalogue of service types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Column, Index, String, Table, Text

from contracts_service.views.metadata import METADATA
from services.component import Context, View
from services.events import Incoming
from services.rows import Rows

service_types = Table(
    "service_types",
    METADATA,
    Column("service_type_id", String(64), primary_key=True),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("retired", Boolean, nullable=False, default=False),
    Index("service_types_code", "code", unique=True),
)


class ServiceTypesView(View):
    name = "service_types"
    source = "contracts"
    tables = (service_types,)

    def fold(self, event: Incoming, rows: Rows, *_: Any) -> None:
        match event.type:
            case "contracts.servicetype.defined":
                names = ("service_type_id", "code", "name", "description")
                rows.put(service_types, **{name: event.data[name] for name in names}, retired=False)
            case "contracts.servicetype.retired":
                rows.put(service_types, service_type_id=event.data["service_type_id"], retired=True)


@dataclass(frozen=True, slots=True)
class ServiceTypesQuestion:
    include_retired: bool = False


def list_service_types(asked: ServiceTypesQuestion, rows: Rows, _: Context) -> dict[str, Any]:
    where = [] if asked.include_retired else [service_types.c.retired.is_(False)]
    return {"items": rows.find(service_types, *where, order_by=(service_types.c.code,))}
