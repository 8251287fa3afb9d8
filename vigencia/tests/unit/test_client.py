"""The client waits for faults that pass, asks again under the same key, and tells typed errors."""

import httpx
import pytest

from services.errors import Refused
from vigencia.client import Client
from vigencia.exits import Exit, Failure


def client(answers, *, patience: float = 60.0, where=lambda: None):
    """A client of a system that gives these answers in order, and the requests that it got."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        given = answers[min(len(seen), len(answers)) - 1]
        if isinstance(given, Exception):
            raise given
        return given

    return (
        Client(
            "http://x",
            lambda: "tok",
            "en",
            patience=patience,
            where=where,
            transport=httpx.MockTransport(answer),
            sleep=seen_no,
        ),
        seen,
    )


def seen_no(_: float) -> None:
    """Waits for nothing."""


def test_a_fault_that_passes_is_waited_for_under_the_same_key():
    asked, seen = client([httpx.ConnectError("down"), httpx.Response(503), httpx.Response(200, json={"a": 1})])
    assert asked.post("/x", {"b": 2}) == {"a": 1}
    assert len({request.headers["Idempotency-Key"] for request in seen}) == 1
    assert {request.headers["Authorization"] for request in seen} == {"Bearer tok"}


def test_a_system_that_was_started_again_elsewhere_is_followed():
    answers = [httpx.ConnectError("down"), httpx.ConnectError("still"), httpx.Response(200, json={"a": 1})]
    places = iter([None, "http://x:2/"])
    asked, seen = client(answers, where=lambda: next(places))
    assert asked.post("/y", {"b": 2}) == {"a": 1}
    assert [str(request.url) for request in seen] == ["http://x/y", "http://x/y", "http://x:2/y"]


def test_a_fault_that_stays_ends_the_command():
    asked, _ = client([httpx.ConnectError("down")], patience=0.0)
    with pytest.raises(Failure) as raised:
        asked.get("/x")
    assert raised.value.code == Exit.FAILED


def test_a_problem_document_becomes_the_typed_error():
    problem = {"kind": "refused", "code": "account.closed", "params": {"n": 1}, "words": {"en": "closed"}}
    asked, _ = client([httpx.Response(422, json=problem)])
    with pytest.raises(Refused) as raised:
        asked.post("/x")
    assert (raised.value.code, raised.value.words["en"]) == ("account.closed", "closed")


def test_an_answer_without_a_type_is_told_with_its_status():
    asked, _ = client([httpx.Response(401, json={"title": "Unauthorized"})])
    with pytest.raises(Failure) as raised:
        asked.get("/x")
    assert "401" in raised.value.words
    assert "Unauthorized" in raised.value.words


def test_health_is_read_though_not_all_is_ready():
    asked, seen = client([httpx.Response(503, json={"status": "starting"})])
    assert asked.health() == {"status": "starting"}
    assert len(seen) == 1


def test_the_gateway_knows_the_command_line_by_the_same_name():
    from gateway.api import gate
    from vigencia import system

    assert system.COMMAND_LINE == gate.COMMAND_LINE
