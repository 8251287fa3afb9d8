"""Usage: quantities of recorded work per contract, service and month; what is left is computed from them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select

from services.component import View
from services.events import Incoming
from services.rows import Rows
from tickets_service.domain.agreement import Agreement
from tickets_service.domain.usage import ZERO, period_of
from tickets_service.tables import requests, usage

COUNTED = ("tickets.request.work_recorded", "tickets.request.work_corrected", "tickets.visit.done")


class UsageView(View):
    name = "usage"
    source = "tickets"
    tables = (usage,)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        if event.type == "tickets.visit.done" and data["unit"] != "visit":
            return
        if event.type not in COUNTED:
            return
        corrected = event.type == "tickets.request.work_corrected"
        used = Decimal(data["quantity"]) - (Decimal(data["former_quantity"]) if corrected else ZERO)
        beyond = Decimal(data["beyond_quantity"]) - (Decimal(data["former_beyond_quantity"]) if corrected else ZERO)
        key = {
            "contract_id": data["contract_id"],
            "service_type_id": data["service_type_id"],
            "period": period_of(date.fromisoformat(data["performed_on"])),
        }
        row = rows.get(usage, **key) or {}
        rows.put(
            usage,
            **key,
            used=(row.get("used") or ZERO) + used,
            beyond=(row.get("beyond") or ZERO) + beyond,
        )


def worked(rows: Rows, contract_id: str, service_type_id: str, day: date) -> Decimal:
    """Quantity of the work recorded in the month of a day."""
    row = rows.get(usage, contract_id=contract_id, service_type_id=service_type_id, period=period_of(day))
    return (row["used"] or ZERO) if row else ZERO


def spoken_for(rows: Rows, contract_id: str, agreement: Agreement, day: date) -> Decimal:
    """Quantity of a month that is used or asked for: where the unit is the request, open ones without work count too."""
    used = worked(rows, contract_id, agreement.service_type_id, day)
    if agreement.unit != "request":
        return used
    first = datetime.combine(day.replace(day=1), time(), ZoneInfo(agreement.calendar.time_zone))
    after = first + relativedelta(months=1)
    asked = rows.scalar(
        select(func.count())
        .select_from(requests)
        .where(
            requests.c.contract_id == contract_id,
            requests.c.service_type_id == agreement.service_type_id,
            requests.c.opened_at >= first.astimezone(UTC),
            requests.c.opened_at < after.astimezone(UTC),
            requests.c.status != "cancelled",
            requests.c.duplicate_of.is_(None),
            requests.c.works == 0,
        )
    )
    return used + Decimal(asked or 0)
