"""Published index values, and the question for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Date, String, Table, Text

from contracts_service.domain.price_index import IndexValue, accumulated, twelve_months
from contracts_service.domain.terms import Index
from contracts_service.views.metadata import METADATA
from services.component import Context, View
from services.events import Incoming
from services.rows import Rows
from services.store.types import Money, UtcDateTime

index_values = Table(
    "index_values",
    METADATA,
    Column("index", String(16), primary_key=True),
    Column("month", Date, primary_key=True),
    Column("percent", Money, nullable=False),
    Column("source", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
)


class IndicesView(View):
    name = "indices"
    source = "contracts"
    tables = (index_values,)

    def fold(self, event: Incoming, rows: Rows, *_: Any) -> None:
        if event.type not in ("contracts.index.values_loaded", "contracts.index.values_corrected"):
            return
        for value in event.data["values"]:
            rows.put(
                index_values,
                index=event.data["index"],
                month=date.fromisoformat(value["month"]),
                percent=value["percent"],
                source=event.data["source"],
                recorded_at=event.at,
            )


@dataclass(frozen=True, slots=True)
class IndexQuestion:
    """``index`` left out: what is known of every index."""

    index: Index | None = None
    since: date | None = None


def list_index_values(asked: IndexQuestion, rows: Rows, _: Context) -> dict[str, Any]:
    """``accumulated``: the last twelve months that are known, if no month is missing among them."""
    where = [index_values.c.month >= asked.since] if asked.since else []
    same = {"index": asked.index.value} if asked.index else {}
    found = rows.find(index_values, *where, order_by=(index_values.c.index, index_values.c.month), **same)
    last: dict[str, Any] = {}
    for row in found:
        last[row["index"]] = {"month": row["month"], "accumulated": None}
    for index, of in last.items():
        values = published(rows, Index(index), twelve_months(of["month"], 0))
        if len(values) == 12:
            of["accumulated"] = accumulated(values)
    names = ("index", "month", "percent", "source", "recorded_at")
    return {"items": [{name: row[name] for name in names} for row in found], "last": last}


def published(rows: Rows, index: Index, months: tuple[date, ...]) -> tuple[IndexValue, ...]:
    """The values of these months, as far as they are known, in order."""
    where = (index_values.c.month >= months[0], index_values.c.month <= months[-1])
    found = rows.find(index_values, *where, order_by=(index_values.c.month,), index=index.value)
    return tuple(IndexValue(row["month"], Decimal(row["percent"])) for row in found)
