"""The yearly adjustment of prices: by a percentage that was agreed, or by an index over the contract's twelve months."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contracts_service.domain.contract_commands import AdjustByIndex, AdjustPrice
from contracts_service.domain.contract_events import Event, PriceAdjusted
from contracts_service.domain.contract_state import Contract
from contracts_service.domain.contract_terms import require_effective, require_life
from contracts_service.domain.days import months_after
from contracts_service.domain.price_index import IndexValue, accumulated, twelve_months
from contracts_service.domain.terms import Index
from contracts_service.domain.terms_changes import with_prices_adjusted
from services.errors import Refused

PRICE_MONTHS = 12
"""No adjustment sooner after the last price (Lei 10.192/2001, art. 2 §§ 1 and 3: a revision restarts the clock)."""

PERCENT_LIMITS = (Decimal("-90"), Decimal("1000"))


def adjust_price(command: AdjustPrice, contract: Contract) -> list[Event]:
    return _adjusted(command.contract_id, contract, command.effective_on, command.percent)


def adjust_by_index(command: AdjustByIndex, contract: Contract) -> list[Event]:
    require_life(contract)
    rules = contract.terms.adjustment
    index = command.index or rules.index
    if index is None or index is Index.TAXA_LEGAL:
        raise Refused("contract.index-not-agreed")
    if contract.adjusted is None or contract.adjusted[0] != command.effective_on:  # else: the same again, maybe
        _not_too_soon(command.effective_on, contract)
        if rules.month is not None and command.effective_on.month != rules.month:
            raise Refused("contract.adjusted-in-other-month", month=rules.month)
    known = {value.month: value for value in command.published}
    months = twelve_months(command.effective_on, rules.lag_months)
    missing = [month for month in months if month not in known]
    if missing:
        named = ", ".join(f"{month:%m/%Y}" for month in missing)
        raise Refused("contract.index-incomplete", index=index, missing=named)
    published = tuple(known[month] for month in months)
    percent = accumulated(published)
    if percent == 0 or (percent < 0 and rules.floor_zero):
        raise Refused("contract.index-not-positive", index=index, percent=percent)
    return _adjusted(command.contract_id, contract, command.effective_on, percent, index, published)


def earliest_adjustment(price_base_on: date, month: int | None = None) -> date:
    """The first day that the law allows; with the contract's own month, the first day of the first such month from then."""
    day = months_after(price_base_on, PRICE_MONTHS)
    if month is None:
        return day
    year = day.year if (day.month, day.day) <= (month, 1) else day.year + 1
    return date(year, month, 1)


def _adjusted(
    contract_id: str,
    contract: Contract,
    effective_on: date,
    percent: Decimal,
    index: Index | None = None,
    published: tuple[IndexValue, ...] = (),
) -> list[Event]:
    require_life(contract)
    low, high = PERCENT_LIMITS
    if percent == 0 or not low <= percent <= high:
        raise Refused("contract.percent-out-of-range", percent=percent, low=low, high=high)
    if contract.adjusted == (effective_on, percent):
        return []
    require_effective(effective_on, contract, contract.terms)
    _not_too_soon(effective_on, contract)
    terms = with_prices_adjusted(contract.terms, percent, effective_on)
    number = contract.addendum + 1
    return [
        PriceAdjusted(contract_id, contract.customer_id, number, effective_on, percent, terms, index, published),
    ]


def _not_too_soon(effective_on: date, contract: Contract) -> None:
    assert contract.price_base_on is not None
    earliest = earliest_adjustment(contract.price_base_on)
    if effective_on < earliest:
        raise Refused("contract.adjusted-too-soon", last=contract.price_base_on, earliest=earliest)
