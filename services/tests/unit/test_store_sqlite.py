"""The contract suite of the chassis over SQLite: one process owns the store, writers take turns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from services.testing.app import MemoryApp
from services.testing.choosing_contract import Choosing, Noting
from services.testing.diverging_contract import Diverging
from services.testing.due_contract import Time
from services.testing.parking_contract import Erasing, Parking, Reacting, Telling
from services.testing.reader_contract import Reading
from services.testing.relay_contract import Relaying
from services.testing.rows_contract import RowsAsDicts
from services.testing.service_contract import Batches, OldShapes, Questions, Rebuilding, Secrets
from services.testing.store import House
from services.testing.store_contract import Keeping, Ordering
from services.testing.store_writing import Writing
from services.tests.sample import component


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(lambda: f"sqlite:///{tmp_path / uuid4().hex}.db", tmp_path)
    yield made
    made.close()


class TestWriting(Writing): ...


class TestKeeping(Keeping): ...


class TestOrdering(Ordering): ...


class TestRows(RowsAsDicts): ...


class TestSecrets(Secrets): ...


class TestOldShapes(OldShapes): ...


class TestTime(Time): ...


class TestBatches(Batches): ...


class TestQuestions(Questions): ...


class TestRebuilding(Rebuilding): ...


class TestReading(Reading): ...


class TestChoosing(Choosing): ...


class TestNoting(Noting): ...


class TestDiverging(Diverging): ...


class TestErasing(Erasing): ...


class TestParking(Parking): ...


class TestReacting(Reacting): ...


class TestTelling(Telling): ...


class TestRelaying(Relaying): ...


def test_two_commands_of_one_name_are_refused() -> None:
    """The later one would silently take the other's calls."""
    once = component()
    twice = replace(once, aggregates=(*once.aggregates, replace(once.aggregates[0], category="other")))
    with pytest.raises(ValueError, match="sample has two commands named 'name'"):
        MemoryApp(twice)
