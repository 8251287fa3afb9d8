"""Services that run together in one process: relay, subscriptions, due runner and watch on threads, over SQLite."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.component import Worker
from services.operations import operate
from services.runtime import App
from services.store.tables import applied
from services.testing.reader_contract import copies
from services.testing.running import Running, wait_for
from services.testing.store import add, execute, rows_of
from services.tests import sample


def components() -> list[sample.Component]:
    return [sample.component("sample"), sample.component("copy", "sample", records_applied=True)]


def is_copied(apps: dict[str, App], **expected: tuple[int, int]) -> None:
    wait_for(lambda: copies(apps["copy"]) == expected, f"the copy has {expected}")


def test_what_is_written_here_is_soon_seen_there(tmp_path: Path) -> None:
    with Running(components(), tmp_path) as apps:
        add(apps["sample"], "a", 5)
        answer = add(apps["sample"], "a", 6)
        is_copied(apps, a=(11, 2))
        wait_for(lambda: rows_of(apps["copy"], sample.counters), "the policy's command")
        (told,) = [row for row in rows_of(apps["copy"], applied) if row["stream"] == answer.stream]
        assert told["version"] == answer.version


def test_after_a_restart_it_goes_on_where_it_was(tmp_path: Path) -> None:
    with Running(components(), tmp_path) as apps:
        add(apps["sample"], "a", 1)
        is_copied(apps, a=(1, 1))
    with Running(components()[:1], tmp_path) as apps:  # the copy is down
        add(apps["sample"], "a", 1)
        add(apps["sample"], "b", 1)
    with Running(components(), tmp_path) as apps:
        is_copied(apps, a=(2, 2), b=(1, 1))
        wait_for(lambda: apps["sample"].health()["relay"]["events"] == 0, "the relay has nothing left")
        assert operate(apps["sample"], {"action": "verify"})["ok"]


def test_what_is_due_happens_by_itself(tmp_path: Path) -> None:
    with Running(components(), tmp_path) as apps:
        execute(apps["sample"], sample.AddLater("a", 3, datetime.now(UTC) - timedelta(seconds=1)))
        is_copied(apps, a=(3, 1))
        waiting = apps["sample"].health()["due"]
        assert (waiting["open"], waiting["overdue"]) == (0, 0)


def test_health_tells_every_part(tmp_path: Path) -> None:
    with Running(components(), tmp_path) as apps:
        add(apps["sample"], "a", 1)
        is_copied(apps, a=(1, 1))
        health = wait_for(
            lambda: (
                (found := apps["copy"].health())["ready"]
                and not any(p["lag"] for p in found["subscriptions"])
                and found
            ),
            "the copy is ready and has no lag",
        )
        assert health["database"] == "up"
        assert (health["parked"], health["stopped"], health["reasons"]) == (0, [], [])
        assert {(p["subscription"], p["kind"], p["offset"]) for p in health["subscriptions"]} == {
            ("view.copies", "view", 0),
            ("policy.mirror", "policy", 0),
        }


def test_a_relay_outlives_a_very_long_outage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The growing pause must not grow out of what a float can hold."""
    from services.errors import Unavailable
    from services.relay import Relay

    with Running(components()[:1], tmp_path) as apps:
        rounds = 0

        class Stop:
            def is_set(self) -> bool:
                return rounds > 2000

            def wait(self, seconds: float) -> None:
                assert 0 < seconds <= 5.0

        class Down:
            def send(self, messages: object) -> int:
                nonlocal rounds
                rounds += 1
                raise Unavailable("broker.away")

            def close(self) -> None: ...

        app = apps["sample"].application
        relay = Relay(app, Down())
        monkeypatch.setattr(relay, "_something_to_do", lambda: True)
        monkeypatch.setattr(relay, "step", lambda: Down().send(()))
        relay.run(Stop())  # type: ignore[arg-type]
        assert relay.broker.startswith("down")


def test_a_worker_works_until_the_end_whatever_it_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def make(app: App) -> Callable[[], None]:
        def work() -> None:
            done.append(app.component.name)
            if len(done) == 1:
                raise ValueError("once")

        return work

    monkeypatch.setattr("services.runtime.WORK_PAUSE_SECONDS", 0.01)
    with Running([replace(sample.component("sample"), workers=(Worker("busy", make, 0.01),))], tmp_path):
        wait_for(lambda: len(done) > 1, "it works again")
    ended = len(done)
    assert done == ["sample"] * ended
    assert not [thread for thread in threading.enumerate() if thread.name == "sample.busy"]
