"""An account as its events leave it: what the rules look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from . import events as e
from . import more_events as x
from .boleto_life import Boleto
from .explanation import Explanation
from .money import ZERO, total
from .terms import BillingTerms


@dataclass(frozen=True, slots=True)
class TermsVersion:
    effective_on: date
    terms: BillingTerms
    cause: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A charge that was added, or taken off a receivable, and is not billed yet. ``planned``: by a line and period."""

    charge_id: str
    line_id: str | None
    clause: str
    description: str
    period_start: date | None
    period_end: date | None
    bill_on: date
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    explanation: Explanation
    planned: bool
    held: bool = False
    due_on: date | None = None
    moved_from: date | None = None
    reason: str = ""  # of finance's last decision

    @property
    def changed(self) -> bool:
        """Whether finance decided something about it."""
        return self.held or self.due_on is not None or self.moved_from is not None


Charge = Pending | e.PlannedCharge
"""What is not billed yet."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What finance decided about a charge; it outlives the plan that the charge stands in."""

    held: bool = False
    bill_on: date | None = None
    due_on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Billed:
    """A charge on a receivable. ``start``..``end`` is what of its period is still owed; ``end`` before ``start``
    when all was credited. ``kept`` is the amount that is still owed for it."""

    line: e.ReceivableLine
    receivable_id: str
    start: date | None
    end: date | None
    kept: Decimal

    @property
    def covers(self) -> bool:
        return self.start is not None and self.end is not None and self.start <= self.end


@dataclass(frozen=True, slots=True)
class Receivable:
    receivable_id: str
    number: str
    issued_on: date
    due_on: date
    payable_on: date
    net: Decimal
    month: str
    imported: bool = False
    external_ref: str | None = None
    fine: Decimal = ZERO
    interest: Decimal = ZERO
    correction: Decimal = ZERO
    interest_through: date | None = None
    paid: Decimal = ZERO
    credited: Decimal = ZERO
    written_off: Decimal = ZERO
    disputed_whole: bool = False
    disputed_lines: Mapping[str, Decimal] = field(default_factory=dict)
    overdue: bool = False
    settled_on: date | None = None
    reminders: frozenset[int] = frozenset()
    withheld: Decimal = ZERO
    withheld_back: Decimal = ZERO  # the part of it that credit notes took back
    nfse: tuple[str, str, str] | None = None
    cancelled: Decimal | None = None
    renegotiated: Decimal = ZERO
    renegotiation_id: str | None = None  # of which it is an instalment
    original_due_on: date | None = None  # where finance has changed the due day
    taken_over: e.TakenOver | None = None

    @property
    def balance(self) -> Decimal:
        owed = self.net + self.correction + self.fine + self.interest - (self.cancelled or ZERO) - self.renegotiated
        return owed - self.paid - self.credited - self.written_off

    @property
    def claimable(self) -> Decimal:
        """What is open and not contested: what may be reminded of, and is paid first."""
        return ZERO if self.disputed_whole else max(ZERO, self.balance - total(self.disputed_lines.values()))

    @property
    def disputed(self) -> bool:
        """Whether all that is open is contested."""
        return self.disputed_whole or (bool(self.disputed_lines) and self.balance > 0 and self.claimable == 0)

    @property
    def is_own(self) -> bool:
        """Whether its charges were billed here."""
        return not self.imported and self.taken_over is None and self.renegotiation_id is None

    @property
    def gross(self) -> Decimal:
        return self.net + self.withheld

    @property
    def principal(self) -> Decimal:
        """What is open of the debt itself and not contested: payments pay late charges first (CC art. 354)."""
        contested = total(self.disputed_lines.values())
        return max(ZERO, self.balance - max(ZERO, self.fine + self.interest - self.paid) - contested)

    @property
    def is_open(self) -> bool:
        return self.settled_on is None and self.balance > 0


@dataclass(frozen=True, slots=True)
class Payment:
    payment_id: str
    amount: Decimal
    on: date
    allocations: Mapping[str, Decimal]
    method: str = "other"
    reversed: bool = False
    refunded: Decimal = ZERO  # of what was left as credit


@dataclass(frozen=True, slots=True)
class Account:
    account_id: str = ""
    contract_id: str = ""
    customer_id: str = ""
    contract_number: str = ""
    opened_on: date | None = None
    versions: tuple[TermsVersion, ...] = ()
    stops: tuple[tuple[date, date | None], ...] = ()
    through: date | None = None
    pending: Mapping[str, Charge] = field(default_factory=dict)
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    billed: Mapping[str, Billed] = field(default_factory=dict)
    receivables: Mapping[str, Receivable] = field(default_factory=dict)
    payments: Mapping[str, Payment] = field(default_factory=dict)
    credits: Mapping[str, Decimal] = field(default_factory=dict)
    credit_notes: Mapping[str, e.CreditNoteIssued] = field(default_factory=dict)
    in_default_since: date | None = None
    granted: Mapping[str, x.CreditGranted] = field(default_factory=dict)
    refunds: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()
    regretted: Mapping[str, Pending] = field(
        default_factory=dict
    )  # withdrawn by a consumer's regret, until it is undone
    corrections: Mapping[str, int] = field(default_factory=dict)  # how often a charge's quantity was corrected
    contested: Mapping[str, x.WorkContested] = field(default_factory=dict)
    boletos: Mapping[str, Boleto] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.opened_on is not None

    @property
    def terms(self) -> BillingTerms:
        return self.versions[-1].terms

    @property
    def credit(self) -> Decimal:
        return total(self.credits.values())

    @property
    def balance(self) -> Decimal:
        """What the customer owes over all; negative: he has a credit."""
        return total(r.balance for r in self.receivables.values()) - self.credit

    def version_at(self, day: date) -> TermsVersion:
        """The terms in force on a day; before the first ones, the first."""
        found = [version for version in self.versions if version.effective_on <= day]
        return found[-1] if found else self.versions[0]

    def open_receivables(self) -> list[Receivable]:
        """Oldest due day first; disputed ones last."""
        found = [r for r in self.receivables.values() if r.is_open]
        return sorted(found, key=lambda r: (r.disputed, r.due_on, r.issued_on))  # of one day: as they were issued
