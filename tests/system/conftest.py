"""The company in one process, and the running systems that are visited over HTTP."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from services.testing.servers import scratch_folder
from tests.system.browser import browser
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
def system(request: pytest.FixtureRequest) -> Iterator[System]:
    """A running system without any data, one for all tests of a module."""
    folder = scratch_folder()
    store = folder / "store"
    started = Embedded(store, "--no-demo") if request.param == "embedded" else Full(store)
    try:
        yield started.start()
    finally:
        started.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def house(system: System) -> Iterator[House]:
    """A provider with two customers who have never heard of each other."""
    made = House(system)
    yield made
    made.close()
