"""The provider's companies and the catalogue of service types."""

from __future__ import annotations

from typing import Any

from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, execute, listed, new_id
from gateway.api.schemas.common import Document, PageQuery, Written, page_of
from gateway.api.schemas.customers import (
    BankChange,
    Letterhead,
    NewProvider,
    NewServiceType,
    Provider,
    ServiceType,
    ServiceTypesQuery,
)
from services.errors import NotFound

blp = Blueprint("catalogue", __name__, description="The provider's companies; the catalogue of service types")


@blp.route("/providers", methods=["GET"])
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_of(Provider))
def list_providers(args: dict[str, Any]) -> Any:
    """The provider's companies."""
    return listed("providers", args)


@blp.route("/providers", methods=["POST"])
@blp.arguments(NewProvider)
@blp.response(201, Written)
def register_provider(data: dict[str, Any]) -> Any:
    """Register a company of the provider: letterhead, number series, Pix key."""
    id_ = new_id("provider")
    body, headers = execute("contracts", "register_provider", {**data, "provider_id": id_}, made=id_)
    return body, 201, {**headers, "Location": f"/api/v1/providers/{id_}"}


@blp.route("/providers/<string:provider_id>", methods=["GET"])
@blp.response(200, Document)
def get_provider(provider_id: str) -> Any:
    """A company of the provider, with address and Pix key."""
    answer = ask("contracts", "providers")
    found = [row for row in answer["items"] if row["provider_id"] == provider_id]
    if not found:
        raise NotFound("provider.unknown", provider_id=provider_id)
    return found[0]


@blp.route("/providers/<string:provider_id>/bank", methods=["PUT"])
@blp.arguments(BankChange)
@blp.response(200, Written)
def change_bank(data: dict[str, Any], provider_id: str) -> Any:
    """Where the company is paid from now on, and what was agreed with the bank for its boletos."""
    body, headers = execute("contracts", "change_bank", {**data, "provider_id": provider_id})
    return body, 200, headers


@blp.route("/providers/<string:provider_id>/letterhead", methods=["PUT"])
@blp.arguments(Letterhead)
@blp.response(200, Written)
def change_letterhead(data: dict[str, Any], provider_id: str) -> Any:
    """What stands above the company's papers, and its Pix key."""
    body, headers = execute("contracts", "change_letterhead", {**data, "provider_id": provider_id})
    return body, 200, headers


@blp.route("/service-types", methods=["GET"])
@blp.arguments(ServiceTypesQuery, location="query")
@blp.response(200, page_of(ServiceType))
def list_service_types(args: dict[str, Any]) -> Any:
    """The catalogue."""
    return listed("service_types", args)


@blp.route("/service-types", methods=["POST"])
@blp.arguments(NewServiceType)
@blp.response(201, Written)
def define_service_type(data: dict[str, Any]) -> Any:
    """Enter a service type into the catalogue."""
    id_ = new_id("service-type")
    body, headers = execute("contracts", "define_service_type", {**data, "service_type_id": id_}, made=id_)
    return body, 201, headers


@blp.route("/service-types/<string:service_type_id>/retire", methods=["POST"])
@blp.response(200, Written)
def retire_service_type(service_type_id: str) -> Any:
    """No new contract takes it up; contracts that have it keep it."""
    body, headers = execute("contracts", "retire_service_type", {"service_type_id": service_type_id})
    return body, 200, headers
