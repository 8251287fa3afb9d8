"""The contract suite of the chassis over a real PostgreSQL, and what only several processes' stores must prove."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.testing.rows_contract import RowsAsDicts
from services.testing.servers import Database
from services.testing.service_contract import Batches, OldShapes, Questions, Rebuilding, Secrets, Time
from services.testing.store import House
from services.testing.store_contract import Keeping, Ordering, Writing


@pytest.fixture
def house(postgres: Database, tmp_path: Path) -> Iterator[House]:
    urls: list[str] = []

    def new_url() -> str:
        urls.append(postgres.new_url())
        return urls[-1]

    made = House(new_url, tmp_path)
    yield made
    made.close()
    for url in urls:
        postgres.drop(url)


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
