"""The price of a part: of the contract's own per-use line, or what its customer accepted for it by name.

A part of the contract's price list is charged as work beyond the included quantity is: the price was signed. One that the
contract does not price is charged only where an accepted offer names it (at the accepted price, up to the accepted quantity),
or by the emergency clause; else it is recorded with what staff asks for it, uncharged, and says why (ADR 0021).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tickets_service.domain.agreement import Agreement
from tickets_service.domain.pricing import ZERO, Charging, Price, cents, charging, part_key
from tickets_service.domain.pricing_events import OfferedPart


@dataclass(frozen=True, slots=True)
class ListedPart:
    """A fact: the per-use line of the contract that prices a part."""

    line_id: str
    clause: str
    description: str
    unit_price: Decimal


def charging_of(
    price: Price,
    agreement: Agreement | None,
    part: tuple[str, str],
    listed: ListedPart | None,
    asked: Decimal | None,
    by_visits: Decimal = ZERO,
) -> Charging:
    """How a part (its id and name) is charged. ``asked``: what staff asks for it, where the contract does not price it."""
    own = listed.unit_price if listed else asked
    key = part_key(*part)
    offered = _named(price, part[1])
    if own is None and offered is None:
        return Charging("none", None)
    how = charging(price, agreement, own, key, by_visits)
    if listed is not None:
        return Charging(how.charge, own, how.limit, how.why)
    if how.charge == "accepted":
        if offered is None:
            return Charging("none", own, why="price-not-accepted")
        left = max(ZERO, cents(offered.quantity * offered.unit_price) - _taken(price, key))
        return Charging("accepted", offered.unit_price, left if how.limit is None else min(left, how.limit))
    if how.charge == "contract":  # nobody signed this price
        return Charging("none", own, why="price-not-accepted")
    return Charging(how.charge, own, how.limit, how.why)


def _named(price: Price, name: str) -> OfferedPart | None:
    parts = price.accepted.parts if price.accepted else ()
    return next((each for each in parts if folded(each.name) == folded(name)), None)


def _taken(price: Price, key: str) -> Decimal:
    """What other parts of the same name have taken of what was accepted."""
    same = key.rpartition(":")[0]
    others = (amount for each, amount in price.charged_by.items() if each != key and each.rpartition(":")[0] == same)
    return sum(others, ZERO)


def folded(name: str) -> str:
    return " ".join(name.casefold().split())
