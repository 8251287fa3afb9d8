"""A technician's page on his phone: his day at the door, and the outbox that keeps what he enters without a signal.

The forms work without a script by ``visiting``; with ``field.js`` each entry is kept in the phone first and sent when there
is a signal. ``field-worker.js`` keeps the page itself.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Response, jsonify, request
from marshmallow import ValidationError

from gateway.api import scope
from gateway.api.calls import local
from gateway.api.resources.papers import keep
from gateway.api.resources.technician import day_of, taken
from gateway.api.schemas.technician import Outbox
from gateway.pages.console.frame import asked_day, blp, local_today, show
from gateway.pages.live import watching
from services.errors import Invalid

AHEAD = timedelta(days=7)
SCOPE = "/console/field"
WORKER = Path(__file__).parents[2] / "static" / "field-worker.js"


@blp.get("/field")
def console_field() -> Response:
    """``on``: another day than today."""
    watching("visits")
    today = local_today()
    on = asked_day() or today
    user = scope.caller().user.user_id
    visits = day_of(on)["visits"]
    ahead = local("visits", customers=None, technician_id=user, since=today, until=today + AHEAD, limit=100)["items"]
    return show(
        "console/field.html",
        on=on,
        today=today,
        visits=[{**each, "signers": _signers(each["customer_id"])} for each in visits],
        coming=_by_day([row for row in ahead if row["status"] != "cancelled"], today),
    )


@blp.get("/field/worker.js")
def console_field_worker() -> Response:
    """The script that answers for the page without a signal; it may do so for this page alone."""
    answer = Response(WORKER.read_text("utf-8"), mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = SCOPE
    answer.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blp.post("/field/outbox")
def console_field_outbox() -> Response:
    """What the phone kept, as ``POST /api/v1/technician/outbox`` takes it."""
    try:
        data = Outbox().load(request.get_json(silent=True) or {})
    except ValidationError as wrong:
        told = [{"path": str(path), "code": "value", "message": str(said)} for path, said in wrong.messages.items()]  # type: ignore[union-attr]
        raise Invalid(problems=told) from None
    return jsonify(taken(dict(data)))


@blp.post("/field/files")
def console_field_file() -> Response:
    """A photo or a signature, as ``POST /api/v1/files`` takes it."""
    content = request.get_data(cache=False)
    if not content:
        raise Invalid(problems=[{"path": "", "code": "missing", "message": "the body is empty"}])
    return jsonify(sha256=keep(content, request.mimetype or ""), size=len(content), media_type=request.mimetype)


def _by_day(rows: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """Today and the days with visits after it: ``{on, visits, first}``."""
    days: dict[date, list[dict[str, Any]]] = {today: []}
    for row in sorted(rows, key=lambda row: (row["on"], row["opens"] or "")):
        on = row["on"] if isinstance(row["on"], date) else date.fromisoformat(row["on"])
        days.setdefault(on, []).append(row)
    return [{"on": on, "visits": visits} for on, visits in sorted(days.items())]


def _signers(customer_id: str) -> list[dict[str, Any]]:
    """Who may sign for the customer: names, no addresses."""
    contacts = local("customer", customers=None, customer_id=customer_id)["contacts"]
    return [{"contact_id": each["contact_id"], "name": each["name"]} for each in contacts]
