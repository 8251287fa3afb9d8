"""The errors that cross every border of the system: one typed tree, the same in a domain, over RPC and in HTTP.

    VigenciaError
    ├── Refused          a rule of the domain says no              HTTP 422
    ├── Invalid          the input does not have the right shape   HTTP 400
    ├── NotFound         there is no such thing                    HTTP 404
    ├── Forbidden        the caller may not                        HTTP 403
    ├── Conflict         somebody else was faster, or an id is     HTTP 409
    │                    used again for something else
    ├── Unavailable      a part is down; nothing was done          HTTP 503
    └── OutcomeUnknown   no answer in time; it may have been done  HTTP 504

Pure: no framework, no clock. Words for people stand in each service's ``words.py`` under the code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class VigenciaError(Exception):
    """Base of all typed errors. ``code`` is stable and machine-readable; ``params`` are JSON values for the words."""

    kind: ClassVar[str] = "error"
    status: ClassVar[int] = 500

    def __init__(self, code: str, /, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: dict[str, Any] = params
        self.words: dict[str, str] = {}

    def __str__(self) -> str:
        details = ", ".join(f"{key}={value}" for key, value in self.params.items())
        return f"{self.code} ({details})" if details else self.code

    def to_wire(self) -> dict[str, Any]:
        """The error as JSON values: ``{kind, code, params, words}``."""
        params = {key: _plain(value) for key, value in self.params.items()}
        return {"kind": self.kind, "code": self.code, "params": params, "words": dict(self.words)}


class Refused(VigenciaError):
    """A rule said no. Nothing was written; the same command may succeed later."""

    kind = "refused"
    status = 422


class Invalid(VigenciaError):
    """Input of the wrong shape. ``problems`` lists ``{"path": "lines.0.amount", "code": …, "message": …}``."""

    kind = "invalid"
    status = 400

    def __init__(self, code: str = "invalid", /, *, problems: Sequence[Mapping[str, Any]] = (), **params: Any) -> None:
        super().__init__(code, **params)
        self.problems = [dict(problem) for problem in problems]

    def __str__(self) -> str:
        return "; ".join(f"{p.get('path')}: {p.get('message') or p.get('code')}" for p in self.problems) or self.code

    def to_wire(self) -> dict[str, Any]:
        return {**super().to_wire(), "problems": self.problems}


class NotFound(VigenciaError):
    kind = "not-found"
    status = 404


class Forbidden(VigenciaError):
    kind = "forbidden"
    status = 403


class Conflict(VigenciaError):
    """A version conflict that three tries did not solve, or a command id used again with another payload."""

    kind = "conflict"
    status = 409


class Unavailable(VigenciaError):
    """The part that was asked is down or refused the work before it began: nothing was done."""

    kind = "unavailable"
    status = 503


class OutcomeUnknown(VigenciaError):
    """No answer within the deadline. Send the same command id again to learn the outcome."""

    kind = "outcome-unknown"
    status = 504


_KINDS: dict[str, type[VigenciaError]] = {
    cls.kind: cls for cls in (Refused, Invalid, NotFound, Forbidden, Conflict, Unavailable, OutcomeUnknown)
}


def from_wire(document: Mapping[str, Any]) -> VigenciaError:
    """Rebuild the error that ``to_wire`` described. An unknown kind becomes a plain ``VigenciaError``."""
    cls = _KINDS.get(str(document.get("kind")), VigenciaError)
    code, params = str(document.get("code", "error")), dict(document.get("params") or {})
    if cls is Invalid:
        error: VigenciaError = Invalid(code, problems=document.get("problems") or (), **params)
    else:
        error = cls(code, **params)
    error.words = dict(document.get("words") or {})
    return error


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return str(value)
