"""Feedback's answers: one evaluation, lists of them, comments on contracts."""

from __future__ import annotations

from typing import Any

from feedback_service.tables import comments, evaluations
from services.component import Context
from services.cursors import instant_place
from services.errors import NotFound
from services.rows import Rows

PAGE = 50
_c = evaluations.c
_PERSONAL = ("comment", "reason", "outcome", "replies")


def evaluation(params: dict[str, Any], rows: Rows, ctx: Context) -> dict[str, Any]:
    """``{evaluation_id}`` or ``{request_id}`` (its latest) → the evaluation with the customer's words."""
    if params.get("evaluation_id"):
        found = rows.find(evaluations, evaluation_id=params["evaluation_id"])
    else:
        found = rows.find(evaluations, request_id=params["request_id"], order_by=(_c.resolution.desc(),), limit=1)
    if not found:
        raise NotFound("evaluation.not-found", **params)
    return shown(found[0], ctx, ("comment", "reason"))


def shown(row: dict[str, Any], ctx: Context, texts: tuple[str, ...]) -> dict[str, Any]:
    """A hidden text is for its author and the provider; others of the customer see that there was one.

    Texts are without an author where nobody answered yet.
    """
    kind, _, reader = ctx.actor.partition(":")
    author = row.get("answered_by") or row["contact_id"]
    if not row.get("hidden") or kind != "contact" or reader == author:
        return row
    return {**row, **dict.fromkeys((*texts, "hidden_reason", "hidden_by"))}


def evaluations_list(params: dict[str, Any], rows: Rows, ctx: Context) -> dict[str, Any]:
    """Newest first. Filters: contract_id, customer_id, request_id, status, follow_up, low. ``after`` is a cursor.

    → ``{items: […], next: cursor | None}``; items carry no texts of persons.
    """
    where = [
        evaluations.c[name] == params[name]
        for name in ("contract_id", "customer_id", "request_id", "status", "follow_up", "low")
        if params.get(name) is not None
    ]
    if params.get("after"):
        asked, id_ = instant_place(params["after"])
        where.append((_c.asked_at < asked) | ((_c.asked_at == asked) & (_c.evaluation_id < id_)))
    limit = min(int(params.get("limit") or PAGE), 200)
    found = rows.find(evaluations, *where, order_by=(_c.asked_at.desc(), _c.evaluation_id.desc()), limit=limit + 1)
    page = [{name: value for name, value in row.items() if name not in _PERSONAL} for row in found[:limit]]
    more = len(found) > limit
    last = page[-1] if more else None
    return {"items": page, "next": f"{last['asked_at'].isoformat()}|{last['evaluation_id']}" if last else None}


def comment(params: dict[str, Any], rows: Rows, ctx: Context) -> dict[str, Any]:
    """``{comment_id}`` → the comment with its replies."""
    row = rows.get(comments, comment_id=params["comment_id"])
    if row is None:
        raise NotFound("comment.not-found", comment_id=params["comment_id"])
    return shown(row, ctx, ("text",))


def comments_list(params: dict[str, Any], rows: Rows, ctx: Context) -> dict[str, Any]:
    """Newest first, by contract_id, customer_id[] and hidden. → ``{items: […], next: cursor | None}``."""
    c = comments.c
    where = [c[name] == params[name] for name in ("contract_id", "hidden") if params.get(name) is not None]
    if params.get("customer_id") is not None:
        where.append(c.customer_id.in_(params["customer_id"]))
    if params.get("after"):
        made, id_ = instant_place(params["after"])
        where.append((c.made_at < made) | ((c.made_at == made) & (c.comment_id < id_)))
    limit = min(int(params.get("limit") or PAGE), 200)
    found = rows.find(comments, *where, order_by=(c.made_at.desc(), c.comment_id.desc()), limit=limit + 1)
    page = [shown(row, ctx, ("text",)) for row in found[:limit]]
    last = page[-1] if len(found) > limit else None
    return {"items": page, "next": f"{last['made_at'].isoformat()}|{last['comment_id']}" if last else None}
