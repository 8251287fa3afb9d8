"""Which discounts, bounds, visit plans, notices and windows make sense; part of ``terms_check``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from contracts_service.domain.customer_messages import Right
from contracts_service.domain.terms import ContractTerms, DunningLevel, Line, LineKind, Priority
from contracts_service.domain.terms_rules import Align, Discount, VisitPlan

Problem = tuple[str, str]  # path, code

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
MOST_OFFSET, MOST_VISITS, LONGEST_TEXT = 90, 31, 2000
RIGHTS = frozenset(Right)
LEVELS = ("high", "medium", "low")
LARGEST_DOCUMENT_MB = 25

MESSAGES = {
    "terms.percent": "must be 0 to 100",
    "terms.discount-empty": "takes nothing off: it needs a percentage or an amount",
    "terms.minimum-over-ceiling": "is more than the ceiling",
    "terms.only-recurring": "is for recurring lines only",
    "terms.only-per-use": "is for lines per use only",
    "terms.not-one-off": "is not for one-off lines",
    "terms.anchor-with-calendar": "a line aligned to the calendar has no anchor day",
    "terms.offset": "must be -90 to 90 days",
    "terms.month": "must be 1 to 12",
    "terms.document-size": "must be 1 to 25 MB",
    "terms.unknown-level": "is not known",
    "terms.too-many": "is too many",
    "terms.too-long": "is too long",
    "terms.unknown-right": "is not a contact's right",
    "terms.before-start": "is before the contract begins: leave it out where nothing was billed elsewhere",
    "terms.before-tacit": "the answers would end before silence counts as a confirmation",
}


def line_problems(path: str, line: Line) -> Iterator[Problem]:
    for name in ("minimum", "ceiling"):
        yield from _amount(f"{path}.{name}", getattr(line, name))
    if line.minimum is not None and line.ceiling is not None and line.minimum > line.ceiling:
        yield f"{path}.minimum", "terms.minimum-over-ceiling"
    if line.included_quantity is not None and line.included_quantity < 0:
        yield f"{path}.included_quantity", "terms.negative"
    yield from _misplaced(path, line)
    if line.align is Align.CALENDAR and line.anchor_day is not None:
        yield f"{path}.anchor_day", "terms.anchor-with-calendar"
    if line.offset_days is not None and abs(line.offset_days) > MOST_OFFSET:
        yield f"{path}.offset_days", "terms.offset"
    for at, discount in enumerate(line.discounts):
        yield from _discount(f"{path}.discounts.{at}", discount)


def _misplaced(path: str, line: Line) -> Iterator[Problem]:
    """Settings that a line of this kind cannot obey: it is said here, not ignored when it is billed."""
    if line.kind is not LineKind.RECURRING:
        for name in ("discounts", "minimum", "offset_days", "billed_through"):
            if getattr(line, name) not in (None, ()):
                yield f"{path}.{name}", "terms.only-recurring"
    if line.kind is not LineKind.PER_USE and line.included_quantity is not None:
        yield f"{path}.included_quantity", "terms.only-per-use"
    if line.kind is LineKind.ONE_OFF and line.ceiling is not None:
        yield f"{path}.ceiling", "terms.not-one-off"


def _discount(path: str, discount: Discount) -> Iterator[Problem]:
    if not 0 <= discount.percent <= 100:
        yield f"{path}.percent", "terms.percent"
    yield from _amount(f"{path}.amount", discount.amount)
    if not discount.percent and not discount.amount:
        yield f"{path}.percent", "terms.discount-empty"
    if discount.starts_on and discount.ends_on and discount.ends_on < discount.starts_on:
        yield f"{path}.ends_on", "terms.period"


def visit_problems(terms: ContractTerms) -> Iterator[Problem]:
    services = {service.service_type_id for service in terms.services}
    seen: set[str] = set()
    for at, plan in enumerate(terms.visit_plan):
        path = f"visit_plan.{at}"
        if not plan.plan_id.strip():
            yield f"{path}.plan_id", "terms.blank"
        if plan.plan_id in seen:
            yield f"{path}.plan_id", "terms.duplicate"
        seen.add(plan.plan_id)
        if plan.service_type_id not in services:
            yield f"{path}.service_type_id", "terms.unknown-service"
        yield from _visit(path, plan)


def _visit(path: str, plan: VisitPlan) -> Iterator[Problem]:
    if plan.per_month <= 0:
        yield f"{path}.per_month", "terms.not-positive"
    elif plan.per_month > MOST_VISITS:
        yield f"{path}.per_month", "terms.too-many"
    for nth, weekday in enumerate(plan.weekdays):
        if not 0 <= weekday <= 6:
            yield f"{path}.weekdays.{nth}", "terms.weekday"
        elif weekday in plan.weekdays[:nth]:
            yield f"{path}.weekdays.{nth}", "terms.duplicate"
    yield from _hours(path, plan)


def _hours(path: str, said: Any) -> Iterator[Problem]:
    wrong = [name for name in ("opens", "closes") if not CLOCK.fullmatch(getattr(said, name))]
    yield from ((f"{path}.{name}", "terms.clock") for name in wrong)
    if not wrong and said.closes <= said.opens:
        yield f"{path}.closes", "terms.period"


def communication_problems(terms: ContractTerms) -> Iterator[Problem]:
    told = terms.communication
    yield from _hours("communication", told)
    for at, rule in enumerate(told.notices):
        if rule in told.notices[:at]:
            yield f"communication.notices.{at}", "terms.duplicate"
        for nth, right in enumerate(rule.rights):
            if right not in RIGHTS:
                yield f"communication.notices.{at}.rights.{nth}", "terms.unknown-right"


def dunning_problems(levels: tuple[DunningLevel, ...]) -> Iterator[Problem]:
    for at, level in enumerate(levels):
        if len(level.text) > LONGEST_TEXT:
            yield f"dunning.{at}.text", "terms.too-long"


def window_problems(terms: ContractTerms) -> Iterator[Problem]:
    """Reopening, emergencies, the adjustment's month, the evaluation's end and comment."""
    yield from _amount("requests.emergency_limit", terms.requests.emergency_limit)
    if terms.requests.reopen_days is not None and terms.requests.reopen_days < 0:
        yield "requests.reopen_days", "terms.negative"
    if terms.requests.document_mb is not None and not 1 <= terms.requests.document_mb <= LARGEST_DOCUMENT_MB:
        yield "requests.document_mb", "terms.document-size"
    cells: set[tuple[str, str]] = set()
    for at, rule in enumerate(terms.requests.priorities):
        for name, known in (("impact", LEVELS), ("urgency", LEVELS), ("priority", tuple(Priority))):
            if getattr(rule, name) not in known:
                yield f"requests.priorities.{at}.{name}", "terms.unknown-level"
        if (rule.impact, rule.urgency) in cells:
            yield f"requests.priorities.{at}", "terms.duplicate"
        cells.add((rule.impact, rule.urgency))
    if terms.adjustment.month is not None and not 1 <= terms.adjustment.month <= 12:
        yield "adjustment.month", "terms.month"
    evaluation = terms.evaluation
    if evaluation.expiry_days is not None and evaluation.expiry_days <= 0:
        yield "evaluation.expiry_days", "terms.not-positive"
    elif evaluation.expiry_days is not None and evaluation.expiry_days < evaluation.tacit_days:
        yield "evaluation.expiry_days", "terms.before-tacit"
    if not 0 <= evaluation.comment_below <= 6:
        yield "evaluation.comment_below", "terms.score-limit"


def _amount(path: str, amount: Decimal | None) -> Iterator[Problem]:
    if amount is not None and amount < 0:
        yield path, "terms.negative"
    if amount is not None and amount != amount.quantize(Decimal("0.01")):
        yield path, "terms.cents"
