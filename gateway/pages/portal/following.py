"""One request, followed live: where it stands, until when, who comes, what was said; and the customer's part in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, g, request
from werkzeug.wrappers import Response as Redirection

from gateway.api.calls import ask, execute, local, name_command, new_id
from gateway.api.resources.papers import blobs, sent
from gateway.api.resources.requests import own_request
from gateway.identity.permissions import PERMISSIONS
from gateway.pages.live import watching
from gateway.pages.portal.frame import blp, link_to, may_accept, named, said, see, show
from gateway.pages.portal.photos import attach_photos, photos_brought
from services.errors import NotFound, Refused

ACTIONS = {
    "note": "add_note",
    "photo": "attach_document",
    "cancel": "cancel_request",
    "reopen": "reopen_request",
    "accept": "accept_price",
    "decline": "decline_price",
}
TOLD = frozenset(
    (
        "opened", "assigned", "started", "waiting", "resumed", "document_attached", "resolved", "closed", "reopened",
        "cancelled", "held", "released", "price_offered", "price_accepted", "price_declined", "price_waived",
        "marked_duplicate",
    )
)  # fmt: skip
"""What happened to a request that its customer is told as a step; the rest stands elsewhere on the page."""


@blp.get("/requests/<string:request_id>")
def portal_request(request_id: str) -> Response:
    """``?opened=1``: it was sent a moment ago."""
    return _request(request_id)


@blp.get("/requests/<string:request_id>/documents/<string:attached_id>")
def portal_request_document(request_id: str, attached_id: str) -> Response:
    """A file that both sides see."""
    own_request(request_id, reading=True)
    found = ask("tickets", "request", request_id=request_id, audience="customer")
    for document in found["documents"]:
        if document["document_id"] == attached_id:
            return sent(blobs().get(document["sha256"]), document["media_type"], document["name"])
    raise NotFound("not-found")


@blp.post("/requests/<string:request_id>/<string:action>")
def portal_request_answer(request_id: str, action: str) -> Response | Redirection:
    """An answer, photos, a cancellation, that it is not done after all; yes or no to its price."""
    if action not in ACTIONS:
        raise NotFound("route.not-found")
    command = ACTIONS[action]
    g.access = PERMISSIONS[command]  # each has a right of its own
    customer_id = own_request(request_id)
    key = request.form.get("key", "")
    name_command(key)
    try:
        if command == "attach_document":
            headers = attach_photos(request_id, customer_id, photos_brought(), key)
            if not headers:
                raise Refused("page.file-missing")
        else:
            payload = _payload(command)
            _, headers = execute("tickets", command, {**payload, "request_id": request_id}, customer_id=customer_id)
    except Refused as error:
        return _request(request_id, refused=error, action=action)
    return see(f"/portal/requests/{request_id}", headers)


def _payload(command: str) -> dict[str, Any]:
    text = request.form.get("text", "").strip()
    if not text:
        raise Refused("page.text-missing")
    if command == "add_note":
        return {"text": text, "visibility": "public", "note_id": new_id("note")}
    if command in ("cancel_request", "reopen_request"):
        return {"reason": text}
    offer = request.form.get("offer", "")
    payload: dict[str, Any] = {"offer": int(offer) if offer.isdecimal() else 0}
    if command == "accept_price":
        return {**payload, "name": text, "text_sha256": request.form.get("text_sha256", "")}
    return {**payload, "reason": text}


def _request(request_id: str, *, refused: Refused | None = None, action: str = "") -> Response:
    customer_id = own_request(request_id, reading=True)
    watching(f"request/{request_id}")
    found = ask("tickets", "request", request_id=request_id, audience="customer")
    evaluation = None
    if found["status"] in ("resolved", "awaiting_confirmation"):
        rows = local("evaluations", customers=[customer_id], request_id=request_id, status="asked", limit=1)["items"]
        evaluation = link_to("evaluation", rows[0]["evaluation_id"], rows[0]) if rows else None
    customer = local("customer", customer_id=customer_id)
    return show(
        "portal/request.html",
        status=200 if refused is None else refused.status,
        request=found,
        letterhead=local("letterhead", contract_id=found["contract_id"]),
        site=named(customer["sites"], "site_id", found["site_id"], "name"),
        equipment=named(customer["equipment"], "equipment_id", found["equipment_id"], "description"),
        people=_people(found, customer),
        steps=steps_of(found),
        visits=[each for each in found.get("visits") or () if each["status"] in ("planned", "started")],
        evaluation=evaluation,
        may_accept=may_accept(customer_id),
        said=said(refused, action),
        opened=request.args.get("opened") == "1",
    )


def steps_of(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``{kind, at, actor, data}``, the newest first: what a customer is told as steps of his request."""
    steps = []
    for event in found.get("timeline") or ():
        kind = event["type"].rpartition(".")[2]
        told = kind in TOLD and event["type"].startswith("tickets.request.")
        if told and not (kind == "assigned" and not event["data"].get("assignee_id")):
            at = event["at"] or event["recorded_at"]
            steps.append({"kind": kind, "at": at, "actor": event["actor"] or "", "data": event["data"]})
    return steps[::-1]


def _people(found: Mapping[str, Any], customer: Mapping[str, Any]) -> dict[str, str]:
    """Names of who wrote, does or comes: the customer's contacts, and the staff."""
    ids = {found.get("assignee_id"), *(each["technician_id"] for each in found.get("visits") or ())}
    ids |= {(event["actor"] or "").partition(":")[2] for event in found.get("timeline") or ()}
    ids |= {event["data"].get("assignee_id") for event in found.get("timeline") or ()}
    ids |= {note.get("author_id") for note in found.get("notes") or ()}
    names: dict[str, str] = dict(local("names", kind="technician", ids=sorted(id_ for id_ in ids if id_))["names"])
    return names | {each["contact_id"]: each["name"] for each in customer["contacts"] if each["name"]}
