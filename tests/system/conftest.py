"""The company of the tests across services."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

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
