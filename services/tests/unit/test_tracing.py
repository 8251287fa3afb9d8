"""Without a collector a trace is only passed on; with one, spans form a tree whatever thread they are opened on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services import logs, tracing
from services.errors import Refused, Unavailable
from services.events import Meta, traceparent_in
from services.otlp import OtlpRecorder

GIVEN = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@dataclass(frozen=True)
class Kept:
    recorder: OtlpRecorder
    exporter: InMemorySpanExporter

    def spans(self) -> dict[str, object]:
        self.recorder.flush()
        return {each.name: each for each in self.exporter.get_finished_spans()}


@pytest.fixture
def kept() -> Iterator[Kept]:
    exporter = InMemorySpanExporter()
    recorder = OtlpRecorder(exporter)
    tracing.record_with(recorder)
    yield Kept(recorder, exporter)
    tracing.close()


@pytest.mark.parametrize(
    "header", [None, "", "x", GIVEN[:-1], GIVEN.replace("4bf9", "4BF9"), f"ff{GIVEN[2:]}", "0" * 55]
)
def test_what_is_no_traceparent_is_not_accepted(header: str | None) -> None:
    assert tracing.accepted(header) == ""


def test_a_traceparent_is_accepted_as_it_is_also_of_a_later_version() -> None:
    assert tracing.accepted(GIVEN) == GIVEN
    assert tracing.accepted(f"01{GIVEN[2:]}-more") == f"01{GIVEN[2:]}-more"


def test_without_a_collector_a_callers_trace_is_passed_on_and_none_is_made() -> None:
    with tracing.span("tickets", "open"):
        assert tracing.traceparent() == ""
    with tracing.span("tickets", "open", parent=GIVEN), tracing.span("tickets", "inner"):
        assert tracing.carried({"lang": "en"}) == {"lang": "en", "traceparent": GIVEN}
    assert tracing.carried(None) == {}


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": ""},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_nothing_is_recorded_where_the_standard_variables_do_not_say_so(environ: dict[str, str]) -> None:
    assert not tracing.configure(environ)
    assert not tracing.recording()


def test_spans_form_a_tree_below_the_callers(kept: Kept) -> None:
    with tracing.span("gateway", "outer", "server", parent=GIVEN, http__route="/x", secret=None):
        carried = tracing.traceparent()
        with tracing.span("tickets", "inner", parent=carried, stream="s-1"):
            pass
    assert tracing.traceparent() == ""
    spans = kept.spans()
    outer, inner = spans["outer"], spans["inner"]
    assert f"{outer.parent.span_id:016x}" == GIVEN.split("-")[2]  # type: ignore[attr-defined]
    assert inner.parent.span_id == outer.context.span_id  # type: ignore[attr-defined]
    assert carried.split("-")[1] == GIVEN.split("-")[1]
    assert dict(outer.attributes) == {"http.route": "/x"}  # type: ignore[attr-defined]
    assert dict(inner.attributes) == {"vigencia.stream": "s-1"}  # type: ignore[attr-defined]
    assert inner.resource.attributes["service.name"] == "tickets"  # type: ignore[attr-defined]


def test_a_refusal_is_an_outcome_and_a_fault_an_error_and_neither_tells_its_text(kept: Kept) -> None:
    for name, error in (
        ("refused", Refused("no", who="Ana")),
        ("down", Unavailable("away", who="Ana")),
        ("bug", KeyError("Ana")),
    ):
        with pytest.raises(type(error)), tracing.span("tickets", name):
            raise error
    found = {
        name: (span.attributes["error.type"], span.status.is_ok, str(span.to_json()))
        for name, span in kept.spans().items()
    }  # type: ignore[attr-defined]
    assert {name: each[:2] for name, each in found.items()} == {
        "refused": ("no", True), "down": ("away", False), "bug": ("KeyError", False),
    }  # fmt: skip
    assert not any("Ana" in each[2] for each in found.values())


def test_a_run_of_several_traces_links_to_each_and_of_one_belongs_to_it(kept: Kept) -> None:
    other = GIVEN.replace("4bf9", "5bf9")
    with tracing.of_many("billing", "one", "consumer", [GIVEN, "", GIVEN]):
        pass
    with tracing.of_many("billing", "several", "consumer", [GIVEN, other, ""]):
        pass
    spans = kept.spans()
    assert f"{spans['one'].context.trace_id:032x}" == GIVEN[3:35]  # type: ignore[attr-defined]
    linked = [f"{each.context.trace_id:032x}" for each in spans["several"].links]  # type: ignore[attr-defined]
    assert linked == [GIVEN[3:35], other[3:35]]
    assert spans["several"].parent is None  # type: ignore[attr-defined]


def test_an_untraced_event_says_nothing_of_traces() -> None:
    assert "traceparent" not in Meta("c", "k", "c", "a").to_text()
    assert traceparent_in(b'{"id": "x"}') == ""


def test_what_is_bound_to_log_lines_goes_along_with_calls_and_ends_with_its_block() -> None:
    with logs.bound(correlation="k-1"):
        with logs.bound(correlation="", policy="p"):
            assert logs.carried({"lang": "en"}) == {"lang": "en", "correlation": "k-1"}
        assert logs.correlation() == "k-1"
    assert logs.carried(None) == {}
