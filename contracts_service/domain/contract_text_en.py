"""The contract's text in English: a translation for reading, clause by clause as the Portuguese text, which alone is signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from contracts_service.domain import contract_phrases_en as say
from contracts_service.domain import contract_text_time as time
from contracts_service.domain.contract_phrases import document, joined
from contracts_service.domain.contract_text import Clause, Document, Parties
from contracts_service.domain.contract_text_rules_en import (
    billed,
    billed_elsewhere,
    bounds,
    communication,
    late,
    reminders,
    visits,
)
from contracts_service.domain.terms import (
    Adjusting,
    ContractTerms,
    GiveBack,
    Index,
    Line,
    LineKind,
    OpenRequests,
    PlannedVisits,
    Renewal,
    ServiceTerms,
)


def english_text(terms: ContractTerms, parties: Parties) -> Document:
    parts = (
        ("The parties", _parties(parties)),
        ("The object", _services(terms)),
        ("Planned visits", visits(terms, parties.places)),
        ("The term", _period(terms)),
        ("Price and payment", _prices(terms, parties.places)),
        ("Adjustment", _adjustment(terms)),
        ("Late payment and suspension", _default(terms)),
        ("Termination", _leaving(terms)),
        ("Communication and evidence", communication(terms)),
    )
    told = [(title, paragraphs) for title, said in parts if (paragraphs := tuple(said))]
    clauses = tuple(Clause(f"Clause {n} – {title}", said) for n, (title, said) in enumerate(told, 1))
    closing = "This is a translation for reading. The text in Portuguese is the one that the parties sign."
    return Document("Service contract", clauses, closing)


def english_header(number: str | None, signed_on: date | None) -> str:
    """What stands above the text and is not part of it."""
    if number is None:
        return "Draft"
    return f"No. {number}" + (f", signed on {say.day(signed_on)}" if signed_on else "")


def _parties(parties: Parties) -> Iterator[str]:
    provider = joined(parties.provider_name, f"CNPJ {document(parties.provider_document)}", parties.provider_address)
    yield f"PROVIDER: {provider}."
    known = parties.customer_document
    kind = "CPF" if known and len(known) == 11 else "CNPJ"
    customer = joined(parties.customer_name, f"{kind} {document(known)}" if known else None, parties.customer_address)
    yield f"CUSTOMER: {customer}."


def _services(terms: ContractTerms) -> Iterator[str]:
    if not terms.services:
        yield "The PROVIDER does for the CUSTOMER the services that the charge lines describe."
    for service in terms.services:
        yield " ".join(_service(service))
    if any(service.calendar == "business" for service in terms.services):
        yield f"Service hours: {say.week(terms.calendar.intervals)}{time.closed_en(terms)}."
    yield from time.ladder_en(terms)


def _service(service: ServiceTerms) -> Iterator[str]:
    hours = "24 hours a day, 7 days a week" if service.calendar == "24x7" else "in service hours"
    channels = say.listed(say.CHANNELS[channel] for channel in service.channels)
    yield f"{service.name} ({service.code}), {hours}, asked for by {channels}."
    if service.targets:
        targets = "; ".join(
            f"{say.PRIORITIES[t.priority]}: response within {say.minutes(t.response_minutes)}, "
            f"resolution within {say.minutes(t.resolution_minutes)}"
            for t in service.targets
        )
        yield f"Deadlines by priority – {targets}."
    if service.included_quantity is not None:
        price = service.overage_unit_price
        beyond = f"beyond that {say.money(price)} each" if price is not None else "nothing beyond that is covered"
        yield f"Included per month: {say.number(service.included_quantity)} {say.UNITS[service.unit]}; {beyond}."
    if service.evidence:
        yield f"Accepted evidence: {say.listed(say.EVIDENCE[kind] for kind in service.evidence)}."
    if not service.tacit_confirmation:
        yield "The CUSTOMER's silence does not count as a confirmation of this service."


def _period(terms: ContractTerms) -> Iterator[str]:
    if terms.ends_on is None:
        yield f"This contract is in force without end from {say.day(terms.starts_on)} on."
        return
    yield f"This contract is in force from {say.day(terms.starts_on)} to {say.day(terms.ends_on)}."
    months = say.months(terms.renewal_months)
    match terms.renewal:
        case Renewal.TACIT:
            yield (
                f"It is renewed by itself for {months}, again and again, unless one of the parties gives notice "
                f"{say.days(terms.notice_days)} before the end of the term."
            )
        case Renewal.APPROVAL:
            yield (
                f"It can be renewed for {months} with express approval, until {say.days(terms.notice_days)} before the end "
                "of the term."
            )
        case Renewal.NONE:
            yield "It ends with the term, without renewal."


def _prices(terms: ContractTerms, places: Mapping[str, str]) -> Iterator[str]:
    for line in terms.lines:
        yield _line(line, places)
    moved = ", or on the next business day" if terms.billing.business_day_rule == "next" else ""
    yield f"Each charge is due {say.days(terms.billing.due_days)} after it is issued{moved}."
    yield from billed_elsewhere(terms)


def _line(line: Line, places: Mapping[str, str]) -> str:
    match line.kind:
        case LineKind.RECURRING:
            when = "in advance" if line.mode == "advance" else "at the end of the period"
            how = f"{say.rule(line.rule, line.interval)}, charged {when}{billed(line)}"
        case LineKind.PER_USE:
            how = "for each unit used"
        case LineKind.ONE_OFF:
            how = "once"
    said = f"{line.clause} {line.description}: {say.money(line.amount)}, {how}"
    if line.starts_on or line.ends_on:
        said += f", {say.span(line.starts_on, line.ends_on)}"
    where = [places.get(id_, id_) for id_ in (*line.site_ids, *line.equipment_ids)]
    return " ".join([f"{said}{f' (at: {say.listed(where)})' if where else ''}.", *bounds(line)])


def _adjustment(terms: ContractTerms) -> Iterator[str]:
    rules = terms.adjustment
    if rules.index is None:
        yield f"Prices can be adjusted every twelve months by agreement of the parties (Lei 10.192/2001).{_last(rules)}"
        return
    name = {Index.IPCA: "IPCA (IBGE)", Index.IGPM: "IGP-M (FGV)", Index.TAXA_LEGAL: "taxa legal"}[rules.index]
    month = f", in {say.MONTHS[rules.month - 1]}," if rules.month else ""
    floor = " If the variation is negative, prices stay as they are." if rules.floor_zero else ""
    yield (
        f"Prices are adjusted every twelve months{month} by the accumulated variation of {name} in the twelve months that "
        f"ended {say.months(rules.lag_months)} before the adjustment (Lei 10.192/2001).{floor}{_last(rules)}"
    )


def _last(rules: Adjusting) -> str:
    return f" They were adjusted last on {say.day(rules.last_on)}." if rules.last_on else ""


def _default(terms: ContractTerms) -> Iterator[str]:
    yield late(terms.late)
    yield from reminders(terms.dunning)
    rules = terms.default
    if rules.suspend and rules.days is not None:
        approved = ", by decision of somebody responsible at the PROVIDER," if rules.approval else ""
        yield (
            f"With a payment late by more than {say.days(rules.days)}, and after notice of {say.days(rules.notice_days)}, "
            f"services can{approved} be suspended until it is paid."
        )
    suspending = terms.suspension
    requests = {
        OpenRequests.PAUSE: "the deadlines of open requests stand still",
        OpenRequests.CONTINUE: "requests that are open already are finished",
    }[suspending.requests]
    planned = {
        PlannedVisits.CANCEL: "planned visits are cancelled",
        PlannedVisits.KEEP: "planned visits are kept",
    }[suspending.visits]
    give_back = {
        GiveBack.PRORATE: "the days without services are not charged",
        GiveBack.NOTHING: "charges go on",
        GiveBack.EXTEND: "the days without services are not charged and are added at the end of the term",
    }[suspending.give_back]
    yield f"During a suspension {requests}, {planned} and {give_back}."


def _leaving(terms: ContractTerms) -> Iterator[str]:
    yield (
        f"Either party can end this contract with {say.days(terms.notice_days)}' notice, or at once if the other breaches it."
    )
    rules = terms.leaving
    if rules.fine_percent:
        until = f"the first {say.months(rules.minimum_months)} are over" if rules.minimum_months else "the term is over"
        yield (
            f"Who leaves before {until} pays {say.number(rules.fine_percent)} % of the remaining charges, in proportion to "
            "the time that is left (Código Civil, art. 413)."
        )
    yield (
        "A CUSTOMER who is a consumer and signed away from the PROVIDER's premises can withdraw within 7 days of the "
        "signature and gets back what was paid (CDC, art. 49)."
    )
