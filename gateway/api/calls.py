"""How resources reach the services and the gateway's own read models: commands, questions, and the waiting for them.

A write's ``Idempotency-Key`` is the command's id, and the ids of what it makes are derived from it: the same request
again is the same command. Its answer says where it was written, and ``X-Vigencia-Wait`` is the token with which a
reader waits until the read models show it (``?wait=`` or the same header).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

from flask import current_app, g, request
from uuid_utils import uuid7

from gateway.api.around import named_by_caller
from gateway.api.problems import language
from gateway.api.scope import caller, without_prices
from gateway.ports import Backend
from services.codec import to_json_values
from services.errors import Invalid

COMMAND_SECONDS = 10.0
QUESTION_SECONDS = 5.0
BATCH_SECONDS = 120.0
WAIT_SECONDS = 3.0
WAIT_HEADER = "X-Vigencia-Wait"
KEY_HEADER = "Idempotency-Key"
_KEY = re.compile(r"[A-Za-z0-9._:-]{8,64}")
_MADE = uuid.UUID("5b6c64b4-6d3f-5a0b-b3df-0d5a5d3b8f11")

SOURCES = {
    "providers": ("contracts",),
    "service_types": ("contracts",),
    "customers": ("contracts",),
    "customer": ("contracts",),
    "contracts": ("contracts", "billing"),
    "receivables": ("billing",),
    "payments": ("billing",),
    "requests": ("tickets",),
    "request_counts": ("tickets",),
    "visits": ("tickets",),
    "evaluations": ("feedback",),
}


def backend() -> Backend:
    return current_app.extensions["vigencia"].backend  # type: ignore[no-any-return]


def local(query: str, **params: Any) -> Any:
    """Ask the gateway's own read models; the answer's age goes into the ``X-Vigencia-As-Of`` header."""
    g.setdefault("sources", set()).update(SOURCES.get(query, ()))
    return backend().query(query, to_json_values(params))


def listed(query: str, args: Mapping[str, Any], **params: Any) -> Any:
    """A page of a list."""
    answer = local(query, **{**args, **params})
    if not caller().sees_prices:
        answer = {**answer, "items": without_prices(answer["items"])}
    return answer


def ask(service: str, query: str, **params: Any) -> Any:
    """Ask a service for what is true now."""
    given = to_json_values({name: value for name, value in params.items() if value is not None})
    answer = backend().call(
        service,
        "ask",
        {"query": query, "params": given, "actor": caller().actor(), "lang": language()},
        timeout=QUESTION_SECONDS,
        headers=_headers(),
    )
    return answer if caller().sees_prices else without_prices(answer)


def command_id() -> str:
    """The request's ``Idempotency-Key``, or a new one; the same for the whole request."""
    if "command_id" not in g:
        given = request.headers.get(KEY_HEADER)
        if given is not None and not _KEY.fullmatch(given):
            raise Invalid("idempotency-key.invalid", problems=[{"path": KEY_HEADER, "code": "value"}])
        g.command_id = given or str(uuid7())
    return str(g.command_id)


def name_command(key: str) -> None:
    """A form's own key is the command's id, as a program's ``Idempotency-Key`` is; one of another shape names nothing."""
    if _KEY.fullmatch(key):
        g.command_id = key


def new_id(kind: str) -> str:
    """An id for what this request makes: the same when the request is sent again with the same key."""
    return str(uuid.uuid5(_MADE, f"{kind}:{command_id()}"))


def execute(
    service: str, command: str, payload: Mapping[str, Any], *, customer_id: str | None = None, made: str | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Send a command. The body and headers of the answer; ``made`` is the id of what it made."""
    id_ = command_id()
    answer = backend().call(
        service,
        "execute",
        {
            "command": command,
            "payload": to_json_values(dict(payload)),
            "id": id_,
            "actor": caller().actor(customer_id),
            "lang": language(),
            "channel": channel(),
            "correlation": named_by_caller(),
        },
        timeout=COMMAND_SECONDS,
        headers=_headers(),
    )
    body = {name: answer.get(name) for name in ("source", "stream", "version")}
    body["events"] = list(answer.get("events") or ())
    if made is not None:
        body["id"] = made
    token = f"{body['source']}/{body['stream']}/{body['version']}"
    return body, {KEY_HEADER: id_, WAIT_HEADER: token}


def batch(service: str, name: str, records: list[dict[str, Any]], *, historical: bool = False) -> list[dict[str, Any]]:
    """Hand records over; answers in the same order."""
    answer = backend().call(
        service,
        "batch",
        {
            "name": name,
            "records": records,
            "actor": caller().actor(),
            "lang": language(),
            "historical": historical,
            "channel": channel(),
            "correlation": named_by_caller(),
        },
        timeout=BATCH_SECONDS,
        headers=_headers(),
    )
    return list(answer["results"] if isinstance(answer, Mapping) else answer)


def operate(service: str, payload: Mapping[str, Any], *, timeout: float = QUESTION_SECONDS) -> Any:
    return backend().call(
        service,
        "operate",
        {**payload, "actor": caller().actor(), "lang": language()},
        timeout=timeout,
        headers=_headers(),
    )


CHANNELS = {"portal": "portal", "console": "console", "mailed": "mail"}
"""By which pages something was done; anything else was done by the API."""


def channel() -> str:
    """By which way the caller came: recorded with what he does."""
    if request.blueprint == "account":
        return "portal" if caller().is_customer else "console"
    if (pages := CHANNELS.get(request.blueprint or "")) is not None:
        return pages
    if caller().scopes:
        return "integration"
    return "command-line" if caller().user.user_id == "command-line" else "api"


def wait_as_asked() -> None:
    """Wait, bounded, for what the tokens of ``?wait=`` or the header name. What is not a token is refused."""
    given = request.args.get("wait") or request.headers.get(WAIT_HEADER)
    if not given or request.method not in ("GET", "HEAD"):
        return
    outcomes = []
    for token in given.split(","):
        source, _, rest = token.strip().partition("/")
        stream, _, version = rest.rpartition("/")
        if not (source and stream and version.isdecimal()):
            raise Invalid(problems=[{"path": "wait", "code": "value", "message": "not a wait token"}])
        outcomes.append(backend().wait(source, stream, int(version), WAIT_SECONDS))
    worst = next((each for each in ("held-back", "late") if each in outcomes), "applied")
    g.waited = worst


def _headers() -> dict[str, str]:
    return {"lang": language(), "actor": caller().actor()}
