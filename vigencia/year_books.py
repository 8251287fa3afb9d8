"""The books of one simulated contract, kept by hand from the rules as README.md tells them: no service's code.

What a day costs follows from price, discount, stops and end. A bill charges the days that no bill has charged; what was billed
and costs otherwise, or nothing, is credited to the cent; money pays the oldest debt first, then the late charges of what it
pays off late; what is left is credit, which the next bill takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

CENT, ZERO, DAY = Decimal("0.01"), Decimal("0.00"), timedelta(days=1)
FINE_PERCENT, INTEREST_PERCENT, DUE_DAYS = Decimal(2), Decimal(1), 10
BUCKETS = ((30, "days_1_30"), (60, "days_31_60"), (90, "days_61_90"))


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def month_days(day: date) -> int:
    return ((day.replace(day=1) + timedelta(days=31)).replace(day=1) - day.replace(day=1)).days


@dataclass
class Debt:
    month: date
    issued_on: date
    due_on: date
    gross: Decimal
    credited: Decimal = ZERO
    late: Decimal = ZERO
    paid: Decimal = ZERO
    days_late: int | None = None

    @property
    def balance(self) -> Decimal:
        return self.gross + self.late - self.credited - self.paid

    def note_settled(self, on: date) -> None:
        if self.days_late is None and self.balance <= 0:
            self.days_late = max(0, (on - self.due_on).days)


@dataclass
class Charge:
    """Days of a month that a debt charged at one price; ``kept`` is what of it is still owed."""

    debt: Debt
    first: date
    last: date
    price: Decimal
    kept: Decimal


@dataclass(frozen=True)
class Entry:
    """``side``: debts or credit. Positive is owed."""

    on: date
    kind: str
    side: str
    amount: Decimal


@dataclass
class Books:
    starts_on: date
    recorded_on: date  # of what is credited: the day on which the simulation runs
    prices: list[tuple[date, Decimal]]
    discount: tuple[date, date, Decimal] | None = None  # first and last day, percent
    stops: list[tuple[date, date | None]] = field(default_factory=list)
    ended_on: date | None = None  # the last day in force
    charges: list[Charge] = field(default_factory=list)
    debts: list[Debt] = field(default_factory=list)
    credit: Decimal = ZERO
    entries: list[Entry] = field(default_factory=list)

    # -- what a day costs --------------------------------------------------------------------------------------

    def price(self, day: date) -> Decimal:
        """Of a whole month, on that day, whether it is charged or not."""
        listed = next(price for since, price in reversed(self.prices) if since <= day)
        if self.discount and self.discount[0] <= day <= self.discount[1]:
            return listed - cents(listed * self.discount[2] / 100)
        return listed

    def charged(self, day: date) -> Decimal | None:
        gone = self.ended_on is not None and day > self.ended_on
        stopped = any(first <= day and (last is None or day < last) for first, last in self.stops)
        return None if gone or stopped else self.price(day)

    # -- what happens ------------------------------------------------------------------------------------------

    def bill(self, month: date) -> Decimal:
        """A month's days that are not charged yet; 0: no bill."""
        whole, made = month_days(month), []
        for first, last, price in self._uncharged(month):
            days = (last - first).days + 1
            made.append((first, last, price, price if days == whole else cents(price * days / whole)))
        gross = sum((amount for *_, amount in made), ZERO)
        if gross <= 0:
            return ZERO
        debt = Debt(month, month, month + timedelta(days=DUE_DAYS), gross)
        self.debts.append(debt)
        self.charges += [Charge(debt, first, last, price, amount) for first, last, price, amount in made]
        self._note(month, "receivable", "debts", gross)
        self._use_credit(month)
        return gross

    def reprice(self, since: date) -> None:
        """What was billed from a day on and costs otherwise now is given back."""
        for charge in self.charges:
            days = _days(max(charge.first, since), charge.last)
            first = next((day for day in days if self.charged(day) != charge.price), None)
            if first is None:
                continue
            kept = ZERO
            if first > charge.first:
                kept = min(cents(charge.price * (first - charge.first).days / month_days(first)), charge.kept)
            amount, charge.kept, charge.last = charge.kept - kept, kept, first - DAY
            applied = min(amount, max(ZERO, charge.debt.balance))
            charge.debt.credited += applied
            charge.debt.note_settled(self.recorded_on)
            self.credit += amount - applied
            self._note(self.recorded_on, "credit_note", "debts", -applied)
            self._note(self.recorded_on, "credit_note", "credit", -(amount - applied))

    def stop(self, on: date) -> None:
        self.stops.append((on, None))
        self.reprice(on)

    def resume(self, on: date) -> None:
        self.stops[-1] = (self.stops[-1][0], on)

    def end(self, on: date) -> None:
        self.ended_on = on
        self.reprice(on + DAY)

    def pay(self, amount: Decimal, on: date) -> None:
        left, paid = amount, []
        for debt in self.owing():
            part = min(debt.balance, left)
            if part > 0:
                paid.append((debt, part))
                left -= part
        for debt, part in paid:
            fine = interest = ZERO
            if part == debt.balance:
                owed = self.late_charges(debt, on)
                fine = min(owed[0], left)
                interest = min(owed[1], left - fine)
                left -= fine + interest
            debt.late += fine + interest
            debt.paid += part + fine + interest
            debt.note_settled(on)
            self._note(on, "fine", "debts", fine)
            self._note(on, "interest", "debts", interest)
            self._note(on, "payment", "debts", -(part + fine + interest))
        self.credit += left
        self._note(on, "payment", "credit", -left)

    # -- what is owed ------------------------------------------------------------------------------------------

    def owing(self) -> list[Debt]:
        return sorted((debt for debt in self.debts if debt.balance > 0), key=lambda d: (d.due_on, d.issued_on))

    @property
    def open(self) -> Decimal:
        return sum((debt.balance for debt in self.debts), ZERO)

    def late_charges(self, debt: Debt, on: date) -> tuple[Decimal, Decimal]:
        """Fine and interest of what is open of a debt."""
        days = (on - debt.due_on).days
        if days <= 0:
            return ZERO, ZERO
        owed = debt.balance
        return cents(owed * FINE_PERCENT / 100), cents(owed * INTEREST_PERCENT * days / 3000)

    def with_late_charges(self, on: date) -> Decimal:
        return self.open + sum((sum(self.late_charges(debt, on), ZERO) for debt in self.owing()), ZERO)

    def aging(self, on: date) -> dict[str, Decimal]:
        told: dict[str, Decimal] = {}
        for debt in self.owing():
            days = (on - debt.due_on).days
            late = next((name for most, name in BUCKETS if days <= most), "days_91")
            name = late if days > 0 else "not_due"
            told[name] = told.get(name, ZERO) + debt.balance
        return told

    def balance_on(self, on: date) -> Decimal:
        return sum((entry.amount for entry in self.entries if entry.on <= on), ZERO)

    def recurring(self, until: date) -> Iterator[tuple[date, str, Decimal]]:
        """How the monthly recurring revenue moves: net of the discount, whether a suspension runs or not."""
        level, day = ZERO, self.starts_on
        while day <= until:
            over = self.ended_on is not None and day > self.ended_on
            now = ZERO if over else self.price(day)
            if now != level:
                kind = "new" if day == self.starts_on else "expansion" if now > level else "contraction"
                yield day, "churn" if over else kind, now - level
            level, day = now, day + DAY

    # -- helpers -----------------------------------------------------------------------------------------------

    def _uncharged(self, month: date) -> Iterator[tuple[date, date, Decimal]]:
        """Runs of days of one price."""
        run: tuple[date, date, Decimal] | None = None
        for day in _days(month, month.replace(day=month_days(month))):
            price = None if self._covered(day) else self.charged(day)
            if run is not None and price == run[2]:
                run = (run[0], day, run[2])
                continue
            if run is not None:
                yield run
            run = None if price is None else (day, day, price)
        if run is not None:
            yield run

    def _covered(self, day: date) -> bool:
        return any(charge.first <= day <= charge.last for charge in reversed(self.charges))

    def _use_credit(self, on: date) -> None:
        for debt in self.owing():
            used = min(self.credit, debt.balance)
            if used > 0:
                self.credit -= used
                debt.paid += used
                debt.note_settled(on)
                self._note(on, "credit", "debts", -used)
                self._note(on, "credit", "credit", used)

    def _note(self, on: date, kind: str, side: str, amount: Decimal) -> None:
        if amount:
            self.entries.append(Entry(on, kind, side, amount))


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


__all__ = ["Books", "Charge", "Debt", "Entry", "cents", "month_days"]
