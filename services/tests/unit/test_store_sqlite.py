"""The contract suite of the chassis over SQLite: one process owns the store, writers take turns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from services.testing.diverging_contract import Diverging
from services.testing.due_contract import Time
from services.testing.parking_contract import Erasing, Parking, Reacting, Telling
from services.testing.reader_contract import Reading
from services.testing.relay_contract import Relaying
from services.testing.rows_contract import RowsAsDicts
from services.testing.service_contract import Batches, OldShapes, Questions, Rebuilding, Secrets
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


class TestRows(RowsAsDicts): ...


class TestSecrets(Secrets): ...


class TestOldShapes(OldShapes): ...


class TestTime(Time): ...


class TestBatches(Batches): ...


class TestQuestions(Questions): ...


class TestRebuilding(Rebuilding): ...


class TestReading(Reading): ...


class TestDiverging(Diverging): ...


class TestErasing(Erasing): ...


class TestParking(Parking): ...


class TestReacting(Reacting): ...


class TestTelling(Telling): ...


class TestRelaying(Relaying): ...
