"""Spans by OpenTelemetry's SDK, sent as OTLP over HTTP. Imported only where a collector is named.

The standard variables hold: ``OTEL_EXPORTER_OTLP_ENDPOINT`` (or ``…_TRACES_ENDPOINT``), ``…_HEADERS``, ``…_TIMEOUT``,
``…_COMPRESSION``, ``…_CERTIFICATE``, ``OTEL_TRACES_SAMPLER`` with ``…_ARG``, ``OTEL_RESOURCE_ATTRIBUTES``, ``OTEL_BSP_…`` and
``OTEL_SPAN_…``. The protocol is ``http/protobuf``. ``service.name`` is the service's own name.

A trap: the SDK keeps its current span in contextvars, which green threads do not inherit. It is not asked for one:
every span is told its parent.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from services import tracing
from services.errors import VigenciaError

CLOSE_SECONDS = 5
ANSWERS = frozenset({"refused", "invalid", "not-found", "forbidden", "conflict", "unauthenticated"})
"""Kinds of errors that are declared outcomes, not faults."""

_KINDS = {
    "internal": SpanKind.INTERNAL,
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
}


class OtlpRecorder:
    """One per process; a tracer for each service in it. ``exporter``: another way out than OTLP, for tests."""

    def __init__(self, exporter: SpanExporter | None = None) -> None:
        self._processor: SpanProcessor = BatchSpanProcessor(exporter or OTLPSpanExporter())
        self._tracers: dict[str, trace.Tracer] = {}
        self._lock = threading.Lock()

    def span(
        self,
        service: str,
        name: str,
        kind: tracing.Kind,
        parent: str,
        links: Iterable[str],
        attributes: Mapping[str, Any],
    ) -> tracing.Span:
        above = context_of(parent)
        within = Context() if above is None else trace.set_span_in_context(NonRecordingSpan(above), Context())
        joined = [trace.Link(each) for each in map(context_of, links) if each is not None]
        made = self._tracer(service).start_span(name, within, _KINDS[kind], _plain(attributes), joined)
        return _Recorded(made)

    def flush(self) -> None:
        self._processor.force_flush(CLOSE_SECONDS * 1000)

    def close(self) -> None:
        self.flush()
        self._processor.shutdown()

    def _tracer(self, service: str) -> trace.Tracer:
        found = self._tracers.get(service)
        if found is None:
            with self._lock:
                # merged with OTEL_RESOURCE_ATTRIBUTES; embedded, several services share a process
                resource = Resource.create({"service.name": service, "service.namespace": "vigencia"})
                provider = TracerProvider(resource=resource, shutdown_on_exit=False)
                provider.add_span_processor(self._processor)
                found = self._tracers[service] = provider.get_tracer("vigencia")
        return found


class _Recorded:
    def __init__(self, made: trace.Span) -> None:
        self._span = made
        self._here = tracing.Continued(traceparent_of(made.get_span_context()))

    def __enter__(self) -> _Recorded:
        self._here.__enter__()
        return self

    def __exit__(self, kind: Any, error: BaseException | None, where: Any) -> None:
        self._here.__exit__(kind, error, where)
        if error is not None:
            self._failed(error)
        self._span.end()

    def name(self, name: str) -> None:
        self._span.update_name(name)

    def set(self, **attributes: Any) -> None:
        self._span.set_attributes(_plain(attributes))

    def _failed(self, error: BaseException) -> None:
        """Codes only: an exception's text may hold personal data."""
        code = error.code if isinstance(error, VigenciaError) else type(error).__name__
        self._span.set_attribute("error.type", code)
        if not (isinstance(error, VigenciaError) and error.kind in ANSWERS):
            self._span.set_status(Status(StatusCode.ERROR, code))


def context_of(traceparent: str) -> SpanContext | None:
    """None for what is no traceparent."""
    if not tracing.accepted(traceparent):
        return None
    _, trace_id, span_id, flags = traceparent.split("-")[:4]
    return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16)))


def traceparent_of(context: SpanContext) -> str:
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def _plain(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """``http__route`` → ``http.route``; what belongs to us alone stands under ``vigencia.``."""
    return {
        name.replace("__", ".") if "__" in name else f"vigencia.{name}": value
        for name, value in attributes.items()
        if value is not None and value != ""
    }
