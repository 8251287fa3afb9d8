"""What the demo is made of: commands with ids of their names, the instants at which they were given, and days that make sense."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

NAMESPACE = UUID("0f7d7a1c-5b1e-5d3b-9c62-0d9f5a0e6b11")
ZONE = ZoneInfo("America/Sao_Paulo")
SEED = 2611
Ask = Callable[[str, str, dict[str, Any]], Any]
"""(service, query, params) → what the service answers."""


@dataclass(frozen=True)
class Step:
    """One command to a service. ``key`` names it within the demo: the same key is the same command. ``at``: when it was
    given (None: now). ``historical``: told to nobody, and nothing follows of itself. ``batch``: records, not a command."""

    key: str
    service: str
    command: str
    payload: dict[str, Any] = field(default_factory=dict)
    actor: str = "system"
    at: datetime | None = None
    historical: bool = False
    batch: bool = False
    action: bool = False

    @property
    def id(self) -> str:
        return demo_id(f"command/{self.key}")


WEIGHTS = {
    "critical": ("high", "high"),
    "high": ("high", "medium"),
    "medium": ("medium", "medium"),
    "low": ("low", "low"),
}


def weight(priority: str) -> dict[str, str]:
    """How a customer says that: how many are hit, and how long it can wait. The priority follows from it."""
    impact, urgency = WEIGHTS[priority]
    return {"impact": impact, "urgency": urgency}


class Settle:
    """Before what comes next, every service knows what happened."""


SETTLE = Settle()


def demo_id(name: str) -> str:
    return str(uuid5(NAMESPACE, name))


def user_id(login: str) -> str:
    return demo_id(f"user/{login}")


def staff(login: str) -> str:
    return f"user:{user_id(login)}"


STAFF, ATTENDANT, FINANCE = staff("gerente"), staff("atendente"), staff("financeiro")


@cache
def data(name: str) -> dict[str, Any]:
    """A table of the demo, as it stands in ``data/``."""
    return tomllib.loads((Path(__file__).parent / "data" / f"{name}.toml").read_text("utf-8"))


def logins(role: str) -> list[str]:
    return [login for login, _, roles in data("company")["staff"]["people"] if role in roles]


def month_first(today: date, months: int) -> date:
    """The first day of the month so many months away."""
    return today.replace(day=1) + relativedelta(months=months)


def local(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)


def text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def working(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def evaluation_id(request_id: str, resolution: int) -> str:
    """The id that feedback gives to the evaluation of a resolution."""
    from feedback_service.domain.ids import evaluation_id as made

    return str(made(request_id, resolution))
