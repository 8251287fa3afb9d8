"""Terms made from terms: a price adjustment, another end, and what differs between two versions."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from contracts_service.domain.terms import ContractTerms, Line, LineKind

_CENT = Decimal("0.01")


def adjusted(amount: Decimal, percent: Decimal) -> Decimal:
    """The amount after an adjustment by ``percent``, rounded half-up to cents."""
    return (amount * (100 + percent) / 100).quantize(_CENT, ROUND_HALF_UP)


def with_prices_adjusted(
    terms: ContractTerms, percent: Decimal, effective_on: date, priced_elsewhere: Collection[str] = ()
) -> ContractTerms:
    """The terms with prices changed by ``percent``; one-off lines, lines that have ended and those whose price comes
    from elsewhere (by their line ids) stay.

    With a line's price go its minimum and its ceiling, and discounts in money: what was agreed in proportion stays in
    proportion. Discounts that are over, percentages and quantities stay.
    """

    def line_after(line: Line) -> Line:
        over = line.ends_on is not None and line.ends_on < effective_on
        if over or line.kind is LineKind.ONE_OFF or line.line_id in priced_elsewhere:
            return line
        return dataclasses.replace(
            line,
            amount=adjusted(line.amount, percent),
            minimum=None if line.minimum is None else adjusted(line.minimum, percent),
            ceiling=None if line.ceiling is None else adjusted(line.ceiling, percent),
            discounts=tuple(
                each
                if each.ends_on is not None and each.ends_on < effective_on
                else dataclasses.replace(each, amount=adjusted(each.amount, percent))
                for each in line.discounts
            ),
        )

    return dataclasses.replace(
        terms,
        lines=tuple(line_after(line) for line in terms.lines),
        services=tuple(
            service
            if service.overage_unit_price is None
            else dataclasses.replace(service, overage_unit_price=adjusted(service.overage_unit_price, percent))
            for service in terms.services
        ),
    )


def with_end(terms: ContractTerms, ends_on: date) -> ContractTerms:
    """The terms in force until another day. Lines that ended with the contract go on with it; discounts end when they end."""
    return dataclasses.replace(
        terms,
        ends_on=ends_on,
        lines=tuple(
            dataclasses.replace(line, ends_on=None) if line.ends_on == terms.ends_on else line for line in terms.lines
        ),
    )


def prices(terms: ContractTerms) -> dict[str, Decimal]:
    """Line id → amount."""
    return {line.line_id: line.amount for line in terms.lines}


def prices_revised(before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> bool:
    """Whether a line that stands in both versions costs something else: a revision of the price."""
    return any(before.get(line, amount) != amount for line, amount in after.items())


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """The paths at which two values of the same class differ, as ``lines.0.amount``."""
    if before == after:
        return
    if dataclasses.is_dataclass(before) and type(before) is type(after):
        for each in dataclasses.fields(before):
            name = f"{path}.{each.name}" if path else each.name
            yield from differences(getattr(before, each.name), getattr(after, each.name), name)
    elif isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
        for at, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, f"{path}.{at}")
    else:
        yield path
