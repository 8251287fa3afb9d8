"""Around every request: its correlation id, in log lines, calls and answers, and its span in the caller's trace."""

from __future__ import annotations

import re
from contextlib import ExitStack

from flask import Flask, Response, g, request
from uuid_utils import uuid7

from services import logs, tracing

CORRELATION_HEADER = "X-Correlation-Id"
_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")
_PLACE = re.compile(r"<(?:[^:>]+:)?(\w+)>")  # as the API's description writes them
_KEY_HEADER = "Idempotency-Key"
_QUIET = frozenset({"static", "health", "health_live", "health_ready", "metrics"})


def correlation_id() -> str:
    """The caller's ``X-Correlation-Id``, else the command's id (``Idempotency-Key``), else one made for this request.

    Whatever a write makes happen, in every service, carries it.
    """
    if "correlation_id" not in g:
        given = request.headers.get(CORRELATION_HEADER, "")
        key = request.headers.get(_KEY_HEADER, "")
        found = next((each for each in (given, key) if _ID.fullmatch(each)), None)
        if found is None and not key:  # the same as the command's id would be
            found = g.command_id = g.get("command_id") or str(uuid7())
        g.correlation_id = found or str(uuid7())
    return str(g.correlation_id)


def named_by_caller() -> str:
    """The caller's own correlation id; empty: the command's id stands for it."""
    return correlation_id() if _ID.fullmatch(request.headers.get(CORRELATION_HEADER, "")) else ""


def install(app: Flask) -> None:
    """Before all else that is done around a request."""

    @app.before_request
    def begin() -> None:
        stack = g.around = ExitStack()
        stack.enter_context(logs.bound(correlation=correlation_id()))
        if (request.endpoint or "").rpartition(".")[2] in _QUIET:
            return
        route = _PLACE.sub(r"{\1}", request.url_rule.rule) if request.url_rule is not None else ""
        name = f"{request.method} {route}".strip()
        parent = tracing.accepted(request.headers.get(tracing.TRACEPARENT))
        about = {"http__request__method": request.method, "http__route": route, "correlation": correlation_id()}
        g.span = stack.enter_context(tracing.span("gateway", name, "server", parent=parent, **about))

    @app.after_request
    def answer(response: Response) -> Response:
        response.headers.setdefault(CORRELATION_HEADER, correlation_id())
        if span := g.get("span"):
            span.set(http__response__status_code=response.status_code)
        return response

    @app.teardown_request
    def end(error: BaseException | None) -> None:
        if stack := g.pop("around", None):
            stack.close()
