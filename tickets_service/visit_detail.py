"""One visit in full: its row, and what the technician recorded, read from its events when somebody asks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.codec import Codec
from services.component import Context
from services.rows import Rows
from services.store.tables import events as stored
from tickets_service.domain.visit_messages import EVENTS
from tickets_service.upcasters import UPCASTERS
from tickets_service.views.visits import VisitParams, one_visit

KINDS = ("document_added", "part_used", "done")
IDS = ("contract_id", "customer_id", "visit_id")


def visit(params: VisitParams, rows: Rows, context: Context) -> dict[str, Any]:
    """The row and ``documents`` and ``parts`` in the order in which they happened, ``checklist``, ``note``, ``signed_by``."""
    row = one_visit(params, rows, context)
    codec = Codec(EVENTS, UPCASTERS, context.vault)
    wanted = [f"tickets.visit.{kind}" for kind in KINDS]
    asked = select(stored).where(stored.c.stream == f"visits-{row['contract_id']}", stored.c.type.in_(wanted))
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for event in rows.select(asked.order_by(stored.c.version)):
        data = codec.open(event["type"], event["schema"], event["data"])
        if data["visit_id"] == params.visit_id:
            kept = {name: value for name, value in data.items() if name not in IDS}
            found[event["type"].rpartition(".")[2]].append(kept)
    end = found["done"][-1] if found["done"] else {}
    return {
        **row,
        "documents": sorted(found["document_added"], key=lambda each: str(each["occurred_at"])),
        "parts": sorted(found["part_used"], key=lambda each: str(each["occurred_at"])),
        "checklist": end.get("checklist") or [],
        "note": end.get("note"),
        "signed_by": end.get("signed_by"),
    }
