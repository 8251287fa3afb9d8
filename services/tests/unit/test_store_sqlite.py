"""The contract suite of the chassis over SQLite: one process owns the store, writers take turns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from services.testing.store import House
from services.testing.store_contract import Keeping, Ordering, Writing


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(lambda: f"sqlite:///{tmp_path / uuid4().hex}.db", tmp_path)
    yield made
    made.close()


class TestWriting(Writing): ...


class TestKeeping(Keeping): ...


class TestOrdering(Ordering): ...
