"""Traces (W3C Trace Context): in which span this thread works, carried through calls, events and waiting rows.

Where ``OTEL_EXPORTER_OTLP_ENDPOINT`` names a collector, spans are recorded and sent there (``services/otlp.py``). Without
one nothing is recorded, nothing of OpenTelemetry is imported, and a caller's ``traceparent`` is passed on as it came.

    with tracing.span("billing", "record_payment", parent=headers.get("traceparent")) as span:
        span.set(stream=stream)
"""

from __future__ import annotations

import functools
import os
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, Protocol, TypeVar

Kind = Literal["internal", "server", "client", "producer", "consumer"]
TRACEPARENT = "traceparent"
"""The name of the HTTP and RPC header, of the CloudEvents extension and of the columns."""

MOST_LINKS = 64
_VALID = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_local = threading.local()  # as in services.logs: a green thread has its own
_recorder: Recorder | None = None

F = TypeVar("F", bound=Callable[..., Any])


class Span(Protocol):
    """A span that is open. It ends with its ``with`` block."""

    def __enter__(self) -> Span: ...

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None: ...

    def name(self, name: str) -> None:
        """What it is called, where that is known only now."""

    def set(self, **attributes: Any) -> None:
        """Ids and counts, never personal data. ``http__route`` is ``http.route``, ``stream`` is ``vigencia.stream``."""


class Recorder(Protocol):
    """Makes spans that go somewhere."""

    def span(
        self, service: str, name: str, kind: Kind, parent: str, links: Iterable[str], attributes: Mapping[str, Any]
    ) -> Span: ...

    def close(self) -> None:
        """Send what waits."""


def configure(environ: Mapping[str, str] = os.environ) -> bool:
    """Record from now on, where the standard variables (``OTEL_…``) say so. Whether it does."""
    off = environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or environ.get("OTEL_TRACES_EXPORTER") == "none"
    if off or not any(environ.get(name) for name in _ENDPOINTS):
        return False
    from services.otlp import OtlpRecorder

    record_with(OtlpRecorder())
    return True


def record_with(recorder: Recorder | None) -> None:
    """None: no more."""
    global _recorder
    _recorder = recorder


def close() -> None:
    """At a process's end: what waits is sent."""
    recorder = _recorder
    record_with(None)
    if recorder is not None:
        recorder.close()


def recording() -> bool:
    return _recorder is not None


def traceparent() -> str:
    """Of the span in which this thread works; empty: of none."""
    return getattr(_local, "traceparent", "")


def accepted(header: str | None) -> str:
    """What a caller from outside sent, if it is one; empty: none."""
    return header if header and len(header) <= 64 and _VALID.fullmatch(header) else ""


def carried(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Headers of a call, with the trace."""
    now = traceparent()
    return {**(headers or {}), TRACEPARENT: now} if now else dict(headers or {})


def call_name(method: str, payload: Mapping[str, Any]) -> str:
    """``ask requests``, ``execute open_request``: few names, as a trace wants them."""
    what = payload.get("command") or payload.get("query") or payload.get("action") or payload.get("name")
    return f"{method} {what}"[:120] if isinstance(what, str) else method


def span(
    service: str,
    name: str,
    kind: Kind = "internal",
    *,
    parent: str | None = None,
    links: Iterable[str] = (),
    **attributes: Any,
) -> Span:
    """``parent``: a traceparent; None: the span in which this thread works; empty: the trace begins here."""
    if _recorder is None:
        return _NOTHING if parent is None else Continued(parent)
    above = traceparent() if parent is None else parent
    return _recorder.span(service, name, kind, above, links, attributes)


def of_many(service: str, name: str, kind: Kind, parents: Iterable[str], **attributes: Any) -> Span:
    """Work on things of several traces: a part of the one trace where there is one, else one with links to them."""
    if _recorder is None:
        return _NOTHING
    known = list(dict.fromkeys(each for each in parents if each))
    if len({each[3:35] for each in known}) == 1:
        return span(service, name, kind, parent=known[-1], **attributes)
    return span(service, name, kind, parent="", links=known[:MOST_LINKS], **attributes)


def taking(method: F) -> F:
    """For the methods ``(self, place or places, envelopes)`` of ``services.effects``: a span for each run of events."""

    @functools.wraps(method)
    def taken(self: Any, places: Any, envelopes: Any, *rest: Any) -> Any:
        if _recorder is None:
            return method(self, places, envelopes, *rest)
        run = envelopes if isinstance(envelopes, list) else [envelopes]
        group = places if isinstance(places, list) else [places]
        names = ", ".join(place.subscription.name for place in group)
        where = {"messaging__system": "vigencia", "messaging__operation__type": "process"}
        first = {"partition": run[0].partition, "offset": run[0].offset, "messaging__batch__message_count": len(run)}
        parents = [envelope.traceparent for envelope in run]
        with of_many(self.app.name, f"take {names}"[:200], "consumer", parents, **where, **first):
            return method(self, places, envelopes, *rest)

    return taken  # type: ignore[return-value]


def within(given: str) -> _Nothing:
    """This thread works in that trace; nothing is recorded. Empty: as before."""
    return Continued(given) if given else _NOTHING


class _Nothing:
    """No span, and the trace stays as it is."""

    __slots__ = ()

    def __enter__(self) -> _Nothing:
        return self

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        return None

    def name(self, name: str) -> None:
        return None

    def set(self, **attributes: Any) -> None:
        return None


class Continued(_Nothing):
    """Inside it this thread works in the trace that was given: nothing is recorded, all is passed on."""

    __slots__ = ("_before", "_given")

    def __init__(self, given: str) -> None:
        self._given, self._before = given, ""

    def __enter__(self) -> Continued:
        self._before = traceparent()
        _local.traceparent = self._given
        return self

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        _local.traceparent = self._before


_NOTHING = _Nothing()
