"""After an erasure SQLite's log holds nothing of what was erased: neither the words nor the persons' keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.runtime import App
from services.testing.parking_contract import ErasingPair
from services.testing.store import House, execute
from services.tests import sample

SECRET = "Ana de Souza Exemplo"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(lambda: f"sqlite:///{tmp_path / uuid4().hex}.db", tmp_path)
    yield made
    made.close()


def logs(app: App) -> list[bytes]:
    """The logs beside the service's store and its vault."""
    urls = (app.settings.database_url, app.settings.vault_url)
    return [Path(url.removeprefix("sqlite:///") + "-wal").read_bytes() for url in urls]


def named(house: House) -> ErasingPair:
    """A service that has read a person's name, and its source that erased the person meanwhile."""
    pair = ErasingPair(house)
    execute(pair.copy, sample.Name("mine", "p1", SECRET))
    pair.erase("p1", "p9")
    return pair


def test_an_erasure_empties_the_logs(house: House) -> None:
    pair = named(house)
    assert SECRET.encode() in logs(pair.copy)[0]
    pair.reader.wake()
    assert logs(pair.copy) == [b"", b""]


def test_where_somebody_still_reads_the_next_look_empties_them(house: House) -> None:
    pair = named(house)
    with pair.copy.database.read() as conn:
        conn.execute(text("SELECT count(*) FROM counters")).all()
        pair.reader.wake()
        assert pair.copy.database.lingers
        assert pair.copy.vault.tombstones() == ["p1", "p9"]
    pair.reader.compare(pair.source.handlers()["heads"]({}, {}))
    assert not pair.copy.database.lingers
    assert logs(pair.copy) == [b"", b""]


def test_commands_go_on_after_the_logs_were_emptied(house: House) -> None:
    pair = named(house)
    pair.reader.wake()
    assert execute(pair.copy, sample.Add("other", 1)).version == 1
