"""Whose things are whose: the caller, and the checks by which a customer sees and changes only his own.

What belongs to another customer does not exist for him: 404, the same as for what does not exist at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g

from gateway.identity.permissions import Access
from gateway.identity.roles import CONTACT, STAFF, TECHNICIAN
from gateway.identity.users import User
from services.errors import Forbidden, NotFound

PRICES = frozenset(
    {
        "amount",
        "unit_price",
        "overage_unit_price",
        "monthly_amount",
        "price",
        "balance",
        "gross",
        "net",
        "withheld",
        "paid",
        "total",
        "default_amount",
        "lines",
        "late",
    }
)
"""Fields that a technician does not see, wherever they stand in an answer."""


@dataclass(frozen=True, slots=True)
class Caller:
    """``speaks``: for which customers, as which contact, with which rights; empty for staff. ``scopes``: of an API key."""

    user: User
    speaks: tuple[Mapping[str, Any], ...] = ()
    scopes: frozenset[str] = frozenset()

    @property
    def is_customer(self) -> bool:
        """Has no other role than a customer's."""
        return set(self.user.roles) <= {CONTACT}

    @property
    def sees_prices(self) -> bool:
        return not (set(self.user.roles) & STAFF and set(self.user.roles) <= {TECHNICIAN, CONTACT})

    def customers(self, right: str | None = None) -> list[str] | None:
        """None: all. Else the customers for whom he speaks (with this right)."""
        if not self.is_customer:
            return None
        return [each["customer_id"] for each in self.speaks if right is None or right in (each["rights"] or ())]

    def contact_for(self, customer_id: str | None) -> str | None:
        return next((each["contact_id"] for each in self.speaks if each["customer_id"] == customer_id), None)

    def actor(self, customer_id: str | None = None) -> str:
        """Who acts, for the events' record."""
        if self.is_customer:
            contact = self.contact_for(customer_id) or next((each["contact_id"] for each in self.speaks), None)
            return f"contact:{contact}" if contact else f"user:{self.user.user_id}"
        return f"user:{self.user.user_id}"


def caller() -> Caller:
    return g.caller  # type: ignore[no-any-return]


def only() -> list[str] | None:
    """The customers to which a list is narrowed for this operation; None for staff."""
    access: Access = g.access
    mine = caller().customers()
    if mine and access.right is not None:
        narrowed = caller().customers(access.right) or []
        if not narrowed:
            raise Forbidden("access.right-missing", right=access.right)
        return narrowed
    return mine


def check(customer_id: str | None) -> None:
    """A thing of this customer: 404 unless the caller speaks for him, 403 if he lacks the operation's right."""
    mine = caller().customers()
    if mine is None:
        return
    if customer_id is None or customer_id not in mine:
        raise NotFound("not-found")
    access: Access = g.access
    if access.right is not None and customer_id not in (caller().customers(access.right) or ()):
        raise Forbidden("access.right-missing", right=access.right)


def of(kind: str, id_: str, truth: Callable[[], Mapping[str, Any]] | None = None) -> str | None:
    """Check a thing by its id, and say whose it is (for staff: as far as known).

    What the gateway's views do not show yet is asked of its service (``truth``), so that a customer may go on with
    what he made a moment ago.
    """
    from gateway.api.calls import local

    row = local("owner", kind=kind, id=id_)
    customer_id: str | None = row["customer_id"]
    if caller().is_customer:
        if customer_id is None and truth is not None:
            customer_id = truth().get("customer_id")
        check(customer_id)
    return customer_id


def without_prices(value: Any) -> Any:
    """A technician sees what is to be done, not what it costs."""
    if isinstance(value, Mapping):
        return {key: without_prices(item) for key, item in value.items() if key not in PRICES}
    if isinstance(value, list | tuple):
        return [without_prices(item) for item in value]
    return value


__all__ = ["Caller", "caller", "check", "of", "only", "without_prices"]
