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
        "ceiling",
        "limit",
        "price_text",
        "charge_limit",
        "emergency_limit",
        "price_unit",
        "price_bound",
        "charged_works",
        "charged_visits",
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


WHOLE = ("requests", "approval")
"""Rights with one of which a contact sees all requests of his company."""


def requests_seen() -> dict[str, Any]:
    """Which requests a list shows: to staff all; to a contact his company's, if he has the right, else his own, and
    what has a price if he has the right to money."""
    who = caller()
    mine = who.customers()
    if mine is None:
        return {"customers": None}
    whole = sorted({customer for right in WHOLE for customer in who.customers(right) or ()})
    contacts = [each["contact_id"] for each in who.speaks]
    return {"customers": mine, "whole": whole, "money": who.customers("money") or [], "contacts": contacts}


def check_request(customer_id: str | None, truth: Callable[[], Mapping[str, Any]]) -> None:
    """A contact without the right to the company's requests opens only his own, or one whose price he may accept."""
    who = caller()
    if not who.is_customer or any(customer_id in (who.customers(right) or ()) for right in WHOLE):
        return
    request = truth()
    may_accept = customer_id in (who.customers("money") or ()) and request.get("price_state") is not None
    if request.get("opened_by") != who.contact_for(customer_id) and not may_accept:
        raise Forbidden("access.right-missing", right="requests")


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
