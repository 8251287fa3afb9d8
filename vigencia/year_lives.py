"""What happens to each customer of the simulated year: drawn from a seed, so that it can be told again."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from vigencia.imports.ids import imported_id
from vigencia.year_books import DUE_DAYS, Books, cents

MONTHS = 13
RAISED = (Decimal("99.90"), Decimal("45.45"))  # what an addendum sets the price to
DISCOUNT_PERCENT = (Decimal(10), Decimal("12.5"))
INDEX_MONTHLY = Decimal("0.40")  # per cent, each of the twelve months
MOST_DELAY = 45
HABITS = ("full", "part", "over", "late")


@dataclass(frozen=True)
class Addendum:
    """A new price from a day of a month on; ``backdated``: recorded after that month was billed."""

    month: int
    day: int
    price: Decimal
    backdated: bool


@dataclass(frozen=True)
class Rebate:
    """A discount for some months, recorded before its first month is billed."""

    month: int
    months: int
    last_day: int  # of its last month
    percent: Decimal


@dataclass(frozen=True)
class Life:
    """One customer's year. Months count from 0; ``None``: it does not happen. Any of them may meet."""

    reference: str
    amount: Decimal
    addendum: Addendum | None
    rebate: Rebate | None
    adjusted: bool
    suspended: tuple[int, int, int] | None  # month, first day without services, first day with them again
    ended: tuple[int, int] | None  # month, last day in force
    pays: tuple[tuple[str, int], ...]  # month by month: how, and how many days after the due day; "": not at all

    @property
    def contract_id(self) -> str:
        return imported_id("contract", "year", self.reference)

    def runs_in(self, month: int) -> bool:
        return self.ended is None or month <= self.ended[0]

    def books(self, starts_on: date, recorded_on: date) -> Books:
        return Books(starts_on, recorded_on, [(starts_on, self.amount)])


def lives(path: Path, seed: int, most: int | None = None) -> list[Life]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))[:most]
    return [_drawn(row["ClienteID"], Decimal(row["Cargos mensuales"]), seed) for row in rows]


def _drawn(reference: str, amount: Decimal, seed: int) -> Life:
    luck = random.Random(f"{seed}/{reference}")
    ended = (luck.randrange(1, MONTHS), luck.randint(2, 27)) if luck.random() < 0.12 else None
    until = MONTHS if ended is None else ended[0]  # what happens, happens in a month before the last one
    addendum = rebate = suspended = None
    if luck.random() < 0.25 and until > 1:
        day = luck.choice((1, 10, 20))
        addendum = Addendum(luck.randrange(1, until), day, luck.choice(RAISED), luck.random() < 0.5)
    if luck.random() < 0.15 and until > 1:
        length, last_day = luck.choice((2, 3)), luck.choice((15, 28))
        rebate = Rebate(luck.randrange(1, until), length, last_day, luck.choice(DISCOUNT_PERCENT))
    if luck.random() < 0.25 and until > 1:
        first = luck.randint(2, 18)
        month = addendum.month if addendum and luck.random() < 0.5 else luck.randrange(1, until)
        suspended = (month, first, luck.randint(first + 1, 28))
    adjusted = addendum is None and ended is None and luck.random() < 0.4
    habit = luck.choice(HABITS) if luck.random() < 0.25 else ""
    pays = tuple(
        (habit if luck.random() < 0.8 else "", luck.choice((-5, 0, luck.randrange(MOST_DELAY)))) for _ in range(MONTHS)
    )
    return Life(reference, amount, addendum, rebate, adjusted, suspended, ended, pays)


def index_price(price: Decimal) -> Decimal:
    factor = (1 + INDEX_MONTHLY / 100) ** 12
    percent = ((factor - 1) * 100).quantize(Decimal("0.0001"), "ROUND_HALF_UP")
    return cents(price * (1 + percent / 100))


def payments_in(life: Life, months: list[date], number: int) -> list[tuple[str, date]]:
    """Which payments fall in a month, and how much they are to be: in the order of their days."""
    last = months[number] + timedelta(days=31)
    found = [
        (how, first + timedelta(days=DUE_DAYS + delay)) for first, (how, delay) in zip(months, life.pays, strict=True)
    ]
    return sorted(
        ((how, on) for how, on in found if how and months[number] <= on < last.replace(day=1)), key=lambda each: each[1]
    )


def amount_of(books: Books, how: str, on: date) -> Decimal:
    """What is paid by habit: all, half of it, too much, or all with its late charges."""
    if how == "part":
        return cents(books.open / 2)
    if how == "late":
        return books.with_late_charges(on)
    return books.open + (Decimal("10.00") if how == "over" and books.open else 0)


def months_until(today: date) -> list[date]:
    """The first days of the thirteen months before this one, so that nothing lies in the future."""
    found = [today.replace(day=1)]
    while len(found) <= MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return list(reversed(found[1:]))


__all__ = ["Addendum", "Life", "Rebate", "amount_of", "index_price", "lives", "months_until", "payments_in"]
