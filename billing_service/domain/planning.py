"""The agenda: which charges an account's terms ask for, given what is billed already.

What *should* be charged is a pure function of the terms' versions and of the stops. What is planned is that, minus
the days that a billed or a planned charge covers: so no day is charged twice and none is left out, in whatever order
terms, stops and bills come.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from .events import PlannedCharge
from .explanation import Explanation
from .ids import charge_id
from .money import half_up, is_charged, plain
from .pricing import Price, changes, price_on
from .proration import day_counts, factor
from .recurrence import Period, bill_on, months_after
from .state import Account, TermsVersion
from .terms import BillingTerms, ChargeLine

ONE_DAY = timedelta(days=1)
HORIZON_MONTHS = 12
RHYTHM = ("kind", "rule", "interval", "anchor_day", "align", "proration")


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive days on which a line is charged in the same way; ``last`` ``None``: no end."""

    line: ChargeLine
    version: TermsVersion
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Part:
    """Days of one period of a line, to be charged."""

    line: ChargeLine
    version: TermsVersion
    period: Period


def month_end(day: date) -> date:
    return months_after(day.replace(day=1), 1) - ONE_DAY


def horizon(day: date) -> date:
    """Until when the agenda is planned on ``day``: the end of the month twelve months later."""
    return month_end(months_after(day, HORIZON_MONTHS, anchor_day=1))


def first_day(terms: BillingTerms) -> date:
    """The first day on which one of the lines is charged."""
    return min([terms.starts_on, *(line.span(terms)[0] for line in terms.lines)])


def plan_more(state: Account, through: date) -> list[PlannedCharge]:
    """What the agenda lacks until ``through``."""
    return plan(state, state.through or first_day(state.terms), through)


def plan(state: Account, since: date, through: date) -> list[PlannedCharge]:
    """Charges of all periods that reach ``since`` or later and start by ``through``, not billed or planned yet."""
    taken = _taken(state)
    return [
        _charge(state, part)
        for line_id in _line_ids(state)
        for part in _uncovered(parts(state, line_id, since, through), taken.get(line_id, []))
        if is_charged(_price(part))
    ]


def parts(state: Account, line_id: str, since: date, through: date) -> Iterator[Part]:
    """What should be charged for a line, whether billed or not: its periods within its windows, minus the stops."""
    for window in _active(state, _windows(state, line_id)):
        if window.last is not None and window.last < since:
            continue
        if window.line.kind == "one_off":
            day = window.first
            if since <= day <= through:
                yield Part(window.line, window.version, Period(day, day, day, day))
            continue
        start, _ = window.line.span(window.version.terms)
        endless = replace(window.line.recurrence(window.version.terms), start=start, end=None)
        for period in endless.periods(max(since, window.first)):
            clipped = period.clip(window.first, window.last)
            if clipped is None or clipped.start > through:
                break
            yield Part(window.line, _in_force(state, window, clipped.start), clipped)


def priced_alike(a: ChargeLine | None, b: ChargeLine | None) -> bool:
    """Whether days under ``a`` and days under ``b`` cost the same, billed in the same periods."""
    if a is None or b is None:
        return a is b
    names = (*RHYTHM, "amount", "discounts", "minimum", "ceiling")
    return all(getattr(a, name) == getattr(b, name) for name in names)


def _price(part: Part) -> Decimal:
    return part.line.amount if part.line.kind == "one_off" else price_on(part.line, part.period.start).amount


def _line_ids(state: Account) -> list[str]:
    lines = (line for version in state.versions for line in version.terms.lines if line.kind != "per_use")
    return list(dict.fromkeys(line.line_id for line in lines))


def _windows(state: Account, line_id: str) -> list[Window]:
    """The line under each version of the terms; versions that do not change it are one window."""
    found: list[Window] = []
    done = False
    for index, version in enumerate(state.versions):
        line = version.terms.line(line_id)
        if line is None:
            continue
        start, end = line.span(version.terms)
        elsewhere = version.terms.billed_elsewhere(line)
        is_new = not found and not done
        undone = index + 1 < len(state.versions) and state.versions[index + 1].effective_on <= version.effective_on
        if line.kind == "one_off":
            if (
                is_new and not undone
            ):  # once, whatever later terms repeat; without a day of its own, when it comes into the terms
                if index:
                    start = max(line.starts_on or version.effective_on, version.effective_on)
                if elsewhere is not None and start <= elsewhere and state.versions[0].terms.line(line_id) is not None:
                    done = True  # of the contract as it was taken over: the other system charged it
                    continue
                found.append(Window(line, version, start, start))
            continue
        first = start if index == 0 else max(start, version.effective_on)
        if elsewhere is not None:  # the periods stay where they are: what is left of one is prorated
            first = max(first, elsewhere + ONE_DAY)
        following = state.versions[index + 1].effective_on - ONE_DAY if index + 1 < len(state.versions) else None
        lasts = [day for day in (end, following) if day is not None]
        window = Window(line, version, first, min(lasts) if lasts else None)
        if window.last is not None and window.last < window.first:
            continue
        for piece in _priced(window):
            before = found[-1] if found else None
            if before is not None and before.last == piece.first - ONE_DAY and _same(before, piece):
                piece = Window(piece.line, piece.version, before.first, piece.last)
                found.pop()
            found.append(piece)
    return found


def _priced(window: Window) -> Iterator[Window]:
    """The window in pieces of one price: cut where a discount begins or has ended."""
    first = window.first
    for day in changes(window.line, window.first, window.last):
        yield replace(window, first=first, last=day - ONE_DAY)
        first = day
    yield replace(window, first=first)


def _same(a: Window, b: Window) -> bool:
    starts = a.line.span(a.version.terms)[0] == b.line.span(b.version.terms)[0]
    rhythm = all(getattr(a.line, name) == getattr(b.line, name) for name in (*RHYTHM, "mode", "offset_days"))
    return starts and rhythm and price_on(a.line, a.first).amount == price_on(b.line, b.first).amount


def _active(state: Account, windows: list[Window]) -> Iterator[Window]:
    """The windows without the days on which planning was stopped."""
    for window in windows:
        first: date | None = window.first
        for stop, resumed in sorted(state.stops, key=lambda item: item[0]):
            if first is None or (window.last is not None and stop > window.last):
                break
            if resumed is not None and resumed <= first:
                continue
            if stop > first:
                yield replace(window, first=first, last=stop - ONE_DAY)
            # something that is charged once is not put off by a stop: it is charged before it, or not at all
            first = None if window.line.kind == "one_off" else resumed
        if first is not None and (window.last is None or first <= window.last):
            yield replace(window, first=first)


def _in_force(state: Account, window: Window, day: date) -> TermsVersion:
    version = state.version_at(day)
    return version if version.terms.line(window.line.line_id) is not None else window.version


def _taken(state: Account) -> dict[str, list[tuple[date, date]]]:
    """Days that a billed or planned charge covers, by line, in order. All of them: a period that reaches the days to
    plan may begin before them."""
    taken: dict[str, list[tuple[date, date]]] = {}
    for billed in state.billed.values():
        if billed.line.line_id and billed.covers and billed.start and billed.end:
            taken.setdefault(billed.line.line_id, []).append((billed.start, billed.end))
    for item in state.pending.values():
        if item.planned and item.line_id and item.period_start and item.period_end:
            taken.setdefault(item.line_id, []).append((item.period_start, item.period_end))
    for spans in taken.values():
        spans.sort()
    return taken


def _uncovered(wanted: Iterator[Part], taken: list[tuple[date, date]]) -> Iterator[Part]:
    for part in wanted:
        first, last = part.period.start, part.period.end
        for start, end in taken:
            if end < first or start > last:
                continue
            if start > first:
                yield replace(part, period=replace(part.period, start=first, end=start - ONE_DAY))
            first = end + ONE_DAY
        if first <= last:
            yield replace(part, period=replace(part.period, start=first, end=last))


def _charge(state: Account, part: Part) -> PlannedCharge:
    line, period, version = part.line, part.period, part.version
    said = version.terms.line(line.line_id) or line  # clause and words as they stood on the period's first day
    day = period.start
    if line.kind != "one_off":
        day = bill_on(period.start, period.end, line.rule, line.mode, line.offset_days)
    explanation = explain(line, period, version)
    id_ = _new_id(state, line.line_id, period.start)
    decided = state.decisions.get(id_)
    moved = decided.bill_on if decided else None
    return PlannedCharge(
        charge_id=id_,
        line_id=line.line_id,
        clause=said.clause,
        description=said.description,
        period_start=period.start,
        period_end=period.end,
        bill_on=moved or day,
        amount=explanation.amount,
        explanation=explanation if said.clause == line.clause else replace(explanation, clause=said.clause),
        held=decided.held if decided else False,
        due_on=decided.due_on if decided else None,
        moved_from=day if moved else None,
        reason=decided.reason if decided else "",
    )


def _new_id(state: Account, line_id: str, start: date) -> str:
    """The charge's id; charged anew after a full credit, the next revision of it."""
    revision = 0
    while True:
        found = charge_id(state.contract_id, line_id, start, revision)
        billed = state.billed.get(found)
        if billed is None or billed.covers:
            return found
        revision += 1


def explain(line: ChargeLine, period: Period, version: TermsVersion) -> Explanation:
    """Why a line's period costs what it costs."""
    price = Price(line.amount) if line.kind == "one_off" else price_on(line, period.start)
    if line.kind == "one_off":
        return Explanation(
            kind="once",
            amount=half_up(price.amount),
            clause=line.clause,
            cause=version.cause,
            terms=version.effective_on,
            unit_price=price.amount,
            occurred_on=period.start,
            pricing=price.pricing,
        )
    part, whole = day_counts(period, line.proration)
    if period.is_whole:  # nearly all of them: no fraction is needed
        part, amount = whole, half_up(price.amount)
        exact = plain(Fraction(price.amount)) if amount != price.amount else None
    else:
        value = factor(period, line.proration) * Fraction(price.amount)
        amount = half_up(value)
        exact = plain(value) if value != Fraction(amount) else None
    return Explanation(
        kind="period",
        amount=amount,
        clause=line.clause,
        cause=version.cause,
        terms=version.effective_on,
        unit_price=price.amount,
        pricing=price.pricing,
        rule=line.rule,
        basis=line.proration,
        period_start=period.start,
        period_end=period.end,
        full_start=period.full_start,
        full_end=period.full_end,
        days=part,
        full_days=whole,
        factor="1" if period.is_whole else f"{part}/{whole}",
        exact=exact,
        rounding="none" if exact is None else "half_up",
    )
