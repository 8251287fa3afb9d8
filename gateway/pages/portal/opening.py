"""Opening a request: what, where, what happens, photos. What the contract says is shown while one chooses.

Without a script the contract's answer is a step of its own (``step=check``); with one (``opening.js``) the page asks for it
at each choice, keeps a draft on the device, and makes photos small before they are sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as Redirection

from gateway.api import scope
from gateway.api.calls import ask, execute, local, name_command, new_id
from gateway.pages.frame import why
from gateway.pages.portal.frame import blp, see, show
from gateway.pages.portal.photos import MOST_PHOTOS, attach_photos, photos_brought
from services.errors import NotFound, Refused

FORM = ("service", "place", "description")


@blp.get("/requests/new")
def portal_new_request() -> Response:
    """``?label=``, as a QR label on the equipment says: the place is known already."""
    return _new_request()


@blp.get("/requests/new/coverage")
def portal_coverage() -> Response:
    """What the contract says of a choice, as a part of the form."""
    return show("portal/coverage.html", coverage=_coverage(request.args.get("service", ""))[0])


@blp.post("/requests/new")
def portal_open_request() -> Response | Redirection:
    """First what the contract says of it (``step=check``), then the request with its photos."""
    form = request.form
    coverage, customer_id = _coverage(form.get("service", ""))
    contract_id, _, service_type_id = form.get("service", "").partition("/")
    site_id, _, equipment_id = form.get("place", "").partition("/")
    description = form.get("description", "").strip()
    if form.get("step") != "send" or not description or not coverage.get("opens", True):
        return _new_request(coverage=coverage)
    key = form.get("key", "")
    name_command(key)
    id_ = new_id("request")
    payload = {
        "contract_id": contract_id,
        "service_type_id": service_type_id,
        "request_id": id_,
        "description": description,
        "site_id": site_id or None,
        "equipment_id": equipment_id or None,
        "opened_by": scope.caller().contact_for(customer_id),
        "channel": "portal",
    }
    try:
        photos = photos_brought()  # before anything is done
        _, headers = execute(
            "tickets", "open_request", {name: value for name, value in payload.items() if value is not None},
            customer_id=customer_id, made=id_,
        )  # fmt: skip
        if photos:
            headers = {**headers, **attach_photos(id_, customer_id, photos, key)}
    except Refused as error:
        return _new_request(coverage=coverage, refused=error)
    return see(f"/portal/requests/{id_}?opened=1", headers)


def _coverage(service: str) -> tuple[dict[str, Any], str | None]:
    """The contract's answer to this caller, and whose contract it is. ``service``: ``<contract>/<service type>``."""
    contract_id, _, service_type_id = service.partition("/")
    customer_id = scope.of("contract", contract_id, lambda: ask("contracts", "contract", contract_id=contract_id))
    asked = {"contract_id": contract_id, "service_type_id": service_type_id, "channel": "portal"}
    answer: dict[str, Any] = ask("tickets", "coverage", **asked, contact_id=scope.caller().contact_for(customer_id))
    return answer, customer_id


def _new_request(*, coverage: Mapping[str, Any] | None = None, refused: Refused | None = None) -> Response:
    mine = scope.only() or []
    contracts = local("contracts", customers=mine, status=["active", "suspended"], limit=100)["items"]
    customers = [local("customer", customer_id=id_, customers=mine) for id_ in mine]
    label = request.args.get("label", "").strip()
    place = _of_label(label) if label else ""
    form = {**dict.fromkeys(FORM, ""), "place": place or ""}
    form |= {name: request.form[name] for name in FORM if name in request.form}
    services = [f"{each['contract_id']}/{service['service_type_id']}" for each in contracts
                for service in each["services"] or ()]  # fmt: skip
    if len(services) == 1 and not form["service"]:
        form["service"] = services[0]  # nothing to choose
    return show(
        "portal/new_request.html",
        status=200 if refused is None else refused.status,
        contracts=contracts,
        customers=customers,
        coverage=coverage,
        form=form,
        unknown_label=label if place is None else "",
        most_photos=MOST_PHOTOS,
        why=why(refused),
    )


def _of_label(label: str) -> str | None:
    """The place that a label stands on; None: none of the reader's has it."""
    try:
        found = local("equipment_by_label", label=label, customers=scope.only())
    except NotFound:
        return None
    return f"{found['site_id']}/{found['equipment_id']}"
