"""JSON logs with the correlation id of what is being done. Logs carry ids, never personal data."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Mapping, MutableMapping
from typing import Any, cast

import structlog

_local = threading.local()  # contextvars are not inherited by green threads; locals are enough within one


_fixed: dict[str, Any] = {}


def _context(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {**_fixed, **getattr(_local, "bound", {}), **event}


_processors: list[Any] = [
    _context,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    structlog.processors.JSONRenderer(ensure_ascii=False),
]
# Where nobody configures (tests, tools), too: structlog's own default prints whole frames with their variables.
structlog.configure(
    processors=_processors,
    logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
    cache_logger_on_first_use=False,
)


def configure(*, service: str, level: str = "INFO", stream: Any = None) -> None:
    """One JSON object a line on standard error, each with the service's name."""
    _fixed["service"] = service
    structlog.configure(
        processors=_processors,
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    shared: list[Any] = [
        _context,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("services").setLevel(level)


def get(name: str) -> structlog.stdlib.BoundLogger:
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(part=name))


class bound:
    """Values that every log line of this thread carries inside the block; empty ones change nothing.

    A class, not a generator: every command enters several, and each costs half as much so.
    """

    __slots__ = ("_before", "_values")

    def __init__(self, **values: Any) -> None:
        self._values = values
        self._before: dict[str, Any] = _NONE

    def __enter__(self) -> None:
        self._before = getattr(_local, "bound", _NONE)
        _local.bound = {**self._before, **{name: value for name, value in self._values.items() if value}}

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        _local.bound = self._before


_NONE: dict[str, Any] = {}
CORRELATION = "correlation"
"""The name in log lines and in the headers of calls."""


def correlation() -> str:
    """Of what this thread does; empty: of nothing in particular."""
    return str(getattr(_local, "bound", _NONE).get(CORRELATION, ""))


def carried(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Headers of a call, with the correlation id."""
    now = correlation()
    return {**(headers or {}), CORRELATION: now} if now else dict(headers or {})
