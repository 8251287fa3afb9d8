"""A contract's text and a receivable as they are read at the desk while a customer waits on the telephone."""

from __future__ import annotations

from flask import Response

from gateway.api import scope
from gateway.api.calls import ask, local
from gateway.api.resources.bank import receivable_pdf
from gateway.pages.console.frame import blp, show
from gateway.pages.frame import chosen_language
from gateway.pages.live import watching
from gateway.pages.receivable import receivable_shown


@blp.get("/contracts/<string:contract_id>")
def console_contract(contract_id: str) -> Response:
    """The rules in plain sentences, as they hold today."""
    watching(f"contract/{contract_id}")
    contract = ask("contracts", "contract", contract_id=contract_id)
    text = ask("contracts", "contract_text", contract_id=contract_id, language=chosen_language())
    letterhead = local("letterhead", contract_id=contract_id)
    return show("console/contract.html", contract=contract, text=text, letterhead=letterhead)


@blp.get("/receivables/<string:receivable_id>")
def console_receivable(receivable_id: str) -> Response:
    shown = receivable_shown(receivable_id, f"/console/receivables/{receivable_id}/pdf")
    customer = local("owner", kind="receivable", id=receivable_id)["customer_id"]
    return show("console/receivable.html", customer_id=customer, **shown)


@blp.get("/receivables/<string:receivable_id>/pdf")
def console_receivable_pdf(receivable_id: str) -> Response:
    scope.of("receivable", receivable_id)
    return receivable_pdf(receivable_id, lang=chosen_language())
