"""One request, opened by the customer and resolved, is one tree of spans across all services, and one story to be looked up."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from services.testing.collector import Collector, Seen, collector
from services.testing.servers import scratch_folder
from tests.system.house import House
from tests.system.running import Embedded, Full, System, wait_for
from tests.system.visitor import Problem

CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TRACE, ABOVE = CALLER.split("-")[1:3]
CORRELATION = "portal-click-4711"


@pytest.fixture(scope="module")
def taken() -> Iterator[Collector]:
    with collector() as made:
        yield made


@pytest.fixture(scope="module", params=["embedded", "full"])
def system(request: pytest.FixtureRequest, taken: Collector) -> Iterator[System]:
    """As its operators would start it: only the standard variables are set."""
    folder = scratch_folder()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", taken.url)
        patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
        taken.forget()
        started = Embedded(folder / "store", "--no-demo") if request.param == "embedded" else Full(folder / "store")
        try:
            yield started.start()
        finally:
            started.stop()
            shutil.rmtree(folder)


@pytest.fixture(scope="module")
def opened(house: House, taken: Collector) -> str:
    """A request that was opened within a caller's trace; its id."""
    contract_id = house.contract()
    http = house.customer.http
    body = {"contract_id": contract_id, "service_type_id": house.service_id, "description": "O ar pinga."}
    answer = http.post("/api/v1/requests", json=body, headers={"traceparent": CALLER, "X-Correlation-Id": CORRELATION})
    answer.raise_for_status()
    assert answer.headers["X-Correlation-Id"] == CORRELATION
    house.settle()
    return str(answer.json()["id"])


def test_a_request_opened_through_the_gateway_is_one_tree_across_services(opened: str, taken: Collector) -> None:
    wait_for(lambda: any(each.name.startswith("mail ") for each in _of(taken, "gateway")), "the mail to be sent")
    spans = taken.spans(TRACE)
    known = {each.id: each for each in spans}
    assert {each.service for each in spans} >= {"gateway", "tickets"}
    (root,) = (each for each in spans if each.parent == ABOVE)
    assert (root.service, root.name) == ("gateway", "POST /api/v1/requests")
    assert root.attributes["http.response.status_code"] == 201
    assert [each.name for each in spans if each.parent not in known and each is not root] == []
    (command,) = (each for each in _of(taken, "tickets") if each.name == "open_request")
    assert [each.name for each in _way(command, known)] == [
        "open_request", "execute open_request", "tickets execute open_request", "POST /api/v1/requests",
    ]  # fmt: skip
    assert any(each.name == "transaction" and each.parent == command.id for each in spans)
    assert any(each.name == "publish" for each in _of(taken, "tickets"))
    assert not [each for each in spans if each.failed]


def test_what_follows_in_other_services_belongs_to_the_tree_of_its_cause(
    opened: str, house: House, taken: Collector
) -> None:
    house.office.post(f"requests/{opened}/assign", assignee_id=house.technician.me["user_id"])
    house.technician.post(f"requests/{opened}/start")
    house.attach_photo(opened)
    resolved = TRACE[::-1]
    house.technician.http.headers["traceparent"] = f"00-{resolved}-{ABOVE}-01"
    house.technician.post(f"requests/{opened}/resolve", summary="Dreno limpo.")
    del house.technician.http.headers["traceparent"]
    house.settle()
    wait_for(lambda: len(_followed(taken, resolved)) == 2, "the policy's command, and all around it, to be told")
    spans = taken.spans(resolved)
    assert {each.service for each in spans} >= {"gateway", "tickets", "feedback"}
    known = {each.id: each for each in spans}
    (asked,) = (each for each in spans if each.service == "feedback" and each.attributes.get("vigencia.policy"))
    way = [(each.service, each.name) for each in _way(asked, known)]
    assert way[1:] == [
        ("feedback", "take policy.follow_requests"),
        ("tickets", "transaction"),
        ("tickets", "resolve_request"),
        ("tickets", "execute resolve_request"),
        ("gateway", "tickets execute resolve_request"),
        ("gateway", "POST /api/v1/requests/{request_id}/resolve"),
    ]


def test_the_events_carry_the_trace_and_what_the_caller_named(opened: str, house: House) -> None:
    mine = house.office.get("operations/tickets/streams", stream=f"request-{opened}")["events"]
    assert (mine[0]["traceparent"][3:35], mine[0]["correlation"]) == (TRACE, CORRELATION)
    assert all(event["traceparent"] for event in mine)


def test_no_attribute_of_a_span_holds_what_a_person_wrote(opened: str, taken: Collector) -> None:
    said = str([each.attributes for each in taken.spans()])
    assert opened in said
    for personal in ("pinga", "Barreto", "exemplo.example"):
        assert personal not in said


def _followed(taken: Collector, trace: str) -> list[Seen]:
    """Outer spans end, and are sent, after the inner ones."""
    outer = (
        ("feedback", "take policy.follow_requests"),
        ("gateway", "POST /api/v1/requests/{request_id}/resolve"),
    )
    return [each for each in taken.spans(trace) if (each.service, each.name) in outer]


def _of(taken: Collector, service: str) -> list[Seen]:
    return [each for each in taken.spans(TRACE) if each.service == service]


def _way(span: Seen, known: dict[str, Seen]) -> list[Seen]:
    """From a span up to the first."""
    return [span, *(_way(known[span.parent], known) if span.parent in known else [])]


def test_everything_about_the_request_is_one_answer_of_all_services(opened: str, house: House) -> None:
    story = house.office.get(f"journeys/{opened}")
    assert story["whole"], story["silent"]
    told = [(each["service"], each["type"].rpartition(".")[2], each["depth"]) for each in story["events"]]
    assert told[0] == ("tickets", "opened", 0)
    assert ("feedback", "requested", 1) in told or ("feedback", "planned", 1) in told
    assert TRACE in story["traces"]
    assert CORRELATION in story["correlations"]
    assert {"request_opened"} <= {each["template"] for each in story["mails"]}
    assert [each["command"] for each in story["due"] if each["service"] == "feedback" and not each["done_at"]]
    assert story["parked"] == []
    said = str(story)
    for personal in ("pinga", "Barreto", "exemplo.example"):
        assert personal not in said
    protocol = story["requests"][0]["protocol"]
    for other in (protocol, CORRELATION):
        same = house.office.get(f"journeys/{other}")
        assert {each["id"] for each in same["events"]} == {each["id"] for each in story["events"]}
    page = house.customer.http.get("/console/journeys", params={"of": protocol})
    assert page.status_code in (303, 403), page.status_code  # the staff's alone


def test_a_story_that_nobody_knows_is_not_found(house: House) -> None:
    with pytest.raises(Problem) as unknown:
        house.office.get("journeys/never-heard-of-it")
    assert (unknown.value.status, unknown.value.document["code"]) == (404, "journey.unknown")
    assert unknown.value.document["correlation_id"]
