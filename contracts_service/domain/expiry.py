"""How long a contract runs: the first day that it does not cover, when notice is due, and the term that follows."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from contracts_service.domain.days import end_after, months_after
from contracts_service.domain.terms import Renewal


def expiry_day(
    begins_on: date,
    duration_months: int,
    renewal: Renewal,
    renewal_months: int,
    today: date,
    *,
    approved_renewals: int = 0,
) -> date:
    """The first day not covered, as it is known on ``today``.

    Tacit: renewed, each time by ``renewal_months`` (0: by the first duration), as often as it took to reach today.
    By approval: only by the renewals that were approved. All computed from the beginning, so that a 31st survives.
    """
    months = duration_months
    period = renewal_months or duration_months
    if renewal is Renewal.APPROVAL:
        months += approved_renewals * renewal_months
    elif renewal is Renewal.TACIT and period > 0:
        while months_after(begins_on, months) <= today:
            months += period
    return months_after(begins_on, months)


def has_expired(expires_on: date, today: date) -> bool:
    return expires_on <= today


def notice_day(ends_on: date, *, months: int = 0, days: int = 0) -> date:
    """The day that lies so long before the last one: from it on, notice comes too late."""
    return ends_on - relativedelta(months=months, days=days)


def renews_by(ends_on: date | None, renewal: Renewal, today: date, *, months: int = 0, days: int = 0) -> bool:
    """Whether the day's job renews: tacitly, when the day of notice has come (or passed while no job ran)."""
    return renewal is Renewal.TACIT and ends_on is not None and notice_day(ends_on, months=months, days=days) <= today


def next_term(starts_on: date, ends_on: date, months: int) -> tuple[date, date]:
    """First and last day of the term that follows one, ``months`` long."""
    return ends_on + timedelta(days=1), end_after(starts_on, ends_on, months)
