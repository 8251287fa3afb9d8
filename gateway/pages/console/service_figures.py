"""The service's figures: deadlines met by contract, service, person or month, and how many still have to telephone."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from gateway.api.calls import local
from gateway.pages.console.charts import Point, bars, lines
from gateway.pages.console.evaluations import share
from gateway.pages.console.frame import blp, month_name, show
from gateway.pages.console.workbench import known
from gateway.pages.live import watching

GROUPS = ("contract", "service_type", "person", "month")
MONTHS = 12


@blp.get("/service-figures")
def console_service_figures() -> Response:
    """``by``: contract, service_type, person or month."""
    watching("requests")
    by = request.args.get("by", "")
    by = by if by in GROUPS else "contract"
    items = known("tickets", "figures", by=by, customer_id=None).get("items") or []
    names = local(
        "names", kind="technician" if by == "person" else by, ids=[row["key"] for row in items if row["key"]]
    )["names"]
    months = known("tickets", "figures", by="month", customer_id=None).get("items") or []
    calls = list(reversed(known("tickets", "channels").get("items") or []))[-MONTHS:]
    return show(
        "console/service_figures.html",
        by=by,
        groups=GROUPS,
        items=[
            {**row, "name": month_name(row["key"]) if by == "month" and row["key"] else names.get(row["key"])}
            for row in items
        ],
        calls=[share(month_name(each["month"]), each["phone_share"]) for each in calls],
        met=[_series(months, clock) for clock in ("resolution", "response")],
        bars=bars,
        lines=lines,
    )


def _series(months: list[dict[str, Any]], clock: str) -> list[Point]:
    return [share(month_name(each["key"]), each[f"{clock}_met_percent"]) for each in months[-MONTHS:] if each["key"]]
