"""The customer's last word: confirm, contest, score, comment; follow-ups and satisfaction."""

from __future__ import annotations

from typing import Any

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, execute, listed, local, new_id
from gateway.api.exporting import exported
from gateway.api.schemas import evaluations as shapes
from gateway.api.schemas.common import Document, Written, page_of
from services.errors import Invalid

blp = Blueprint("evaluations", __name__, description="Evaluations: the customer's verdict")


@blp.route("/evaluations", methods=["GET"])
@blp.arguments(shapes.EvaluationsQuery, location="query")
@blp.response(200, page_of(shapes.Evaluation))
@exported
def list_evaluations(args: dict[str, Any]) -> Any:
    """Evaluations, the latest first."""
    return listed("evaluations", args, customers=scope.only())


@blp.route("/evaluations/satisfaction", methods=["GET"])
@blp.arguments(shapes.SatisfactionQuery, location="query")
@blp.response(200, shapes.Satisfaction)
def get_satisfaction(args: dict[str, Any]) -> Any:
    """Counts, average score, share of scores 4 and 5 (CSAT), share of answers. A customer: of one of his customers."""
    if scope.caller().is_customer:
        mine = scope.only() or []
        customer_id = args.get("customer_id") or (mine[0] if len(mine) == 1 else None)
        if customer_id is None:
            raise Invalid(problems=[{"path": "customer_id", "code": "missing", "message": "which customer?"}])
        scope.check(customer_id)
        args = {**args, "customer_id": customer_id}
    return ask("feedback", "csat", **args)


@blp.route("/evaluations/satisfaction/groups", methods=["GET"])
@blp.arguments(shapes.GroupsQuery, location="query")
@blp.response(200, shapes.SatisfactionGroups)
@exported
def list_satisfaction(args: dict[str, Any]) -> Any:
    """Satisfaction by contract, customer, service type, technician or month (the trend): distribution, average, CSAT and
    share of answers. Tacit confirmations are counted apart: they are no answers. Names of what the keys mean come along."""
    items = ask("feedback", "satisfaction", **args)["items"]
    named = zip(items, _names(args["by"], items), strict=True)
    return {"items": [{**each, **_flat(each["scores"]), "name": name} for each, name in named]}


@blp.route("/evaluations/<string:evaluation_id>", methods=["GET"])
@blp.response(200, Document)
def get_evaluation(evaluation_id: str) -> Any:
    """An evaluation with the customer's words."""
    _own(evaluation_id)
    return ask("feedback", "evaluation", evaluation_id=evaluation_id)


@blp.route("/evaluations/<string:evaluation_id>/confirm", methods=["POST"])
@blp.arguments(shapes.Confirmation)
@blp.response(200, Written)
def confirm_service(data: dict[str, Any], evaluation_id: str) -> Any:
    """The service was done. One tap."""
    return _answer("confirm_service", data, evaluation_id)


@blp.route("/evaluations/<string:evaluation_id>/contest", methods=["POST"])
@blp.arguments(shapes.Contest)
@blp.response(200, Written)
def contest_service(data: dict[str, Any], evaluation_id: str) -> Any:
    """The service was not done, or not well: the request is reopened."""
    return _answer("contest_service", data, evaluation_id)


@blp.route("/evaluations/<string:evaluation_id>/rating", methods=["POST"])
@blp.arguments(shapes.Rating)
@blp.response(200, Written)
def rate_service(data: dict[str, Any], evaluation_id: str) -> Any:
    """A score from 1 to 5. Under the contract's limit a comment is needed, and the request is reopened."""
    return _answer("rate_service", data, evaluation_id)


@blp.route("/evaluations/<string:evaluation_id>/rating", methods=["PUT"])
@blp.arguments(shapes.Rating)
@blp.response(200, Written)
def edit_rating(data: dict[str, Any], evaluation_id: str) -> Any:
    """Change score or comment while the contract's window is open."""
    return _answer("edit_rating", data, evaluation_id)


@blp.route("/evaluations/<string:evaluation_id>/follow-up/start", methods=["POST"])
@blp.response(200, Written)
def start_follow_up(evaluation_id: str) -> Any:
    """Somebody should speak with the customer."""
    payload = {"evaluation_id": evaluation_id, "by": scope.caller().user.user_id}
    body, headers = execute("feedback", "start_follow_up", payload)
    return body, 200, headers


@blp.route("/evaluations/<string:evaluation_id>/follow-up/finish", methods=["POST"])
@blp.arguments(shapes.FollowUpOutcome)
@blp.response(200, Written)
def finish_follow_up(data: dict[str, Any], evaluation_id: str) -> Any:
    """Somebody spoke with the customer, and this came of it."""
    payload = {**data, "evaluation_id": evaluation_id, "by": scope.caller().user.user_id}
    body, headers = execute("feedback", "finish_follow_up", payload)
    return body, 200, headers


@blp.route("/evaluations/<string:evaluation_id>/moderation", methods=["POST"])
@blp.arguments(shapes.Moderation)
@blp.response(200, Written)
def moderate_evaluation(data: dict[str, Any], evaluation_id: str) -> Any:
    """Hide what the customer wrote from his colleagues, with a reason, or show it again. Who wrote it still sees it."""
    payload = {**data, "evaluation_id": evaluation_id, "by": scope.caller().user.user_id}
    body, headers = execute("feedback", "moderate_evaluation", payload)
    return body, 200, headers


@blp.route("/evaluations/<string:evaluation_id>/replies", methods=["POST"])
@blp.arguments(shapes.Reply)
@blp.response(201, Written)
def reply_to_evaluation(data: dict[str, Any], evaluation_id: str) -> Any:
    """Answer what the customer wrote; he reads it with his evaluation."""
    id_ = new_id("reply")
    payload = {**data, "evaluation_id": evaluation_id, "reply_id": id_, "by": scope.caller().user.user_id}
    body, headers = execute("feedback", "reply_to_evaluation", payload, made=id_)
    return body, 201, headers


def _flat(scores: dict[str, int]) -> dict[str, int]:
    """The distribution as columns of a sheet."""
    return {f"score_{score}": number for score, number in scores.items()}


def _names(by: str, items: list[dict[str, Any]]) -> list[str | None]:
    """What people call the keys, as far as our own rows know."""
    keys = [each["key"] for each in items if each["key"]]
    known = local("names", kind=by, ids=keys)["names"] if keys else {}
    return [known.get(each["key"]) for each in items]


def _own(evaluation_id: str) -> str | None:
    return scope.of("evaluation", evaluation_id, lambda: ask("feedback", "evaluation", evaluation_id=evaluation_id))


def _answer(command: str, data: dict[str, Any], evaluation_id: str) -> Any:
    """A contact answers for himself; staff notes down what a contact said, and says who."""
    customer_id, who = _own(evaluation_id), scope.caller()
    by = who.contact_for(customer_id) if who.is_customer else data.get("by")
    if not by:
        raise Invalid(problems=[{"path": "by", "code": "missing", "message": "the contact who said it"}])
    payload = {**data, "evaluation_id": evaluation_id, "by": by}
    body, headers = execute("feedback", command, payload, customer_id=customer_id)
    return body, 200, headers
