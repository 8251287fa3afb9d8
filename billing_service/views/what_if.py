"""What terms would charge: a plan without an account. Nothing is read and nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from billing_service.domain import events as e
from billing_service.domain.account import DECIDER
from billing_service.domain.explain import sentences
from billing_service.domain.money import ZERO
from billing_service.domain.planning import plan
from billing_service.domain.recurrence import months_after
from billing_service.policies import terms_of
from services.codec import to_json_values
from services.component import Context
from services.rows import Rows

MOST_MONTHS = 60


@dataclass(frozen=True, slots=True)
class PlanPreviewParams:
    """``terms`` of a contract, as contracts sends them. ``before``: terms in force until ``since``, which these replace then.
    ``months`` from ``since`` (default: the terms' beginning) on."""

    terms: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] | None = None
    since: date | None = None
    months: int = 12


def plan_preview(params: PlanPreviewParams, _: Rows, __: Context) -> dict[str, Any]:
    """``{since, through, charges, by_month, total}``: charges whose bill day is in these months, by bill day, each with why."""
    after = terms_of(params.terms)
    first = terms_of(params.before) if params.before else after
    since = params.since or after.starts_on
    through = months_after(since, max(1, min(params.months, MOST_MONTHS)))
    events: list[Any] = [
        e.AccountOpened("preview", "preview", "preview", first.starts_on, ""),
        e.TermsTaken("preview", first.starts_on, first, "activation"),
    ]
    if params.before:
        events.append(e.TermsTaken("preview", since, after, "addendum"))
    state = DECIDER.fold(events)
    charges = [each for each in plan(state, first.starts_on, through) if since <= each.bill_on < through]
    charges.sort(key=lambda each: (each.bill_on, each.clause, each.charge_id))
    by_month: dict[str, Decimal] = {}
    for each in charges:
        month = f"{each.bill_on:%Y-%m}"
        by_month[month] = by_month.get(month, ZERO) + each.amount
    return {
        "since": since,
        "through": through,
        "charges": [_shown(to_json_values(each)) for each in charges],
        "by_month": [{"month": month, "amount": amount} for month, amount in sorted(by_month.items())],
        "total": sum(by_month.values(), ZERO),
    }


def _shown(charge: dict[str, Any]) -> dict[str, Any]:
    names = ("line_id", "clause", "description", "period_start", "period_end", "bill_on", "amount")
    return {**{name: charge[name] for name in names}, "why": sentences(charge["explanation"])}
