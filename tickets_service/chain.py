"""A request's events as they are stored: sealed, with their hashes, for a dossier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.codec import iso
from services.component import Context
from services.errors import Forbidden, NotFound
from services.rows import Rows
from services.store.tables import events as stored


@dataclass(frozen=True, slots=True)
class ChainParams:
    request_id: str


def request_chain(params: ChainParams, rows: Rows, context: Context) -> dict[str, Any]:
    """``{stream, events: [{version, type, schema, at, meta, data, hash}]}``. For the provider only."""
    if context.actor.startswith("contact:"):
        raise Forbidden("request.staff-only")
    stream = f"request-{params.request_id}"
    found = rows.select(select(stored).where(stored.c.stream == stream).order_by(stored.c.version))
    if not found:
        raise NotFound("request.unknown", request_id=params.request_id)
    names = ("version", "type", "schema", "meta", "data", "hash")
    events = [{**{name: each[name] for name in names}, "at": iso(each["recorded_at"])} for each in found]
    return {"stream": stream, "events": events}
