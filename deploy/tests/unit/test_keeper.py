"""A keeper starts again what died, leaves alone what somebody holds, and knows when to give up."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from deploy.local import keeper as keeping
from deploy.local.keeper import Keeper
from deploy.local.system import ServerFailed, wait_until


class Kept:
    """Dies when told to; the first ``failures`` new starts fail."""

    def __init__(self, failures: int = 0) -> None:
        self.pid: int | None = None
        self.starts, self._failures = 0, failures

    def start(self) -> None:
        self.starts += 1
        if 1 < self.starts <= 1 + self._failures:
            raise ServerFailed("not yet")
        self.pid = self.starts

    def die(self) -> None:
        self.pid = None


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(keeping, "SOONEST", 0.001)
    monkeypatch.setattr(keeping, "LATEST", 0.004)
    return []


@pytest.fixture
def keepers() -> Iterator[list[Keeper]]:
    made: list[Keeper] = []
    yield made
    for each in made:
        each.give_up()


def test_what_died_is_started_again(said: list[str], keepers: list[Keeper]) -> None:
    kept = Kept()
    keeper = Keeper("it", kept, said.append)
    keepers.append(keeper)
    keeper.start()
    kept.die()
    wait_until(lambda: kept.pid == 2, 10, "the new start")
    assert keeper.restarts == 1
    assert said == ["it ended; starting it again in 0.001 s"]


def test_a_start_that_fails_is_tried_again_and_the_wait_grows_to_its_limit(
    said: list[str], keepers: list[Keeper]
) -> None:
    kept = Kept(failures=3)
    keeper = Keeper("it", kept, said.append)
    keepers.append(keeper)
    keeper.start()
    kept.die()
    wait_until(lambda: kept.pid == 5, 10, "the fourth new start")
    waits = [line.split()[-2] for line in said if "starting it again" in line]
    assert waits == ["0.001", "0.002", "0.004", "0.004"]
    assert said.count("it does not start: not yet") == 3


def test_what_somebody_holds_is_left_alone(said: list[str], keepers: list[Keeper]) -> None:
    """While a broker is being wiped it does not run, and must not be started in between."""
    kept = Kept()
    keeper = Keeper("it", kept, said.append)
    keepers.append(keeper)
    keeper.start()
    tried = threading.Event()
    with keeper.hands_off():
        kept.die()
        assert not tried.wait(0.3)  # three of the keeper's looks
        kept.start()
    assert (kept.starts, keeper.restarts) == (2, 0)


def test_what_was_given_up_stays_down(said: list[str]) -> None:
    kept = Kept()
    keeper = Keeper("it", kept, said.append)
    keeper.start()
    keeper.give_up()
    kept.die()
    wait_until(lambda: not any(each.name == "keeper of it" for each in threading.enumerate()), 10, "its end")
    assert kept.starts == 1
