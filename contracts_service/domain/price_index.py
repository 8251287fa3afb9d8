"""Published index values, month by month: loaded from a file, accumulated over twelve months.

Values are what the institutes publish (IBGE: IPCA, FGV: IGP-M, Banco Central: taxa legal), in percent of a month; nothing
here computes one. A month that is known with another value is refused unless it is said to be a correction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from contracts_service.domain.days import months_after
from contracts_service.domain.terms import Index
from services.decider import Decider, command, doc, event
from services.errors import Invalid, Refused

MONTHS = 12
PLACES = Decimal("0.0001")
"""Accumulated percentages are rounded half-up to four decimals, as the institutes' own calculators do."""

_EXACT = Context(prec=60)
_LIMIT = Decimal("100")


@dataclass(frozen=True, slots=True)
class IndexValue:
    """``percent`` of the month that begins on ``month``."""

    month: date
    percent: Decimal


@command
class LoadIndexValues:
    """Take published values, as a list or as the text of a file: a month and a percentage a line."""

    index: Index
    values: tuple[IndexValue, ...] = ()
    table: str = doc("lines like 2026-01;0,33 or 01/2026;0.33; a first line of titles is passed over", default="")
    source: str = doc("where they were published", default="")
    correct: bool = doc("the institute corrected months that are known already", default=False)


@event("contracts.index.values_loaded")
class IndexValuesLoaded:
    index: Index
    values: tuple[IndexValue, ...] = doc("months that were not known yet")
    source: str


@event("contracts.index.values_corrected")
class IndexValuesCorrected:
    index: Index
    values: tuple[IndexValue, ...] = doc("months that were known with another value")
    source: str


Event = IndexValuesLoaded | IndexValuesCorrected


@dataclass(frozen=True, slots=True)
class PriceIndex:
    values: dict[date, Decimal] = field(default_factory=dict)


def decide(command: LoadIndexValues, index: PriceIndex) -> list[Event]:
    given: dict[date, Decimal] = {}
    for value in (*command.values, *read_table(command.table)):
        month = value.month.replace(day=1)
        if given.setdefault(month, value.percent) != value.percent:
            raise Refused("index.month-twice", month=month)
        if abs(value.percent) >= _LIMIT:
            raise Refused("index.value-out-of-range", month=month, percent=value.percent)
    if not given:
        raise Refused("index.empty")
    new = {month: percent for month, percent in given.items() if month not in index.values}
    other = {month: percent for month, percent in given.items() if index.values.get(month, percent) != percent}
    if other and not command.correct:
        month = min(other)
        raise Refused("index.value-differs", month=month, known=index.values[month], given=other[month])
    events: list[Event] = []
    if new:
        events.append(IndexValuesLoaded(command.index, _sorted(new), command.source.strip()))
    if other:
        events.append(IndexValuesCorrected(command.index, _sorted(other), command.source.strip()))
    return events


def evolve(index: PriceIndex, event: Event) -> PriceIndex:
    return replace(index, values=index.values | {value.month: value.percent for value in event.values})


def twelve_months(effective_on: date, lag_months: int) -> tuple[date, ...]:
    """The first days of the twelve months that an adjustment takes: the last of them ``lag_months`` before it."""
    last = months_after(effective_on.replace(day=1), -lag_months)
    return tuple(months_after(last, -back) for back in range(MONTHS - 1, -1, -1))


def accumulated(values: Iterable[IndexValue]) -> Decimal:
    """Percent of several months together: (1 + p₁/100)·(1 + p₂/100)·… − 1, half-up to four decimals."""
    factor = Decimal(1)
    for value in values:
        factor = _EXACT.multiply(factor, _EXACT.add(Decimal(1), _EXACT.divide(value.percent, Decimal(100))))
    percent = _EXACT.multiply(_EXACT.subtract(factor, Decimal(1)), Decimal(100))
    return percent.quantize(PLACES, ROUND_HALF_UP, context=_EXACT)


_MONTH = r"(?:(\d{4})-(\d{2})(?:-\d{2})?|(?:\d{2}/)?(\d{2})/(\d{4}))"
_PERCENT = r"(-?\d+(?:[.,]\d+)?)\s*%?"
_LINE = re.compile(rf'\s*"?{_MONTH}"?\s*[;,\t]\s*"?{_PERCENT}"?\s*')


def read_table(text: str) -> tuple[IndexValue, ...]:
    """The values in a file's text. Raises ``Invalid`` that names each line that is none."""
    values, problems = [], []
    lines = text.lstrip("\ufeff").splitlines()
    for number, line in enumerate(lines, 1):
        found = _LINE.fullmatch(line)
        if found is None:
            if line.strip() and not (number == 1 and not any(sign.isdigit() for sign in line)):
                problems.append({"path": f"table.{number}", "code": "value", "message": "not a month and a percentage"})
            continue
        year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
        try:
            values.append(IndexValue(date(int(year), int(month), 1), Decimal(found[5].replace(",", "."))))
        except (ValueError, InvalidOperation):
            problems.append({"path": f"table.{number}", "code": "value", "message": "no such month"})
    if problems:
        raise Invalid(problems=problems)
    return tuple(values)


def _sorted(values: dict[date, Decimal]) -> tuple[IndexValue, ...]:
    return tuple(IndexValue(month, values[month]) for month in sorted(values))


DECIDER: Decider[LoadIndexValues, PriceIndex, Event] = Decider(PriceIndex(), decide, evolve)
COMMANDS = (LoadIndexValues,)
EVENTS = (IndexValuesLoaded, IndexValuesCorrected)
