"""Kinds about money that comes late: billing_service/domain/dunning.py, campaign.py, late.py and business_days.py."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from billing_service.domain.business_days import overdue_from, payable_day
from billing_service.domain.campaign import Campaign, Progress, attempt
from billing_service.domain.dunning import ReminderRule, check_run_day, next_level, reminder_days
from billing_service.domain.late import days_late, late_charges
from services.errors import Refused
from tests.conformance.reading import SOME_DAY, Prose, decimal, instant, offset, the_day
from tests.conformance.runner import adapts

RULE = re.compile(
    r"(?P<month_end>(?:end|last day) of (?:the )?month (?:of )?)?\(?\s*(?P<base>due|previous(?: reminder)?)(?: date| day)?"
    r"\s*(?:(?P<sign>[+-])\s*(?P<days>\d+) days?)?\s*\)?",
    re.I,
)


@adapts("dunning_level")
def dunning_level(given: Mapping[str, Any]) -> dict[str, Any]:
    if "last_run" in given:
        return {"rejected": _run_refused(given["last_run"], given["new_run"])}
    if not isinstance(given["policy"], list):
        raise Prose(str(given["policy"]))
    due, rules = the_day(given["due"]), [_rule(each) for each in given["policy"]]
    first_days = reminder_days(rules, due)
    answer: dict[str, Any] = {f"level{level}_from": on for level, on in first_days.items()}
    on = next((given[key] for key in ("run", "run_date", "today", "on") if key in given), None)
    if isinstance(on, str):
        sent = given.get("sent") or given.get("reminders_sent") or {}
        days = {int(level): the_day(day) for level, day in sent.items()}
        answer["level"] = next_level(rules, due, days, the_day(on))
    return answer


def _rule(given: Mapping[str, Any]) -> ReminderRule:
    found = RULE.fullmatch(given["rule"].strip())
    if found is None:
        raise Prose(given["rule"])
    days = int(found["days"] or 0)
    return ReminderRule(
        level=given["level"],
        days=-days if found["sign"] == "-" else days,
        counts_from="due" if found["base"].lower() == "due" else "previous",
        at_month_end=bool(found["month_end"]),
    )


def _run_refused(last: str, new: str) -> bool:
    try:
        check_run_day(_named_day(new), _named_day(last))
    except Refused:
        return True
    return False


def _named_day(text: str) -> date:
    """A day, or one told from a day D."""
    return the_day(text) if text[:1].isdigit() else SOME_DAY + offset(text)


@adapts("dunning_campaign")
def dunning_campaign(given: Mapping[str, Any]) -> dict[str, Any]:
    """``overdue``: from an instant on so much of each currency, or so much more ("+10.00")."""
    thresholds = {currency: decimal(value) for currency, value in given["thresholds"].items()}
    campaign = Campaign(given["max_attempts"], given["days_between_attempts"], thresholds)
    changes = sorted((instant(text), amounts) for text, amounts in given["overdue"].items())
    progress, finished, attempts = Progress(), 0, []
    for at in map(instant, given["runs"]):
        overdue: dict[str, Decimal] = {}
        for since, amounts in changes:
            for currency, amount in amounts.items() if since <= at else ():
                more = overdue.get(currency, Decimal(0)) if str(amount)[:1] in "+-" else Decimal(0)
                overdue[currency] = more + decimal(amount)
        done = attempt(campaign, progress, overdue, at)
        progress, finished = done.progress, finished + done.finished
        attempts.append(dict(progress.attempts))
    return {"attempts_after_each_run": attempts, "finished_events": finished}


@adapts("overdue_day")
def overdue_day(given: Mapping[str, Any]) -> dict[str, Any]:
    holidays = [the_day(text) for text in given.get("holidays") or ()]
    due = the_day(given["due"]) if "due" in given else None
    if due is None:
        due = the_day(given["issued"]) + timedelta(days=given["net_payment_term_days"])
    payable = payable_day(due, given.get("business_day_rule", "none"), holidays)
    return {"due": due, "payable_on": payable, "overdue_from": overdue_from(payable)}


@adapts("own_brazil_late_charges")
def late(given: Mapping[str, Any]) -> dict[str, Any]:
    principal = decimal(given["principal"])
    if "days_late" in given:
        days = given["days_late"]
    else:
        due = the_day(given["due"])
        payable = the_day(given["payable_on"]) if "payable_on" in given else due
        days = days_late(due, payable, the_day(next(given[key] for key in ("paid_on", "paid", "on") if key in given)))
    fine, interest = decimal(given["fine_percent"]), decimal(given["interest_percent_per_month"])
    owed = late_charges(principal, days, fine, interest, given.get("day_basis") or 30)
    return {"fine": owed.fine, "interest": owed.interest, "total": principal + owed.total, "days_late": owed.days}
