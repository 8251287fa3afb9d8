"""Taxes withheld at source: which part of a receivable the customer keeps back and pays to the state for the provider.

Rates, minimum amounts and who withholds are data, each from a day on; nothing of the law is written here. A tax is
reckoned on the sum of the lines to which its rate applies, rounded half-up once per tax, and kept back only when it
is more than its minimum (e.g. IRRF, PIS/COFINS/CSLL: «igual ou inferior a R$ 10,00» is dispensed, Lei 10.833/2003
art. 31 §3, RIR/2018 art. 724).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .money import ZERO, half_up, total

TAXES = ("ISS", "IRRF", "PIS", "COFINS", "CSLL", "PIS/COFINS/CSLL", "INSS")


@dataclass(frozen=True, slots=True)
class Rate:
    """``service_type_id`` ``None``: of every service that has no rate of its own. ``base_percent``: the part of the
    price that is taxed. ``minimum``: a tax of so much or less is not withheld."""

    tax: str
    percent: Decimal
    valid_from: date
    valid_until: date | None = None
    service_type_id: str | None = None
    base_percent: Decimal = Decimal("100")
    minimum: Decimal = Decimal("0")
    law: str = ""


@dataclass(frozen=True, slots=True)
class Withholder:
    """From ``valid_from`` the customer withholds these taxes (none: nothing any more); of which services (none named:
    of all)."""

    valid_from: date
    taxes: tuple[str, ...] = ()
    service_type_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withholding:
    """A tax on a receivable: ``amount`` is withheld; ``computed`` is what it came to, with which ``minimum``."""

    tax: str
    percent: Decimal
    base: Decimal
    base_percent: Decimal
    computed: Decimal
    minimum: Decimal
    amount: Decimal
    valid_from: date
    service_type_id: str | None = None
    law: str = ""


Item = tuple[str | None, Decimal]  # service type and amount of a line


def withholdings(items: Sequence[Item], rates: Iterable[Rate], who: Withholder | None, on: date) -> list[Withholding]:
    """What is withheld of these lines by a customer on a day, tax by tax; those under their minimum with amount 0."""
    if who is None or not who.taxes:
        return []
    valid = [r for r in rates if r.valid_from <= on and (r.valid_until is None or on <= r.valid_until)]
    found: list[Withholding] = []
    for tax in dict.fromkeys(who.taxes):
        parts: dict[Rate, Decimal] = {}
        for service_type_id, amount in items:
            if who.service_type_ids and service_type_id not in who.service_type_ids:
                continue
            rate = rate_of(valid, tax, service_type_id)
            if rate is not None:
                parts[rate] = parts.get(rate, ZERO) + amount
        computed = [_computed(rate, base) for rate, base in parts.items() if base > 0]
        due = total(each.computed for each in computed)
        for each in computed:
            found.append(each if due > each.minimum else _none(each))
    return found


def rate_of(rates: Iterable[Rate], tax: str, service_type_id: str | None) -> Rate | None:
    """The rate of a tax for a service: its own before the general one, the latest first."""
    of_tax = [r for r in rates if r.tax == tax and r.service_type_id in (service_type_id, None)]
    return max(of_tax, key=lambda r: (r.service_type_id is not None, r.valid_from), default=None)


def withholder_on(versions: Iterable[Withholder], on: date) -> Withholder | None:
    return max((v for v in versions if v.valid_from <= on), key=lambda v: v.valid_from, default=None)


def _computed(rate: Rate, base: Decimal) -> Withholding:
    tax = half_up(Fraction(base) * Fraction(rate.base_percent) / 100 * Fraction(rate.percent) / 100)
    return Withholding(
        tax=rate.tax,
        percent=rate.percent,
        base=base,
        base_percent=rate.base_percent,
        computed=tax,
        minimum=rate.minimum,
        amount=tax,
        valid_from=rate.valid_from,
        service_type_id=rate.service_type_id,
        law=rate.law,
    )


def _none(computed: Withholding) -> Withholding:
    return Withholding(
        **{name: getattr(computed, name) for name in computed.__dataclass_fields__ if name != "amount"}, amount=ZERO
    )
