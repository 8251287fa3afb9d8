"""Comments on contracts without a request: what a customer wants to say, moderation and replies."""

from __future__ import annotations

from typing import Any

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, execute, new_id
from gateway.api.schemas import comments as shapes
from gateway.api.schemas.common import Written, page_of
from gateway.api.schemas.evaluations import Moderation, Reply
from services.errors import Invalid

blp = Blueprint("comments", __name__, description="Comments on contracts")


@blp.route("/contracts/<string:contract_id>/comments", methods=["POST"])
@blp.arguments(shapes.NewComment)
@blp.response(201, Written)
def make_comment(data: dict[str, Any], contract_id: str) -> Any:
    """Say something about a contract, without a request. Staff notes down what a contact said, and says who."""
    customer_id = scope.of("contract", contract_id, lambda: ask("contracts", "contract", contract_id=contract_id))
    who = scope.caller()
    by = who.contact_for(customer_id) if who.is_customer else data.get("by")
    if not by:
        raise Invalid(problems=[{"path": "by", "code": "missing", "message": "the contact who said it"}])
    id_ = new_id("comment")
    payload = {"text": data["text"], "comment_id": id_, "contract_id": contract_id, "by": by}
    body, headers = execute("feedback", "make_comment", payload, customer_id=customer_id, made=id_)
    return body, 201, headers


@blp.route("/comments", methods=["GET"])
@blp.arguments(shapes.CommentsQuery, location="query")
@blp.response(200, page_of(shapes.Comment))
def list_comments(args: dict[str, Any]) -> Any:
    """Comments on contracts, the latest first. A customer sees his company's; a hidden text only its author and staff."""
    mine, asked = scope.only(), args.pop("customer_id", None)
    customers = mine if asked is None else [asked] if mine is None or asked in mine else []
    return ask("feedback", "comments", **args, customer_id=customers)


@blp.route("/comments/<string:comment_id>", methods=["GET"])
@blp.response(200, shapes.Comment)
def get_comment(comment_id: str) -> Any:
    """A comment with its replies."""
    found = ask("feedback", "comment", comment_id=comment_id)
    scope.check(found.get("customer_id"))
    return found


@blp.route("/comments/<string:comment_id>/moderation", methods=["POST"])
@blp.arguments(Moderation)
@blp.response(200, Written)
def moderate_comment(data: dict[str, Any], comment_id: str) -> Any:
    """Hide it from others than its author, with a reason, or show it again."""
    payload = {**data, "comment_id": comment_id, "by": scope.caller().user.user_id}
    body, headers = execute("feedback", "moderate_comment", payload)
    return body, 200, headers


@blp.route("/comments/<string:comment_id>/replies", methods=["POST"])
@blp.arguments(Reply)
@blp.response(201, Written)
def reply_to_comment(data: dict[str, Any], comment_id: str) -> Any:
    """Answer it; the customer reads it below his comment."""
    id_ = new_id("reply")
    payload = {**data, "comment_id": comment_id, "reply_id": id_, "by": scope.caller().user.user_id}
    body, headers = execute("feedback", "reply_to_comment", payload, made=id_)
    return body, 201, headers
