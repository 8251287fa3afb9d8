"""What every page of the console shares: who may see it and do what, its context, its errors, and the way back after a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Blueprint, Response, current_app, g, redirect, request
from marshmallow import Schema, ValidationError
from uuid_utils import uuid7
from werkzeug.wrappers import Response as Redirection

from gateway.api import scope
from gateway.api.calls import WAIT_HEADER, execute, name_command, new_id
from gateway.identity.permissions import PERMISSIONS
from gateway.mail.hours import DEFAULT_ZONE
from gateway.pages import session
from gateway.pages.frame import chosen_language, failure, page
from services.errors import Forbidden, Invalid, Refused, VigenciaError

blp = Blueprint("console", __name__, url_prefix="/console")
blp.before_request(session.admit)
blp.after_request(session.renew)

Answer = tuple[Any, int, Mapping[str, str]]


@blp.errorhandler(VigenciaError)
def failed(error: VigenciaError) -> Response:
    """An error stands within the frame, so that one goes on from there; strangers see the bare page."""
    if "caller" not in g or g.caller.is_customer:
        return failure(error)
    from gateway.api import words

    return show(
        "console/failure.html", status=error.status, kind=error.kind, detail=words.detail(error, chosen_language())
    )


def show(template: str, *, status: int = 200, **context: Any) -> Response:
    """A page of the console. Templates find ``reader``, ``may`` (an operation's name), ``key`` (of the next form), ``now``
    and ``done`` (what was just done, by its operation) beside what is given."""
    return page(
        template,
        status=status,
        reader=scope.caller(),
        may=may,
        key=str(uuid7()),
        now=clock(),
        done=request.args.get("done", ""),
        live_url=g.get("live_url", ""),
        sought=request.args.get("q", "") if request.path == "/console/search" else "",
        **context,
    )


def clock() -> datetime:
    now: datetime = current_app.extensions["vigencia"].clock()
    return now


def may(*operations: str) -> bool:
    """Whether the reader may do at least one of these operations of the API."""
    roles = set(scope.caller().user.roles)
    return any(PERMISSIONS[each].roles & roles for each in operations)


def allow(operation: str) -> None:
    """From here on the request is this operation: the reader's roles must allow it, as the API's gate demands."""
    if not may(operation):
        raise Forbidden("access.denied", operation=operation)
    g.access = PERMISSIONS[operation]


def loaded(schema: type[Schema], given: Mapping[str, Any]) -> dict[str, Any]:
    """A form's values by the API's schema. Empty fields count as left out; what is wrong is refused with its path."""
    try:
        return dict(schema().load({name: value for name, value in given.items() if value not in ("", None, [])}))
    except ValidationError as wrong:
        problems = [{"path": str(path), "code": "value", "message": str(said)} for path, said in wrong.messages.items()]  # type: ignore[union-attr]
        raise Invalid(problems=problems) from None


def done(operation: str, path: str, act: Callable[[], Answer]) -> Redirection:
    """Do it under the form's own key, then go to ``path`` once the read models show it. ``{id}`` in it: what was made."""
    allow(operation)
    name_command(request.form.get("key", ""))
    body, _, headers = act()
    where, hash_, anchor = path.replace("{id}", str(body.get("id", ""))).partition("#")
    joint = "&" if "?" in where else "?"
    wait = f"wait={headers[WAIT_HEADER]}&" if WAIT_HEADER in headers else ""
    return redirect(f"{where}{joint}{wait}done={operation}{hash_}{anchor}", 303)


def written(
    service: str, command: str, data: Mapping[str, Any], *, made: str | None = None, customer_id: str | None = None
) -> Answer:
    """A command; ``made``: the kind of what it makes, whose id it is given under that name, as ``credit_note_id``."""
    id_ = new_id(made) if made else None
    ids = {f"{made.replace('-', '_')}_id": id_} if made else {}
    body, headers = execute(service, command, {**data, **ids}, customer_id=customer_id, made=id_)
    return body, 201 if made else 200, headers


def local_today(zone: str = DEFAULT_ZONE) -> date:
    return clock().astimezone(ZoneInfo(zone)).date()


def asked_day() -> date | None:
    """``?on=``; none where it is left out or no day."""
    try:
        return date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return None


def month_name(month: str) -> str:
    """ "2026-11" as the reader's "nov 26"."""
    locale = chosen_language().replace("-", "_")
    return str(format_date(date.fromisoformat(f"{month}-01"), "MMM yy", locale=locale)).replace(".", "")


def refusal(error: VigenciaError) -> tuple[int, str]:
    """Status and words of what a rule said, for the form that is shown again."""
    from gateway.pages.frame import why

    return error.status, why(error)


__all__ = ["Refused", "allow", "blp", "clock", "done", "loaded", "may", "refusal", "show"]
