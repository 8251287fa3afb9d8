"""A price to accept, as a mailed link shows it: what it is for, the sentence that is accepted, and what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Response, g, request

from gateway.api.calls import ask, execute, local
from gateway.pages.frame import page, why
from gateway.pages.links import Link
from services.errors import NotFound, Refused

ACTIONS = {"accept": "accept_price", "decline": "decline_price"}
_MADE = uuid.UUID("0b0d6f0e-8a2e-5d0c-9c57-2f6f5f5b1d32")


def price_page(link: Link, token: str, *, refused: Refused | None = None, action: str = "") -> Response:
    """As the request stands now: whoever opens the mail of a former offer reads the one that holds."""
    found = _request(link)
    customer = local("customer", customer_id=link.customer_id)
    people = {each["contact_id"]: each["name"] for each in customer.get("contacts") or ()}
    return page(
        "price.html",
        status=200 if refused is None else refused.status,
        token=token,
        letterhead=local("letterhead", contract_id=found["contract_id"]),
        request=found,
        price=found["price"],
        step=step_of(found),
        name=people.get(link.contact_id) or "",
        said={"action": action, "why": why(refused), "text": request.form.get("text", "")},
    )


def answer_price(link: Link, token: str, action: str) -> Response | None:
    """By name yes, or with a reason no, to the offer that was read. None: it is done; else the page that says why not."""
    if action not in ACTIONS:
        raise NotFound("route.not-found")
    _request(link)
    text, offer = request.form.get("text", "").strip(), request.form.get("offer", "")
    payload: dict[str, Any] = {"request_id": link.id, "offer": int(offer) if offer.isdecimal() else 0}
    if action == "accept":
        payload |= {"name": text, "text_sha256": request.form.get("text_sha256", "")}
    else:
        payload["reason"] = text
    g.command_id = str(uuid.uuid5(_MADE, f"{token}/{action}/{offer}/{text}"))  # a double tap is one answer
    try:
        if not text:
            raise Refused("page.text-missing")
        execute("tickets", ACTIONS[action], payload, customer_id=link.customer_id)
    except Refused as error:
        return price_page(link, token, refused=error, action=action)
    return None


def step_of(found: Mapping[str, Any]) -> str:
    """``ask``, ``accepted``, ``declined`` (another offer may come), ``waived`` (nothing is charged) or ``over``."""
    price = found["price"]
    if price["state"] in ("accepted", "waived"):
        return str(price["state"])
    if found["status"] in ("closed", "cancelled"):
        return "over"
    return "declined" if price["state"] == "declined" else "ask"


def _request(link: Link) -> dict[str, Any]:
    found: dict[str, Any] = ask("tickets", "request", request_id=link.id, audience="customer")
    if found["customer_id"] != link.customer_id or not found.get("price"):
        raise NotFound("link.unknown")
    return found
