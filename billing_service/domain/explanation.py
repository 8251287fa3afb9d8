"""Why this amount: the structured explanation that each line of a receivable and each credit carries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class AppliedDiscount:
    """``amount`` off the price of a whole period."""

    amount: Decimal
    percent: Decimal
    ends_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Pricing:
    """How the unit price came from the list price, or a use's amount from its quantity. ``limit``: the bound it met.
    ``used`` − ``included`` is charged."""

    list_price: Decimal
    discounts: tuple[AppliedDiscount, ...] = ()
    limit: str = ""  # minimum | ceiling
    used: Decimal | None = None
    included: Decimal | None = None
    ceiling: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """``kind``: ``period`` (a recurring line), ``once``, ``use`` (work or a charge by finance; ``request_id``
    names the work's request), ``fine`` (``factor`` of ``unit_price``, the charges of the rest of the term), ``credit``,
    ``instalment`` (``factor`` 2/3: the second of three), ``imported``, ``taken_over`` (of ``unit_price`` there, ``billed``
    was owed after taxes withheld, and ``kept`` is left), ``opening_credit``. ``cause`` names the terms: ``activation``,
    ``addendum 2`` …; ``terms`` is their effective day.

    ``amount`` = ``unit_price`` × ``quantity`` × ``factor``, rounded half-up to cents; ``exact`` is the product before
    rounding, as a fraction of the currency's unit, when it was rounded.
    """

    kind: str
    amount: Decimal
    clause: str = ""
    cause: str = ""
    terms: date | None = None
    rule: str = ""
    basis: str = ""
    period_start: date | None = None
    period_end: date | None = None
    full_start: date | None = None
    full_end: date | None = None
    days: int | None = None
    full_days: int | None = None
    factor: str = "1"
    quantity: Decimal = Decimal(1)
    unit_price: Decimal | None = None
    exact: str | None = None
    rounding: str = "none"  # none | half_up
    source_type: str = ""
    source_ref: str = ""
    source_label: str = ""  # what people call it; source_ref may be an id of ours
    occurred_on: date | None = None
    reason: str = ""
    request_id: str = ""
    billed: Decimal | None = None  # credit: what had been billed
    kept: Decimal | None = None  # credit: what stays owed
    pricing: Pricing | None = None
