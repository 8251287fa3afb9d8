"""Customers, their contacts, sites and equipment; and their right to be forgotten."""

from __future__ import annotations

from typing import Any

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, execute, listed, local, new_id
from gateway.api.schemas.common import Written, page_of
from gateway.api.schemas.customers import (
    Customer,
    CustomerDetail,
    CustomerProfile,
    CustomersQuery,
    NewContact,
    NewCustomer,
    NewEquipment,
    NewSite,
)
from services.errors import Forbidden, Invalid, NotFound, OutcomeUnknown, Unavailable

blp = Blueprint("customers", __name__, description="Customers, contacts, sites, equipment")


@blp.route("/customers", methods=["GET"])
@blp.arguments(CustomersQuery, location="query")
@blp.response(200, page_of(Customer))
def list_customers(args: dict[str, Any]) -> Any:
    """Customers by name. A customer's user finds those for whom he speaks."""
    return listed("customers", args, customers=scope.only())


@blp.route("/customers", methods=["POST"])
@blp.arguments(NewCustomer)
@blp.response(201, Written)
def register_customer(data: dict[str, Any]) -> Any:
    """Register a person (name, CPF) or a company (legal name, CNPJ)."""
    id_ = new_id("customer")
    body, headers = execute("contracts", "register_customer", {**data, "customer_id": id_}, made=id_)
    return body, 201, {**headers, "Location": f"/api/v1/customers/{id_}"}


@blp.route("/customers/<string:customer_id>", methods=["GET"])
@blp.response(200, CustomerDetail)
def get_customer(customer_id: str) -> Any:
    """A customer with contacts, sites and equipment. What is personal comes from contracts, if it answers."""
    scope.check(customer_id)
    try:
        profile = ask("contracts", "customer", customer_id=customer_id)
    except (Unavailable, OutcomeUnknown):
        profile = None
    try:
        known = local("customer", customer_id=customer_id)
    except NotFound:
        if profile is None:
            raise
        known = {**profile, "contacts": profile["contacts"], "sites": profile["sites"]}
    return {**known, "profile": profile}


@blp.route("/customers/<string:customer_id>/profile", methods=["POST"])
@blp.arguments(CustomerProfile)
@blp.response(200, Written)
def change_profile(data: dict[str, Any], customer_id: str) -> Any:
    """Change what is known of the customer; what is left out stays."""
    return _of_customer("change_profile", data, customer_id)


@blp.route("/customers/<string:customer_id>/contacts", methods=["POST"])
@blp.arguments(NewContact)
@blp.response(201, Written)
def authorise_contact(data: dict[str, Any], customer_id: str) -> Any:
    """Let a person speak for the customer: open requests, see the money, approve. An administrator stands for several.

    Customers' users name no other person than themselves by `contact_id`: who the others are is not theirs to know.
    """
    scope.check(customer_id)
    known, who = data.pop("contact_id", None), scope.caller()
    if known is None and "name" not in data:
        raise Invalid(problems=[{"path": "name", "code": "missing", "message": "a new person needs a name"}])
    if known is not None and who.is_customer and known not in {each["contact_id"] for each in who.speaks}:
        raise Forbidden("access.denied")
    made = ("contact_id", known or new_id("contact"))
    return _of_customer("authorise_contact", {"name": "", **data}, customer_id, made=made)


@blp.route("/customers/<string:customer_id>/contacts/<string:contact_id>", methods=["DELETE"])
@blp.response(200, Written)
def remove_contact(customer_id: str, contact_id: str) -> Any:
    """The person no longer speaks for the customer."""
    return _of_customer("remove_contact", {"contact_id": contact_id}, customer_id)


@blp.route("/customers/<string:customer_id>/sites", methods=["POST"])
@blp.arguments(NewSite)
@blp.response(201, Written)
def add_site(data: dict[str, Any], customer_id: str) -> Any:
    """A place where services are done."""
    return _of_customer("add_site", data, customer_id, made=("site_id", new_id("site")))


@blp.route("/customers/<string:customer_id>/equipment", methods=["POST"])
@blp.arguments(NewEquipment)
@blp.response(201, Written)
def add_equipment(data: dict[str, Any], customer_id: str) -> Any:
    """A thing on which services are done."""
    return _of_customer("add_equipment", data, customer_id, made=("equipment_id", new_id("equipment")))


@blp.route("/customers/<string:customer_id>/erase", methods=["POST"])
@blp.response(200, Written)
def erase_customer(customer_id: str) -> Any:
    """Make the personal data of the customer and all its contacts unreadable, everywhere and for good.

    Money and deadlines stay.
    """
    return _of_customer("erase_customer", {}, customer_id)


def _of_customer(command: str, data: dict[str, Any], customer_id: str, made: tuple[str, str] | None = None) -> Any:
    scope.check(customer_id)
    named = {made[0]: made[1]} if made else {}
    payload = {**data, **named, "customer_id": customer_id}
    body, headers = execute("contracts", command, payload, customer_id=customer_id, made=made[1] if made else None)
    return body, 201 if made else 200, headers
