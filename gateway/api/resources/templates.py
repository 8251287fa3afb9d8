"""Templates of contracts; drafts from a template or as a copy; number series."""

from __future__ import annotations

from typing import Any

from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, execute, new_id
from gateway.api.schemas import papers as shapes
from gateway.api.schemas.common import Document, Written

blp = Blueprint("templates", __name__, description="Templates of contracts, copies, number series")


@blp.route("/templates", methods=["GET"])
@blp.arguments(shapes.TemplatesQuery, location="query")
@blp.response(200, Document)
def list_templates(args: dict[str, Any]) -> Any:
    """Templates of contracts."""
    return ask("contracts", "templates", **args)


@blp.route("/templates", methods=["POST"])
@blp.arguments(shapes.Template)
@blp.response(201, Written)
def define_template(data: dict[str, Any]) -> Any:
    """A template: named terms from which drafts begin."""
    id_ = new_id("template")
    body, headers = execute("contracts", "define_template", {**data, "template_id": id_}, made=id_)
    return body, 201, {**headers, "Location": f"/api/v1/templates/{id_}"}


@blp.route("/templates/<string:template_id>", methods=["GET"])
@blp.response(200, Document)
def get_template(template_id: str) -> Any:
    """A template with its terms."""
    return ask("contracts", "template", template_id=template_id)


@blp.route("/templates/<string:template_id>", methods=["PUT"])
@blp.arguments(shapes.Template)
@blp.response(200, Written)
def change_template(data: dict[str, Any], template_id: str) -> Any:
    """What is in the template from now on. Contracts that were made from it stay as they are."""
    return _written("define_template", {**data, "template_id": template_id})


@blp.route("/templates/<string:template_id>/retire", methods=["POST"])
@blp.response(200, Written)
def retire_template(template_id: str) -> Any:
    """No new contract is made from it."""
    return _written("retire_template", {"template_id": template_id})


@blp.route("/contracts/from-template", methods=["POST"])
@blp.arguments(shapes.FromTemplate)
@blp.response(201, Written)
def draft_from_template(data: dict[str, Any]) -> Any:
    """A draft with a template's terms, from another beginning."""
    return _drafted("draft_from_template", data)


@blp.route("/contracts/<string:contract_id>/copy", methods=["POST"])
@blp.arguments(shapes.ContractCopy)
@blp.response(201, Written)
def copy_contract(data: dict[str, Any], contract_id: str) -> Any:
    """A draft with this contract's terms as they are agreed last, from another beginning, maybe for another customer."""
    return _drafted("copy_contract", {**data, "source_id": contract_id})


@blp.route("/providers/<string:provider_id>/number-series", methods=["PUT"])
@blp.arguments(shapes.NumberSeries)
@blp.response(200, Written)
def change_number_series(data: dict[str, Any], provider_id: str) -> Any:
    """How the numbers of this company's or branch's next contracts look."""
    return _written("change_number_series", {**data, "provider_id": provider_id})


def _drafted(command: str, data: dict[str, Any]) -> Any:
    id_ = new_id("contract")
    body, headers = execute("contracts", command, {**data, "contract_id": id_}, made=id_)
    return body, 201, {**headers, "Location": f"/api/v1/contracts/{id_}"}


def _written(command: str, payload: dict[str, Any]) -> Any:
    body, headers = execute("contracts", command, payload)
    return body, 200, headers
