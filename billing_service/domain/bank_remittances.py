"""A provider company's remittances to its bank: which boletos stand in which file, and the series of nosso números.

One stream per provider: so no number is given twice and no file's sequence is skipped, whoever makes them at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.decider import Decider, command, doc, event
from services.errors import Conflict, Refused

from .boleto_messages import BankDetails


@dataclass(frozen=True, slots=True)
class RemittanceEntry:
    """One boleto's movement in a file. ``interest_day`` is an amount per day, ``fine_percent`` of the nominal amount."""

    boleto_id: str
    account_id: str
    receivable_id: str
    customer_id: str
    our_number: int
    number: str
    movement: str
    amount: Decimal
    abatement: Decimal
    issued_on: date
    due_on: date
    fine_percent: Decimal
    interest_day: Decimal
    protest_days: int | None = None
    expiry_days: int | None = None


@command
class MakeRemittance:
    """``sequence`` follows the last one; new numbers follow the last that was given."""

    provider_id: str
    remittance_id: str
    sequence: int
    bank: BankDetails
    entries: tuple[RemittanceEntry, ...]
    sha256: str = doc("hash of the file's bytes")
    on: date | None = None
    at: datetime | None = None


@event("billing.remittance.made")
class RemittanceMade:
    """The file itself, with the payers' names, is kept apart under its hash; it follows from this and their data."""

    provider_id: str
    remittance_id: str
    sequence: int
    bank: BankDetails
    entries: tuple[RemittanceEntry, ...]
    sha256: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Remittances:
    sequence: int = 0
    last_number: int = 0
    known: frozenset[str] = field(default_factory=frozenset)


def decide(wish: MakeRemittance, state: Remittances) -> Sequence[Any]:
    if wish.remittance_id in state.known:
        return []
    numbers = [entry.our_number for entry in wish.entries if entry.movement == "register"]
    if not wish.entries:
        raise Refused("remittance.empty")
    follow = all(a < b for a, b in zip([state.last_number, *numbers], numbers, strict=False))
    if wish.sequence != state.sequence + 1 or not follow or wish.at is None:
        raise Conflict("remittance.series-moved", provider_id=wish.provider_id)
    said = (wish.provider_id, wish.remittance_id, wish.sequence, wish.bank, wish.entries, wish.sha256)
    return [RemittanceMade(*said, wish.at)]


def evolve(state: Remittances, happened: Any) -> Remittances:
    numbers = [entry.our_number for entry in happened.entries if entry.movement == "register"]
    return replace(
        state,
        sequence=happened.sequence,
        last_number=max([state.last_number, *numbers]),
        known=state.known | {happened.remittance_id},
    )


DECIDER: Decider[Any, Remittances, Any] = Decider(Remittances(), decide, evolve)
COMMANDS: tuple[type, ...] = (MakeRemittance,)
EVENTS: tuple[type, ...] = (RemittanceMade,)
