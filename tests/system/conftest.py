"""The company in one process, and the running systems that are visited over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.house import House
from tests.system.running import Embedded, Full, System
from tests.system.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A provider, a service type and a customer; no contract yet."""
    made = World(tmp_path / "store")
    try:
        made.found_company()
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module", params=["embedded", "full"])
def system(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A running system without any data, one for all tests of a module."""
    folder = tmp_path_factory.mktemp(request.param) / "store"
    started = Embedded(folder, "--no-demo") if request.param == "embedded" else Full(folder)
    try:
        yield started.start()
    finally:
        started.stop()


@pytest.fixture(scope="module")
def house(system: System) -> Iterator[House]:
    """A provider with two customers who have never heard of each other."""
    made = House(system)
    yield made
    made.close()
