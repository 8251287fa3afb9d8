"""Much at once: imports of other systems' records, and the month's billing."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, batch
from gateway.api.schemas.money import BillingRun, NewBillingRun
from gateway.api.schemas.system import Records, Results
from services.errors import NotFound

blp = Blueprint("bulk", __name__, description="Imports, and the month's billing")

KINDS = {
    # kind: (service, batch, history)
    "contracts": ("contracts", "import_contracts", False),
    "receivables": ("billing", "import_receivables", True),
    "requests": ("tickets", "import_requests", True),
    "open-receivables": ("billing", "take_over_receivables", False),
    "opening-credits": ("billing", "take_over_credits", False),
}
"""History has no consequences: nobody is reminded, suspended or asked because of it."""

PORTION = 200


@blp.route("/imports/<string:kind>", methods=["POST"])
@blp.arguments(Records)
@blp.response(200, Results)
def import_records(data: dict[str, Any], kind: str) -> Any:
    """Import `contracts`, `receivables`, `requests`, `open-receivables` or `opening-credits`, once.

    Each record is taken whole or not at all. `contracts` (`customer`, `contract`: its terms, `suspension`: `on`, `reason` of one
    that the former system suspended, `status`) come in with what was billed there (`contract.billing.billed_through`).
    `receivables` and `requests` are history: they have no consequences.
    `open-receivables` (`contract_id`, `external_ref`, `number`, `issued_on`, `due_on`, `amount`, `withheld`, `left`,
    `description`, `source`) are owed here from then on: reminders, default and late charges by the contract's terms, from
    their own due day; they are no revenue. `opening-credits` (`contract_id`, `external_ref`, `amount`, …) were paid in
    advance to the former system.
    """
    if kind not in KINDS:
        raise NotFound("import.kind-unknown", kind=kind, known=sorted(KINDS))
    service, name, historical = KINDS[kind]
    results = batch(service, name, data["records"], historical=historical)
    return {"results": results, "counts": dict(Counter(result.get("status", "failed") for result in results))}


@blp.route("/billing-runs", methods=["POST"])
@blp.arguments(NewBillingRun)
@blp.response(200, BillingRun)
def run_billing(data: dict[str, Any]) -> Any:
    """Issue a month's receivables: all accounts, or one portion after the other (`limit`, `after`).

    Running it again issues nothing twice. One account that fails is named; the rest is billed.
    """
    run = {"month": data["month"], "contracts": 0, "issued": 0, "total": Decimal("0.00"), "failed": 0, "failures": []}
    left, after = data.get("limit"), data.get("after")
    if ids := data.get("account_ids"):
        for start in range(0, len(ids), PORTION):
            _bill(run, ids[start : start + PORTION], data.get("on"))
        return run
    while left is None or left > 0:
        size = PORTION if left is None else min(PORTION, left)
        page = ask("billing", "billable", month=run["month"], after=after, limit=size)
        _bill(run, page["accounts"], data.get("on"))
        after = page["next"]
        if after is None:
            break
        left = None if left is None else left - size
    return {**run, "next": after}


def _bill(run: dict[str, Any], accounts: list[str], on: date | None) -> None:
    if not accounts:
        return
    same = {"month": run["month"], **({"on": on.isoformat()} if on else {})}
    records = [{"account_id": account, **same} for account in accounts]
    for account, result in zip(accounts, batch("billing", "bill", records), strict=True):
        run["contracts"] += 1
        match result.get("status"):
            case "issued":
                run["issued"] += 1
                run["total"] += Decimal(result["amount"])
            case "rejected" | "failed":
                run["failed"] += 1
                run["failures"].append({"account_id": account, "contract_id": account, "error": result.get("error")})
