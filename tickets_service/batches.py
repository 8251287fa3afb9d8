"""Batches: many records in one call, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.component import Context
from tickets_service.domain.commands import ImportRequest


def import_requests(record: ImportRequest, execute: Callable[[Any], Any], ctx: Context) -> Mapping[str, Any]:
    """One request with its history. The same again is unchanged; a longer history adds its end."""
    answer = execute(record)
    return {
        "status": "imported" if answer.events else "unchanged",
        "request_id": record.request_id,
        "events": len(answer.events),
    }
