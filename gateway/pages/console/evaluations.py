"""Evaluations at the desk: trend and distribution, by contract, service or technician; answers, follow-ups, replies, comments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as Redirection

from gateway.api import scope
from gateway.api.calls import ask, local
from gateway.api.schemas import evaluations as shapes
from gateway.pages.console.charts import Point, bars, lines
from gateway.pages.console.forms import given
from gateway.pages.console.frame import Answer, blp, done, loaded, may, month_name, show, written
from gateway.pages.console.workbench import known
from gateway.pages.live import watching
from services.errors import NotFound

GROUPS = ("contract", "service_type", "technician")
STATES = ("asked", "confirmed", "contested", "unsatisfied", "expired")
MONTHS, PAGE = 12, 30


@blp.get("/evaluations")
def console_evaluations() -> Response:
    """``status``, ``follow_up``, ``low``, ``customer``, ``contract``: what is listed; ``by``: how satisfaction is grouped."""
    watching("evaluations")
    asked = {
        name: request.args.get(name, "")
        for name in ("status", "follow_up", "low", "customer", "contract", "by", "after")
    }
    by = asked["by"] if asked["by"] in GROUPS else "contract"
    filters: dict[str, Any] = {
        "status": asked["status"] if asked["status"] in STATES else None,
        "follow_up": asked["follow_up"] if asked["follow_up"] in ("open", "done") else None,
        "low": True if asked["low"] else None,
        "customer_id": asked["customer"] or None,
        "contract_id": asked["contract"] or None,
    }
    chosen = {name: value for name, value in filters.items() if value is not None}
    of = {name: chosen[name] for name in ("customer_id", "contract_id") if name in chosen}
    return show(
        "console/evaluations.html",
        asked=asked,
        by=by,
        groups=GROUPS,
        states=STATES,
        total=known("feedback", "csat", **of) if may("get_satisfaction") else {},
        trend=(known("feedback", "satisfaction", by="month", **of).get("items") or [])[-MONTHS:]
        if may("list_satisfaction")
        else [],
        grouped=_named(by, known("feedback", "satisfaction", by=by, **of).get("items") or [])
        if may("list_satisfaction")
        else [],
        found=local("evaluations", customers=None, **chosen, limit=PAGE, after=asked["after"] or None),
        follow_ups=local("evaluations", customers=None, **of, follow_up="open", limit=PAGE)["items"],
        comments=known(
            "feedback", "comments", limit=20, **({"contract_id": asked["contract"]} if asked["contract"] else {})
        ).get("items")
        or []
        if may("list_comments")
        else [],
        bars=bars,
        lines=lines,
        share=share,
        month=month_name,
        point=Point,
    )


@blp.get("/evaluations/<string:evaluation_id>")
def console_evaluation(evaluation_id: str) -> Response:
    watching("evaluations")
    found = ask("feedback", "evaluation", evaluation_id=evaluation_id)
    customer = local("names", kind="customer", ids=[found.get("customer_id") or ""])["names"]
    people = local("names", kind="technician", ids=[found.get("resolved_by") or "", found.get("followed_up_by") or ""])[
        "names"
    ]
    return show("console/evaluation.html", each=found, customer=customer.get(found.get("customer_id")), people=people)


@blp.post("/evaluations/<string:evaluation_id>/<string:operation>")
def console_evaluation_act(evaluation_id: str, operation: str) -> Response | Redirection:
    """A follow-up begun or ended, a reply, a text hidden or shown again."""
    if operation not in ACTIONS:
        raise NotFound("route.not-found")
    return done(
        operation, f"/console/evaluations/{evaluation_id}", lambda: ACTIONS[operation]({"evaluation_id": evaluation_id})
    )


@blp.post("/comments/<string:comment_id>/<string:operation>")
def console_comment_act(comment_id: str, operation: str) -> Response | Redirection:
    if operation not in COMMENT_ACTIONS:
        raise NotFound("route.not-found")
    return done(
        operation, "/console/evaluations#comments", lambda: COMMENT_ACTIONS[operation]({"comment_id": comment_id})
    )


def share(label: str, value: Any) -> Point:
    """A share in percent as a point of a chart; nothing was asked: nothing is said."""
    return Point(label, float(value or 0), "—" if value is None else f"{float(value):.0f} %")


def _named(by: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = local("names", kind=by, ids=[each["key"] for each in items if each["key"]])["names"]
    return sorted(({**each, "name": names.get(each["key"])} for each in items), key=lambda each: -each["asked"])


def _sent(
    command: str, read: Callable[[], dict[str, Any]] = dict, *, made: str | None = None
) -> Callable[[dict[str, Any]], Answer]:
    def send(of: dict[str, Any]) -> Answer:
        return written("feedback", command, {**read(), **of, "by": scope.caller().user.user_id}, made=made)

    return send


def _moderation() -> dict[str, Any]:
    return loaded(shapes.Moderation, {"hidden": request.form.get("hidden") == "1", **given("reason")})


def _reply() -> dict[str, Any]:
    return loaded(shapes.Reply, given("text"))


ACTIONS = {
    "start_follow_up": _sent("start_follow_up"),
    "finish_follow_up": _sent("finish_follow_up", lambda: loaded(shapes.FollowUpOutcome, given("outcome"))),
    "moderate_evaluation": _sent("moderate_evaluation", _moderation),
    "reply_to_evaluation": _sent("reply_to_evaluation", _reply, made="reply"),
}
COMMENT_ACTIONS = {
    "moderate_comment": _sent("moderate_comment", _moderation),
    "reply_to_comment": _sent("reply_to_comment", _reply, made="reply"),
}
"""By the operation's name in the table of permissions."""
