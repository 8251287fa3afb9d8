"""What a call and its answer look like in bytes, and the deadline that travels with it. The same for every adapter.

A call is ``{"args": [payload], "kwargs": {}}`` and an answer ``{"result": …, "error": …}``, as nameko has it, so that
``nameko shell`` can talk to a running service; an error is ``VigenciaError.to_wire()``.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from services.errors import Invalid, Unavailable, VigenciaError, from_wire

#: Header with the instant after which nobody waits for the answer: milliseconds since 1970, UTC, as text.
DEADLINE = "deadline"

_log = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode
_decode_object = msgspec.json.Decoder(dict[str, Any]).decode


def deadline_after(timeout: float, *, now: Callable[[], float] = time.time) -> str:
    """The deadline header for a call that may take ``timeout`` seconds from now."""
    return str(math.ceil((now() + timeout) * 1000))


def remaining(headers: Mapping[str, str], *, now: Callable[[], float] = time.time) -> float | None:
    """Seconds left until the call's deadline (negative once it has passed), or None if it has none."""
    deadline = headers.get(DEADLINE)
    return None if deadline is None else int(deadline) / 1000 - now()


def check_deadline(headers: Mapping[str, str], *, now: Callable[[], float] = time.time) -> None:
    """Raise ``Unavailable`` if nobody waits any more: at the start of a call, and again before a commit."""
    left = remaining(headers, now=now)
    if left is not None and left <= 0:
        raise Unavailable("rpc.expired", late_ms=round(-left * 1000))


def is_object(body: bytes) -> bool:
    """Whether a message's body can be an envelope at all: one JSON object."""
    try:
        _decode_object(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


def encode_call(payload: Mapping[str, Any]) -> bytes:
    try:
        return _encode({"args": [payload], "kwargs": {}})
    except (TypeError, ValueError, RecursionError) as error:
        raise Invalid("rpc.payload", reason=str(error)) from error


def decode_call(body: bytes | str) -> dict[str, Any]:
    """The payload. Raises ``Invalid`` for anything but a call with one JSON object."""
    try:
        document = _decode(body)
        (payload,) = document["args"] or ({},)
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError):
        raise Invalid("rpc.malformed") from None
    if not isinstance(payload, dict):
        raise Invalid("rpc.malformed")
    return payload


def encode_answer(answer: Any) -> bytes:
    """The answer's bytes. One that JSON cannot hold is a mistake in the service, and is answered as such."""
    try:
        return _encode({"result": answer, "error": None})
    except (TypeError, ValueError, RecursionError) as error:
        _log.exception("an answer that is no JSON")
        return encode_error(error)


def encode_error(error: BaseException) -> bytes:
    """A typed error as it is; anything else as ``internal``, without its text (which may hold personal data)."""
    typed = error if isinstance(error, VigenciaError) else VigenciaError("internal")
    # exc_type and value are what nameko's own clients show.
    document = {**typed.to_wire(), "exc_type": type(typed).__name__, "value": str(typed)}
    return _encode({"result": None, "error": document})


def decode_answer(body: bytes) -> Any:
    """The answer. Raises the typed error that it carries."""
    document = _decode(body)
    if document["error"] is not None:
        raise from_wire(document["error"])
    return document["result"]
