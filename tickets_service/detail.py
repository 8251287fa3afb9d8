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
from tickets_service.detail_parts import (
    all_of,
    checklist_of,
    corrected,
    coverage_of,
    latest,
    parts_of,
    preferred_of,
    price_of,
    works_of,
)
from tickets_service.domain.events import EVENTS
from tickets_service.domain.state import AWAITING
from tickets_service.tables import visits
from tickets_service.upcasters import UPCASTERS
from tickets_service.views.links import links_of
from tickets_service.views.requests import request_row

Data = dict[str, Any]
IDS = ("request_id", "contract_id", "customer_id")
SHOWN_TO_CUSTOMERS = frozenset(
    [f"tickets.deadline.{kind}" for kind in ("set", "met", "breached")]
    + [
        f"tickets.request.{kind}"
        for kind in (
            "opened", "completed", "classified", "assigned", "started", "waiting", "resumed", "noted",
            "document_attached", "work_recorded", "work_corrected", "part_used", "part_corrected", "resolved", "closed",
            "reopened", "cancelled", "held", "released", "price_offered", "price_accepted", "price_declined",
            "price_waived", "emergency_invoked", "field_corrected", "checklist_set", "item_checked", "linked",
            "unlinked", "marked_duplicate",
        )
    ]
)  # fmt: skip
HIDDEN_FIELDS = ("override_reason", "entered_by")


def request(params: Data, rows: Rows, ctx: Context) -> Data:
    """The list's row and ``description``, ``preferred``, ``coverage``, ``price``, ``links``, ``provider``, ``notes``,
    ``documents``, ``work``, ``parts``, ``checklist``, ``visits``, ``timeline``."""
    request_id, customers = params["request_id"], is_customers_part(params, ctx)
    row = request_row(rows, request_id)
    if row is None:
        raise NotFound("request.unknown", request_id=request_id)
    happened = happened_of(rows, ctx, request_id, customers=customers)
    return {
        **row,
        "description": corrected(happened, "description") or latest(happened, "request.opened", "description"),
        "preferred": preferred_of(happened),
        "coverage": coverage_of(happened),
        "price": price_of(happened),
        "links": _links(rows, request_id),
        "provider": {
            "category": row["category"],
            "description": latest(happened, "request.completed", "description_provider"),
            "summary": latest(happened, "request.resolved", "summary"),
            "evidence": latest(happened, "request.resolved", "evidence") or [],
            "awaiting_confirmation": row["status"] == AWAITING,
            "waiting_reason": latest(happened, "request.waiting", "reason") if row["status"] == "waiting" else None,
        },
        "notes": all_of(happened, "request.noted"),
        "documents": all_of(happened, "request.document_attached"),
        "work": works_of(happened),
        "parts": parts_of(happened),
        "checklist": checklist_of(happened),
        "visits": rows.find(visits, request_id=request_id, order_by=(visits.c["on"], visits.c.visit_id)),
        "deadlines": deadlines_of(happened),
        "timeline": happened,
    }


def deadlines_of(happened: list[Data]) -> list[Data]:
    """Every answer to *until when?*: what it was before, what it is since then, and why."""
    names = ("kind", "due_at", "former_due_at", "minutes", "cause", "why", "at")
    return [{name: each.get(name) for name in names} for each in all_of(happened, "deadline.set")]


def is_customers_part(params: Data, ctx: Context) -> bool:
    return params["audience"] == "customer" or ctx.actor.startswith("contact:")


def happened_of(rows: Rows, ctx: Context, request_id: str, *, customers: bool) -> list[Data]:
    """What happened, as the audience may know it."""
    history = _history(rows, ctx, request_id)
    return [_shown(each) for each in history if not _hidden(each)] if customers else history


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
    """What is not named as a customer's to know is the provider's; so is whatever he marked as internal."""
    return event["type"] not in SHOWN_TO_CUSTOMERS or event["data"].get("visibility") == "internal"


def _shown(event: Data) -> Data:
    return {**event, "data": {key: value for key, value in event["data"].items() if key not in HIDDEN_FIELDS}}


def _links(rows: Rows, request_id: str) -> list[Data]:
    """With the protocol and state of each, so that a duplicate leads to its original."""
    found = []
    for link in links_of(rows, request_id):
        other = request_row(rows, link["request_id"]) or {}
        found.append({**link, "protocol": other.get("protocol"), "status": other.get("status")})
    return found
