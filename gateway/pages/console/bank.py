"""The bank's rows: files taken in, what each row probably pays, settled, ignored, undone."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as Redirection

from gateway.api.calls import ask, local
from gateway.api.resources.bank import imported, one_record
from gateway.api.schemas import bank as shapes
from gateway.pages.console.deeds import attached
from gateway.pages.console.finance import named
from gateway.pages.console.forms import back, given, number
from gateway.pages.console.frame import Answer, allow, blp, done, loaded, refusal, show, written
from gateway.pages.live import watching
from services.errors import Conflict, Invalid, NotFound, Refused, VigenciaError

STATES = ("open", "settled", "noted", "ignored")
PAGE = 50


@blp.get("/bank")
def console_bank() -> Response:
    """``status``: of the rows; the work list by itself."""
    return rows_page()


@blp.post("/bank/import")
def console_bank_import() -> Response:
    """A bank's file. Each row is taken once, however often the file comes."""
    allow("import_bank_file")
    try:
        content, _, _ = attached()
        said = {"content": base64.b64encode(content).decode(), **given("bank_account", "kind")}
        return rows_page(taken=imported(loaded(shapes.NewBankFile, said)))
    except (Refused, Invalid) as error:
        return rows_page(refused=error)


@blp.get("/bank/<string:row_id>")
def console_bank_row(row_id: str) -> Response:
    return row_page(row_id)


@blp.post("/bank/<string:row_id>/<string:operation>")
def console_bank_act(row_id: str, operation: str) -> Response | Redirection:
    if operation not in ACTIONS:
        raise NotFound("route.not-found")
    try:
        return done(operation, back("/console/bank"), lambda: ACTIONS[operation](row_id))
    except (Refused, Invalid, Conflict) as error:
        return row_page(row_id, refused=error)


def rows_page(*, taken: dict[str, Any] | None = None, refused: VigenciaError | None = None) -> Response:
    watching("receivables")
    state = request.args.get("status", "open")
    state = state if state in STATES else "open"
    found = ask("billing", "bank_rows", status=state, limit=PAGE, after=request.args.get("after") or None)
    rows = found.get("items") or []
    status, why = refusal(refused) if refused else (200, "")
    return show(
        "console/bank.html",
        status=status,
        why=why,
        taken=taken,
        state=state,
        states=STATES,
        counts=found.get("counts") or {},
        rows=rows,
        next=found.get("next"),
        **_names(rows),
    )


def row_page(row_id: str, *, refused: VigenciaError | None = None) -> Response:
    row = ask("billing", "bank_row", row_id=row_id)
    status, why = refusal(refused) if refused else (200, "")
    sought = request.args.get("q", "").strip()
    candidates = local("search", text=sought, limit=10).get("receivables", []) if sought else []
    return show(
        "console/bank_row.html", status=status, why=why, row=row, q=sought, candidates=candidates, **_names([row])
    )


def _names(rows: list[dict[str, Any]]) -> dict[str, Any]:
    contracts = [
        part["contract_id"]
        for row in rows
        for each in row.get("suggestions") or ()
        for part in each["parts"]
        if part.get("contract_id")
    ]
    return {
        "contracts": named("contract", contracts),
        "customers": named("customer", [row["customer_id"] for row in rows if row.get("customer_id")]),
    }


def _settle(row_id: str) -> Answer:
    """Each ``part`` is ``kind:id:amount``, as the suggestion said or as somebody chose."""
    parts = []
    for text in request.form.getlist("part"):
        kind, _, rest = text.partition(":")
        id_, _, amount = rest.rpartition(":")
        if kind in ("receivable_id", "contract_id", "payment_id") and id_.strip():
            parts.append({kind: id_.strip()} | ({"amount": number(amount)} if amount.strip() else {}))
    data = loaded(shapes.Settlement, {"parts": parts})
    return one_record("settle_bank_rows", {**data, "row_id": row_id}), 200, {}


def _ignore(row_id: str) -> Answer:
    data = loaded(shapes.RowReason, given("reason"))
    return written("billing", "ignore_bank_row", {**data, "row_id": row_id})


def _undo(row_id: str) -> Answer:
    data = loaded(shapes.RowReason, given("reason"))
    return one_record("undo_bank_rows", {**data, "row_id": row_id}), 200, {}


ACTIONS: dict[str, Callable[[str], Answer]] = {
    "settle_bank_row": _settle,
    "ignore_bank_row": _ignore,
    "undo_bank_row": _undo,
}
"""By the operation's name in the table of permissions."""
