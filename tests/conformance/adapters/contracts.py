"""Kinds about contracts and their lines: contracts_service/domain (contract, line_life, extension, expiry, phase)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from billing_service.domain import commands as c
from billing_service.domain import recurrence as r
from contracts_service.domain import line_life as life
from contracts_service.domain.contract import DECIDER
from contracts_service.domain.contract_commands import (
    ActivateContract,
    Change,
    DraftContract,
    TerminateContract,
    UndoChange,
)
from contracts_service.domain.contract_events import ContractTerminated
from contracts_service.domain.contract_state import Status
from contracts_service.domain.expiry import expiry_day, has_expired, next_term, notice_day, renews_by
from contracts_service.domain.extension import Later, Span, prolonged
from contracts_service.domain.line_life import LineLife
from contracts_service.domain.phase import Phase, phase
from contracts_service.domain.terms import ContractTerms, Line, Renewal
from contracts_service.domain.terms_changes import with_prices_adjusted
from services.errors import Invalid, Refused
from tests.conformance.adapters import accounts
from tests.conformance.adapters.recurrence import billed, cycle_of
from tests.conformance.compare import Happened
from tests.conformance.reading import Prose, day, decimal, offset, the_day
from tests.conformance.runner import adapts

ONE_DAY = timedelta(days=1)


def span(given: list[str | None]) -> Span:
    first, last = given
    assert first is not None
    return Span(the_day(first), day(last))


def as_pair(found: Span | None) -> list[date | None] | None:
    return [found.starts_on, found.ends_on] if found else None


@adapts("suspension", later=tuple(Later))
def suspension(given: Mapping[str, Any], later: Later) -> dict[str, Any]:
    own, following = prolonged(span(given["line"]), span(given["suspend"]), later)
    return {"line": as_pair(own), "new_line": as_pair(following)}


TERMINATION_TAKEN_BACK = ("cancel termination", "undo termination", "uncancel termination")
DATES = ("line", "start", "end", "billed_through", "next_invoice_date", "stop", "terminate", "terminated")


@adapts("lifecycle_rule")
def lifecycle(given: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a line, and what is done to it. Where no start is named, it begins on the first day that is."""
    try:
        line, following = _done(life.checked(_line(given)), given)
        contract = _contract(line, given)
    except (Refused, Invalid) as refused:
        return {"rejected": True, "code": refused.code}
    return {
        "rejected": False,
        "start": line.starts_on,
        "end": line.ends_on,
        "line": [line.starts_on, line.ends_on],
        "new_line": following and [following.starts_on, following.ends_on],
        "auto_renew": line.renews,
        "new_line_auto_renew": following and following.renews,
        **dict.fromkeys(("cancelled", "canceled", "is_canceled", "is_cancelled"), line.cancelled),
        **dict.fromkeys(("terminated", "is_terminated", "terminate_date"), Happened(contract.ended_on)),
        "reason": contract.reason,
        "billed_through": line.billed_through,
        "next_invoice_date": _next_bill(line, given),
    }


def _line(given: Mapping[str, Any]) -> LineLife:
    first, last = given.get("line") or (given.get("start"), given.get("end"))
    named = [given.get(key) for key in DATES]
    known = sorted(text for text in named if isinstance(text, str) and text[:1].isdigit())
    starts_on = the_day(first or (known[0] if known else "2024-01-01"))
    return LineLife(
        starts_on,
        day(last),
        renews=bool(given.get("auto_renew", False)),
        billed_through=day(given.get("billed_through")),
        next_bill_on=day(given.get("next_invoice_date")),
        followed_on=_followed(given, starts_on, day(last)),
        cancelled=bool(given.get("cancelled") or given.get("canceled")),
    )


def _followed(given: Mapping[str, Any], start: date, end: date | None) -> date | None:
    successor = given.get("successor") or given.get("has_successor")
    if isinstance(successor, list) and "action" not in given:
        return the_day(successor[0])
    return (end or start) + ONE_DAY if successor is True else None


def _done(line: LineLife, given: Mapping[str, Any]) -> tuple[LineLife, LineLife | None]:
    if "stop" in given:
        return life.stopped(line, the_day(given["stop"])), None
    if "terminate" in given:
        return life.stopped(line, the_day(given["terminate"])), None
    if by := given.get("delay"):
        span_ = timedelta(days=by) if isinstance(by, int) else (line.starts_on + offset(by)) - line.starts_on
        return life.put_off(line, span_), None
    action = _action(given)
    if successor := given.get("plan_successor") or (given.get("successor") if "successor" in action else None):
        renews = bool(given.get("successor_auto_renew", False))
        return life.followed(line, the_day(successor[0]), day(successor[1]), renews=renews)
    actions: dict[str, Callable[[LineLife], LineLife]] = {
        "": lambda each: each,
        "cancel": life.cancelled,
        "uncancel": life.uncancelled,
        **dict.fromkeys(TERMINATION_TAKEN_BACK, lambda each: each),
        "delay": lambda each: life.put_off(each, timedelta(days=1)),
        **dict.fromkeys(("stop", "terminate"), lambda each: life.stopped(each, _on(given))),
    }
    if action not in actions:
        raise Prose(action)
    return actions[action](line), None


@dataclass(frozen=True)
class Ended:
    ended_on: date | None
    reason: str | None


def _contract(line: LineLife, given: Mapping[str, Any]) -> Ended:
    """What becomes of the contract when it is terminated, and when that was a mistake: its real decider."""
    action = _action(given)
    ended = given.get("terminate") or given.get("terminated") or (given.get("on") if action == "terminate" else None)
    if not isinstance(ended, str):
        return Ended(None, None)
    on, ids = the_day(ended), ("contract", "customer", "provider")
    lines = (Line("line", "1", "Service", accounts.PRICE),)
    terms = ContractTerms(line.starts_on, lines=lines, time_zone="UTC")
    commands = [
        DraftContract(*ids, terms),
        ActivateContract("contract", accounts.noon(line.starts_on), line.starts_on, number="1"),
        TerminateContract("contract", given.get("reason") or "stated", accounts.noon(on), on),
    ]
    if action in TERMINATION_TAKEN_BACK:
        commands.append(UndoChange("contract", Change.TERMINATION, "a mistake", accounts.noon(on)))
    state, reason = DECIDER.initial, None
    for command in commands:
        events = DECIDER.decide(command, state)
        state = DECIDER.fold(events, state)
        reason = next((event.reason for event in events if isinstance(event, ContractTerminated)), reason)
    return Ended(state.ended_on, reason if state.status is Status.TERMINATED else None)


def _action(given: Mapping[str, Any]) -> str:
    return str(given.get("action", "")).lower().replace("-", " ").replace("_", " ")


def _on(given: Mapping[str, Any]) -> date:
    return the_day(next(given[key] for key in ("on", "date", "at") if key in given))


def _next_bill(line: LineLife, given: Mapping[str, Any]) -> date | None:
    """By the line's rule, of the first period that is not billed."""
    if line.cancelled:
        return None
    cycle = cycle_of({**given, "start": None, "end": None}, start=line.starts_on, end=line.ends_on)
    through = line.billed_through
    following = (period for period in cycle.periods(through and through + ONE_DAY))
    found = next((period.clip(through + ONE_DAY if through else period.start, None) for period in following), None)
    return billed(cycle, found, given) if found else None


@adapts("renewal")
def renewal(given: Mapping[str, Any]) -> dict[str, Any]:
    """As a term of its own, or by moving the end of the present one."""
    line = span(given["line"])
    assert line.ends_on is not None
    every = offset(str(given["renew_every"]))
    if months := every.years * 12 + every.months:
        first, last = next_term(line.starts_on, line.ends_on, months)
    else:
        first, last = line.ends_on + ONE_DAY, line.ends_on + timedelta(days=every.days)
    new = "new" in str(given.get("policy", "new line"))
    return {
        "new_line": [first, last] if new else None,
        "line": [line.starts_on, line.ends_on if new else last],
        "end": line.ends_on if new else last,
    }


@adapts("renewal_notice")
def renewed_by_job(given: Mapping[str, Any]) -> dict[str, Any]:
    notice = offset(str(given.get("notice", "0 days")))
    months, days = notice.years * 12 + notice.months, notice.days
    ends_on, today = day(given.get("line_end")), the_day(given["today"])
    how = Renewal.TACIT if given.get("auto_renew") else Renewal.NONE
    return {
        "renewed_by_daily_job": renews_by(ends_on, how, today, months=months, days=days),
        "notice_day": ends_on and notice_day(ends_on, months=months, days=days),
    }


PHASES = {  # the source's words for where a line stands
    Phase.UPCOMING: "upcoming",
    Phase.IN_FORCE: "in-progress",
    Phase.ENDING: "upcoming-close",
    Phase.TO_RENEW: "to-renew",
    Phase.CLOSED: "closed",
    Phase.TERMINATED: "canceled",
    Phase.SUSPENDED: "suspended",
}


@adapts("contract_state")
def contract_state(given: Mapping[str, Any]) -> dict[str, Any]:
    how = Renewal.TACIT if given.get("auto_renew") else Renewal.NONE
    how = Renewal.APPROVAL if given.get("manual_renew_needed") else how
    ends_on = day(given.get("end"))
    notice = ContractTerms(the_day(given["start"])).notice_days
    if ends_on is not None and given.get("notice"):
        lead = offset(str(given["notice"]))
        notice = (ends_on - notice_day(ends_on, months=lead.years * 12 + lead.months, days=lead.days)).days
    gone = given.get("cancelled") or given.get("canceled") or given.get("is_canceled")
    status = Status.TERMINATED if gone else Status.ACTIVE
    return {"state": PHASES[phase(status, the_day(given["start"]), ends_on, how, the_day(given["today"]), notice)]}


RENEWALS = {"never": Renewal.NONE, "none": Renewal.NONE, "express": Renewal.APPROVAL, "tacit": Renewal.TACIT}


@adapts("contract_expiry", approved_renewals=(0, 1))
def contract_expiry(given: Mapping[str, Any], approved_renewals: int) -> dict[str, Any]:
    """A renewal by approval counts when it was approved: a case does not say whether it was."""
    today = the_day(given["today"])
    expires = expiry_day(
        the_day(given["begin"]),
        given["duration_months"],
        RENEWALS[given["renewal"]],
        given.get("renewal_period_months") or 0,
        today,
        approved_renewals=approved_renewals,
    )
    return {"expiry_exclusive": expires, "expired": has_expired(expires, today)}


@adapts("price_revision")
def price_revision(given: Mapping[str, Any]) -> dict[str, Any]:
    """The contract's terms are revised; its account charges the new price from the day on which they hold."""
    price, revision = decimal(given["line_price"]), given["revision"]
    effective = the_day(revision["effective"])
    lines = tuple(Line(key, "1", key, price) for key in ("agreed", "automatic"))
    start = r.months_after(effective, -1)
    if "percent" in revision:
        percent = decimal(revision["percent"])
    else:
        fixed = next(revision[key] for key in ("price", "fixed_price", "amount") if key in revision)
        percent = (decimal(fixed) / price - 1) * 100
    terms = with_prices_adjusted(ContractTerms(start, lines=lines), percent, effective, ("automatic",))
    agreed, automatic = terms.lines
    line = replace(accounts.line_of(given, price), anchor_day=effective.day)
    state = accounts.opened(line, start)
    after = replace(state.terms, lines=(replace(line, amount=agreed.amount),))
    take = c.TakeTerms(
        account_id=accounts.ID, effective_on=effective, terms=after, cause="price", at=accounts.noon(start)
    )
    charges = accounts.after(state, take).pending.values()
    charged = {charge.period_start: charge.explanation.unit_price for charge in charges}
    return {
        "price_of_period_before": charged[max(day for day in charged if day and day < effective)],
        "price_of_period_from_effective_date": charged[effective],
        "lines_with_automatic_price_touched": int(automatic.amount != price),
    }
