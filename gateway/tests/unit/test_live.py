"""Open pages hear that something changed: of what they may see, without data, once for all who wait."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest

from gateway.live import Key, LiveWatch
from gateway.tests.unit.test_portal import browser
from gateway.tests.unit.world import NOW, World

QUEUE: Key = ("tickets", None)
ONE: Key = ("tickets", "request-q-A")


def test_who_waits_hears_what_moved_and_nothing_else() -> None:
    now = {QUEUE: 3, ONE: 1}
    watch = LiveWatch(lambda keys: {key: now[key] for key in keys}, every=0.0)
    assert watch.changes({QUEUE: 3, ONE: 1}, 0.0) == {}
    now[QUEUE] = 4
    assert watch.changes({QUEUE: 3, ONE: 1}, 0.0) == {QUEUE: 4}
    assert watch.changes({ONE: 1}, 0.0) == {}


def test_a_change_ends_the_wait_of_all_and_one_reads_for_all() -> None:
    now, asked = {QUEUE: 0}, []

    def read(keys: Sequence[Key]) -> dict[Key, int]:
        asked.append(threading.current_thread().name)
        if len(asked) == 3:
            now[QUEUE] = 1
        return {key: now[key] for key in keys}

    watch, heard = LiveWatch(read, every=0.01), []
    waiters = [threading.Thread(target=lambda: heard.append(watch.changes({QUEUE: 0}, 30.0))) for _ in range(5)]
    for each in waiters:
        each.start()
    for each in waiters:
        each.join(10)
    assert heard == [{QUEUE: 1}] * 5
    assert len(asked) < 15  # each on his own would have read three times


def test_who_stops_waiting_leaves_nothing_behind() -> None:
    watch = LiveWatch(lambda keys: dict.fromkeys(keys, 0), every=0.0, most=1)
    watch.changes({QUEUE: 0}, 0.0)
    assert not watch.full()
    assert (watch._wanted, watch._known) == ({}, {})


def test_a_page_that_is_behind_is_told_at_once(world: World) -> None:
    world.services.marked = {QUEUE: 7}
    with browser(world, "attendant").get("/live?topics=requests&since=6", buffered=False) as answer:
        assert answer.mimetype == "text/event-stream"
        first, sign = (next(answer.response).decode() for _ in range(2))  # type: ignore[call-overload]
        assert first.startswith("retry:")
        assert sign == "id: 7\nevent: changed\ndata: requests\n\n"


@pytest.mark.parametrize(
    ("login", "topics", "status"),
    [
        (None, "requests", 303),
        ("ana", "request/q-A", 200),
        ("bob", "request/q-A", 404),
        ("bob", "account/c-A", 404),
        ("bob", "visits_of/c-A", 404),
        ("ana", "visits_of/c-A", 200),
        ("bob", "customer/A", 404),
        ("bea", "account/c-B", 403),
        ("ana", "requests", 403),
        ("technician", "receivables", 403),
        ("attendant", "request/q-A,requests", 200),
        ("attendant", "request", 404),
        ("attendant", "requests/x", 404),
        ("attendant", "nothing", 404),
        ("attendant", "", 404),
    ],
)
def test_nobody_hears_of_what_he_may_not_see(world: World, login: str | None, topics: str, status: int) -> None:
    with browser(world, login).get(f"/live?topics={topics}", buffered=False) as answer:
        assert answer.status_code == status


def test_who_was_locked_meanwhile_hears_no_more(world: World) -> None:
    ana = browser(world, "ana")
    world.services.marked = {ONE: 2}
    with ana.get("/live?topics=request/q-A&since=1", buffered=False) as answer:
        next(answer.response)  # type: ignore[call-overload]
        world.users.change("u-ana", {"active": False})
        assert list(answer.response) == []


def test_a_page_that_reads_itself_again_keeps_nobody_logged_in(world: World) -> None:
    attendant = browser(world, "attendant")
    for minutes in (20, 40, 59):
        world.now = NOW + timedelta(minutes=minutes)
        answer = attendant.get("/console", headers={"X-Vigencia-Live": "1"})
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
    world.now = NOW + timedelta(minutes=61)
    assert attendant.get("/console").status_code == 303
