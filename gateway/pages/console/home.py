"""The desk's home: what needs somebody now, today's visits, and whether customers still have to telephone."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response

from gateway.api import scope
from gateway.api.calls import local
from gateway.pages.console.charts import Point, bars
from gateway.pages.console.frame import blp, local_today, may, month_name, show
from gateway.pages.console.workbench import known
from gateway.pages.live import watching

MONTHS = 6


@blp.get("")
def console_home() -> Response:
    watching("requests", "evaluations")
    user = scope.caller().user.user_id
    today = local_today()
    late = local("requests", due="late", sort="due", limit=6)["items"]
    soon = local("requests", due="today", sort="due", limit=6)["items"]
    return show(
        "console/home.html",
        figures=local("desk_figures", user_id=user),
        late=late,
        soon=soon,
        free=local("requests", status=["open", "in_progress"], assignee_id="none", sort="priority", limit=6)["items"],
        mine=local("requests", status=["open", "in_progress", "waiting"], assignee_id=user, sort="due", limit=6)[
            "items"
        ],
        awaiting=local("evaluations", status="asked", limit=6)["items"],
        visits=_visits(today),
        today=today,
        bars=bars,
        calls=_calls(today) if may("get_channels") else [],
    )


def _visits(today: date) -> list[dict[str, Any]]:
    rows = local("visits", since=today, until=today, limit=50)["items"]
    names = local("names", kind="technician", ids=[row["technician_id"] for row in rows if row["technician_id"]])[
        "names"
    ]
    return [{**row, "technician": names.get(row["technician_id"])} for row in rows if row["status"] != "cancelled"]


def _calls(today: date) -> list[Point]:
    """The share of telephone calls by month, the oldest first."""
    first = today.year * 12 + today.month - MONTHS
    since = f"{first // 12}-{first % 12 + 1:02d}"
    months = known("tickets", "channels", since=since).get("items") or []
    return [
        Point(month_name(each["month"]), float(each["phone_share"]), f"{float(each['phone_share']):.0f} %")
        for each in reversed(months)
    ]
