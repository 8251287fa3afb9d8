"""What a contract says: services and targets, calendar, charges, late payment, dunning, default, evaluation.

Frozen values only; ``terms_check`` says which of them make sense together. Amounts in the contract's currency (BRL).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from contracts_service.domain.terms_rules import Align, Discount, RequestRules, VisitPlan
from contracts_service.domain.terms_rules import Channel as Channel
from contracts_service.domain.terms_rules import Communication as Communication
from contracts_service.domain.terms_rules import Evaluation as Evaluation
from contracts_service.domain.terms_time import BUSINESS_WEEK as BUSINESS_WEEK
from contracts_service.domain.terms_time import Calendar, EscalationStep
from contracts_service.domain.terms_time import Interval as Interval


class Renewal(StrEnum):
    NONE = "none"
    TACIT = "tacit"
    APPROVAL = "approval"


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
    THIRTY_DAYS = "thirty_days"
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


class Issue(StrEnum):
    """Who issues what is due."""

    BY_RUN = "by_run"  # a billing run
    AUTOMATIC = "automatic"  # each charge itself, on its bill day


class OpenRequests(StrEnum):
    """What happens to requests that are open when a suspension begins."""

    PAUSE = "pause"  # their clocks stand still until the resumption
    CONTINUE = "continue"  # what was opened before is finished


class PlannedVisits(StrEnum):
    CANCEL = "cancel"
    KEEP = "keep"


class GiveBack(StrEnum):
    """What the customer gets for the days without services."""

    PRORATE = "prorate"  # they are not charged; what was charged already is credited
    NOTHING = "nothing"  # charges go on
    EXTEND = "extend"  # they are not charged, and the term is longer by as many days


class Index(StrEnum):
    """Price indices, and the legal rate of interest, as published month by month."""

    IPCA = "ipca"
    IGPM = "igpm"
    TAXA_LEGAL = "taxa_legal"


class LateInterest(StrEnum):
    AGREED = "agreed"
    LEGAL = "legal"  # taxa legal (CC, art. 406)


class LateCorrection(StrEnum):
    NONE = "none"
    IPCA = "ipca"
    IGPM = "igpm"


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
    tacit_confirmation: bool = True  # silence counts as the customer's confirmation, where that is the evidence


@dataclass(frozen=True, slots=True)
class Line:
    """A charge line: what is owed, by which rule. ``amount`` is per period, per unit of use, or once.

    ``minimum`` and ``ceiling`` bound the price of a whole period after its discounts; with a price per use ``ceiling``
    bounds all uses of a period, of which ``included_quantity`` is free. One per use without a
    service prices a part. ``offset_days``: from the period's first day
    (in advance) or last day (in arrears) to its bill day; ``None``: the first day, or the day after the last one.
    """

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
    site_ids: tuple[str, ...] = ()  # for which of the customer's sites it is owed; none named: all
    equipment_ids: tuple[str, ...] = ()
    discounts: tuple[Discount, ...] = ()
    minimum: Decimal | None = None
    ceiling: Decimal | None = None
    included_quantity: Decimal | None = None
    offset_days: int | None = None
    align: Align = Align.ANNIVERSARY
    billed_through: date | None = None  # of a recurring line that the former system billed further than the contract


@dataclass(frozen=True, slots=True)
class Billing:
    """``first_bill``: of a contract that was taken over from another system, only its own month is billed at first.
    ``billed_through``: the last day that the other system billed; nothing up to it is charged here by recurrence (its
    one-off lines neither), and ``first_bill`` is then of no account. ``issue_hour``: local wall clock, HH:MM, at which
    charges issue themselves."""

    due_days: int = 10
    business_day_rule: BusinessDayRule = BusinessDayRule.NEXT
    first_bill: FirstBill = FirstBill.ALL
    issue: Issue = Issue.BY_RUN
    issue_hour: str = "06:00"
    billed_through: date | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """``interest``: the percentage agreed here, or the published *taxa legal* where none is. ``correction``: the index by
    which a late debt is corrected."""

    fine_percent: Decimal = Decimal("2")
    interest_percent_month: Decimal = Decimal("1")
    interest: LateInterest = LateInterest.AGREED
    correction: LateCorrection = LateCorrection.NONE


@dataclass(frozen=True, slots=True)
class DunningLevel:
    """A reminder ``days`` after the due day (negative: before it). ``text``: its words; empty: the company's usual ones."""

    level: int
    days: int
    channel: Channel = Channel.EMAIL
    text: str = ""


@dataclass(frozen=True, slots=True)
class Default:
    """When an account is in default (None: never), and whether the services are then suspended after notice.

    ``approval``: the suspension does not begin by itself when the notice has run; a manager approves it.
    """

    days: int | None = 30
    suspend: bool = True
    notice_days: int = 5
    approval: bool = False


@dataclass(frozen=True, slots=True)
class Suspending:
    """What a suspension does, whatever its reason."""

    requests: OpenRequests = OpenRequests.PAUSE
    visits: PlannedVisits = PlannedVisits.CANCEL
    give_back: GiveBack = GiveBack.PRORATE


@dataclass(frozen=True, slots=True)
class Leaving:
    """What it costs to leave by notice before the term is over.

    The fine is ``fine_percent`` of the recurring charges from the day after the last one in force until the end of
    the term; with ``minimum_months`` only until so many months after the beginning (less for each day that was kept:
    Código Civil, art. 413).
    """

    fine_percent: Decimal = Decimal("0")
    minimum_months: int | None = None


@dataclass(frozen=True, slots=True)
class Adjusting:
    """The yearly adjustment: by which index (None: by agreement only), how many months the index is behind.

    ``lag_months`` 1: an adjustment in January takes the twelve months up to December. ``floor_zero``: prices do not
    fall with a negative index. ``month``: prices are adjusted from its first day on, in the first such month that is no
    sooner than the law allows; ``None``: as soon as it allows. ``last_on``: the last adjustment that another system made of
    these prices; the twelve months count from it.
    """

    index: Index | None = None
    lag_months: int = 1
    floor_zero: bool = True
    month: int | None = None
    last_on: date | None = None


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
    calendar: Calendar = field(default_factory=Calendar)
    lines: tuple[Line, ...] = ()
    billing: Billing = Billing()
    late: Late = Late()
    dunning: tuple[DunningLevel, ...] = ()
    default: Default = Default()
    communication: Communication = field(default_factory=Communication)
    evaluation: Evaluation = field(default_factory=Evaluation)
    offer_days: int = 30  # a renewal that needs approval is offered so many days before the last day for notice
    suspension: Suspending = Suspending()
    leaving: Leaving = Leaving()
    adjustment: Adjusting = Adjusting()
    visit_plan: tuple[VisitPlan, ...] = ()
    requests: RequestRules = field(default_factory=RequestRules)
    escalation: tuple[EscalationStep, ...] = ()
