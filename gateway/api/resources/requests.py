"""Service requests: opened by the customer, completed by the provider, done with evidence, closed by the verdict."""

from __future__ import annotations

from typing import Any

from gateway.api import scope, uploads
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, execute, listed, local, new_id
from gateway.api.companies import blobs
from gateway.api.exporting import exported
from gateway.api.resources.papers import brought, sent
from gateway.api.schemas import requests as shapes
from gateway.api.schemas.common import Document, Written, page_of
from services.errors import Forbidden, Invalid, NotFound

blp = Blueprint("requests", __name__, description="Service requests")


@blp.route("/requests", methods=["GET"])
@blp.arguments(shapes.RequestsQuery, location="query")
@blp.response(200, page_of(shapes.ServiceRequest))
@exported
def list_requests(args: dict[str, Any]) -> Any:
    """Requests, the latest first: where each stands, and its deadlines. A customer sees his company's, whoever asked,
    if his contact has the right to requests or approval; else his own, and with the right to money what has a price."""
    page = listed("requests", args, **scope.requests_seen())
    if scope.caller().is_customer:
        for item in page["items"]:
            item.pop("internal_notes", None)
    return page


@blp.route("/requests/counts", methods=["GET"])
@blp.response(200, Document)
def count_requests() -> Any:
    """How many requests are in each state."""
    return local("request_counts", **scope.requests_seen())


@blp.route("/requests/statistics", methods=["GET"])
@blp.arguments(shapes.StatisticsQuery, location="query")
@blp.response(200, Document)
def get_statistics(args: dict[str, Any]) -> Any:
    """Figures of the requests opened in a time: by state, channel and deadline; waited, reopened, resolved. Without
    duplicates."""
    asked = args.pop("customer_id", None)
    if asked is not None:
        scope.check(asked)
    whole = scope.requests_seen().get("whole")
    if asked is None:
        return ask("tickets", "statistics", customer_id=whole, **args)
    if whole is not None and asked not in whole:
        raise Forbidden("access.right-missing", right="requests")
    return ask("tickets", "statistics", customer_id=[asked], **args)


@blp.route("/requests/channels", methods=["GET"])
@blp.arguments(shapes.ChannelsQuery, location="query")
@blp.response(200, shapes.Channels)
@exported
def get_channels(args: dict[str, Any]) -> Any:
    """By which channels requests came, month by month, and the share of phone calls in percent: the portal lowers it.

    Months are those of the contracts' local days. Duplicates count, since somebody phoned.
    """
    return ask("tickets", "channels", **args)


@blp.route("/requests/figures", methods=["GET"])
@blp.arguments(shapes.FiguresQuery, location="query")
@blp.response(200, shapes.FiguresAnswer)
@exported
def list_deadline_figures(args: dict[str, Any]) -> Any:
    """Deadlines met and breached, times to respond and to resolve, waiting: by contract, service, person, month …"""
    asked = args.get("customer_id")
    if asked is not None:
        scope.check(asked)
    customers = scope.only() if asked is None else [asked]
    answer = ask("tickets", "figures", **{**args, "customer_id": customers})
    kind = {"person": "technician"}.get(answer["by"], answer["by"])
    names = local("names", kind=kind, ids=[row["key"] for row in answer["items"] if row["key"]])["names"]
    return {**answer, "items": [{**row, "name": names.get(row["key"])} for row in answer["items"]]}


@blp.route("/requests/recalculations", methods=["GET"])
@blp.response(200, Document)
def list_recalculations() -> Any:
    """Which changes of the calendar made deadlines be computed again, the latest first: how far each is, what it changed."""
    return ask("tickets", "recalculations")


@blp.route("/requests", methods=["POST"])
@blp.arguments(shapes.NewRequest)
@blp.response(201, Written)
def open_request(data: dict[str, Any]) -> Any:
    """Open a request: the customer himself, or staff for a customer who phoned or wrote.

    It has a protocol number at once. At a price (`coverage.status` is `covered_at_price`) the price is offered with it,
    and work waits until it is accepted by name. The priority follows from impact and urgency by the contract's matrix;
    staff may set it. The equipment is named by its id or by what stands on its QR label.
    """
    contract_id, who = data["contract_id"], scope.caller()
    label, customer_id = data.pop("equipment_label", None), None
    if who.is_customer or label:
        customer_id = scope.of("contract", contract_id, lambda: ask("contracts", "contract", contract_id=contract_id))
    if who.is_customer:
        data = {**data, "opened_by": who.contact_for(customer_id), "channel": "portal"}
        data.pop("override_reason", None)
    elif not data.get("opened_by"):
        raise Invalid(
            problems=[{"path": "opened_by", "code": "missing", "message": "the contact for whom it is opened"}]
        )
    if label:
        data = {**data, **_labelled(label, customer_id)}
    id_ = new_id("request")
    body, headers = execute("tickets", "open_request", {**data, "request_id": id_}, customer_id=customer_id, made=id_)
    return body, 201, {**headers, "Location": f"/api/v1/requests/{id_}"}


@blp.route("/requests/<string:request_id>", methods=["GET"])
@blp.response(200, Document)
def get_request(request_id: str) -> Any:
    """The whole document: the customer's part, the provider's part, notes, documents, work, deadlines, timeline.

    A customer sees no internal notes.
    """
    own_request(request_id, reading=True)
    audience = "customer" if scope.caller().is_customer else "provider"
    return ask("tickets", "request", request_id=request_id, audience=audience)


@blp.route("/requests/<string:request_id>/complete", methods=["POST"])
@blp.arguments(shapes.Completion)
@blp.response(200, Written)
def complete_request(data: dict[str, Any], request_id: str) -> Any:
    """The provider fills in his part."""
    return of_request("complete_request", data, request_id)


@blp.route("/requests/<string:request_id>/classify", methods=["POST"])
@blp.arguments(shapes.Classification)
@blp.response(200, Written)
def classify_request(data: dict[str, Any], request_id: str) -> Any:
    """Another priority: the deadlines follow from it."""
    return of_request("classify_request", data, request_id)


@blp.route("/requests/<string:request_id>/assign", methods=["POST"])
@blp.arguments(shapes.Assignment)
@blp.response(200, Written)
def assign_request(data: dict[str, Any], request_id: str) -> Any:
    """Who does it."""
    return of_request("assign_request", data, request_id)


@blp.route("/requests/<string:request_id>/start", methods=["POST"])
@blp.response(200, Written)
def start_request(request_id: str) -> Any:
    """Work begins; that answers the request."""
    return of_request("start_request", {}, request_id)


@blp.route("/requests/<string:request_id>/wait", methods=["POST"])
@blp.arguments(shapes.Waiting)
@blp.response(200, Written)
def wait_for_customer(data: dict[str, Any], request_id: str) -> Any:
    """Wait for the customer: the clocks stand still."""
    return of_request("wait_request", data, request_id)


@blp.route("/requests/<string:request_id>/resume", methods=["POST"])
@blp.response(200, Written)
def resume_request(request_id: str) -> Any:
    """The customer answered: the clocks go on."""
    return of_request("resume_request", {}, request_id)


@blp.route("/requests/<string:request_id>/notes", methods=["POST"])
@blp.arguments(shapes.NewNote)
@blp.response(201, Written)
def add_note(data: dict[str, Any], request_id: str) -> Any:
    """Write something to the request, for all or for the provider's staff only."""
    if scope.caller().is_customer:
        data = {**data, "visibility": "public"}
    return of_request("add_note", data, request_id, made=("note_id", new_id("note")))


@blp.route("/requests/<string:request_id>/documents", methods=["POST"])
@blp.arguments(shapes.NewDocument)
@blp.response(201, Written)
def attach_document(data: dict[str, Any], request_id: str) -> Any:
    """Attach a file that was uploaded before (`POST /files`); its kind says what it proves.

    It is what its first bytes say: PDF, PNG, JPEG or WebP; from staff also HEIC, mails, texts and office documents. Its
    size is at most the contract's. An internal document is for the provider's staff only.
    """
    own_request(request_id)
    staff = not scope.caller().is_customer
    if not staff:
        data = {**data, "visibility": "public"}
    content = brought(data["sha256"])
    uploads.check(content, data["media_type"], staff=staff)
    said = {**data, "size": len(content)}
    return of_request("attach_document", said, request_id, made=("document_id", new_id("document")))


@blp.route("/requests/<string:request_id>/documents/<string:attached_id>", methods=["GET"])
@blp.response(200, Document, content_type="application/octet-stream")
def get_request_document(request_id: str, attached_id: str) -> Any:
    """The file of a document. An internal one does not exist for a customer."""
    own_request(request_id, reading=True)
    audience = "customer" if scope.caller().is_customer else "provider"
    request = ask("tickets", "request", request_id=request_id, audience=audience)
    for document in request.get("documents") or ():
        if document["document_id"] == attached_id:
            return sent(blobs().get(document["sha256"]), document["media_type"], document["name"])
    raise NotFound("not-found")


@blp.route("/requests/<string:request_id>/work", methods=["POST"])
@blp.arguments(shapes.NewWork)
@blp.response(201, Written)
def record_work(data: dict[str, Any], request_id: str) -> Any:
    """Work that was done; what is beyond the contract's included quantity is charged."""
    return of_request("record_work", data, request_id, made=("work_id", new_id("work")))


@blp.route("/requests/<string:request_id>/resolve", methods=["POST"])
@blp.arguments(shapes.Resolution)
@blp.response(200, Written)
def resolve_request(data: dict[str, Any], request_id: str) -> Any:
    """The service is done, with evidence that the contract accepts. The customer is asked to confirm."""
    return of_request("resolve_request", data, request_id)


@blp.route("/requests/<string:request_id>/close", methods=["POST"])
@blp.response(200, Written)
def close_request(request_id: str) -> Any:
    """Close a resolved request without waiting for the customer."""
    return of_request("close_request", {}, request_id)


@blp.route("/requests/<string:request_id>/reopen", methods=["POST"])
@blp.arguments(shapes.ReasonGiven)
@blp.response(200, Written)
def reopen_request(data: dict[str, Any], request_id: str) -> Any:
    """It is not done after all."""
    return of_request("reopen_request", data, request_id)


@blp.route("/requests/<string:request_id>/cancel", methods=["POST"])
@blp.arguments(shapes.ReasonGiven)
@blp.response(200, Written)
def cancel_request(data: dict[str, Any], request_id: str) -> Any:
    """It is no longer wanted, by either side, with the reason."""
    return of_request("cancel_request", data, request_id)


def _labelled(label: str, customer_id: str | None) -> dict[str, Any]:
    found = local("equipment_by_label", label=label, customers=None if customer_id is None else [customer_id])
    return {"equipment_id": found["equipment_id"], "site_id": found["site_id"]}


def own_request(request_id: str, *, reading: bool = False) -> str | None:
    """Whose it is, if the caller may know it; to read it he also needs the right, or to have asked himself."""

    def truth() -> Any:
        return ask("tickets", "request", request_id=request_id, audience="customer")

    customer_id = scope.of("request", request_id, truth)
    if reading:
        scope.check_request(customer_id, truth)
    return customer_id


def of_request(command: str, data: dict[str, Any], request_id: str, made: tuple[str, str] | None = None) -> Any:
    customer_id = own_request(request_id)
    named = {made[0]: made[1]} if made else {}
    payload = {**data, **named, "request_id": request_id}
    body, headers = execute("tickets", command, payload, customer_id=customer_id, made=made[1] if made else None)
    return body, 201 if made else 200, headers
