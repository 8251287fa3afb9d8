"""Service requests: opened by the customer, completed by the provider, done with evidence, closed by the verdict."""

from __future__ import annotations

from typing import Any

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, execute, listed, local, new_id
from gateway.api.exporting import exported
from gateway.api.schemas import requests as shapes
from gateway.api.schemas.common import Document, Written, page_of
from services.errors import Invalid

blp = Blueprint("requests", __name__, description="Service requests")


@blp.route("/requests", methods=["GET"])
@blp.arguments(shapes.RequestsQuery, location="query")
@blp.response(200, page_of(shapes.ServiceRequest))
@exported
def list_requests(args: dict[str, Any]) -> Any:
    """Requests, the latest first: where each stands, and its deadlines. A customer sees his company's, whoever asked."""
    return listed("requests", args, customers=scope.only())


@blp.route("/requests/counts", methods=["GET"])
@blp.response(200, Document)
def count_requests() -> Any:
    """How many requests are in each state."""
    return local("request_counts", customers=scope.only())


@blp.route("/requests/statistics", methods=["GET"])
@blp.arguments(shapes.StatisticsQuery, location="query")
@blp.response(200, Document)
def get_statistics(args: dict[str, Any]) -> Any:
    """Figures of the requests opened in a time: by state, channel and deadline; waited, reopened, resolved."""
    asked = args.pop("customer_id", None)
    if asked is not None:
        scope.check(asked)
    return ask("tickets", "statistics", customer_id=scope.only() if asked is None else [asked], **args)


@blp.route("/requests/recalculations", methods=["GET"])
@blp.response(200, Document)
def list_recalculations() -> Any:
    """Which changes of the calendar made deadlines be computed again, the latest first: how far each is, what it changed."""
    return ask("tickets", "recalculations")


@blp.route("/requests", methods=["POST"])
@blp.arguments(shapes.NewRequest)
@blp.response(201, Written)
def open_request(data: dict[str, Any]) -> Any:
    """Open a request: the customer himself, or staff for a customer who phoned or wrote."""
    contract_id, who = data["contract_id"], scope.caller()
    customer_id = scope.of("contract", contract_id, lambda: ask("contracts", "contract", contract_id=contract_id))
    if who.is_customer:
        data = {**data, "opened_by": who.contact_for(customer_id), "channel": "portal"}
        data.pop("override_reason", None)
    elif not data.get("opened_by"):
        raise Invalid(
            problems=[{"path": "opened_by", "code": "missing", "message": "the contact for whom it is opened"}]
        )
    id_ = new_id("request")
    body, headers = execute("tickets", "open_request", {**data, "request_id": id_}, customer_id=customer_id, made=id_)
    return body, 201, {**headers, "Location": f"/api/v1/requests/{id_}"}


@blp.route("/requests/<string:request_id>", methods=["GET"])
@blp.response(200, Document)
def get_request(request_id: str) -> Any:
    """The whole document: the customer's part, the provider's part, notes, documents, work, deadlines, timeline.

    A customer sees no internal notes.
    """
    _own(request_id)
    audience = "customer" if scope.caller().is_customer else "provider"
    return ask("tickets", "request", request_id=request_id, audience=audience)


@blp.route("/requests/<string:request_id>/complete", methods=["POST"])
@blp.arguments(shapes.Completion)
@blp.response(200, Written)
def complete_request(data: dict[str, Any], request_id: str) -> Any:
    """The provider fills in his part."""
    return _of_request("complete_request", data, request_id)


@blp.route("/requests/<string:request_id>/classify", methods=["POST"])
@blp.arguments(shapes.Classification)
@blp.response(200, Written)
def classify_request(data: dict[str, Any], request_id: str) -> Any:
    """Another priority: the deadlines follow from it."""
    return _of_request("classify_request", data, request_id)


@blp.route("/requests/<string:request_id>/assign", methods=["POST"])
@blp.arguments(shapes.Assignment)
@blp.response(200, Written)
def assign_request(data: dict[str, Any], request_id: str) -> Any:
    """Who does it."""
    return _of_request("assign_request", data, request_id)


@blp.route("/requests/<string:request_id>/start", methods=["POST"])
@blp.response(200, Written)
def start_request(request_id: str) -> Any:
    """Work begins; that answers the request."""
    return _of_request("start_request", {}, request_id)


@blp.route("/requests/<string:request_id>/wait", methods=["POST"])
@blp.arguments(shapes.Waiting)
@blp.response(200, Written)
def wait_for_customer(data: dict[str, Any], request_id: str) -> Any:
    """Wait for the customer: the clocks stand still."""
    return _of_request("wait_request", data, request_id)


@blp.route("/requests/<string:request_id>/resume", methods=["POST"])
@blp.response(200, Written)
def resume_request(request_id: str) -> Any:
    """The customer answered: the clocks go on."""
    return _of_request("resume_request", {}, request_id)


@blp.route("/requests/<string:request_id>/notes", methods=["POST"])
@blp.arguments(shapes.NewNote)
@blp.response(201, Written)
def add_note(data: dict[str, Any], request_id: str) -> Any:
    """Write something to the request, for all or for the provider's staff only."""
    if scope.caller().is_customer:
        data = {**data, "visibility": "public"}
    return _of_request("add_note", data, request_id, made=("note_id", new_id("note")))


@blp.route("/requests/<string:request_id>/documents", methods=["POST"])
@blp.arguments(shapes.NewDocument)
@blp.response(201, Written)
def attach_document(data: dict[str, Any], request_id: str) -> Any:
    """Attach a document; its kind says what it proves."""
    return _of_request("attach_document", data, request_id, made=("document_id", new_id("document")))


@blp.route("/requests/<string:request_id>/work", methods=["POST"])
@blp.arguments(shapes.NewWork)
@blp.response(201, Written)
def record_work(data: dict[str, Any], request_id: str) -> Any:
    """Work that was done; what is beyond the contract's included quantity is charged."""
    return _of_request("record_work", data, request_id, made=("work_id", new_id("work")))


@blp.route("/requests/<string:request_id>/resolve", methods=["POST"])
@blp.arguments(shapes.Resolution)
@blp.response(200, Written)
def resolve_request(data: dict[str, Any], request_id: str) -> Any:
    """The service is done, with evidence that the contract accepts. The customer is asked to confirm."""
    return _of_request("resolve_request", data, request_id)


@blp.route("/requests/<string:request_id>/close", methods=["POST"])
@blp.response(200, Written)
def close_request(request_id: str) -> Any:
    """Close a resolved request without waiting for the customer."""
    return _of_request("close_request", {}, request_id)


@blp.route("/requests/<string:request_id>/reopen", methods=["POST"])
@blp.arguments(shapes.ReasonGiven)
@blp.response(200, Written)
def reopen_request(data: dict[str, Any], request_id: str) -> Any:
    """It is not done after all."""
    return _of_request("reopen_request", data, request_id)


@blp.route("/requests/<string:request_id>/cancel", methods=["POST"])
@blp.arguments(shapes.ReasonGiven)
@blp.response(200, Written)
def cancel_request(data: dict[str, Any], request_id: str) -> Any:
    """It is no longer wanted."""
    return _of_request("cancel_request", data, request_id)


def _own(request_id: str) -> str | None:
    return scope.of("request", request_id, lambda: ask("tickets", "request", request_id=request_id))


def _of_request(command: str, data: dict[str, Any], request_id: str, made: tuple[str, str] | None = None) -> Any:
    customer_id = _own(request_id)
    named = {made[0]: made[1]} if made else {}
    payload = {**data, **named, "request_id": request_id}
    body, headers = execute("tickets", command, payload, customer_id=customer_id, made=made[1] if made else None)
    return body, 201 if made else 200, headers
