"""What billing runs select contracts by: the provider company and the tags of each. From contracts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, String, Table

from billing_service.views.metadata import METADATA
from services.component import View
from services.events import Incoming
from services.rows import Rows
from services.store.types import JsonText

contract_labels = Table(
    "contract_labels",
    METADATA,
    Column("contract_id", String(64), primary_key=True),
    Column("provider_id", String(64), nullable=True, index=True),
    Column("tags", JsonText, nullable=True),
)


class LabelsView(View):
    name = "labels"
    source = "contracts"
    tables = (contract_labels,)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        match event.type:
            case "contracts.contract.activated":
                rows.put(
                    contract_labels, contract_id=event.data["contract_id"], provider_id=event.data.get("provider_id")
                )
            case "contracts.contract.tags_changed":
                rows.put(contract_labels, contract_id=event.data["contract_id"], tags=list(event.data["tags"]))


def selected(
    rows: Rows, provider_id: str | None, contract_ids: Iterable[str], tags: Iterable[str]
) -> frozenset[str] | None:
    """The contracts that meet all that is named; ``None``: nothing is named, so all."""
    named, wanted = frozenset(contract_ids), frozenset(tags)
    if provider_id is None and not wanted:
        return named or None
    equals = {"provider_id": provider_id} if provider_id else {}
    found = {
        row["contract_id"] for row in rows.find(contract_labels, **equals) if wanted <= frozenset(row["tags"] or ())
    }
    return frozenset(found & named if named else found)
