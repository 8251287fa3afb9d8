"""Calendars of visits for other programs (iCalendar, RFC 5545), and the secret addresses under which they are read."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from gateway.identity.users import User
from gateway.ports import Backend

BACK, AHEAD = timedelta(days=60), timedelta(days=120)
_STATUS = {"planned": "CONFIRMED", "started": "CONFIRMED", "done": "CONFIRMED"}
_WORDS = {
    "pt-BR": {
        "name": "Visitas",
        "done": "realizada",
        "missed": "não realizada",
        "moved": "Remarcada; era em {day}. {why}",
        "day": "%d/%m/%Y",
    },
    "en": {
        "name": "Visits",
        "done": "done",
        "missed": "missed",
        "moved": "Moved; it was on {day}. {why}",
        "day": "%Y-%m-%d",
    },
}


def link_of(secret: bytes, user_id: str) -> str:
    """What stands in the address: the user, and a keyed HMAC-SHA256 that only we can make."""
    name = base64.urlsafe_b64encode(user_id.encode()).decode().rstrip("=")
    return f"{name}.{_mac(secret, user_id)}"


def reader_of(secret: bytes, link: str) -> str | None:
    """The user of a link; None for one that was not made here."""
    name, _, mac = link.partition(".")
    try:
        user_id = base64.urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
    except ValueError:
        return None
    return user_id if hmac.compare_digest(mac.encode(), _mac(secret, user_id).encode()) else None


def _mac(secret: bytes, user_id: str) -> str:
    return hmac.new(secret, f"calendar/{user_id}".encode(), hashlib.sha256).hexdigest()[:32]


def calendar_of(backend: Backend, user: User, customers: Sequence[str], lang: str, today: date) -> bytes:
    """A customer's visits; for staff, those that are assigned to them."""
    asked: dict[str, Any] = {"since": str(today - BACK), "until": str(today + AHEAD), "limit": 200}
    asked |= {"customers": list(customers)} if user.contacts else {"technician_id": user.user_id, "customers": None}
    words = _WORDS.get(lang, _WORDS["en"])
    calendar = Calendar()
    calendar.add("prodid", "-//Vigencia//visits//PT")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", words["name"])
    while True:
        page = backend.query("visits", asked)
        for row in page["items"]:
            if row["status"] != "cancelled":
                calendar.add_component(_event(row, words, for_customer=bool(user.contacts)))
        if not page["next"]:
            return calendar.to_ical()
        asked["after"] = page["next"]


def _event(row: dict[str, Any], words: dict[str, str], *, for_customer: bool) -> Event:
    zone = ZoneInfo(row["time_zone"] or "America/Sao_Paulo")
    what = row["description"] or row["service_name"] or words["name"]
    state = f" ({words[row['status']]})" if row["status"] in words else ""
    event = Event()
    event.add("uid", f"{row['visit_id']}@vigencia")
    event.add("summary", what + state if for_customer else f"{row['customer_name'] or ''} · {what}{state}")
    event.add("dtstamp", datetime.fromisoformat(row["changed_at"]))
    event.add("last-modified", datetime.fromisoformat(row["changed_at"]))
    event.add("dtstart", datetime.fromisoformat(f"{row['on']}T{row['opens']}").replace(tzinfo=zone))
    event.add("dtend", datetime.fromisoformat(f"{row['on']}T{row['closes']}").replace(tzinfo=zone))
    if row["former_on"] and row["status"] in ("planned", "started"):
        event.add("description", words["moved"].format(day=_day(row["former_on"], words), why=row["reason"] or ""))
    event.add("status", _STATUS.get(row["status"], "TENTATIVE"))
    if row["site_city"] or row["site_name"]:
        event.add("location", ", ".join(part for part in (row["site_name"], row["site_city"]) if part))
    return event


def _day(on: str, words: dict[str, str]) -> str:
    return date.fromisoformat(on).strftime(words["day"])
