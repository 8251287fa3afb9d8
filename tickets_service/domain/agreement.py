"""What a contract promises for one service: targets, calendar, quantities, prices and evidence, as of a day.

An ``Agreement`` is the part of the contract's terms that requests obey. It is read from the terms that the contracts
service publishes and handed to the rules as a fact; a request keeps no copy, so that an addendum reaches it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tickets_service.domain.calendar import BusinessCalendar, CalendarTerms, Opening, calendar_of

MEGABYTE = 1024 * 1024
DEFAULT_TIME_ZONE = "America/Sao_Paulo"
PRIORITIES = ("critical", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class PriorityTarget:
    """How fast, in minutes of the agreement's calendar."""

    priority: str
    response_minutes: int | None = None
    resolution_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class LadderStep:
    """Who is told of a deadline: at ``percent`` of its target, or ``minutes`` of business time after it is due."""

    level: int
    kind: str = "resolution"
    percent: int | None = None
    minutes: int | None = None
    role: str | None = None
    user_id: str | None = None
    any_hour: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """One service under one contract, as of a day."""

    service_type_id: str
    code: str
    name: str
    calendar: CalendarTerms
    clause: str = ""
    targets: tuple[PriorityTarget, ...] = ()
    included_quantity: Decimal | None = None  # per month; None: without limit
    unit: str = "hour"
    overage_unit_price: Decimal | None = None
    evidence: tuple[str, ...] = ()
    tacit_confirmation: bool = True  # silence may stand for the confirmation, where that is the evidence
    channels: tuple[str, ...] = ()
    reopen_days: int | None = None  # None: no limit
    ceiling: Decimal | None = None  # of the service's per-use line, for all uses of a period
    emergency_limit: Decimal | None = None  # None: no emergency clause
    matrix: tuple[tuple[str, str, str], ...] = ()  # impact, urgency, priority: where the usual matrix does not hold
    document_bytes: int | None = None  # None: the usual size
    accept_excess: bool = False
    ladder: tuple[LadderStep, ...] = ()

    @property
    def business_calendar(self) -> BusinessCalendar:
        return calendar_of(self.calendar)

    def minutes(self, kind: str, priority: str) -> int | None:
        """The target of a clock ("response" or "resolution"); None where the contract sets none."""
        for target in self.targets:
            if target.priority == priority:
                return target.response_minutes if kind == "response" else target.resolution_minutes
        return None


def agreement_from_terms(terms: Mapping[str, Any], service_type_id: str | None) -> Agreement | None:
    """The agreement on one service in a contract's published terms (JSON values); None if they do not name it.

    Without a service (imported history) it is the only one of the contract, if there is just one.
    """
    services: Sequence[Mapping[str, Any]] = terms.get("services") or ()
    chosen = [each for each in services if each.get("service_type_id") == service_type_id]
    if service_type_id is None and len(services) == 1:
        chosen = list(services)
    if not chosen:
        return None
    service = chosen[0]
    rules: Mapping[str, Any] = terms.get("requests") or {}
    use = _use_line(terms.get("lines") or (), service)
    price = service.get("overage_unit_price")
    return Agreement(
        service_type_id=str(service["service_type_id"]),
        code=str(service.get("code") or ""),
        name=str(service.get("name") or ""),
        calendar=calendar_from_terms(terms, always=service.get("calendar") == "24x7"),
        clause=_clause(terms.get("lines") or (), service),
        targets=tuple(
            PriorityTarget(str(t["priority"]), t.get("response_minutes"), t.get("resolution_minutes"))
            for t in service.get("targets") or ()
        ),
        included_quantity=_decimal(service.get("included_quantity")),
        unit=str(service.get("unit") or "hour"),
        overage_unit_price=_decimal(price if price is not None else use.get("amount")),
        evidence=tuple(service.get("evidence") or ()),
        tacit_confirmation=bool(service.get("tacit_confirmation", True)),
        channels=tuple(service.get("channels") or ()),
        reopen_days=rules.get("reopen_days"),
        ceiling=_decimal(use.get("ceiling")),
        emergency_limit=_decimal(rules.get("emergency_limit")),
        matrix=tuple((str(r["impact"]), str(r["urgency"]), str(r["priority"])) for r in rules.get("priorities") or ()),
        document_bytes=None if rules.get("document_mb") is None else int(rules["document_mb"]) * MEGABYTE,
        accept_excess=bool(rules.get("accept_excess")),
        ladder=_ladder(terms.get("escalation") or (), service_type_id=str(service["service_type_id"])),
    )


def _ladder(steps: Sequence[Mapping[str, Any]], service_type_id: str) -> tuple[LadderStep, ...]:
    """The service's own steps, and those for every service whose level and clock it has no own step of."""
    own = {_rung(step) for step in steps if step.get("service_type_id") == service_type_id}
    return tuple(
        LadderStep(
            level=int(step["level"]),
            kind=str(step.get("clock") or "resolution"),
            percent=step.get("percent"),
            minutes=step.get("minutes"),
            role=step.get("role"),
            user_id=step.get("user_id"),
            any_hour=bool(step.get("any_hour")),
        )
        for step in steps
        if step.get("service_type_id") == service_type_id
        or (step.get("service_type_id") is None and _rung(step) not in own)
    )


def _rung(step: Mapping[str, Any]) -> tuple[str, int]:
    return str(step.get("clock") or "resolution"), int(step["level"])


def calendar_from_terms(terms: Mapping[str, Any], *, always: bool = False) -> CalendarTerms:
    """The contract's calendar and time zone."""
    calendar = terms.get("calendar") or {}
    return CalendarTerms(
        time_zone=str(terms.get("time_zone") or DEFAULT_TIME_ZONE),
        openings=() if always else tuple(_openings(calendar.get("intervals") or ())),
        holidays=() if always else tuple(date.fromisoformat(day) for day in calendar.get("holidays") or ()),
        always=always,
    )


def _openings(intervals: Iterable[Mapping[str, Any]]) -> Iterable[Opening]:
    return (Opening(int(i["weekday"]), str(i["opens"]), str(i["closes"])) for i in intervals)


def _use_line(lines: Iterable[Mapping[str, Any]], service: Mapping[str, Any]) -> Mapping[str, Any]:
    """The per-use line of this service; empty where there is none."""
    of_service = (line for line in lines if line.get("service_type_id") == service.get("service_type_id"))
    return next((line for line in of_service if line.get("kind") == "per_use"), {})


def _clause(lines: Iterable[Mapping[str, Any]], service: Mapping[str, Any]) -> str:
    """The clause of the charge line for this service, else the service's code in the contract's list of services."""
    for line in lines:
        if line.get("service_type_id") == service.get("service_type_id") and line.get("clause"):
            return str(line["clause"])
    return f"services.{service.get('code') or service.get('service_type_id')}"


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
