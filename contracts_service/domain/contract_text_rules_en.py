"""English sentences about bounds of prices, visits, reminders, notices, requests and evaluations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contracts_service.domain import contract_phrases_en as say
from contracts_service.domain.terms import (
    ContractTerms,
    DunningLevel,
    Late,
    LateCorrection,
    LateInterest,
    Line,
    LineKind,
    Rule,
)
from contracts_service.domain.terms_rules import Align, Discount


def billed(line: Line) -> str:
    """What differs from the usual bill day and periods; empty where nothing does."""
    said = ""
    if line.align is Align.CALENDAR and line.rule is not Rule.MONTHLY_LAST_DAY:
        said += ", in periods of the civil calendar"
    if line.offset_days is not None:
        day = "first" if line.mode == "advance" else "last"
        side = "after" if line.offset_days > 0 else "before"
        distance = f"{say.days(abs(line.offset_days))} {side}" if line.offset_days else "on"
        said += f", issued {distance} the period's {day} day"
    return said


def bounds(line: Line) -> Iterator[str]:
    if line.included_quantity is not None:
        yield f"Included per period: {say.number(line.included_quantity)} units."
    for discount in line.discounts:
        yield f"{_discount(discount)}."
    if line.minimum is not None:
        yield f"Minimum per period: {say.money(line.minimum)}."
    if line.ceiling is not None:
        what = "Ceiling of each period's uses" if line.kind is LineKind.PER_USE else "Ceiling per period"
        yield f"{what}: {say.money(line.ceiling)}."
    if line.billed_through is not None:
        yield f"Billed already until {say.day(line.billed_through)}: what lies up to that day is not charged again."


def billed_elsewhere(terms: ContractTerms) -> Iterator[str]:
    """Of a contract that was taken over: what the former system billed."""
    if (day := terms.billing.billed_through) is not None:
        yield (
            f"Recurring charges up to and including {say.day(day)} were billed before this system took them over: "
            "nothing is charged again for those days."
        )


def _discount(discount: Discount) -> str:
    parts = [f"{say.number(discount.percent)} %"] if discount.percent else []
    parts += [say.money(discount.amount)] if discount.amount else []
    when = say.span(discount.starts_on, discount.ends_on)
    said = f"Discount of {' plus '.join(parts)}{f' {when}' if when else ''}"
    return f"{said} ({discount.reason})" if discount.reason else said


def visits(terms: ContractTerms, places: Mapping[str, str]) -> Iterator[str]:
    names = {service.service_type_id: service.name for service in terms.services}
    for plan in terms.visit_plan:
        what = plan.description or names.get(plan.service_type_id, plan.service_type_id)
        often = "1 visit a month" if plan.per_month == 1 else f"{plan.per_month} visits a month"
        days = f", preferably on {say.weekdays(plan.weekdays)}" if plan.weekdays else ""
        where = [places.get(id_, id_) for id_ in (plan.site_id, *plan.equipment_ids) if id_]
        at = f" (at: {say.listed(where)})" if where else ""
        yield f"{what}: {often}{days}, from {plan.opens} to {plan.closes}{at}."


def late(rules: Late) -> str:
    interest = "interest at the legal rate (Código Civil, art. 406)"
    if rules.interest is LateInterest.AGREED:
        interest = f"interest of {say.number(rules.interest_percent_month)} % a month"
    index = {LateCorrection.IPCA: "IPCA (IBGE)", LateCorrection.IGPM: "IGP-M (FGV)"}.get(rules.correction)
    correction = f", corrected by {index}" if index else ""
    fine = say.number(rules.fine_percent)
    return f"Late payment bears a fine of {fine} % and {interest}, in proportion to the days{correction}."


def reminders(levels: tuple[DunningLevel, ...]) -> Iterator[str]:
    if levels:
        said = [f"{_when(each.days)} by {say.CHANNELS[each.channel]}" for each in sorted(levels, key=lambda x: x.level)]
        yield f"The PROVIDER reminds of the payment {say.listed(said)}."


def _when(days: int) -> str:
    return f"{say.days(abs(days))} {'after' if days > 0 else 'before'} the due day" if days else "on the due day"


def communication(terms: ContractTerms) -> Iterator[str]:
    rules = terms.communication
    who = "only persons whom the CUSTOMER authorised ask" if rules.authorised_only else "anybody asks"
    channels = say.listed(say.CHANNELS[channel] for channel in rules.channels)
    yield f"In the CUSTOMER's name {who} for services, by {channels}."
    for rule in rules.notices:
        rights = say.listed(say.RIGHTS[right] for right in rule.rights)
        whom = f"contacts with the right for {rights}" if rule.rights else "all contacts"
        yield f"Of {say.TOPICS[rule.topic]} {whom} are told, by {say.CHANNELS[rule.channel]}."
    yield (
        f"The PROVIDER writes to the CUSTOMER in {say.LANGUAGES[rules.language]}, from {rules.opens} to {rules.closes}."
    )
    yield from _requests(terms)
    if terms.evaluation.ask:
        yield from _evaluation(terms)


def _requests(terms: ContractTerms) -> Iterator[str]:
    if terms.requests.reopen_days is not None:
        yield f"A finished request can be opened again within {say.days(terms.requests.reopen_days)}."
    if terms.requests.emergency_limit is not None:
        limit = say.money(terms.requests.emergency_limit)
        yield f"In emergencies (critical priority) the PROVIDER serves before the price is accepted, up to {limit}."
    for rule in terms.requests.priorities:
        yield f"Impact {rule.impact} with urgency {rule.urgency} is priority {rule.priority}."
    if terms.requests.document_mb is not None:
        yield f"A file of a request has at most {terms.requests.document_mb} MB."
    if terms.requests.accept_excess:
        yield "What goes beyond what is included during a covered service is charged only once the CUSTOMER accepts it."


def _evaluation(terms: ContractTerms) -> Iterator[str]:
    rules = terms.evaluation
    yield (
        "After each service the CUSTOMER confirms it; without a word within "
        f"{say.days(rules.tacit_days)} it counts as accepted."
    )
    until = f" and can be answered for {say.days(rules.expiry_days)}" if rules.expiry_days is not None else ""
    yield f"The question goes out by {say.CHANNELS[rules.channel]}{until}."
    if rules.comment_below > 0:
        yield f"A score below {rules.comment_below} needs a comment."
