"""What billing must know of a contract's terms, as a frozen value; the names are the contract's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .recurrence import Recurrence


@dataclass(frozen=True, slots=True)
class Discount:
    """Off the price of a whole period, percent first, on the days from ``starts_on`` to ``ends_on``, both included."""

    percent: Decimal = Decimal("0")
    amount: Decimal = Decimal("0.00")
    starts_on: date | None = None
    ends_on: date | None = None
    reason: str = ""

    def holds(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """A clause that charges: a fixed amount per period, a price per use, or an amount once. ``minimum`` and ``ceiling``
    bound the price of a whole period; with a price per use ``ceiling`` bounds all uses of a period, of which
    ``included_quantity`` is free."""

    line_id: str
    clause: str
    description: str
    amount: Decimal
    kind: str = "recurring"  # recurring | per_use | one_off
    rule: str = "monthly"
    interval: int = 1
    mode: str = "advance"  # advance | arrears
    anchor_day: int | None = None
    proration: str = "actual"  # actual | commercial_30
    starts_on: date | None = None
    ends_on: date | None = None
    service_type_id: str | None = None
    discounts: tuple[Discount, ...] = ()
    minimum: Decimal | None = None
    ceiling: Decimal | None = None
    included_quantity: Decimal | None = None
    offset_days: int | None = None  # from the period's first day (advance) or last day (arrears) to its bill day
    align: str = "anniversary"  # anniversary | calendar
    billed_through: date | None = None  # where another system billed this line further than the contract

    def recurrence(self, terms: BillingTerms) -> Recurrence:
        start, end = self.span(terms)
        return Recurrence(
            start=start, rule=self.rule, interval=self.interval, anchor_day=self.anchor_day, align=self.align, end=end
        )

    def span(self, terms: BillingTerms) -> tuple[date, date | None]:
        """First and last day of the line: its own, within the contract's."""
        ends = [day for day in (self.ends_on, terms.ends_on) if day is not None]
        return self.starts_on or terms.starts_on, min(ends) if ends else None


@dataclass(frozen=True, slots=True)
class BillingRules:
    """``suspension``: what a suspension gives back. ``credit``: the days of it are not charged, and credited when
    they were billed already. ``keep``: charges go on. ``first_bill``: what the first bill takes. ``all``: everything
    since the contract's start. ``month``: only its own month; what came before was billed elsewhere. ``issue``: who
    issues what is due. ``automatic``: it issues itself on its bill day at ``issue_hour`` (local wall clock, HH:MM).
    ``by_run``: a billing run does. ``billed_through``: the last day that another system billed; known, it says more than
    ``first_bill``."""

    due_days: int = 10
    business_day_rule: str = "next"  # next | none
    suspension: str = "credit"  # credit | keep
    first_bill: str = "all"  # all | month
    issue: str = "by_run"  # automatic | by_run
    issue_hour: str = "06:00"
    billed_through: date | None = None

    @property
    def by_first_bill(self) -> bool:
        """Whether the first bill here tells what was billed elsewhere."""
        return self.first_bill == "month" and self.billed_through is None


@dataclass(frozen=True, slots=True)
class LateTerms:
    """``interest``: the percentage that was agreed, or the published *taxa legal* where none was. ``correction``: the index
    by which the debt is corrected."""

    fine_percent: Decimal = Decimal("2")
    interest_percent_month: Decimal = Decimal("1")
    interest: str = "agreed"  # agreed | legal
    correction: str = "none"  # none | ipca | igpm

    @property
    def indices(self) -> tuple[str, ...]:
        """The published indices that these terms need."""
        legal = ("taxa_legal",) if self.interest == "legal" else ()
        return legal if self.correction == "none" else (*legal, self.correction)


@dataclass(frozen=True, slots=True)
class DunningStep:
    """A reminder ``days`` after the due day (negative: before it)."""

    level: int
    days: int
    channel: str = "email"


@dataclass(frozen=True, slots=True)
class DefaultRule:
    """``days``: an account is in default when a receivable is so many days late; ``None``: never."""

    days: int | None = 30
    suspend: bool = True
    notice_days: int = 5


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """Which days beside the national holidays are none: those of the contract's ``state``, of the company's own table, and
    the ``optional`` ones that were agreed (carnival, corpus_christi, …)."""

    of_state: bool = True
    company: bool = True
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BillingTerms:
    starts_on: date
    ends_on: date | None = None
    time_zone: str = "America/Sao_Paulo"
    holidays: tuple[date, ...] = ()
    lines: tuple[ChargeLine, ...] = ()
    billing: BillingRules = BillingRules()
    late: LateTerms = LateTerms()
    dunning: tuple[DunningStep, ...] = ()
    default: DefaultRule = DefaultRule()
    state: str = ""
    business_days: BusinessDays = BusinessDays()

    def line(self, line_id: str | None) -> ChargeLine | None:
        return next((line for line in self.lines if line.line_id == line_id), None)

    def billed_elsewhere(self, line: ChargeLine) -> date | None:
        """The last day of a line that another system billed; ``None``: none."""
        through, further = self.billing.billed_through, line.billed_through
        if through is None or further is None:
            return through or further
        return max(through, further)

    def step(self, level: int) -> DunningStep | None:
        return next((step for step in self.dunning if step.level == level), None)
