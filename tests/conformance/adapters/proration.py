"""Kinds about what a part of a period is worth: billing_service/domain/proration.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from billing_service.domain import proration as p
from billing_service.domain import recurrence as r
from tests.conformance.adapters import accounts
from tests.conformance.adapters.recurrence import ONE_DAY, cycle_of
from tests.conformance.reading import Prose, decimal, month, the_day
from tests.conformance.runner import adapts


@adapts("proration_cycles")
def cycles(given: Mapping[str, Any]) -> dict[str, Any]:
    cycle = cycle_of(given)
    periods = list(r.billed_by(cycle, the_day(given["run_date"]), given.get("mode", "advance")))
    return {"cycles": as_sum(periods), "cycles_decimal": p.cycles(periods)}


def as_sum(periods: Iterable[r.Period]) -> str:
    """ "14/31+1+12/28": shortened periods as days of days, whole ones as their number."""
    terms: list[str] = []
    whole = 0
    for period in periods:
        if period.is_whole:
            whole += 1
            continue
        terms += [str(whole)] if whole else []
        terms.append("/".join(map(str, p.day_counts(period))))
        whole = 0
    return "+".join([*terms, str(whole)] if whole or not terms else terms)


@adapts("proration_fixed_30")
def fixed(given: Mapping[str, Any]) -> dict[str, Any]:
    first, end, in_month = the_day(given["from"]), the_day(given["to_exclusive"]), given.get("days_in_month") or 30
    months = r.MONTHS[given.get("rule", "monthly")] * (given.get("interval") or 1)
    return {
        "factor": p.fixed_month(first, end, months, in_month),
        "days": p.days_fixed(first, end, in_month),
    }


@adapts("proration_actual_days")
def actual(given: Mapping[str, Any]) -> dict[str, Any]:
    """Days after a cycle date, or (``start`` … ``cycle_end_exclusive``) before the first one."""
    rule, interval = given.get("rule", "monthly"), given.get("interval") or 1
    if "cycle_start" in given:
        first, end = the_day(given["cycle_start"]), the_day(given["end_exclusive"])
        whole = (first, r.step(first, rule, interval))
    else:
        first = the_day(given.get("start") or given["from"])
        named = ("cycle_end_exclusive", "next_cycle_date", "cycle_end", "to_exclusive")
        end = the_day(next(given[name] for name in named if name in given))
        whole = (r.step(end, rule, -interval), end)
    return {"factor": p.factor(r.Period(first, end - ONE_DAY, whole[0], whole[1] - ONE_DAY))}


@adapts("proration_amount")
def amount(given: Mapping[str, Any]) -> dict[str, Any]:
    if given.get("cancelled_same_day"):
        return accounts.cancelled_on_the_first_day(decimal(given["period_amount"]), given)
    if "full_period_days" in given:
        first, last = the_day(given["first_day"]), the_day(given["last_day_inclusive"])
        full_start = last - timedelta(days=given["full_period_days"] - 1)
        period = r.Period(first, last, full_start, last)
        cents = p.prorate(decimal(given["period_amount_cents"]) / 100, period) * 100
        return {"amount_cents": int(cents), "factor": p.factor(period)}
    start, end = (the_day(text) for text in given["period"])
    used = r.Period(start, min(the_day(given["cancelled_on"]), end), start, end)
    whole = r.Period(start, end, start, end)
    price = decimal(given["period_amount"])
    kept = p.prorate(price, used if given.get("prorate", True) else whole)
    if given.get("mode") == "advance":  # billed as a whole, and what is not owed is given back
        return {"amount": p.prorate(price, whole), "invoices": 1, "credit_note": price - kept}
    return {"amount": kept, "invoices": 1, "factor": p.factor(used if given.get("prorate", True) else whole)}


@adapts("credit_note_rounding")
def credit(given: Mapping[str, Any]) -> dict[str, Any]:
    fee = decimal(given["prepaid_fee_cents"]) / 100
    note, tax, total = p.credit_note(
        fee, given["unused_days"], given["period_days"], decimal(given.get("tax_rate_percent", 0))
    )
    return {
        "credit_excluding_tax_cents": int(note * 100),
        "tax_cents": int(tax * 100),
        "credit_total_cents": int(total * 100),
    }


MONTH = r"(?P<month>[A-Z][a-z]{2,8})"
CALENDAR = re.compile(rf"calendar (?:(?P<part>[QHS])(?P<number>\d) |(?:{MONTH} ))?(?P<year>\d{{4}})")
ANNIVERSARY = re.compile(
    r"anniversary (?P<d1>\d+) (?P<m1>[A-Z][a-z]+)(?: (?P<y1>\d{4}))?\s*[-\u2013]\s*"
    r"(?P<d2>\d+) (?P<m2>[A-Z][a-z]+)(?: (?P<y2>\d{4}))?(?:, service started (?P<d3>\d+) (?P<m3>[A-Z][a-z]+)(?: (?P<y3>\d{4}))?)?"
)
RULES_BY_MONTHS = {1: "monthly", 3: "quarterly", 6: "semesterly", 12: "yearly"}


@adapts("proration_day_count")
def day_count(given: Mapping[str, Any]) -> dict[str, Any]:
    """The denominator of a proration: the days of the whole period, whatever part of it is used."""
    text = given["period"]
    if found := CALENDAR.fullmatch(text):
        cycle = r.Recurrence(*_calendar(found), align="calendar")
        period = cycle.period_containing(cycle.start)
    elif found := ANNIVERSARY.fullmatch(text):
        first, last, started = _anniversary(found)
        rule = next((rule for rule in RULES_BY_MONTHS.values() if r.step(first, rule) - ONE_DAY == last), None) or (
            "weekly" if (last - first).days == 6 else None
        )
        if rule is None:
            raise Prose(f"no rule has the period {text!r}")
        whole = r.Recurrence(first, rule).period(0)
        period = whole and whole.clip(started or first, None)
    else:
        raise Prose(text)
    assert period is not None
    return {"days_in_full_period": p.day_counts(period)[1], "factor": p.factor(period)}


def _calendar(found: re.Match[str]) -> tuple[date, str]:
    year = int(found["year"])
    if found["month"]:
        return date(year, month(found["month"]), 1), "monthly"
    if found["part"] is None:
        return date(year, 1, 1), "yearly"
    months = 3 if found["part"] == "Q" else 6
    return date(year, (int(found["number"]) - 1) * months + 1, 1), RULES_BY_MONTHS[months]


def _anniversary(found: re.Match[str]) -> tuple[date, date, date | None]:
    year = int(found["y2"] or found["y1"])
    last = date(year, month(found["m2"]), int(found["d2"]))
    first = date(int(found["y1"] or year), month(found["m1"]), int(found["d1"]))
    if not found["y1"] and first > last:
        first = first.replace(year=year - 1)
    if not found["d3"]:
        return first, last, None
    started = date(int(found["y3"] or first.year), month(found["m3"]), int(found["d3"]))
    return first, last, started if first <= started else started.replace(year=last.year)
