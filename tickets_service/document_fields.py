"""Who filled in which field of a request's document, and what stood there before: read from its events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from services.component import Context
from services.errors import NotFound
from services.rows import Rows
from tickets_service.detail import happened_of, is_customers_part
from tickets_service.domain.document import OWNERS, SEPARATOR, TEXTS
from tickets_service.views.requests import request_row

Data = dict[str, Any]


@dataclass
class Field:
    """``former``: what stood there before, the oldest first, each with who wrote it and when."""

    value: Any = None
    side: str | None = None
    author_id: str | None = None
    at: Any = None
    former: list[Data] = field(default_factory=list)


def fields(params: Data, rows: Rows, ctx: Context) -> Data:
    """``{"fields": [{"field", "owner", "value", "side", "author_id", "at", "former": […]}]}``."""
    request_id = params["request_id"]
    if request_row(rows, request_id) is None:
        raise NotFound("request.unknown", request_id=request_id)
    happened = happened_of(rows, ctx, request_id, customers=is_customers_part(params, ctx))
    return {"request_id": request_id, "fields": fields_of(happened)}


def fields_of(happened: list[Data]) -> list[Data]:
    known = {name: Field() for name in OWNERS}
    for event in happened:
        for name, value, side, author, reason in _written(event):
            now = known[name]
            if now.at is not None and now.value != value:
                replaced = {"by": author, "replaced_at": event["at"], "reason": reason}
                was = {"value": now.value, "side": now.side, "author_id": now.author_id, "at": now.at}
                now.former.append({**was, **replaced})
            elif now.at is not None:
                continue
            now.value, now.side, now.author_id, now.at = value, side, author, event["at"]
    return [
        {"field": name, "owner": OWNERS[name], **{key: getattr(each, key) for key in _SAID}, "former": each.former}
        for name, each in known.items()
    ]


_SAID = ("value", "side", "author_id", "at")


def _written(event: Data) -> Iterator[tuple[str, Any, str, str | None, str | None]]:
    """(field, value, side, author, reason) of what an event writes into the document."""
    data, kind, actor = event["data"], event["type"].removeprefix("tickets.request."), _who(event)
    match kind:
        case "opened":
            for name in ("service_type_id", "site_id", "equipment_id", "description"):
                if data.get(name) is not None:
                    yield name, data[name], "customer", data.get("opened_by"), None
            if data.get("preferred"):
                yield "preferred", SEPARATOR.join(data["preferred"]), "customer", data.get("opened_by"), None
            yield "priority", data["priority"], "provider", None, None
        case "completed":
            for name, given in (("category", "category"), ("description_provider", "description_provider")):
                if data.get(given) is not None:
                    yield name, data[given], "provider", data.get("author_id"), None
        case "classified":
            yield "priority", data["priority"], "provider", data.get("author_id") or actor, None
        case "assigned":
            yield "assignee_id", data.get("assignee_id"), "provider", actor, None
        case "checklist_set":
            yield "checklist", list(data["items"]), "provider", data["author_id"], None
        case "field_corrected":
            value = data["text"] if data["field"] in TEXTS else data["value"]
            yield data["field"], value, data["side"], data["author_id"], data.get("reason")


def _who(event: Data) -> str | None:
    return (event.get("actor") or "").partition(":")[2] or None
