"""Money's figures as charts: what is late, what is expected, what recurs, what each contract brings; tables beside them."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from flask import Response

from gateway import saying
from gateway.api.calls import local
from gateway.pages.console.charts import Point, bars, lines
from gateway.pages.console.finance import named
from gateway.pages.console.frame import blp, month_name, show
from gateway.pages.console.workbench import known
from gateway.pages.frame import chosen_language
from gateway.pages.live import watching

AGES = ("not_due", "days_1_30", "days_31_60", "days_61_90", "days_91")
MONTHS, TOP = 12, 12


@blp.get("/figures")
def console_figures() -> Response:
    watching("receivables")
    aging = known("billing", "aging")
    by_customer = known("billing", "aging", by="customer", limit=200).get("items") or []
    late = [each for each in by_customer if _late(each)]
    forecast = known("billing", "forecast")
    months = (known("billing", "totals").get("months") or [])[-MONTHS:]
    recurring = known("billing", "mrr")
    revenue = _by_contract(known("billing", "revenue", limit=1000).get("items") or [])
    return show(
        "console/figures.html",
        bars=bars,
        lines=lines,
        point=point,
        month=month_name,
        ages=AGES,
        aging=aging,
        late=sorted(late, key=_late, reverse=True)[:TOP],
        customers=named("customer", [each["customer_id"] for each in late]),
        forecast=forecast,
        months=months,
        recurring=recurring,
        revenue=revenue,
        contracts=named("contract", [each["contract_id"] for each in revenue]),
        overdue=local("receivables", customers=None, status="overdue", limit=20)["items"],
    )


def point(label: str, value: Any) -> Point:
    """An amount of money as a point of a chart, said in whole reais."""
    amount = Decimal(str(value or 0))
    return Point(label, float(amount), saying.money(amount, chosen_language()).rpartition("," if _comma() else ".")[0])


def _comma() -> bool:
    return chosen_language() == "pt-BR"


def _late(row: dict[str, Any]) -> Decimal:
    return sum((Decimal(str(row[age])) for age in AGES[1:]), Decimal(0))


def _by_contract(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each contract's sums over all its months, the largest first."""
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        for name in ("billed", "received", "credited", "open"):
            sums[row["contract_id"]][name] += Decimal(str(row[name]))
    found = [{"contract_id": contract, **each} for contract, each in sums.items()]
    return sorted(found, key=lambda each: each["billed"], reverse=True)[:TOP]
