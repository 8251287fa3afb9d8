"""Provider companies, and how far each one's series of contract numbers has come."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from contracts_service.views.metadata import METADATA
from services.component import Context, View
from services.events import Incoming
from services.rows import Rows
from services.store.types import JsonText

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
    Column("number_digits", Integer),
    Column("number_yearly", Boolean),
    Column("branch_of", String(64)),
    Column("phone", Text),
    Column("email", Text),
    Column("logo_sha256", String(64)),
    Column("bank", JsonText),
    Index("providers_cnpj", "cnpj", unique=True),
)

number_series = Table(
    "number_series",
    METADATA,
    Column("provider_id", String(64), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

DIGITS, LONGEST = 6, 9
FOR_EVER = 0
"""The year of a series that does not begin anew each year."""

SERIES = ("number_digits", "number_yearly")

_NUMBER = re.compile(r"(?P<prefix>.*?)(?P<year>\d{4})/(?P<place>\d{1,9})")


class ProvidersView(View):
    name = "providers"
    source = "contracts"
    tables = (providers, number_series)

    def fold(self, event: Incoming, rows: Rows, *_: Any) -> None:
        match event.type:
            case "contracts.provider.registered":
                rows.put(
                    providers, **{c.name: event.data.get(c.name) for c in providers.columns if c.name not in SERIES}
                )
            case "contracts.provider.bank_changed" | "contracts.provider.letterhead_changed":
                rows.put(providers, **event.data)
            case "contracts.provider.series_changed":
                data = event.data
                series = {"number_prefix": data["prefix"], "number_digits": data["digits"]}
                rows.put(providers, provider_id=data["provider_id"], **series, number_yearly=data["yearly"])
            case "contracts.contract.activated":
                _count(event.data, rows)


def _count(data: Mapping[str, Any], rows: Rows) -> None:
    """Numbers of another form, given by hand, do not move the series."""
    provider_id = data["provider_id"]
    provider = rows.peek(providers, provider_id=provider_id) or {"number_yearly": None, "number_prefix": ""}
    if _yearly(provider):
        if found := _NUMBER.fullmatch(data["number"]):
            _move(rows, provider_id, int(found["year"]), int(found["place"]))
        return
    prefix, place = provider["number_prefix"], data["number"].removeprefix(provider["number_prefix"])
    if data["number"].startswith(prefix) and place.isdecimal() and len(place) <= LONGEST:
        _move(rows, provider_id, FOR_EVER, int(place))


def _move(rows: Rows, provider_id: str, year: int, place: int) -> None:
    before = rows.get(number_series, provider_id=provider_id, year=year)
    if before is None or place > before["last"]:
        rows.put(number_series, provider_id=provider_id, year=year, last=place)


def next_number(rows: Rows, provider_id: str, year: int) -> str:
    """``2026/000124``, after the provider's prefix. Of two at once the second meets a unique index and is retried."""
    provider = rows.peek(providers, provider_id=provider_id) or {"number_prefix": ""}
    yearly, digits = _yearly(provider), provider.get("number_digits") or DIGITS
    series = rows.get(number_series, provider_id=provider_id, year=year if yearly else FOR_EVER) or {"last": 0}
    place = f"{series['last'] + 1:0{digits}d}"
    return f"{provider['number_prefix']}{f'{year}/' if yearly else ''}{place}"


def _yearly(provider: Mapping[str, Any]) -> bool:
    return provider.get("number_yearly") is not False


@dataclass(frozen=True, slots=True)
class ProvidersQuestion:
    """All provider companies."""


def list_providers(_: ProvidersQuestion, rows: Rows, __: Context) -> dict[str, Any]:
    return {"items": rows.find(providers, order_by=(providers.c.legal_name,))}
