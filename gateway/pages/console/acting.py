"""What can be done to a request from a form: each entry is an operation of the API, with how its form is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request
from marshmallow import Schema

from gateway.api import scope, uploads
from gateway.api.calls import ask, local, new_id
from gateway.api.resources.dossiers import filed_report
from gateway.api.resources.papers import blobs
from gateway.api.resources.request_documents import sees_its_price
from gateway.api.resources.requests import of_request
from gateway.api.schemas import request_documents as documents
from gateway.api.schemas import requests as shapes
from gateway.api.schemas import visits as visit_shapes
from gateway.pages.console.forms import given, lines, number
from gateway.pages.console.frame import Answer, loaded, written
from services.errors import Refused

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """``read``: the form's values; ``shape``: the API's schema of them; ``command``: of tickets; ``made``: what it makes;
    ``anchor``: the part of the page to which it leads back; ``check``: what the API's operation asks besides."""

    command: str
    shape: type[Schema] | None = None
    read: Callable[[], Values] = dict
    made: str | None = None
    anchor: str = ""
    send: Callable[[str, Values], Answer] | None = None
    check: Callable[[Values], None] = lambda _: None


def act(operation: str, request_id: str) -> Answer:
    action = ACTIONS[operation]
    given_values = action.read()
    action.check({name: value for name, value in given_values.items() if value})
    data = loaded(action.shape, given_values) if action.shape else given_values
    if action.send is not None:
        return action.send(request_id, data)
    made = (f"{action.made}_id", new_id(action.made)) if action.made else None
    answer: Answer = of_request(action.command, data, request_id, made=made)
    return answer


def _fields(*names: str) -> Callable[[], Values]:
    return lambda: given(*names)


def _quantity(*names: str) -> Callable[[], Values]:
    """Fields, of which ``quantity`` and prices are written as people write numbers."""

    def read() -> Values:
        values = given(*names)
        return {
            name: number(value) if name in ("quantity", "unit_price", "ceiling") else value
            for name, value in values.items()
        }

    return read


def _assign(request_id: str, data: Values) -> Answer:
    """An empty field is a wish, too: nobody."""
    group = {"group": data["group"]} if data["group"] else {}
    said = {**group, "assignee_id": request.form.get("assignee_id", "").strip() or None}
    answer: Answer = of_request("assign_request", said, request_id)
    return answer


def _note() -> Values:
    """Internal unless the form says otherwise: what is not meant for the customer never reaches him by a slip."""
    said = given("text", "visibility")
    return {"text": said["text"], "visibility": "public" if said["visibility"] == "public" else "internal"}


def _attach(request_id: str, data: Values) -> Answer:
    """The file itself comes with the form."""
    file = request.files.get("file")
    content = file.read() if file else b""
    if not file or not content:
        raise Refused("page.file-missing")
    kind = uploads.kind_of(content) or file.mimetype or "application/octet-stream"
    uploads.check(content, kind, staff=True)
    said = documents_shape(data, blobs().put(content), file.filename or "documento", kind, len(content))
    answer: Answer = of_request("attach_document", said, request_id, made=("document_id", new_id("document")))
    return answer


def documents_shape(data: Values, sha256: str, name: str, media_type: str, size: int) -> Values:
    public = data["visibility"] == "public"
    whole = {
        "kind": data["kind"],
        "sha256": sha256,
        "name": name[:200],
        "size": size,
        "visibility": "public" if public else "internal",
        "media_type": media_type,
    }
    return loaded(shapes.NewDocument, whole)


def _other(name: str) -> Callable[[], Values]:
    """Another request, named by its protocol."""

    def read() -> Values:
        protocol = request.form.get("protocol", "").strip()
        if other := request.form.get(name, "").strip():
            return {name: other}
        found = local("requests", customers=None, protocol=protocol, limit=1)["items"] if protocol else []
        if not found:
            raise Refused("page.protocol-unknown", protocol=protocol)
        return {name: found[0]["request_id"]}

    return read


def _correction() -> Values:
    """A field of the customer's part; an empty value empties it."""
    said = given("field", "value", "reason", "override_reason")
    return {**{name: value for name, value in said.items() if value}, "value": said["value"] or None}


def _correct(request_id: str, data: Values) -> Answer:
    said = documents.Correction().load(data)
    answer: Answer = of_request("correct_field", said, request_id)
    return answer


def _with(name: str, shape: type[Schema], command: str) -> Callable[[str, Values], Answer]:
    """An operation on a part of the request (``work_id``, ``part_id``) that the form names."""

    def send(request_id: str, data: Values) -> Answer:
        said = {**loaded(shape, data), name: request.form.get(name, "")}
        answer: Answer = of_request(command, said, request_id)
        return answer

    return send


def _visit(request_id: str, data: Values) -> Answer:
    found = ask("tickets", "request", request_id=request_id, audience="provider")
    place = {name: found[name] for name in ("service_type_id", "site_id") if found.get(name)}
    equipment = {"equipment_ids": [found["equipment_id"]]} if found.get("equipment_id") else {}
    payload = {**place, **equipment, **data, "contract_id": found["contract_id"], "request_id": request_id}
    return written("tickets", "schedule_visit", payload, made="visit", customer_id=found["customer_id"])


def _offer() -> Values:
    """A price per unit, and parts that the contract does not price: one a row, rows without a name are left out."""
    columns = [request.form.getlist(name) for name in ("part", "part_quantity", "part_price")]
    parts = [
        {"name": name.strip(), "quantity": number(quantity or "1"), "unit_price": number(price)}
        for name, quantity, price in zip(*columns, strict=False)
        if name.strip()
    ]
    return {**_quantity("unit_price", "ceiling", "reason")(), "parts": parts}


def _mark() -> Values:
    return {"item": request.form.get("item", ""), "done": request.form.get("done") == "1"}


def _accepted() -> Values:
    said: Values = given("offer", "name", "text_sha256", "contact_id", "document_id")
    return said


def _work() -> Values:
    return {**_quantity("performed_on", "quantity", "description")(), "technician_id": _technician()}


def _technician() -> str:
    return request.form.get("technician_id", "").strip() or scope.caller().user.user_id


WHO = "#clock"
ACTIONS: dict[str, Action] = {
    "assign_request": Action("assign_request", read=_fields("group"), send=_assign),
    "classify_request": Action(
        "classify_request", shapes.Classification, _fields("priority", "impact", "urgency"), anchor=WHO
    ),
    "start_request": Action("start_request"),
    "wait_for_customer": Action("wait_request", shapes.Waiting, _fields("reason")),
    "resume_request": Action("resume_request"),
    "add_note": Action("add_note", shapes.NewNote, _note, made="note", anchor="#notes"),
    "attach_document": Action("attach_document", read=_fields("kind", "visibility"), send=_attach, anchor="#documents"),
    "file_service_report": Action(
        "attach_document", send=lambda request_id, _: filed_report(request_id), anchor="#documents"
    ),
    "record_work": Action("record_work", shapes.NewWork, _work, made="work", anchor="#work"),
    "correct_work": Action(
        "correct_work",
        read=_quantity("quantity", "reason"),
        send=_with("work_id", documents.QuantityCorrection, "correct_work"),
        anchor="#work",
    ),
    "use_part": Action(
        "record_part",
        documents.NewPart,
        _quantity("name", "quantity", "unit", "serial", "line_id", "unit_price"),
        made="part",
        anchor="#work",
        check=sees_its_price,
    ),
    "correct_part": Action(
        "correct_part",
        read=_quantity("quantity", "reason", "unit_price"),
        send=_with("part_id", documents.PartCorrection, "correct_part"),
        anchor="#work",
        check=sees_its_price,
    ),
    "complete_request": Action("complete_request", shapes.Completion, _fields("category", "description_provider")),
    "correct_request_field": Action("correct_field", read=_correction, send=_correct),
    "set_request_checklist": Action(
        "set_checklist",
        documents.Checklist,
        lambda: {"items": lines(request.form.get("items", ""))},
        anchor="#checklist",
    ),
    "check_request_item": Action("check_item", documents.ItemMark, _mark, anchor="#checklist"),
    "link_request": Action("link_request", documents.Link, _other("other_id"), anchor="#links"),
    "unlink_request": Action("unlink_request", documents.Link, _other("other_id"), anchor="#links"),
    "mark_duplicate": Action("mark_duplicate", documents.Duplicate, _other("original_id"), anchor="#links"),
    "offer_price": Action("offer_price", documents.NewOffer, _offer, anchor="#price"),
    "waive_price": Action("waive_price", documents.Waiver, _fields("reason"), anchor="#price"),
    "record_price_acceptance": Action("accept_price", documents.RecordedAcceptance, _accepted, anchor="#price"),
    "schedule_visit": Action(
        "schedule_visit",
        visit_shapes.NewVisit,
        _fields("on", "opens", "closes", "technician_id", "description"),
        send=_visit,
        anchor="#visits",
    ),
    "resolve_request": Action("resolve_request", shapes.Resolution, _fields("summary")),
    "close_request": Action("close_request"),
    "reopen_request": Action("reopen_request", shapes.ReasonGiven, _fields("reason")),
    "cancel_request": Action("cancel_request", shapes.ReasonGiven, _fields("reason")),
}
"""By the operation's name in the table of permissions."""
