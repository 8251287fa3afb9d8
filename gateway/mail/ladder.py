"""Reminders of one debt come to a person one after the other: in the order of their levels, one a business day.

After an outage several levels may be due at once. None is skipped, and nobody gets them all in one morning.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from gateway.mail.hours import Hours, next_allowed
from gateway.mail.tables import mail

REMINDER = "reminder_"
_OPEN = ("waiting", "sending")


def after_the_others(
    conn: Connection, row: Mapping[str, Any], now: datetime, hours: Hours, zone: str, state: str
) -> datetime | None:
    """When a reminder may go out because of the others of its debt, at the earliest; None: it need not wait."""
    debt, level = row["facts"].get("receivable_id"), row["facts"].get("level")
    if not row["template"].startswith(REMINDER) or debt is None or level is None:
        return None
    same = (mail.c.recipient_id == row["recipient_id"], mail.c.customer_id == row["customer_id"])
    others = conn.execute(select(mail).where(*same, mail.c.template.startswith(REMINDER, autoescape=True))).mappings()
    waits: list[datetime] = []
    for other in others:
        facts = other["facts"]
        if other["mail_id"] == row["mail_id"] or facts.get("receivable_id") != debt:
            continue
        if other["state"] in _OPEN and _before(other, row):
            waits.append(_next_day(max(other["due_at"], now), hours, zone, state))
        elif other["state"] == "sent":
            waits.append(_next_day(other["ended_at"], hours, zone, state))
    last = max(waits, default=now)
    return last if last > now else None


def _before(other: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """The lower level goes first; of two of one level (a debt that was opened again) the older one."""
    return (other["facts"].get("level") or 0, other["queued_at"], other["mail_id"]) < (
        row["facts"]["level"],
        row["queued_at"],
        row["mail_id"],
    )


def _next_day(at: datetime, hours: Hours, zone: str, state: str) -> datetime:
    place = ZoneInfo(zone)
    midnight = datetime.combine(at.astimezone(place).date() + timedelta(days=1), time(), place)
    return next_allowed(midnight, hours, zone, state, business=True)


__all__ = ["after_the_others"]
