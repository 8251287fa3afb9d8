"""Contracts in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, request

from gateway.api import scope
from gateway.api.calls import ask, local
from gateway.calendars import link_of
from gateway.pages.frame import chosen_language
from gateway.pages.portal.frame import blp, show


@blp.get("/contracts")
def portal_contracts() -> Response:
    found = local("contracts", customers=scope.only(), limit=100)["items"]
    return show("portal/contracts.html", items=[each for each in found if each["status"] != "draft"])


@blp.get("/contracts/<string:contract_id>")
def portal_contract(contract_id: str) -> Response:
    """The rules in plain sentences, as they hold today."""
    scope.of("contract", contract_id, lambda: ask("contracts", "contract", contract_id=contract_id))
    text = ask("contracts", "contract_text", contract_id=contract_id, language=chosen_language())
    contract = ask("contracts", "contract", contract_id=contract_id)
    row = {**contract, "services": (contract.get("terms") or {}).get("services") or []}
    visits = local("visits", customers=scope.only(), contract_id=contract_id, status=["planned", "started"], limit=12)
    parts = current_app.extensions["vigencia"]
    link = link_of(parts.seal_secret, scope.caller().user.user_id) if parts.seal_secret else ""
    return show(
        "portal/contract.html",
        text=text,
        contract=contract,
        remaining=remaining_of(row) if contract.get("status") == "active" else [],
        visits=visits["items"],
        calendar=f"{request.host_url}api/v1/calendars/{link}.ics" if link else "",
    )


def remaining_of(contract: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``{name, remaining, unit}`` of each service of which the contract includes a quantity a month."""
    found = []
    for service in contract["services"] or ():
        asked = {"contract_id": contract["contract_id"], "service_type_id": service["service_type_id"]}
        answer = ask("tickets", "coverage", **asked, channel="portal")
        if answer.get("remaining") is not None:
            found.append({"name": service["name"], "remaining": answer["remaining"], "unit": answer.get("unit")})
    return found
