"""Who withholds which taxes, by which rates: settings of the provider, kept as dated data, one stream each.

The table of rates is one stream (``taxes-rates``); each customer that withholds has one (``taxes-<customer_id>``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.decider import Decider, command, doc, event
from services.errors import Refused

from .withholding import TAXES, Rate, Withholder

RATES = "rates"


@command
class LoadWithholdingRates:
    """The whole table of rates, which replaces the one before. The same again: nothing."""

    rates: tuple[Rate, ...]
    source: str = doc("where the table comes from", default="")
    at: datetime | None = None


@command
class SetCustomerWithholding:
    """From a day on the customer keeps back these taxes; none: it keeps back nothing any more."""

    customer_id: str
    valid_from: date
    taxes: tuple[str, ...] = ()
    service_type_ids: tuple[str, ...] = doc("of these services only; none named: of all", default=())
    at: datetime | None = None


@event("billing.withholding.rates_loaded")
class WithholdingRatesLoaded:
    """The whole table; it replaces the one before. What was issued stays as it was reckoned."""

    rates: tuple[Rate, ...]
    source: str


@event("billing.withholding.customer_set")
class CustomerWithholdingSet:
    customer_id: str
    valid_from: date
    taxes: tuple[str, ...]
    service_type_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taxes:
    rates: tuple[Rate, ...] = ()
    versions: tuple[Withholder, ...] = ()


def key(command: Any) -> str:
    return RATES if isinstance(command, LoadWithholdingRates) else str(command.customer_id)


def decide(command: Any, state: Taxes) -> Sequence[Any]:
    match command:
        case LoadWithholdingRates(rates=rates):
            for rate in rates:
                _check(rate)
            return [] if rates == state.rates else [WithholdingRatesLoaded(rates, command.source)]
        case SetCustomerWithholding(valid_from=day, taxes=taxes, service_type_ids=services):
            for tax in taxes:
                _known(tax)
            if Withholder(day, taxes, services) in state.versions:
                return []
            return [CustomerWithholdingSet(command.customer_id, day, taxes, services)]
    raise TypeError(type(command))


def evolve(state: Taxes, event: Any) -> Taxes:
    match event:
        case WithholdingRatesLoaded(rates=rates):
            return replace(state, rates=rates)
        case CustomerWithholdingSet(valid_from=day, taxes=taxes, service_type_ids=services):
            others = tuple(version for version in state.versions if version.valid_from != day)
            return replace(state, versions=(*others, Withholder(day, taxes, services)))
    return state


def _known(tax: str) -> None:
    if tax not in TAXES:
        raise Refused("withholding.tax-unknown", tax=tax, known=", ".join(TAXES))


def _check(rate: Rate) -> None:
    _known(rate.tax)
    if not Decimal(0) <= rate.percent <= 100 or not Decimal(0) < rate.base_percent <= 100 or rate.minimum < 0:
        raise Refused("withholding.rate-invalid", tax=rate.tax, percent=rate.percent)
    if rate.valid_until is not None and rate.valid_until < rate.valid_from:
        raise Refused("withholding.rate-ends-before", tax=rate.tax, valid_from=rate.valid_from)


COMMANDS: tuple[type, ...] = (LoadWithholdingRates, SetCustomerWithholding)
EVENTS: tuple[type, ...] = (WithholdingRatesLoaded, CustomerWithholdingSet)
DECIDER: Decider[Any, Taxes, Any] = Decider(initial=Taxes(), decide=decide, evolve=evolve)
