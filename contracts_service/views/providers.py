"""Provider companies, and how far each one's series of contract numbers has come."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, Text

from contracts_service.views.metadata import METADATA
from services.component import Context, View
from services.events import Incoming
from services.rows import Rows

providers = Table(
    "providers",
    METADATA,
    Column("provider_id", String(64), primary_key=True),
    Column("legal_name", Text, nullable=False),
    Column("trade_name", Text),
    Column("cnpj", String(14), nullable=False),
    Column("address", Text),
    Column("city", Text),
    Column("state", String(2), nullable=False),
    Column("pix_key", Text),
    Column("time_zone", String(60), nullable=False),
    Column("number_prefix", Text, nullable=False),
    Index("providers_cnpj", "cnpj", unique=True),
)

number_series = Table(
    "number_series",
    METADATA,
    Column("provider_id", String(64), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

_NUMBER = re.compile(r"(?P<prefix>.*?)(?P<year>\d{4})/(?P<place>\d{1,9})")


class ProvidersView(View):
    name = "providers"
    source = "contracts"
    tables = (providers, number_series)

    def fold(self, event: Incoming, rows: Rows, *_: Any) -> None:
        match event.type:
            case "contracts.provider.registered":
                rows.put(providers, **{column.name: event.data[column.name] for column in providers.columns})
            case "contracts.contract.activated":
                _count(event.data, rows)


def _count(data: Mapping[str, Any], rows: Rows) -> None:
    """Numbers of another form, given by hand, do not move the series."""
    if found := _NUMBER.fullmatch(data["number"]):
        series = {"provider_id": data["provider_id"], "year": int(found["year"])}
        before = rows.get(number_series, **series)
        if before is None or int(found["place"]) > before["last"]:
            rows.put(number_series, **series, last=int(found["place"]))


def next_number(rows: Rows, provider_id: str, year: int) -> str:
    """``2026/000124``, after the provider's prefix. Of two at once the second meets a unique index and is retried."""
    provider = rows.get(providers, provider_id=provider_id) or {"number_prefix": ""}
    series = rows.get(number_series, provider_id=provider_id, year=year) or {"last": 0}
    return f"{provider['number_prefix']}{year}/{series['last'] + 1:06d}"


@dataclass(frozen=True, slots=True)
class ProvidersQuestion:
    """All provider companies."""


def list_providers(_: ProvidersQuestion, rows: Rows, __: Context) -> dict[str, Any]:
    return {"items": rows.find(providers, order_by=(providers.c.legal_name,))}
