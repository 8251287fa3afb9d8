"""The contract suite of the chassis over a real PostgreSQL, and what only several processes' stores must prove."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from services.testing.parking_contract import Erasing, Parking, Reacting, Telling
from services.testing.reader_contract import Diverging, Reading
from services.testing.rows_contract import RowsAsDicts
from services.testing.servers import Database
from services.testing.service_contract import Batches, OldShapes, Questions, Rebuilding, Secrets, Time
from services.testing.store import House
from services.testing.store_contract import Keeping, Ordering, Writing


@pytest.fixture(scope="module")
def used() -> list[str]:
    """Databases that earlier tests are done with: emptied, they are as good as new, and quicker."""
    return []


@pytest.fixture
def house(postgres: Database, used: list[str], tmp_path: Path) -> Iterator[House]:
    urls: list[str] = []

    def new_url() -> str:
        urls.append(_emptied(used.pop()) if used else postgres.new_url())
        return urls[-1]

    made = House(new_url, tmp_path)
    yield made
    made.close()
    used += urls


def _emptied(url: str) -> str:
    engine = create_engine(url)
    with engine.begin() as conn:
        found = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'vault')"
        names = [f'"{row.schemaname}"."{row.tablename}"' for row in conn.execute(text(found))]
        kept = [name for name in names if "alembic" not in name]
        conn.execute(text(f"TRUNCATE {', '.join(kept)} RESTART IDENTITY"))
    engine.dispose()
    return url


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
