"""Contracts in plain sentences."""

from __future__ import annotations

from flask import Response

from gateway.api import scope
from gateway.api.calls import ask, local
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
    return show("portal/contract.html", text=text, contract=contract)
