"""The furnished gateway on SQLite and on PostgreSQL, its tables made by the migrations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.tests.unit.world import World
from gateway.wiring import component
from services.application import Application
from services.migrations import upgrade
from services.store.database import Database
from services.testing.app import MemoryApp


class MigratedApp(MemoryApp):
    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(component(), str(folder))
        self.database.dispose()
        self.database = Database(url)
        upgrade(self.component, self.database)
        self.app = Application(self.component, self.database, self.app.vault, clock=lambda: self.now())
        self.app.create(tables=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MigratedApp]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/migrated.db" if sqlite else request.getfixturevalue("postgres_url")
    made = MigratedApp(url, tmp_path)
    yield made
    made.close()


@pytest.fixture
def world(app: MigratedApp) -> World:
    return World(app).furnish()
