"""One request in full: its document, notes, files, work and timeline, read from its events when somebody asks.

So no table keeps a person's words, and what an erased person wrote is gone from here in the same moment. A customer
sees his part: no internal notes, no warnings, no reasons of the provider's override.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import select

from services.codec import Codec
from services.component import Context
from services.errors import NotFound
from services.rows import Rows
from services.store.tables import events as stored
from tickets_service.domain.events import EVENTS
from tickets_service.upcasters import UPCASTERS
from tickets_service.views.requests import request_row

Data = dict[str, Any]
IDS = ("request_id", "contract_id", "customer_id")
HIDDEN_FROM_CUSTOMERS = ("tickets.deadline.warned",)
HIDDEN_FIELDS = ("override_reason", "entered_by")


def request(params: Data, rows: Rows, ctx: Context) -> Data:
    """The list's row and ``description``, ``provider``, ``notes``, ``documents``, ``work``, ``timeline``."""
    request_id, customers = params["request_id"], _customers_part(params, ctx)
    row = request_row(rows, request_id)
    if row is None:
        raise NotFound("request.unknown", request_id=request_id)
    happened = [each for each in _history(rows, ctx, request_id) if not (customers and _hidden(each))]
    return {
        **row,
        "description": _latest(happened, "request.opened", "description"),
        "coverage": _latest(happened, "request.opened", "coverage"),
        "provider": {
            "category": row["category"],
            "description": _latest(happened, "request.completed", "description_provider"),
            "summary": _latest(happened, "request.resolved", "summary"),
            "evidence": _latest(happened, "request.resolved", "evidence") or [],
            "awaiting_confirmation": bool(_latest(happened, "request.resolved", "awaiting_confirmation"))
            and row["status"] == "resolved",
            "waiting_reason": _latest(happened, "request.waiting", "reason") if row["status"] == "waiting" else None,
        },
        "notes": _all(happened, "request.noted"),
        "documents": _all(happened, "request.document_attached"),
        "work": _all(happened, "request.work_recorded"),
        "timeline": happened if not customers else [_shown(each) for each in happened],
    }


def _customers_part(params: Data, ctx: Context) -> bool:
    return params["audience"] == "customer" or ctx.actor.startswith("contact:")


def _history(rows: Rows, ctx: Context, request_id: str) -> list[Data]:
    """``{"type", "version", "recorded_at", "actor", "historical", "data"}`` of each event, readable."""
    codec = Codec(EVENTS, UPCASTERS, ctx.vault)
    statement = select(stored).where(stored.c.stream == f"request-{request_id}").order_by(stored.c.version)
    history = []
    for event in rows.select(statement):
        meta: Mapping[str, Any] = msgspec.json.decode(event["meta"])
        data = codec.open(event["type"], event["schema"], event["data"])
        history.append(
            {
                "type": event["type"],
                "version": event["version"],
                "at": data.get("at"),
                "recorded_at": event["recorded_at"],
                "actor": meta.get("actor"),
                "historical": bool(meta.get("historical")),
                "data": {key: value for key, value in data.items() if key not in IDS},
            }
        )
    return history


def _hidden(event: Data) -> bool:
    return event["type"] in HIDDEN_FROM_CUSTOMERS or event["data"].get("visibility") == "internal"


def _shown(event: Data) -> Data:
    return {**event, "data": {key: value for key, value in event["data"].items() if key not in HIDDEN_FIELDS}}


def _all(happened: list[Data], kind: str) -> list[Data]:
    return [each["data"] for each in happened if each["type"] == f"tickets.{kind}"]


def _latest(happened: list[Data], kind: str, field: str) -> Any:
    found = _all(happened, kind)
    return found[-1].get(field) if found else None
