"""One full mode for all fault tests; after a failed test, the next one gets a fresh one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.faults.books import Books
from tests.faults.driver import Driver, Flow
from tests.faults.harness import FullMode
from tests.faults.journeys import PERSONS, Journeys
from tests.faults.proof import prove

_FAILED = pytest.StashKey[bool]()


@dataclass
class World:
    """What a fault test works with: the running system, what was done to it so far, and the proof."""

    full: FullMode
    journeys: Journeys
    books: Books

    def driver(self, **options: float) -> Driver:
        return Driver(self.full.transport, **options)

    def flow(self, driver: Driver, threads: int = 4) -> Flow:
        """Journeys by several threads, for as long as the block lasts."""
        return Flow(driver, self.journeys.one, threads)

    def prove(self, driver: Driver) -> None:
        """Everybody took everything once, nothing is lost, sums agree. See ``proof``."""
        prove(self.books, driver, self.journeys.finished)
        for name in self.full.instances:
            assert not any(person in self.full.log_of(name) for person in PERSONS), f"the log of {name} names a person"


class _Holder:
    """Keeps the running world, and replaces it when a test left it in an unknown state."""

    def __init__(self) -> None:
        self._world: World | None = None
        self.spoilt = False

    def get(self) -> World:
        if self.spoilt:
            self.close()
        if self._world is None:
            full = FullMode().start()
            self._world = World(full, Journeys(), Books(full.postgres))
            self._world.journeys.found_company(self._world.driver())
        return self._world

    def close(self) -> None:
        if self._world is not None:
            self._world.full.stop()
        self._world, self.spoilt = None, False


@pytest.fixture(scope="session")
def _holder() -> Iterator[_Holder]:
    holder = _Holder()
    yield holder
    holder.close()


@pytest.fixture
def world(_holder: _Holder, request: pytest.FixtureRequest) -> Iterator[World]:
    yield _holder.get()
    _holder.spoilt = request.node.stash.get(_FAILED, False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed  # type: ignore[attr-defined]
    return report  # type: ignore[return-value]
