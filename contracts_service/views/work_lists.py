"""What somebody has to decide: renewals with their days for notice, suspensions that wait for a manager, notices given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from contracts_service.domain.days import end_after, local_day
from contracts_service.views.contract_tables import contracts
from services.component import Context
from services.rows import Rows

AHEAD_DAYS = 90
MOST = 500


@dataclass(frozen=True, slots=True)
class RenewalsQuestion:
    """Terms whose last day for notice comes by ``until`` (left out: within 90 days); ``expiring``: only those that end, and do
    so by then."""

    until: date | None = None
    provider_id: str | None = None
    customer_id: str | None = None
    expiring: bool = False
    limit: int = 200


@dataclass(frozen=True, slots=True)
class SuspensionsQuestion:
    """Suspensions whose notice has run and that a manager has not approved yet."""

    limit: int = 200


def list_renewals(asked: RenewalsQuestion, rows: Rows, context: Context) -> dict[str, Any]:
    """Ordered by the end of the term. ``decision``: what is known of the term after it.

    ``open``: somebody has to approve · ``tacit``: goes on by itself unless notice is given by ``notice_by`` · ``ends``:
    no renewal was agreed · ``declined`` · ``leaving``: notice was given.
    """
    until = asked.until or context.now.date() + timedelta(days=AHEAD_DAYS)
    same = {"provider_id": asked.provider_id, "customer_id": asked.customer_id}
    found = rows.find(
        contracts,
        contracts.c.status.in_(("active", "suspended")),
        contracts.c.ends_on.is_not(None),
        contracts.c.ends_on <= until + timedelta(days=366),
        order_by=(contracts.c.ends_on, contracts.c.contract_id),
        **{name: value for name, value in same.items() if value},
    )
    items = [_renewal(row, context) for row in found if _comes(row, until, asked.expiring)]
    return {"until": until, "items": items[: max(1, min(asked.limit, MOST))], "count": len(items)}


def _comes(row: dict[str, Any], until: date, expiring: bool) -> bool:
    if expiring:
        last = row["leave_last_day"] or row["ends_on"]
        return bool(last <= until) and _decision(row) not in GOES_ON
    return bool(row["ends_on"] - timedelta(days=row["notice_days"]) <= until)


def list_suspensions(asked: SuspensionsQuestion, rows: Rows, _: Context) -> dict[str, Any]:
    names = ("contract_id", "customer_id", "provider_id", "number", "notified_on", "proposed_on", "notice_reason")
    found = rows.find(
        contracts,
        contracts.c.proposed_on.is_not(None),
        order_by=(contracts.c.proposed_on, contracts.c.contract_id),
        limit=max(1, min(asked.limit, MOST)),
    )
    return {"items": [{name: row[name] for name in names} for row in found]}


def _renewal(row: dict[str, Any], context: Context) -> dict[str, Any]:
    names = ("contract_id", "customer_id", "provider_id", "number", "status", "starts_on", "ends_on", "renewal")
    ends_on: date = row["ends_on"]
    notice_by = ends_on - timedelta(days=row["notice_days"])
    today = local_day(context.now, row["time_zone"])
    decision = _decision(row)
    months = row["renewal_months"]
    return {
        **{name: row[name] for name in names},
        "notice_by": notice_by,
        "days_left": (notice_by - today).days,
        "overdue": decision == "open" and notice_by < today,
        "decision": decision,
        "offered": row["offered_for"] == ends_on,
        "next_ends_on": end_after(row["starts_on"], ends_on, months) if months and decision in GOES_ON else None,
        "leaves_on": row["leave_last_day"],
    }


GOES_ON = ("open", "tacit")


def _decision(row: dict[str, Any]) -> str:
    if row["leave_on"] is not None:
        return "leaving"
    if row["declined_for"] == row["ends_on"]:
        return "declined"
    return {"approval": "open", "tacit": "tacit"}.get(row["renewal"], "ends")
