"""Index values, and what is done to many contracts at once. A preview writes nothing; the deed is an addendum each."""

from __future__ import annotations

from collections import Counter
from typing import Any

from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, batch, execute, new_id
from gateway.api.schemas import bulk_terms as shapes
from gateway.api.schemas.common import Document, Written
from gateway.api.schemas.system import Results
from services.codec import to_json_values

blp = Blueprint("many_contracts", __name__, description="Indices; adjustments and addenda over many contracts")


@blp.route("/indices", methods=["GET"])
@blp.arguments(shapes.IndexQuery, location="query")
@blp.response(200, Document)
def list_index_values(args: dict[str, Any]) -> Any:
    """Published values of IPCA, IGP-M and taxa legal, and the last twelve months of each together."""
    return ask("contracts", "index_values", **args)


@blp.route("/indices/<string:index>/values", methods=["POST"])
@blp.arguments(shapes.IndexValues)
@blp.response(200, Written)
def load_index_values(data: dict[str, Any], index: str) -> Any:
    """Take published values, as a list or as a file's text. Months that are known already change nothing."""
    body, headers = execute("contracts", "load_index_values", {**data, "index": index})
    return body, 200, headers


@blp.route("/contracts/adjustments/preview", methods=["POST"])
@blp.arguments(shapes.AdjustmentPreview)
@blp.response(200, Document)
def preview_adjustment(data: dict[str, Any]) -> Any:
    """What an adjustment would do: per contract the percentage, each line before and after, or why it cannot be."""
    return ask("contracts", "adjustment_preview", **data)


@blp.route("/contracts/adjustments", methods=["POST"])
@blp.arguments(shapes.Adjustments)
@blp.response(200, Results)
def adjust_contracts(data: dict[str, Any]) -> Any:
    """Adjust many contracts, one addendum each. What one refuses leaves the others alone; sent again, it is done once."""
    return each_contract("adjust_prices", data["adjustments"])


@blp.route("/contracts/amendments/preview", methods=["POST"])
@blp.arguments(shapes.AmendmentPreview)
@blp.response(200, Document)
def preview_amendment(data: dict[str, Any]) -> Any:
    """What an addendum would change in each contract of a selection, or why it cannot be."""
    return ask("contracts", "amendment_preview", **data)


@blp.route("/contracts/amendments", methods=["POST"])
@blp.arguments(shapes.Amendments)
@blp.response(200, Results)
def amend_contracts(data: dict[str, Any]) -> Any:
    """The same addendum for many contracts."""
    same = {name: data[name] for name in ("effective_on", "changes", "reason")}
    return each_contract("amend_contracts", [{"contract_id": each, **same} for each in data["contract_ids"]])


def each_contract(name: str, records: list[dict[str, Any]]) -> dict[str, Any]:
    """Each record's command id comes from this request's key and the contract."""
    named = [{"id": new_id(f"{name}:{record['contract_id']}"), **to_json_values(record)} for record in records]
    results = batch("contracts", name, named)
    return {"results": results, "counts": dict(Counter(result.get("status", "failed") for result in results))}
