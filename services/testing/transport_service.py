"""A service that does what its callers say, for the transport's contract suite: in process, or as a nameko service.

python -m services.nameko_ext.run services.testing.transport_service      # serves "echo" and "echo-feed"
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from services.errors import Conflict, Forbidden, Invalid, NotFound, OutcomeUnknown, Refused, Unavailable
from services.transport.port import COMMAND_LANE, FEED_LANE, Handler
from services.transport.wire import check_deadline, remaining

NAME = "echo"
ERRORS = {
    cls.kind: cls for cls in (Refused, Invalid, NotFound, Forbidden, Conflict, Unavailable, OutcomeUnknown)
}  # kind → class


@dataclass(frozen=True)
class Sample:
    """What a handler may answer beyond plain JSON values."""

    amount: Decimal = Decimal("1234567890.10")
    on: date = date(2026, 2, 28)
    at: datetime = datetime(2026, 2, 28, 23, 59, 59, 123456, tzinfo=UTC)
    tags: tuple[str, ...] = ("a", "ç")


def answer(payload: dict[str, Any], headers: dict[str, str]) -> Any:
    """``payload["do"]`` says what: ``echo``, ``headers``, ``sample``, ``raise``, ``fail``, ``unanswerable``, ``wait``,
    ``check-deadline``."""
    match payload.get("do"):
        case "headers":
            return {**headers, "left": remaining(headers)}
        case "sample":
            return Sample()
        case "raise":
            if payload["kind"] == "invalid":
                raise Invalid(problems=payload["problems"])
            error = ERRORS[payload["kind"]](payload["code"], **payload["params"])
            error.words = payload.get("words", {})
            raise error
        case "fail":
            raise RuntimeError("a secret that must not cross the wire")
        case "unanswerable":
            return object()
        case "wait":
            time.sleep(payload["seconds"])
            if payload.get("check"):
                check_deadline(headers)
            return "late"
    return payload.get("value")


def handlers() -> dict[str, Handler]:
    return dict.fromkeys(COMMAND_LANE | FEED_LANE, answer)
