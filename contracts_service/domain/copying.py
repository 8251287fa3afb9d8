"""Drafts that begin with another contract's terms, or with a template's: the same, moved to another beginning.

The service reads those terms and makes an ordinary draft of them; there is no other way to draft.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from contracts_service.domain.days import months_after
from contracts_service.domain.terms import ContractTerms, Line
from contracts_service.domain.terms_rules import Discount
from services.decider import command, doc


@command
class CopyContract:
    """A draft with the terms of another contract as they are agreed last."""

    contract_id: str
    source_id: str
    starts_on: date
    customer_id: str | None = doc("left out: the same customer", default=None)
    ends_on: date | None = doc("left out: as long as the other", default=None)
    external_ref: str | None = None


@command
class DraftFromTemplate:
    contract_id: str
    template_id: str
    customer_id: str
    starts_on: date
    provider_id: str = ""
    ends_on: date | None = doc("left out: as long as the template", default=None)
    external_ref: str | None = None


def moved(terms: ContractTerms, starts_on: date, ends_on: date | None = None) -> ContractTerms:
    """The terms from another beginning, as long as before, or until ``ends_on``.

    Lines keep their distance from the beginning; those that would begin after the end, or that had ended before the
    present beginning, are left out; holidays stay where they are. What another system billed is the other contract's:
    ``billed_through`` does not go along.
    """
    end = ends_on or (_shifted(terms.ends_on, terms.starts_on, starts_on) if terms.ends_on else None)
    lines = []
    for line in terms.lines:
        begins = _shifted(line.starts_on, terms.starts_on, starts_on) if line.starts_on else None
        ends = _shifted(line.ends_on, terms.starts_on, starts_on) if line.ends_on else None
        if (begins and end and begins > end) or (ends and ends < starts_on):
            continue
        if ends and end and ends >= end:
            ends = None
        discounts = tuple(_moved_discounts(line, terms.starts_on, starts_on))
        lines.append(replace(line, starts_on=begins, ends_on=ends, discounts=discounts, billed_through=None))
    billing = replace(terms.billing, billed_through=None)
    adjustment = replace(terms.adjustment, last_on=None)
    return replace(terms, starts_on=starts_on, ends_on=end, lines=tuple(lines), billing=billing, adjustment=adjustment)


def _moved_discounts(line: Line, old: date, new: date) -> Iterator[Discount]:
    """As far from the beginning as before; a discount that was over before it is left out."""
    for discount in line.discounts:
        if discount.ends_on and discount.ends_on < old:
            continue
        begins = _shifted(discount.starts_on, old, new) if discount.starts_on else None
        ends = _shifted(discount.ends_on, old, new) if discount.ends_on else None
        yield replace(discount, starts_on=begins, ends_on=ends)


def without_places(terms: ContractTerms) -> ContractTerms:
    """For another customer: his are not the other's sites and equipment."""
    return replace(
        terms,
        lines=tuple(replace(line, site_ids=(), equipment_ids=()) for line in terms.lines),
        visit_plan=tuple(replace(plan, site_id=None, equipment_ids=()) for plan in terms.visit_plan),
    )


def _shifted(day: date, old: date, new: date) -> date:
    """As far from ``new`` as ``day`` is from ``old``: last days (exclusive ends) in whole months where they are whole."""
    following = day + timedelta(days=1)
    gone = relativedelta(following, old)
    months = gone.years * 12 + gone.months
    if gone.days == 0 and months:
        return months_after(new, months) - timedelta(days=1)
    gone = relativedelta(day, old)
    return months_after(new, gone.years * 12 + gone.months) + timedelta(days=gone.days)
