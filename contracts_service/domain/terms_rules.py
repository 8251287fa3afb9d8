"""Parts of a contract's terms: discounts, planned visits, who is told what, requests. Frozen values only, as in ``terms``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Channel(StrEnum):
    PORTAL = "portal"
    PHONE = "phone"
    EMAIL = "email"


class Align(StrEnum):
    """Where a line's periods begin."""

    ANNIVERSARY = "anniversary"  # on the anchor day, or on the day of the month on which the line begins
    CALENDAR = "calendar"  # with civil weeks (Monday), months, quarters, half-years and years


class Topic(StrEnum):
    """What people are told of."""

    REQUEST = "request"  # a request was opened, moves on, is resolved
    VISIT = "visit"  # a visit was planned, moved, cancelled
    CHARGE = "charge"  # a receivable was issued
    DUNNING = "dunning"  # reminders, default, suspension
    CONTRACT = "contract"  # addenda, adjustments, renewal, notice
    EVALUATION = "evaluation"


class Language(StrEnum):
    PT_BR = "pt-BR"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Discount:
    """Off the price of a whole period: ``percent`` first, then ``amount``; on the days from ``starts_on`` to ``ends_on``,
    both included, ``None`` without limit."""

    percent: Decimal = Decimal("0")
    amount: Decimal = Decimal("0.00")
    starts_on: date | None = None
    ends_on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """Visits that are due without a request: ``per_month`` of them, on one of ``weekdays`` (0 = Monday; none named: any
    day of the calendar), between ``opens`` and ``closes`` (local wall clock)."""

    plan_id: str
    service_type_id: str
    description: str = ""
    per_month: int = 1
    weekdays: tuple[int, ...] = ()
    opens: str = "08:00"
    closes: str = "18:00"
    site_id: str | None = None  # None: wherever the service is done
    equipment_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """Contacts with one of ``rights`` (none named: all contacts) are told of ``topic`` by ``channel``."""

    topic: Topic
    channel: Channel = Channel.EMAIL
    rights: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PriorityRule:
    """Requests of this impact and urgency (high, medium or low) have this priority."""

    impact: str
    urgency: str
    priority: str


@dataclass(frozen=True, slots=True)
class RequestRules:
    """``reopen_days``: how long a resolved request can be opened again (None: no limit). ``emergency_limit``: up to this
    price a critical request is served before the customer has accepted the price (None: never). ``priorities``: cells
    that differ from the usual matrix. ``document_mb``: the largest file of a request (None: the usual size).
    ``accept_excess``: also what goes beyond the included quantity while a covered request is served needs an
    acceptance; otherwise the contract's signed price holds for it."""

    reopen_days: int | None = None
    emergency_limit: Decimal | None = None
    priorities: tuple[PriorityRule, ...] = ()
    document_mb: int | None = None
    accept_excess: bool = False


@dataclass(frozen=True, slots=True)
class Communication:
    """Who may ask and by which channels; who is told what, between which hours (local wall clock), in which language."""

    authorised_only: bool = True
    channels: tuple[Channel, ...] = (Channel.PORTAL, Channel.PHONE, Channel.EMAIL)
    notices: tuple[NoticeRule, ...] = ()  # none: everybody with the right for it, by e-mail
    opens: str = "08:00"
    closes: str = "20:00"
    language: Language = Language.PT_BR


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How the customer is asked after a service; a score below ``score_limit`` reopens the request, one below
    ``comment_below`` needs a comment. After ``expiry_days`` nothing is answered any more (None: as long as it is open)."""

    ask: bool = True
    delay_hours: int = 0
    remind_hours: int = 48
    tacit_days: int = 7
    score_limit: int = 3
    edit_hours: int = 12
    channel: Channel = Channel.EMAIL
    expiry_days: int | None = None
    comment_below: int = 0
