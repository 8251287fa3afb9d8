"""Visits: planned by the contract or for a request; a calendar for both sides."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, request

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, backend, execute, listed, new_id
from gateway.api.exporting import exported
from gateway.api.problems import language
from gateway.api.schemas import visits as shapes
from gateway.api.schemas.common import Document, Written, page_of
from gateway.calendars import calendar_of, link_of, reader_of
from services.errors import NotFound

blp = Blueprint("visits", __name__, description="Visits")


@blp.route("/visits", methods=["GET"])
@blp.arguments(shapes.VisitsQuery, location="query")
@blp.response(200, page_of(shapes.Visit))
@exported
def list_visits(args: dict[str, Any]) -> Any:
    """Visits by day, with where they are. A customer sees his company's."""
    return listed("visits", args, customers=scope.only())


@blp.route("/contracts/<string:contract_id>/visits", methods=["POST"])
@blp.arguments(shapes.NewVisit)
@blp.response(201, Written)
def schedule_visit(data: dict[str, Any], contract_id: str) -> Any:
    """A visit for a request, or one that was agreed on."""
    customer_id = scope.of("contract", contract_id, lambda: ask("contracts", "contract", contract_id=contract_id))
    id_ = new_id("visit")
    payload = {**data, "visit_id": id_, "contract_id": contract_id}
    body, headers = execute("tickets", "schedule_visit", payload, customer_id=customer_id, made=id_)
    return body, 201, headers


@blp.route("/visits/<string:visit_id>/move", methods=["POST"])
@blp.arguments(shapes.Move)
@blp.response(200, Written)
def move_visit(data: dict[str, Any], visit_id: str) -> Any:
    """To another day or time, with the reason."""
    return of_visit("move_visit", data, visit_id)


@blp.route("/visits/<string:visit_id>/assign", methods=["POST"])
@blp.arguments(shapes.VisitAssignment)
@blp.response(200, Written)
def assign_visit(data: dict[str, Any], visit_id: str) -> Any:
    """Who goes."""
    return of_visit("assign_visit", data, visit_id)


@blp.route("/visits/<string:visit_id>/start", methods=["POST"])
@blp.response(200, Written)
def start_visit(visit_id: str) -> Any:
    """The technician is there."""
    return of_visit("start_visit", {}, visit_id)


@blp.route("/visits/<string:visit_id>/finish", methods=["POST"])
@blp.arguments(shapes.Finish)
@blp.response(200, Written)
def finish_visit(data: dict[str, Any], visit_id: str) -> Any:
    """It was done. What goes beyond what the contract includes is charged."""
    return of_visit("finish_visit", data, visit_id)


@blp.route("/visits/<string:visit_id>/miss", methods=["POST"])
@blp.arguments(shapes.Miss)
@blp.response(200, Written)
def miss_visit(data: dict[str, Any], visit_id: str) -> Any:
    """It did not take place."""
    return of_visit("miss_visit", data, visit_id)


@blp.route("/visits/<string:visit_id>/cancel", methods=["POST"])
@blp.arguments(shapes.VisitCancellation)
@blp.response(200, Written)
def cancel_visit(data: dict[str, Any], visit_id: str) -> Any:
    """It is no longer wanted. The plan does not bring it back."""
    return of_visit("cancel_visit", data, visit_id)


@blp.route("/visits/calendar-link", methods=["POST"])
@blp.response(200, shapes.CalendarLink)
def make_calendar_link() -> Any:
    """The address of the caller's own calendar, for Google Calendar, Outlook or a phone: a customer's visits, or a
    technician's. It stays the same, and reads only."""
    secret = current_app.extensions["vigencia"].seal_secret
    return {"url": f"{request.host_url}api/v1/calendars/{link_of(secret, scope.caller().user.user_id)}.ics"}


@blp.route("/calendars/<string:link>.ics", methods=["GET"])
@blp.response(200, Document, content_type="text/calendar; charset=utf-8")
def get_calendar(link: str) -> Any:
    """An iCalendar feed (RFC 5545) of the coming and the latest visits. The address itself is the key."""
    parts = current_app.extensions["vigencia"]
    user = parts.users.by_id(reader_of(parts.seal_secret, link) or "")
    if user is None or not user.active:
        raise NotFound("not-found")
    speaks = backend().query("speaks_for", {"contacts": list(user.contacts)})["contacts"] if user.contacts else []
    text = calendar_of(backend(), user, [each["customer_id"] for each in speaks], language(), datetime.now(UTC).date())
    return Response(text, content_type="text/calendar; charset=utf-8")


def of_visit(command: str, data: dict[str, Any], visit_id: str) -> Any:
    known = backend().query("owner", {"kind": "visit", "id": visit_id})
    customer_id, contract_id = known["customer_id"], known["contract_id"]
    if contract_id is None:  # made a moment ago
        visit = ask("tickets", "visit", visit_id=visit_id)
        customer_id, contract_id = visit["customer_id"], visit["contract_id"]
    scope.check(customer_id)
    payload = {**data, "visit_id": visit_id, "contract_id": contract_id}
    body, headers = execute("tickets", command, payload, customer_id=customer_id)
    return body, 200, headers
