"""Every error as a problem document (RFC 9457, application/problem+json), in the caller's language."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, request
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException

from gateway.api import words
from gateway.api.around import correlation_id
from services import logs
from services.errors import Invalid, VigenciaError
from services.schemas import problems

MEDIA_TYPE = "application/problem+json"
log = logs.get("gateway")


class Unauthenticated(VigenciaError):
    kind = "unauthenticated"
    status = 401


class Problem(Schema):
    """RFC 9457, with the extensions ``correlation_id``, ``code``, ``kind``, ``params``, ``problems`` and ``words``."""

    type = fields.String(metadata={"description": "urn:vigencia:problem:<code>"})
    title = fields.String()
    status = fields.Integer()
    detail = fields.String(metadata={"description": "in the caller's language"})
    instance = fields.String()
    correlation_id = fields.String(metadata={"description": "to be named to the provider's operators"})
    code = fields.String(metadata={"description": "stable, for programs", "example": "contract.not-active"})
    kind = fields.String(metadata={"enum": sorted(words.TITLES)})
    params = fields.Dict()
    problems = fields.List(fields.Dict(), metadata={"description": "of single fields: path, code, message"})
    words = fields.Dict(keys=fields.String(), values=fields.String(), metadata={"description": "by language"})


def language() -> str:
    best = request.accept_languages.best_match(["pt-BR", "pt", "en"], default=words.DEFAULT_LANGUAGE)
    return "en" if best == "en" else words.DEFAULT_LANGUAGE


def problem(error: VigenciaError, status: int | None = None) -> Response:
    lang = language()
    wire = error.to_wire()
    document: dict[str, Any] = {
        "type": f"urn:vigencia:problem:{error.code}",
        "title": words.title(error.kind, lang),
        "status": status or error.status,
        "detail": words.detail(error, lang),
        "instance": request.path,
        "correlation_id": correlation_id(),
        **wire,
    }
    for each in document.get("problems") or ():
        said = each.pop("words", None) or {}
        each["message"] = said.get(lang) or said.get(words.DEFAULT_LANGUAGE) or each.get("message") or each.get("code")
    answer = Response(json.dumps(document, ensure_ascii=False), document["status"], mimetype=MEDIA_TYPE)
    answer.headers["Content-Language"] = lang
    if error.kind == "unauthenticated":
        answer.headers["WWW-Authenticate"] = 'Bearer realm="vigencia"'
    if error.kind == "unavailable":
        answer.headers["Retry-After"] = "2"
    if error.kind == "too-many":
        answer.headers["Retry-After"] = str(error.params.get("seconds", 60))
    return answer


def install(app: Flask) -> None:
    """Replace every handler of errors, flask-smorest's too."""

    @app.errorhandler(VigenciaError)
    def typed(error: VigenciaError) -> Response:
        return problem(error)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        if error.response is not None and error.code is None:
            return error.response  # type: ignore[return-value]
        typed = _of_http(error)
        return _told(typed, error.code or 500)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        log.exception("request failed", path=request.path, method=request.method)
        return _told(VigenciaError("internal"), 500)


def _told(error: VigenciaError, status: int) -> Response:
    """Who reads pages in a browser gets a page; programs, and everybody under ``/api``, a problem document."""
    if request.path.startswith("/api/") or "text/html" not in request.headers.get("Accept", ""):
        return problem(error, status)
    from gateway.pages.frame import failure

    return failure(error, status)


def _of_http(error: HTTPException) -> VigenciaError:
    data = getattr(error, "data", None) or {}
    if messages := data.get("messages"):
        # webargs puts the place (json, query, …) around the fields' messages.
        flat = [each for place in messages.values() for each in problems(place)]
        error.code = 400
        return Invalid(problems=flat)
    typed: VigenciaError
    match error.code:
        case 404:
            typed = VigenciaError("route.not-found")
            typed.kind = "not-found"  # type: ignore[misc]
        case 405:
            typed = VigenciaError("method.not-allowed")
            typed.kind = "invalid"  # type: ignore[misc]
        case 413:
            typed = Invalid("payload.too-large")
        case code if code is not None and 400 <= code < 500:
            typed = Invalid("invalid", problems=[{"path": "", "code": "value", "message": error.description or ""}])
        case _:
            typed = VigenciaError("internal")
    return typed
