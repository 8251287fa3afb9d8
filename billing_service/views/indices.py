"""Published values of the taxa legal and of price indices, month by month. From contracts, where they are loaded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Date, String, Table, Text

from billing_service.domain.late import IndexMonth
from billing_service.domain.terms import LateTerms
from billing_service.views.metadata import METADATA
from services.component import View
from services.events import Incoming
from services.rows import Rows

index_months = Table(
    "index_months",
    METADATA,
    Column("index", String(20), primary_key=True),
    Column("month", Date, primary_key=True),
    Column("percent", Text, nullable=False),  # exact: the taxa legal has six decimals
)


class IndicesView(View):
    name = "indices"
    source = "contracts"
    tables = (index_months,)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        if event.type in ("contracts.index.values_loaded", "contracts.index.values_corrected"):
            for value in event.data["values"]:
                month = date.fromisoformat(value["month"])
                rows.put(index_months, index=event.data["index"], month=month, percent=value["percent"])


def published(rows: Rows, terms: LateTerms) -> tuple[IndexMonth, ...]:
    """The values that these terms need; nothing where an agreed percentage is all."""
    if not terms.indices:
        return ()
    found = rows.find(index_months, index_months.c.index.in_(terms.indices), order_by=(index_months.c.month,))
    return tuple(IndexMonth(row["index"], row["month"], Decimal(row["percent"])) for row in found)
