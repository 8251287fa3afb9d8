"""Amounts, days, times and names as an English reader of a Brazilian contract reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from contracts_service.domain.terms import Channel, EvidenceKind, Interval, Priority, Rule, Unit
from contracts_service.domain.terms_rules import Language, Topic

CHANNELS = {Channel.PORTAL: "portal", Channel.PHONE: "phone", Channel.EMAIL: "e-mail"}
PRIORITIES = {priority: priority.value for priority in Priority}
UNITS = {Unit.HOUR: "hours", Unit.VISIT: "visits", Unit.REQUEST: "requests"}
RIGHTS = {"requests": "requests", "money": "money", "approval": "approval"}
TOPICS = {
    Topic.REQUEST: "requests",
    Topic.VISIT: "visits",
    Topic.CHARGE: "charges",
    Topic.DUNNING: "late payment",
    Topic.CONTRACT: "changes of the contract",
    Topic.EVALUATION: "evaluations",
}
LANGUAGES = {Language.PT_BR: "Portuguese", Language.EN: "English"}
EVIDENCE = {
    EvidenceKind.SIGNED_ORDER: "signed work order",
    EvidenceKind.PHOTO: "photograph",
    EvidenceKind.EMAIL: "e-mail",
    EvidenceKind.DELIVERY_REPORT: "delivery report",
    EvidenceKind.PORTAL_CONFIRMATION: "confirmation in the portal",
}
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_RULES = {
    Rule.DAILY: "day",
    Rule.WEEKLY: "week",
    Rule.THIRTY_DAYS: "30 days",
    Rule.MONTHLY: "month",
    Rule.MONTHLY_LAST_DAY: "month, on its last day",
    Rule.QUARTERLY: "quarter",
    Rule.SEMESTERLY: "half-year",
    Rule.YEARLY: "year",
}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def money(amount: Decimal) -> str:
    """``R$ 1,500.00``."""
    return f"R$ {amount.quantize(Decimal('0.01')):,.2f}"


def number(value: Decimal) -> str:
    """``2`` or ``2.5``."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(value: date) -> str:
    """``1 January 2026``."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def span(first: date | None, last: date | None) -> str:
    if first and last:
        return f"from {day(first)} to {day(last)}"
    return f"from {day(first)} on" if first else f"until {day(last)}" if last else ""


def minutes(value: int) -> str:
    return f"{value // 60} h" if value % 60 == 0 else f"{value} min"


def months(value: int) -> str:
    return "1 month" if value == 1 else f"{value} months"


def days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def rule(name: Rule, interval: int) -> str:
    """``per month``; ``every 2 periods (month)`` for longer intervals."""
    return f"per {_RULES[name]}" if interval == 1 else f"every {interval} periods ({_RULES[name]})"


def listed(words: Iterable[str]) -> str:
    """``a, b and c``."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def weekdays(numbers: Iterable[int]) -> str:
    return listed(_WEEKDAYS[number] for number in sorted(numbers))


def week(intervals: Sequence[Interval]) -> str:
    """``Monday to Friday from 08:00 to 18:00``; days with the same hours together."""
    hours: dict[int, tuple[str, ...]] = {}
    for each in sorted(intervals, key=lambda i: (i.weekday, i.opens)):
        hours[each.weekday] = (*hours.get(each.weekday, ()), f"from {each.opens} to {each.closes}")
    runs: list[list[int]] = []
    for weekday in sorted(hours):
        if runs and runs[-1][-1] == weekday - 1 and hours[runs[-1][-1]] == hours[weekday]:
            runs[-1].append(weekday)
        else:
            runs.append([weekday])
    return "; ".join(
        f"{_WEEKDAYS[run[0]]}{f' to {_WEEKDAYS[run[-1]]}' if len(run) > 1 else ''} {listed(hours[run[0]])}"
        for run in runs
    )
