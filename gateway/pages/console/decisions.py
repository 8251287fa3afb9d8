"""What somebody has to decide about contracts: renewals, ends, suspensions; and price adjustments of many at once, previewed."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from gateway.api.calls import ask, name_command
from gateway.api.resources.many_contracts import each_contract
from gateway.api.schemas import bulk_terms as shapes
from gateway.pages.console.contract import DEEDS
from gateway.pages.console.deeds import drawn
from gateway.pages.console.finance import named
from gateway.pages.console.forms import number
from gateway.pages.console.frame import allow, blp, loaded, may, refusal, show
from gateway.pages.console.workbench import known
from gateway.pages.live import watching
from services.errors import Invalid, Refused, VigenciaError

PAGE = 200


@blp.get("/decisions")
def console_decisions() -> Response:
    watching("contracts")
    renewals = known("contracts", "renewals").get("items") or []
    expiring = known("contracts", "renewals", expiring=True).get("items") or []
    suspensions = known("contracts", "suspensions").get("items") or [] if may("list_suspensions") else []
    due = known("contracts", "due_adjustments").get("items") or [] if may("list_due_adjustments") else []
    rows = [*renewals, *expiring, *suspensions, *due]
    return show(
        "console/decisions.html",
        renewals=renewals,
        expiring=expiring,
        suspensions=suspensions,
        due=due,
        customers=named("customer", [each["customer_id"] for each in rows]),
        deeds=drawn(DEEDS),
        refused={"operation": "", "why": "", "n": ""},
    )


@blp.get("/adjustments")
def console_adjustments() -> Response:
    """``percent`` or ``index`` (neither: each contract's own), ``tag``, ``due_by``: what it would do. Nothing is written."""
    return adjustments_page()


@blp.post("/adjustments")
def console_adjust() -> Response:
    """Those that were ticked, one addendum each, as the preview gave them."""
    allow("adjust_contracts")
    name_command(request.form.get("key", ""))
    chosen = []
    for text in request.form.getlist("adjustment"):
        contract_id, _, rest = text.partition("|")
        effective_on, percent, index = (*rest.split("|"), "", "")[:3]
        way = {"index": index} if index else {"percent": percent}
        chosen.append({"contract_id": contract_id, "effective_on": effective_on, **way})
    try:
        data = loaded(shapes.Adjustments, {"adjustments": chosen})
        return adjustments_page(results=each_contract("adjust_prices", data["adjustments"]))
    except (Refused, Invalid) as error:
        return adjustments_page(refused=error)


def adjustments_page(*, results: dict[str, Any] | None = None, refused: VigenciaError | None = None) -> Response:
    watching("contracts")
    asked = {
        name: request.values.get(name, "").strip() for name in ("percent", "index", "tag", "effective_on", "due_by")
    }
    status, why = refusal(refused) if refused else (200, "")
    selection = {name: asked[name] for name in ("tag", "due_by") if asked[name]}
    preview: dict[str, Any] = {}
    try:
        if refused is None and results is None:
            wish = {"percent": number(asked["percent"]), "index": asked["index"], "effective_on": asked["effective_on"]}
            data = loaded(shapes.AdjustmentPreview, {**wish, "selection": {**selection, "limit": PAGE}})
            preview = ask("contracts", "adjustment_preview", **data)
    except (Refused, Invalid) as error:
        status, why = refusal(error)
    items = preview.get("items") or []
    return show(
        "console/adjustments.html",
        status=status,
        why=why,
        asked=asked,
        preview=preview,
        items=items,
        results=results,
        customers=named("customer", [each["customer_id"] for each in items]),
    )
