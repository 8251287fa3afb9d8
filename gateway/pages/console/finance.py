"""Finance's agenda: what will be billed against the month before, differences explained, exceptions first; and billing runs."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as Redirection

from gateway.api.calls import ask, local
from gateway.api.schemas import billing_runs as shapes
from gateway.pages.console.contract import DEEDS
from gateway.pages.console.deeds import drawn
from gateway.pages.console.forms import given
from gateway.pages.console.frame import Answer, blp, done, loaded, local_today, refusal, show, written
from gateway.pages.console.workbench import known
from gateway.pages.live import watching
from services.errors import Conflict, Invalid, Refused, VigenciaError

PAGE, CHARGES = 100, 500


@blp.get("/finance")
def console_finance() -> Response:
    """``month``: to be billed; ``contract``: only this one; ``only=exceptions``."""
    return agenda_page()


@blp.post("/finance/runs")
def console_start_run() -> Response | Redirection:
    """A run of the month shown, for all contracts or the one shown. What is billed already is not billed twice."""
    try:
        return done("start_billing_run", "/console/finance/runs/{id}", _start)
    except (Refused, Invalid, Conflict) as error:
        return agenda_page(refused=error)


@blp.get("/finance/runs/<string:run_id>")
def console_run(run_id: str) -> Response:
    watching("receivables")
    run = ask("billing", "run", run_id=run_id)
    failed = [each["contract_id"] for each in run.get("failures") or ()]
    return show("console/run.html", run=run, contracts=named("contract", failed))


@blp.post("/finance/runs/<string:run_id>/resume")
def console_resume_run(run_id: str) -> Redirection:
    return done("resume_billing_run", f"/console/finance/runs/{run_id}", lambda: _resume(run_id))


def agenda_page(*, refused: VigenciaError | None = None) -> Response:
    watching("receivables")
    month = request.values.get("month", "").strip() or f"{local_today():%Y-%m}"
    asked = {name: request.values.get(name, "").strip() for name in ("contract", "only")}
    selection: dict[str, Any] = {"contract_ids": [asked["contract"]]} if asked["contract"] else {}
    if asked["only"] == "exceptions":
        selection["only_exceptions"] = True
    wish = loaded(shapes.PreviewQuery, {**selection, "month": month, "limit": PAGE, "after": request.args.get("after")})
    preview = ask("billing", "run_preview", **wish)
    items = sorted(preview.get("items") or (), key=lambda each: not each["exception"])
    status, why = refusal(refused) if refused else (200, "")
    of_contract = {"account_id": asked["contract"]} if asked["contract"] else {}
    planned = known("billing", "agenda", through=_last(month), limit=CHARGES, **of_contract).get("items") or ()
    charges: dict[str, list[dict[str, Any]]] = {}
    for each in planned:
        charges.setdefault(each["contract_id"], []).append(each)
    return show(
        "console/finance.html",
        status=status,
        month=month,
        months=_around(month),
        asked=asked,
        preview=preview,
        items=items,
        charges=charges,
        customers=named("customer", [each["customer_id"] for each in items]),
        runs=known("billing", "runs", limit=6).get("items") or [],
        deeds=drawn(DEEDS),
        refused={"operation": "start_billing_run" if refused else "", "why": why, "n": request.form.get("n", "")},
        today=local_today(),
    )


def named(kind: str, ids: list[str]) -> dict[str, str]:
    names: dict[str, str] = local("names", kind=kind, ids=sorted({each for each in ids if each}))["names"]
    return names


def _start() -> Answer:
    said = given("month", "contract")
    selection = {"contract_ids": [said["contract"]]} if said["contract"] else {}
    if not said["month"]:
        raise Invalid(problems=[{"path": "month", "code": "missing", "message": "which month?"}])
    data = loaded(shapes.NewRun, {"month": said["month"], **selection})
    return written("billing", "start_run", data, made="run")


def _resume(run_id: str) -> Answer:
    """Where nothing failed there is nothing to try again."""
    if not ask("billing", "run", run_id=run_id).get("failed"):
        return {}, 200, {}
    return written("billing", "resume_run", {"run_id": run_id})


def _last(month: str) -> date:
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, monthrange(year, number)[1])


def _around(month: str) -> tuple[str, str]:
    """The month before and the one after."""
    count = int(month[:4]) * 12 + int(month[5:]) - 1
    before, after = (f"{each // 12}-{each % 12 + 1:02d}" for each in (count - 1, count + 1))
    return before, after
