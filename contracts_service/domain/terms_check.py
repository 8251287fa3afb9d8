"""Which terms make sense: every problem with its path, so that a form can show each at its field.

A problem is ``{"path": "terms.lines.0.amount", "code": "terms.negative", "message": …}``; the words in the reader's
language stand in ``words.py`` under the code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from contracts_service.domain import terms_check_rules as rules
from contracts_service.domain.days import is_time_zone
from contracts_service.domain.terms import (
    ContractTerms,
    DunningLevel,
    Index,
    Line,
    Renewal,
    ServiceTerms,
)
from contracts_service.domain.terms_time import MESSAGES as TIME_MESSAGES
from contracts_service.domain.terms_time import time_problems
from services.errors import Invalid

Problem = tuple[str, str]  # path, code

CONSUMER_FINE_LIMIT = Decimal("2")
"""Percent; consumer contracts only (Código de Defesa do Consumidor, art. 52 § 1)."""

STATES = frozenset(
    "AC AL AP AM BA CE DF ES GO MA MT MS MG PA PB PR PE PI RJ RN RS RO RR SC SP SE TO".split()  # noqa: SIM905
)

MESSAGES = {
    "terms.blank": "must not be empty",
    "terms.negative": "must not be negative",
    "terms.not-positive": "must be greater than zero",
    "terms.cents": "has more than two decimals",
    "terms.duplicate": "stands twice",
    "terms.period": "ends before it begins",
    "terms.outside-contract": "lies outside the contract's period",
    "terms.renewal-without-end": "only a contract with an end can be renewed",
    "terms.time-zone": "is not a known time zone",
    "terms.state": "is not a Brazilian state",
    "terms.weekday": "must be 0 (Monday) to 6 (Sunday)",
    "terms.clock": "must be a time HH:MM",
    "terms.overlap": "overlaps another interval of the day",
    "terms.day-of-month": "must be 1 to 31",
    "terms.unknown-service": "is not a service of this contract",
    "terms.resolution-before-response": "is shorter than the response time",
    "terms.consumer-fine": "is more than the 2 % that consumer law allows",
    "terms.no-open-hours": "the calendar has no open hours, but a service runs in business time",
    "terms.score-limit": "must be 0 to 6",
    "terms.no-price-index": "is a rate of interest, not an index of prices",
    **rules.MESSAGES,
    **TIME_MESSAGES,
}


def check(terms: ContractTerms, *, consumer: bool = False) -> None:
    """Raise ``Invalid`` with all problems of the terms; ``consumer``: the customer is a person."""
    found = [
        {"path": f"terms.{path}", "code": code, "message": MESSAGES[code]} for path, code in problems(terms, consumer)
    ]
    if found:
        raise Invalid("contract.terms-invalid", problems=found)


def problems(terms: ContractTerms, consumer: bool = False) -> list[Problem]:
    return [
        *_period(terms),
        *_services(terms.services),
        *_calendar(terms),
        *_lines(terms),
        *_money_rules(terms, consumer),
        *_dunning(terms.dunning),
        *_evaluation(terms),
        *rules.visit_problems(terms),
        *rules.communication_problems(terms),
        *rules.window_problems(terms),
    ]


def _period(terms: ContractTerms) -> Iterator[Problem]:
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        yield "ends_on", "terms.period"
    if terms.ends_on is None and terms.renewal is not Renewal.NONE:
        yield "renewal", "terms.renewal-without-end"
    yield from _positive("renewal_months", terms.renewal_months)
    yield from _not_negative("notice_days", terms.notice_days)
    yield from _not_negative("offer_days", terms.offer_days)
    if not is_time_zone(terms.time_zone):
        yield "time_zone", "terms.time-zone"
    if terms.state not in STATES:
        yield "state", "terms.state"


def _services(services: tuple[ServiceTerms, ...]) -> Iterator[Problem]:
    yield from _duplicates(services, "services", "service_type_id")
    for at, service in enumerate(services):
        path = f"services.{at}"
        for name in ("service_type_id", "code", "name"):
            yield from _filled(f"{path}.{name}", getattr(service, name))
        if not service.channels:
            yield f"{path}.channels", "terms.blank"
        yield from _duplicates(service.targets, f"{path}.targets", "priority")
        for nth, target in enumerate(service.targets):
            yield from _positive(f"{path}.targets.{nth}.response_minutes", target.response_minutes)
            yield from _positive(f"{path}.targets.{nth}.resolution_minutes", target.resolution_minutes)
            if target.resolution_minutes < target.response_minutes:
                yield f"{path}.targets.{nth}.resolution_minutes", "terms.resolution-before-response"
        yield from _not_negative(f"{path}.included_quantity", service.included_quantity)
        yield from _amount(f"{path}.overage_unit_price", service.overage_unit_price)


def _calendar(terms: ContractTerms) -> Iterator[Problem]:
    intervals = terms.calendar.intervals
    for at, interval in enumerate(intervals):
        path = f"calendar.intervals.{at}"
        if not 0 <= interval.weekday <= 6:
            yield f"{path}.weekday", "terms.weekday"
        clocks = [name for name in ("opens", "closes") if not rules.CLOCK.fullmatch(getattr(interval, name))]
        yield from ((f"{path}.{name}", "terms.clock") for name in clocks)
        if not clocks and interval.closes <= interval.opens:
            yield f"{path}.closes", "terms.period"
        for earlier in intervals[:at]:
            same_day = earlier.weekday == interval.weekday
            if same_day and earlier.opens < interval.closes and interval.opens < earlier.closes:
                yield path, "terms.overlap"
                break
    if not intervals and any(service.calendar == "business" for service in terms.services):
        yield "calendar.intervals", "terms.no-open-hours"
    known = frozenset(service.service_type_id for service in terms.services)
    yield from time_problems(terms.calendar, terms.escalation, known)


def _lines(terms: ContractTerms) -> Iterator[Problem]:
    yield from _duplicates(terms.lines, "lines", "line_id")
    services = {service.service_type_id for service in terms.services}
    for at, line in enumerate(terms.lines):
        path = f"lines.{at}"
        for name in ("line_id", "clause", "description"):
            yield from _filled(f"{path}.{name}", getattr(line, name))
        yield from _amount(f"{path}.amount", line.amount)
        yield from _positive(f"{path}.interval", line.interval)
        if line.anchor_day is not None and not 1 <= line.anchor_day <= 31:
            yield f"{path}.anchor_day", "terms.day-of-month"
        if line.service_type_id is not None and line.service_type_id not in services:
            yield f"{path}.service_type_id", "terms.unknown-service"
        yield from _line_period(path, line, terms)
        yield from rules.line_problems(path, line)


def _line_period(path: str, line: Line, terms: ContractTerms) -> Iterator[Problem]:
    if line.starts_on and line.ends_on and line.ends_on < line.starts_on:
        yield f"{path}.ends_on", "terms.period"
    for name, day in (("starts_on", line.starts_on), ("ends_on", line.ends_on)):
        if day and (day < terms.starts_on or (terms.ends_on and day > terms.ends_on)):
            yield f"{path}.{name}", "terms.outside-contract"


def _money_rules(terms: ContractTerms, consumer: bool) -> Iterator[Problem]:
    yield from _not_negative("billing.due_days", terms.billing.due_days)
    if terms.billing.billed_through and terms.billing.billed_through < terms.starts_on:
        yield "billing.billed_through", "terms.before-start"
    if terms.adjustment.last_on and terms.adjustment.last_on < terms.starts_on:
        yield "adjustment.last_on", "terms.before-start"
    if not rules.CLOCK.fullmatch(terms.billing.issue_hour) or terms.billing.issue_hour == "24:00":
        yield "billing.issue_hour", "terms.clock"
    yield from _not_negative("late.fine_percent", terms.late.fine_percent)
    yield from _not_negative("late.interest_percent_month", terms.late.interest_percent_month)
    if consumer and terms.late.fine_percent > CONSUMER_FINE_LIMIT:
        yield "late.fine_percent", "terms.consumer-fine"
    yield from _not_negative("default.days", terms.default.days)
    yield from _not_negative("default.notice_days", terms.default.notice_days)
    yield from _not_negative("leaving.fine_percent", terms.leaving.fine_percent)
    if terms.leaving.minimum_months is not None:
        yield from _positive("leaving.minimum_months", terms.leaving.minimum_months)
    yield from _not_negative("adjustment.lag_months", terms.adjustment.lag_months)
    if terms.adjustment.index is Index.TAXA_LEGAL:
        yield "adjustment.index", "terms.no-price-index"


def _dunning(levels: tuple[DunningLevel, ...]) -> Iterator[Problem]:
    yield from _duplicates(levels, "dunning", "level")
    for at, level in enumerate(levels):
        yield from _positive(f"dunning.{at}.level", level.level)
    yield from rules.dunning_problems(levels)


def _evaluation(terms: ContractTerms) -> Iterator[Problem]:
    for name in ("delay_hours", "remind_hours", "tacit_days", "edit_hours"):
        yield from _not_negative(f"evaluation.{name}", getattr(terms.evaluation, name))
    if not 0 <= terms.evaluation.score_limit <= 6:
        yield "evaluation.score_limit", "terms.score-limit"


def _filled(path: str, text: str) -> Iterator[Problem]:
    if not text.strip():
        yield path, "terms.blank"


def _positive(path: str, number: int) -> Iterator[Problem]:
    if number <= 0:
        yield path, "terms.not-positive"


def _not_negative(path: str, number: Decimal | int | None) -> Iterator[Problem]:
    if number is not None and number < 0:
        yield path, "terms.negative"


def _amount(path: str, amount: Decimal | None) -> Iterator[Problem]:
    yield from _not_negative(path, amount)
    if amount is not None and amount != amount.quantize(Decimal("0.01")):
        yield path, "terms.cents"


def _duplicates(items: Iterable[Any], path: str, key: str) -> Iterator[Problem]:
    seen: set[Any] = set()
    for at, item in enumerate(items):
        value = getattr(item, key)
        if value in seen:
            yield f"{path}.{at}.{key}", "terms.duplicate"
        seen.add(value)
