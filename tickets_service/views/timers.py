"""Timers: warnings and breaches of deadlines as rows of ``due``. Their commands compute again when their time comes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from services.component import View
from services.due import schedule, unschedule
from services.events import Incoming
from services.rows import Rows
from tickets_service.domain.commands import BreachDeadline, EscalateDeadline, WarnDeadline

KINDS: tuple[Literal["response", "resolution"], ...] = ("response", "resolution")


class TimersView(View):
    name = "timers"
    source = "tickets"

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        match event.type:
            case "tickets.deadline.set" if not event.historical:
                self._set(rows, data["request_id"], data["kind"], _instant(data["due_at"]), _instant(data["warn_at"]))
                self._climb(rows, data["request_id"], data["kind"], _instant(data.get("escalate_at")))
            case "tickets.deadline.met" | "tickets.deadline.breached":
                self._set(rows, data["request_id"], data["kind"], None, None)
            case "tickets.deadline.measured":
                unschedule(rows, _key("escalate", data["request_id"], data["kind"]))
            case "tickets.deadline.warned":
                unschedule(rows, _key("warn", data["request_id"], data["kind"]))
            case "tickets.request.warned" | "tickets.request.escalated":
                self._climb(rows, data["request_id"], data["kind"], _instant(data["next_at"]))
            case "tickets.request.cancelled":
                for clock in KINDS:
                    unschedule(rows, _key("escalate", data["request_id"], clock))

    def _climb(self, rows: Rows, request_id: str, kind: Literal["response", "resolution"], at: datetime | None) -> None:
        """The next step of the ladder; none where all was told, or the clock stands still."""
        key = _key("escalate", request_id, kind)
        if at is None:
            unschedule(rows, key)
        else:
            schedule(rows, key=key, at=at, command=EscalateDeadline(request_id, kind, at))

    def _set(
        self,
        rows: Rows,
        request_id: str,
        kind: Literal["response", "resolution"],
        due_at: datetime | None,
        warn_at: datetime | None,
    ) -> None:
        for name, at, command in (("warn", warn_at, WarnDeadline), ("breach", due_at, BreachDeadline)):
            key = _key(name, request_id, kind)
            if at is None or due_at is None:
                unschedule(rows, key)
            else:
                schedule(rows, key=key, at=at, command=command(request_id, kind, due_at, at))


def keys_of(request_id: str) -> list[str]:
    """The keys of all timers that a request may have."""
    return [_key(name, request_id, kind) for name in ("warn", "breach", "escalate") for kind in KINDS]


def _key(name: str, request_id: str, kind: str) -> str:
    return f"{name}:{request_id}:{kind}"


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
