"""A technician's day: today's visits with all that he needs at the door, and the outbox of his phone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from flask import current_app, g

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, execute, local
from gateway.api.problems import language
from gateway.api.schemas import technician as shapes
from gateway.api.words import detail
from gateway.fieldwork import sentences
from gateway.identity.roles import ATTENDANT, MANAGER
from services.errors import Conflict, Forbidden, NotFound, OutcomeUnknown, Refused, Unavailable, VigenciaError

blp = Blueprint("technician", __name__, description="A technician's day and the outbox of his phone")
ZONE = ZoneInfo("America/Sao_Paulo")
COMMANDS = {
    "start": "start_visit", "finish": "finish_visit", "miss": "miss_visit", "document": "add_visit_document",
    "part": "use_visit_part",
}  # fmt: skip
_ENTRIES = UUID("0b6d5f0e-6a1e-5a77-9b1c-3f6c0f3c9b51")
AGAIN = (Unavailable, OutcomeUnknown)


@blp.route("/technician/day", methods=["GET"])
@blp.arguments(shapes.DayQuery, location="query")
@blp.response(200, shapes.TechnicianDay)
def get_technician_day(args: dict[str, Any]) -> Any:
    """The caller's visits of a day (today, unless he names one): address, equipment, what the contract says (without
    prices), the request it is for, checklist, and what was recorded so far. Enough to work on without a signal."""
    return day_of(args.get("on") or datetime.now(ZONE).date())


def day_of(on: date) -> dict[str, Any]:
    """The caller's visits of a day, by hour."""
    asked = {"technician_id": scope.caller().user.user_id, "since": on, "until": on, "limit": 100}
    rows = [row for row in local("visits", customers=None, **asked)["items"] if row["status"] != "cancelled"]
    rows.sort(key=lambda row: (row["opens"] or "", row["visit_id"]))
    return {"on": on.isoformat(), "visits": [_whole(row) for row in rows]}


@blp.route("/technician/outbox", methods=["POST"])
@blp.arguments(shapes.Outbox)
@blp.response(200, shapes.OutboxAnswer)
def send_outbox(data: dict[str, Any]) -> Any:
    """What a phone kept while it had no signal. Each entry has a key of its own: sent again, in another order or in part, it
    is done once. Entries are taken in the order in which they happened; one that is refused stops no other. An answer
    for each: `done` (forget it), `refused` (tell the technician why; it will not get better), `later` (keep it)."""
    return taken(data)


def taken(data: dict[str, Any]) -> dict[str, Any]:
    """Each entry is done, refused or to be sent again; answered in the order of the question."""
    entries = sorted(data["entries"], key=lambda entry: entry["occurred_at"])
    answers = {entry["key"]: _take(entry) for entry in entries}
    return {"entries": [answers[entry["key"]] for entry in data["entries"]]}


def _take(entry: dict[str, Any]) -> dict[str, Any]:
    entry = dict(entry)
    key, kind = entry.pop("key"), entry.pop("kind")
    try:
        visit = _visit_of(entry["visit_id"])
        payload = _payload(kind, entry, visit, key)
        g.command_id = _id(key, visit)
        body, _ = execute("tickets", COMMANDS[kind], payload, customer_id=visit["customer_id"])
        if kind == "document" and payload["kind"] == "photo" and visit.get("request_id"):
            _prove(payload, visit, key)
        return {"key": key, "status": "done", "events": body["events"]}
    except AGAIN as error:
        return {"key": key, "status": "later", "code": error.code, "detail": detail(error, language())}
    except (Refused, NotFound, Forbidden, Conflict) as error:
        return {"key": key, "status": "refused", "code": error.code, "detail": detail(error, language())}
    except VigenciaError as error:
        return {"key": key, "status": "refused", "code": error.code, "detail": detail(error, language())}


def _visit_of(visit_id: str) -> dict[str, Any]:
    """His own, or nobody's yet; the office's people may for everybody."""
    visit: dict[str, Any] = ask("tickets", "visit", visit_id=visit_id)
    user = scope.caller().user
    office = {ATTENDANT, MANAGER} & set(user.roles)
    if visit.get("technician_id") not in (None, user.user_id) and not office:
        raise Forbidden("visit.of-another-technician", visit_id=visit_id)
    return visit


def _payload(kind: str, entry: dict[str, Any], visit: dict[str, Any], key: str) -> dict[str, Any]:
    names = ("visit_id", "occurred_at", *shapes.FIELDS[kind])
    payload = {name: entry[name] for name in names if entry.get(name) is not None}
    missing = [name for name in shapes.NEEDED[kind] if name not in payload]
    if missing:
        raise Refused("outbox.incomplete", missing=", ".join(missing))
    if kind == "document":
        if not current_app.extensions["vigencia"].blobs.has(payload["sha256"]):
            raise Unavailable("outbox.file-missing", sha256=payload["sha256"])
        payload["kind"] = payload.pop("document_kind")
        payload["document_id"] = _id(f"document:{key}", visit)
    if kind == "part":
        payload["part_id"] = _id(f"part:{key}", visit)
    return {**payload, "contract_id": visit["contract_id"]}


def _prove(payload: dict[str, Any], visit: dict[str, Any], key: str) -> None:
    """A photo of a visit for a request is one of the request, too: it may be its evidence."""
    g.command_id = _id(f"proof:{key}", visit)
    copied = {name: payload[name] for name in ("document_id", "kind", "sha256", "name", "size", "media_type")}
    execute(
        "tickets", "attach_document", {**copied, "request_id": visit["request_id"]}, customer_id=visit["customer_id"]
    )


def _id(key: str, visit: dict[str, Any]) -> str:
    """By the user: two phones may count alike."""
    return str(uuid5(_ENTRIES, f"{scope.caller().user.user_id}/{visit['visit_id']}/{key}"))


def _whole(row: dict[str, Any]) -> dict[str, Any]:
    """What other services know is added as far as they answer: a day without it is better than no day."""
    visit = {**row, **_known("tickets", "visit", visit_id=row["visit_id"])}
    customer = _known("contracts", "customer", customer_id=row["customer_id"])
    contract = _known("contracts", "contract", contract_id=row["contract_id"])
    request = _known("tickets", "request", request_id=row["request_id"]) if row.get("request_id") else {}
    sites = [each for each in customer.get("sites") or () if each.get("site_id") == row.get("site_id")]
    ids = row.get("equipment_ids") or []
    equipment = [each for each in customer.get("equipment") or () if each.get("equipment_id") in ids]
    shown: dict[str, Any] = scope.without_prices(
        {
            **visit,
            "customer_name": row.get("customer_name"),
            "site": sites[0] if sites else None,
            "equipment": equipment,
            "terms": sentences(contract.get("terms") or {}, row.get("service_type_id"), language()),
            "request": {
                name: request.get(name) for name in ("request_id", "protocol", "description", "priority", "checklist")
            }
            if request
            else None,
        }
    )
    return shown


def _known(service: str, query: str, **params: Any) -> dict[str, Any]:
    try:
        return dict(ask(service, query, **params))
    except (Unavailable, OutcomeUnknown, NotFound):
        return {}
