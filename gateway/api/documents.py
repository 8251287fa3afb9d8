"""The OpenAPI 3.1 document, and what every operation shares in it: security, problems, common headers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_smorest import Api

from gateway.api import glossary
from gateway.api.around import CORRELATION_HEADER
from gateway.api.calls import KEY_HEADER, WAIT_HEADER
from gateway.api.exporting import CSV, XLSX
from gateway.api.gate import WAITS_ITSELF
from gateway.api.problems import MEDIA_TYPE
from gateway.exports.sheets import SHEETS
from gateway.identity.permissions import PERMISSIONS, PUBLIC

TITLE = "Vigência"
VERSION = "1.0"
DESCRIPTION = """
Service contracts and all that follows from them: receivables, service requests, evidence, the customer's verdict.

* **Log in** with `POST /api/v1/session`; send `Authorization: Bearer <token>`. Other systems send an API key there.
* **Writes** take an `Idempotency-Key`: the same request with the same key is done once and answered again. An answer
  carries `X-Vigencia-Wait`; give it as `?wait=` to the next read, so that it shows what was just done.
* **Lists** come from read models fed by events: `X-Vigencia-As-Of` says up to when they are surely complete. Follow
  `next` as `after`.
* **To follow what happened**, send `X-Correlation-Id`; answers, problem documents, events, mails and log lines carry it. A W3C
  `traceparent` is continued through all services.
* **Errors** are problem documents (RFC 9457) in the language of `Accept-Language` (pt-BR, en).
* Amounts are strings with two decimals, days `YYYY-MM-DD` local to the contract, instants ISO 8601 in UTC.
""".strip()

_COMMON = {
    400: "The input is not valid",
    401: "No valid token",
    403: "The role or the right is missing",
    404: "It does not exist, or belongs to another customer",
    409: "Somebody else was faster, or the Idempotency-Key was used for something else",
    410: "Its time is over, or it was used already",
    422: "A rule says no",
    429: "Too often: `Retry-After` says in how many seconds it may be tried again",
    503: "A part of the system does not answer; nothing was done",
    504: "No answer in time: send it again with the same Idempotency-Key",
}
_ID = {"type": "string", "pattern": "^[A-Za-z0-9._:-]{8,64}$", "example": "0193a1b2-0009"}
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def settings() -> dict[str, Any]:
    """flask-smorest's settings. It serves no document itself: ours is finished below."""
    return {
        "API_TITLE": TITLE,
        "API_VERSION": VERSION,
        "OPENAPI_VERSION": "3.1.0",
        "API_SPEC_OPTIONS": {
            "info": {"description": DESCRIPTION, "license": {"name": "MIT", "identifier": "MIT"}},
            "security": [{"bearer": []}],
            "servers": [{"url": "/"}],
        },
    }


def document(api: Api) -> dict[str, Any]:
    spec: dict[str, Any] = api.spec.to_dict()
    components = spec.setdefault("components", {})
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    components.pop("responses", None)
    for unused in ("Error", "PaginationMetadata"):
        components["schemas"].pop(unused, None)
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "responses" in operation:
                _finish(path, method, operation)
    glossary.explain(spec)
    return spec


def _finish(path: str, method: str, operation: dict[str, Any]) -> None:
    name = operation.get("operationId", "")
    public = name in PUBLIC
    responses = {code: answer for code, answer in operation["responses"].items() if not _is_default(code, answer)}
    for status in _statuses(path, method, public):
        responses[str(status)] = {"description": _COMMON[status], "content": _PROBLEM}
    parameters = operation.setdefault("parameters", [])
    if public:
        operation["security"] = []
    else:
        access = PERMISSIONS[name]
        roles = ", ".join(sorted(access.roles))
        right = f"; a customer's contact needs the right *{access.right}*" if access.right else ""
        operation["description"] = f"{operation.get('description', '')}\n\nRoles: {roles}{right}.".strip()
        if method != "get":
            parameters += _write_parameters()
        elif name not in WAITS_ITSELF:
            parameters += _read_parameters()
        if name in SHEETS or name == "get_accounting":
            parameters.append(_format_parameter())
            responses["200"]["content"] |= {each: {"schema": {"type": "string"}} for each in (CSV, XLSX)}
        if method != "get":
            for code, answer in responses.items():
                if code.startswith("2"):
                    answer["headers"] = _write_headers()
    parameters.append(_header(CORRELATION_HEADER, "whatever this makes happen carries it; made where left out", _ID))
    parameters.append(_header("Accept-Language", "pt-BR (default) or en", {"type": "string", "example": "pt-BR"}))
    operation["responses"] = responses


def _is_default(code: str, answer: Mapping[str, Any]) -> bool:
    """What flask-smorest adds by itself, in its own shape of errors."""
    return code in ("default", "400", "422") or "$ref" in answer


def _statuses(path: str, method: str, public: bool) -> list[int]:
    if public:
        if method == "post":
            return [400, 401, 404, 410, 422, 429]
        return [404, 503, 504] if "{" in path else []
    statuses = [400, 401, 403, 404, 429, 503, 504]  # 404: what a path, a parameter or a body names may be unknown
    if "/feeds/" in path:
        statuses.append(409)
    if method != "get":
        statuses += [409, 422]
    return sorted(statuses)


def _header(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"in": "header", "name": name, "required": False, "description": description, "schema": schema}


def _read_parameters() -> list[dict[str, Any]]:
    text = f"the {WAIT_HEADER} of a write (several: separated by commas): wait until the read models show it"
    return [{"in": "query", "name": "wait", "required": False, "description": text, "schema": {"type": "string"}}]


def _format_parameter() -> dict[str, Any]:
    text = (
        "csv or xlsx: all rows in one file, whatever `limit` says, with headers, decimals and days as `Accept-Language`"
        " has them. `Accept: text/csv`, or that of XLSX, asks for the same."
    )
    schema = {"type": "string", "enum": ["json", "csv", "xlsx"], "default": "json"}
    return {"in": "query", "name": "format", "required": False, "description": text, "schema": schema}


def _write_parameters() -> list[dict[str, Any]]:
    schema = {"type": "string", "pattern": "^[A-Za-z0-9._:-]{8,64}$"}
    return [_header(KEY_HEADER, "the command's id; made and returned when left out", schema)]


def _write_headers() -> dict[str, Any]:
    return {
        KEY_HEADER: {"description": "the command's id", "schema": {"type": "string"}},
        WAIT_HEADER: {"description": "token for `?wait=` of a later read", "schema": {"type": "string"}},
    }
