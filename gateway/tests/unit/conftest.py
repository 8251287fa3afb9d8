"""A furnished gateway for each test: made once, then copied, so that a test begins in milliseconds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.tests.unit.hooks import Office
from gateway.tests.unit.world import World
from gateway.wiring import component
from services.testing.app import MemoryApp


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("furnished")
    World(MemoryApp(component(), str(folder))).furnish().close()
    return folder


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bare")
    World(MemoryApp(component(), str(folder))).close()
    return folder


@pytest.fixture
def world(furnished: Path, tmp_path: Path) -> Iterator[World]:
    """Customers A and B with their things."""
    yield from _copy(furnished, tmp_path)


@pytest.fixture
def empty(bare: Path, tmp_path: Path) -> Iterator[World]:
    """Users, but nothing that happened."""
    yield from _copy(bare, tmp_path)


def _copy(template: Path, folder: Path) -> Iterator[World]:
    place = folder / "store"
    shutil.copytree(template, place)
    made = World(MemoryApp(component(), str(place)), users=False)
    yield made
    made.close()


@pytest.fixture
def office(empty: World) -> Office:
    return Office(empty.app.database)
