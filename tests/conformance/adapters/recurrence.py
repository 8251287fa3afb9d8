"""Kinds about periods and bill days: billing_service/domain/recurrence.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import islice
from typing import Any

from billing_service.domain import recurrence as r
from billing_service.domain.proration import factor
from tests.conformance.compare import Begins, Includes
from tests.conformance.reading import day, offset, the_day
from tests.conformance.runner import adapts

ONE_DAY = timedelta(days=1)
MANY = 400
SOME_DAYS = [date(2023, 1, 1) + ONE_DAY * each for each in range(4 * 366)]
"""Days that stand for any day: a leap cycle of them."""


def cycle_of(given: Mapping[str, Any], **changes: Any) -> r.Recurrence:
    """The recurrence that a case describes. ``end_exclusive`` is the first day that is not covered."""
    anchor = given.get("anchor_day")
    align = given.get("align") or "anniversary"
    if isinstance(given.get("anchor"), str) and not given["anchor"][:1].isdigit():
        align = "anniversary" if "start" in given["anchor"] else "calendar"
    values: dict[str, Any] = {
        "start": day(given.get("start")),
        "rule": given.get("rule", "monthly"),
        "interval": given.get("interval") or 1,
        "anchor_day": anchor,
        "align": align,
        "end": day(given.get("end")),
    }
    if given.get("end_exclusive"):
        values["end"] = the_day(given["end_exclusive"]) - ONE_DAY
    return r.Recurrence(**{**values, **changes})


def billed(cycle: r.Recurrence, period: r.Period, given: Mapping[str, Any]) -> date:
    return r.bill_on(
        period.start, period.end, cycle.rule, given.get("mode", "advance"), given.get("invoice_offset_days")
    )


def as_answer(cycle: r.Recurrence, period: r.Period, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"start": period.start, "end": period.end, "invoice_date": billed(cycle, period, given)}


@adapts("recurrence_next_invoice", "recurrence_sequence", "recurrence_calendar_aligned", "recurrence_billing_days")
def schedule(given: Mapping[str, Any]) -> dict[str, Any]:
    cycle = cycle_of(given)
    endless = cycle.end is None
    periods = [as_answer(cycle, p, given) for p in islice(cycle.periods(), MANY if endless else None)]
    first = periods[0] if periods else None

    def bill_days() -> Iterator[date]:
        return (billed(cycle, period, given) for period in cycle.periods())

    answer: dict[str, Any] = {
        "invoice_date": first and first["invoice_date"],
        "period": first and [first["start"], first["end"]],
        "first_period": first,
        "periods": Begins(periods),
        "invoice_dates": Begins([period["invoice_date"] for period in periods]),
        "invoice_dates_include": Includes(bill_days),
    }
    if not endless:
        answer |= {"last_period": periods[-1] if periods else None, "total_periods": len(periods)}
    return answer


@adapts("recurrence_property")
def for_any_start(given: Mapping[str, Any]) -> dict[str, Any]:
    """What holds for any day D: asked for each day of a leap cycle; different answers are told as a list."""
    counts = set()
    for each in SOME_DAYS:
        start, end = each + offset(given["start"]), each + offset(given["end"])
        counts.add(sum(1 for _ in cycle_of({**given, "start": None, "end": None}, start=start, end=end).periods()))
    return {"total_periods": counts.pop() if len(counts) == 1 else sorted(counts)}


@adapts("months_in_period")
def months(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"months": r.months_in(the_day(given["start"]), the_day(given["end"]))}


@adapts("recurrence_run_period")
def run_period(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a run on a day bills, for a line whose cycles count from ``anchor`` and whose service ``started`` later."""
    ended = given.get("terminated") or given.get("end")
    cycle = cycle_of({**given, "anchor": None, "end": None}, start=the_day(given["anchor"]), end=day(ended))
    on = the_day(given["run_date"])
    if given.get("mode", "advance") == "advance":
        period = cycle.period_containing(on if cycle.end is None else min(on, cycle.end))
    else:
        period = cycle.last_complete(on)
    if period is not None and given.get("started"):
        period = period.clip(the_day(given["started"]), None)
    return {"period_start": period and period.start, "period_end": period and period.end}


@adapts("recurrence_override", "proration_factor")
def moved(given: Mapping[str, Any]) -> dict[str, Any]:
    """A person chose the next bill day: what it bills, what share of a whole period that is, and what follows."""
    on = the_day(given.get("next_invoice_date_set_to") or given["next_invoice_date"])
    rule, interval, mode, end = (
        given.get("rule", "monthly"),
        given.get("interval") or 1,
        given.get("mode", "advance"),
        day(given.get("end")),
    )
    period = r.moved_period(
        on,
        rule,
        interval,
        mode,
        start=the_day(given["start"]),
        billed_through=day(given.get("billed_through")),
        end=end,
        offset_days=given.get("invoice_offset_days"),
    )
    if period is None:
        return {"period_start": None, "period_end": None, "invoice_date": None, "next_invoice_date": None}
    rest = r.Recurrence(period.end + ONE_DAY, rule, interval, end=end)
    following = next(rest.periods(), None)
    return {
        "period_start": period.start,
        "period_end": period.end,
        "invoice_date": on,
        "full_period": [period.full_start, period.full_end],
        "factor": factor(period),
        "billed_through_after_run": period.end,
        "next_invoice_date": following and billed(rest, following, given),
    }


@adapts("anchor_first_cycle")
def first_cycle(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"first_cycle_date": cycle_of(given).first_cycle_date()}


@adapts("anchor_periods")
def anchored(given: Mapping[str, Any]) -> dict[str, Any]:
    """All that runs until a day have billed; the end of these cases is the first day that is not covered."""
    cycle = cycle_of({**given, "end": None, "end_exclusive": given.get("end")})
    found = r.billed_by(
        cycle, the_day(given["run_date"]), given.get("mode", "advance"), given.get("invoice_offset_days")
    )
    return {"periods": [as_answer(cycle, period, given) for period in found]}


@adapts("advance_n_periods")
def advanced(given: Mapping[str, Any]) -> dict[str, Any]:
    start, rule, count = the_day(given["from"]), given.get("rule", "monthly"), given["count"]
    if count < 0:
        dates = [r.step(start, rule, -each) for each in range(-count + 1)]
    else:
        dates = r.step_dates(start, rule, count)
    return {"dates": dates, "date": dates[-1]}


@adapts("whole_periods")
def whole(given: Mapping[str, Any]) -> dict[str, Any]:
    first, end = the_day(given["from"]), the_day(given["to_exclusive"])
    return {"whole_periods": r.whole_periods(first, end, given.get("rule", "monthly"), given.get("interval") or 1)}


@adapts("anchor_sequence_31")
def sequence(given: Mapping[str, Any]) -> dict[str, Any]:
    """The first ``n`` cycle dates, and how many periods are billed by the day before each and by itself."""
    cycle = cycle_of(given)
    dates = [cycle.cycle_date(k) for k in range(given["n"])]

    def billed_by(days: list[date]) -> str:
        """As a formula in k, where one holds for all dates (k counts from 0)."""
        counts = [sum(1 for _ in r.billed_by(cycle, on, given.get("mode", "advance"))) for on in days]
        surplus = {count - k for k, count in enumerate(counts)}
        if len(surplus) > 1:
            return f"different: {counts}"
        more = surplus.pop()
        return f"k{more:+d}" if more else "k"

    return {
        "cycle_dates": dates,
        "periods_billed_the_day_before_kth_date": billed_by([on - ONE_DAY for on in dates]),
        "periods_billed_on_kth_date": billed_by(dates),
    }


@adapts("weekly_alignment")
def aligned(given: Mapping[str, Any]) -> dict[str, Any]:
    anchor, on = the_day(given["cycle_anchor"]), the_day(given["on_or_after"])
    return {"date": r.next_on_cycle(anchor, on, "weekly", given.get("interval_weeks") or 1)}
