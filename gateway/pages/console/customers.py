"""Customers with their contacts, sites and equipment; the equipment's QR labels for printing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import segno
from flask import Response, request
from markupsafe import Markup
from marshmallow import Schema
from werkzeug.wrappers import Response as Redirection

from gateway.api import scope
from gateway.api.calls import execute, local, new_id
from gateway.api.resources.users import invite
from gateway.api.schemas import customers as shapes
from gateway.pages.console.forms import given
from gateway.pages.console.frame import Answer, blp, done, loaded, refusal, show, written
from gateway.pages.console.workbench import known
from gateway.pages.live import watching
from services.errors import Conflict, Invalid, NotFound, Refused, VigenciaError

PROFILE = ("kind", "legal_name", "cnpj", "person_name", "cpf", "email", "phone", "address", "external_ref")
RIGHTS = ("requests", "money", "approval")


@blp.get("/customers")
def console_customers() -> Response:
    watching("customers")
    q, kind = request.args.get("q", "").strip()[:200], request.args.get("kind", "")
    asked = {"search": q or None, "kind": kind if kind in ("person", "company") else None}
    page = {"limit": 50, "after": request.args.get("after") or None}
    return show("console/customers.html", found=local("customers", customers=None, **asked, **page), q=q, kind=kind)


@blp.get("/customers/new")
def console_new_customer() -> Response:
    return show("console/new_customer.html", form=dict.fromkeys(PROFILE, ""), why="")


@blp.post("/customers/new")
def console_register_customer() -> Response | Redirection:
    def register() -> Answer:
        return written("contracts", "register_customer", loaded(shapes.NewCustomer, given(*PROFILE)), made="customer")

    try:
        return done("register_customer", "/console/customers/{id}", register)
    except (Refused, Invalid, Conflict) as error:
        status, why = refusal(error)
        return show("console/new_customer.html", status=status, form=given(*PROFILE), why=why)


@blp.get("/customers/<string:customer_id>")
def console_customer(customer_id: str) -> Response:
    return _customer(customer_id)


@blp.post("/customers/<string:customer_id>/<string:operation>")
def console_customer_act(customer_id: str, operation: str) -> Response | Redirection:
    if operation not in ACTIONS:
        raise NotFound("route.not-found")
    try:
        return done(operation, f"/console/customers/{customer_id}", lambda: ACTIONS[operation](customer_id))
    except (Refused, Invalid, Conflict) as error:
        return _customer(customer_id, refused=error, operation=operation)


def _customer(customer_id: str, *, refused: VigenciaError | None = None, operation: str = "") -> Response:
    watching(f"customer/{customer_id}")
    status, why = refusal(refused) if refused else (200, "")
    customer = local("customer", customer_id=customer_id)
    money = scope.caller().sees_prices
    return show(
        "console/customer.html",
        status=status,
        customer=customer,
        profile=known("contracts", "customer", customer_id=customer_id),
        contracts=local("contracts", customers=None, customer_id=customer_id, limit=100)["items"],
        requests=local("requests", customers=None, customer_id=customer_id, limit=8)["items"],
        receivables=local("receivables", customers=None, customer_id=customer_id, limit=8)["items"] if money else [],
        visits=local("visits", customers=None, customer_id=customer_id, status=["planned", "started"], limit=6)[
            "items"
        ],
        rights=RIGHTS,
        refused={"operation": operation, "why": why},
        by_id=lambda rows: {row["contact_id"]: row for row in rows},
    )


@blp.get("/customers/<string:customer_id>/equipment/<string:equipment_id>")
def console_equipment(customer_id: str, equipment_id: str) -> Response:
    """A thing, its requests, its label."""
    customer, thing, site = _thing(customer_id, equipment_id)
    requests = local("requests", customers=None, equipment_id=equipment_id, limit=30)["items"]
    return show("console/equipment.html", customer=customer, thing=thing, site=site, requests=requests)


@blp.get("/customers/<string:customer_id>/equipment/<string:equipment_id>/label")
def console_label(customer_id: str, equipment_id: str) -> Response:
    """To print and stick on: read by a telephone it opens the customer's form for a request, with the place filled in."""
    customer, thing, site = _thing(customer_id, equipment_id)
    if not thing["label"]:
        raise NotFound("not-found")
    target = f"{request.host_url}portal/requests/new?label={thing['label']}"
    code = segno.make(target, error="m").svg_inline(scale=6, border=2)
    return show("console/label.html", customer=customer, thing=thing, site=site, code=Markup(code), target=target)


def _thing(customer_id: str, equipment_id: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any] | None]:
    customer = local("customer", customer_id=customer_id)
    things = [each for each in customer["equipment"] if each["equipment_id"] == equipment_id]
    if not things:
        raise NotFound("not-found")
    site = next((each for each in customer["sites"] if each["site_id"] == things[0]["site_id"]), None)
    return customer, things[0], site


def _send(command: str, shape: type[Schema], made: str, *names: str) -> Callable[[str], Answer]:
    def send(customer_id: str) -> Answer:
        values: dict[str, Any] = given(*names)
        if "rights" in names:
            values["rights"] = request.form.getlist("rights")
        data = {**loaded(shape, values), "customer_id": customer_id}
        return written("contracts", command, data, made=made, customer_id=customer_id)

    return send


def _profile(customer_id: str) -> Answer:
    data = loaded(shapes.CustomerProfile, given(*PROFILE[1:-1]))
    return written("contracts", "change_profile", {**data, "customer_id": customer_id})


def _authorise(customer_id: str) -> Answer:
    """Another person, or one who is known with other rights."""
    values: dict[str, Any] = {**given("contact_id", "name", "email", "phone", "role")}
    data = _contact(values)
    id_ = data.pop("contact_id", None) or new_id("contact")
    body, headers = execute(
        "contracts",
        "authorise_contact",
        {"name": "", **data, "contact_id": id_, "customer_id": customer_id},
        customer_id=customer_id,
        made=id_,
    )
    return body, 201, headers


def _contact(values: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in values.items() if value}
    if not said.get("contact_id") and not said.get("name"):
        raise Invalid(problems=[{"path": "name", "code": "missing", "message": "a new person needs a name"}])
    rights = [right for right in request.form.getlist("rights") if right in RIGHTS]
    return {**shapes.NewContact().load({**said, "rights": rights})}


def _remove(customer_id: str) -> Answer:
    data = {"customer_id": customer_id, "contact_id": request.form.get("contact_id", "")}
    return written("contracts", "remove_contact", data, customer_id=customer_id)


def _invite(customer_id: str) -> Answer:
    """To the portal, by mail. It writes nothing that the read models would show."""
    user = invite(customer_id, request.form.get("contact_id", ""))
    return {"id": user.user_id}, 202, {}


ACTIONS: dict[str, Callable[[str], Answer]] = {
    "change_profile": _profile,
    "authorise_contact": _authorise,
    "remove_contact": _remove,
    "invite_contact": _invite,
    "add_site": _send("add_site", shapes.NewSite, "site", "name", "address", "city", "state"),
    "add_equipment": _send(
        "add_equipment", shapes.NewEquipment, "equipment", "site_id", "description", "serial", "label"
    ),
}
"""By the operation's name in the table of permissions."""
