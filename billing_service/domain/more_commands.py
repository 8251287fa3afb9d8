"""What can be asked of an account beside charges, receivables and payments. ``at`` and ``on`` as in ``commands``."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from services.decider import command, doc


@command
class WithdrawCharge:
    """A charge that was added was a mistake. Billed already, what is left of it is credited."""

    account_id: str
    charge_id: str
    reason: str
    on: date | None = None
    at: datetime | None = None


@command
class CorrectUse:
    """The quantity of a use or of work was another. What is charged for it, and for later uses of the same period, follows."""

    account_id: str
    charge_id: str
    quantity: Decimal = doc("all of it, with what is included")
    reason: str
    on: date | None = None
    at: datetime | None = None


@command
class CorrectWork:
    """The quantity of recorded work was another, and tickets has divided it anew: what is charged for it follows."""

    account_id: str
    work_id: str
    quantity: Decimal = doc("all of it, with what is included")
    included: Decimal
    reason: str
    most: Decimal | None = doc("at most this for the work", default=None)
    on: date | None = None
    at: datetime | None = None
    source_type: str = doc("work | part", default="work")


@command
class GrantCredit:
    """Credit without a charge that it takes back, with a reason. It pays what is open, oldest first."""

    account_id: str
    credit_id: str
    amount: Decimal
    reason: str
    on: date | None = None
    at: datetime | None = None


@command
class RefundCredit:
    """Pay credit back to the customer: all of it, or ``amount``."""

    account_id: str
    refund_id: str
    reason: str
    amount: Decimal | None = None
    method: str = "other"
    on: date | None = None
    at: datetime | None = None


@command
class SettleTermination:
    """What a termination costs whom. ``refund_all``: everything that was charged is given back (CDC, art. 49)."""

    account_id: str
    termination_id: str
    on: date = doc("last day in force")
    fine: Decimal = Decimal("0.00")
    fine_base: Decimal = Decimal("0.00")
    fine_percent: Decimal = Decimal("0")
    by: str = doc("who leaves, and owes the fine: customer | provider | both", default="customer")
    refund_all: bool = False
    at: datetime | None = None


@command
class UndoTermination:
    """The termination was a mistake: its fine is not owed, the credit for it is taken back."""

    account_id: str
    on: date | None = None
    at: datetime | None = None


@command
class ContestWork:
    """The customer does not accept the work of a request."""

    account_id: str
    request_id: str
    reason: str = ""
    on: date | None = None
    at: datetime | None = None


@command
class AcceptWork:
    """The work of a request is accepted."""

    account_id: str
    request_id: str
    on: date | None = None
    at: datetime | None = None


MORE_COMMANDS: tuple[type, ...] = (
    WithdrawCharge,
    CorrectUse,
    CorrectWork,
    GrantCredit,
    RefundCredit,
    SettleTermination,
    UndoTermination,
    ContestWork,
    AcceptWork,
)
