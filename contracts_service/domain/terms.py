"""What a contract says: services and targets, calendar, charges, late payment, dunning, default, evaluation.

Frozen values only; ``terms_check`` says which of them make sense together. Amounts in the contract's currency (BRL).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Renewal(StrEnum):
    NONE = "none"
    TACIT = "tacit"
    APPROVAL = "approval"


class Channel(StrEnum):
    PORTAL = "portal"
    PHONE = "phone"
    EMAIL = "email"


class CalendarKind(StrEnum):
    BUSINESS = "business"
    ALWAYS = "24x7"


class Priority(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Unit(StrEnum):
    HOUR = "hour"
    VISIT = "visit"
    REQUEST = "request"


class EvidenceKind(StrEnum):
    SIGNED_ORDER = "signed_order"
    PHOTO = "photo"
    EMAIL = "email"
    DELIVERY_REPORT = "delivery_report"
    PORTAL_CONFIRMATION = "portal_confirmation"


class LineKind(StrEnum):
    RECURRING = "recurring"
    PER_USE = "per_use"
    ONE_OFF = "one_off"


class Rule(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    MONTHLY_LAST_DAY = "monthly_last_day"
    QUARTERLY = "quarterly"
    SEMESTERLY = "semesterly"
    YEARLY = "yearly"


class Mode(StrEnum):
    ADVANCE = "advance"
    ARREARS = "arrears"


class Proration(StrEnum):
    ACTUAL = "actual"
    COMMERCIAL_30 = "commercial_30"


class BusinessDayRule(StrEnum):
    NEXT = "next"
    NONE = "none"


class FirstBill(StrEnum):
    ALL = "all"  # everything since the contract's start
    MONTH = "month"  # only what is to be billed in that month: what came before was billed elsewhere


@dataclass(frozen=True, slots=True)
class Target:
    """Response and resolution, in minutes of the service's calendar."""

    priority: Priority
    response_minutes: int
    resolution_minutes: int


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """A service type of the catalogue with this contract's own terms."""

    service_type_id: str
    code: str
    name: str
    calendar: CalendarKind = CalendarKind.BUSINESS
    channels: tuple[Channel, ...] = (Channel.PORTAL, Channel.PHONE, Channel.EMAIL)
    targets: tuple[Target, ...] = ()
    included_quantity: Decimal | None = None  # per month; None: no limit
    unit: Unit = Unit.HOUR
    overage_unit_price: Decimal | None = None  # None: nothing beyond what is included
    evidence: tuple[EvidenceKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Interval:
    """Open hours of a weekday (0 = Monday), local wall clock ``HH:MM``; ``24:00`` is the day's end."""

    weekday: int
    opens: str
    closes: str


BUSINESS_WEEK = tuple(Interval(weekday, "08:00", "18:00") for weekday in range(5))


@dataclass(frozen=True, slots=True)
class Calendar:
    intervals: tuple[Interval, ...] = BUSINESS_WEEK
    holidays: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A charge line: what is owed, by which rule. ``amount`` is per period, per unit of use, or once."""

    line_id: str
    clause: str
    description: str
    amount: Decimal
    kind: LineKind = LineKind.RECURRING
    rule: Rule = Rule.MONTHLY
    interval: int = 1
    mode: Mode = Mode.ADVANCE
    anchor_day: int | None = None
    proration: Proration = Proration.ACTUAL
    starts_on: date | None = None
    ends_on: date | None = None
    service_type_id: str | None = None


@dataclass(frozen=True, slots=True)
class Billing:
    """``first_bill``: of a contract that was taken over from another system, only its own month is billed at first."""

    due_days: int = 10
    business_day_rule: BusinessDayRule = BusinessDayRule.NEXT
    first_bill: FirstBill = FirstBill.ALL


@dataclass(frozen=True, slots=True)
class Late:
    fine_percent: Decimal = Decimal("2")
    interest_percent_month: Decimal = Decimal("1")


@dataclass(frozen=True, slots=True)
class DunningLevel:
    """A reminder ``days`` after the due day (negative: before it)."""

    level: int
    days: int
    channel: Channel = Channel.EMAIL


@dataclass(frozen=True, slots=True)
class Default:
    """When an account is in default (None: never), and whether the services are then suspended after notice."""

    days: int | None = 30
    suspend: bool = True
    notice_days: int = 5


@dataclass(frozen=True, slots=True)
class Communication:
    authorised_only: bool = True
    channels: tuple[Channel, ...] = (Channel.PORTAL, Channel.PHONE, Channel.EMAIL)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How the customer is asked after a service; a score below ``score_limit`` reopens the request."""

    ask: bool = True
    delay_hours: int = 0
    remind_hours: int = 48
    tacit_days: int = 7
    score_limit: int = 3
    edit_hours: int = 12


@dataclass(frozen=True, slots=True)
class ContractTerms:
    starts_on: date
    ends_on: date | None = None
    renewal: Renewal = Renewal.NONE
    renewal_months: int = 12
    notice_days: int = 30
    time_zone: str = "America/Sao_Paulo"
    state: str = "SP"
    services: tuple[ServiceTerms, ...] = ()
    calendar: Calendar = Calendar()
    lines: tuple[Line, ...] = ()
    billing: Billing = Billing()
    late: Late = Late()
    dunning: tuple[DunningLevel, ...] = ()
    default: Default = Default()
    communication: Communication = Communication()
    evaluation: Evaluation = Evaluation()
