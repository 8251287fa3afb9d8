"""The wired service on SQLite and on PostgreSQL, its tables made by the migrations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from feedback_service.tables import METADATA
from feedback_service.tests.unit.stories import ANA, ID, REQUEST, RESOLVED, TECHNICIAN, hours
from feedback_service.wiring import component
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
        self.now = lambda: RESOLVED


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MigratedApp]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/migrated.db" if sqlite else request.getfixturevalue("postgres_url")
    made = MigratedApp(url, tmp_path)
    yield made
    made.close()


def test_migrations_make_what_the_code_says(app: MigratedApp) -> None:
    ours = set(METADATA.tables)
    with app.database.engine.connect() as conn:
        options = {"include_name": lambda name, kind, _: kind != "table" or name in ours}
        assert compare_metadata(MigrationContext.configure(conn, opts=options), METADATA) == []


def test_an_evaluation_lives_alike_on_both_stores(app: MigratedApp) -> None:
    of = {
        "request_id": REQUEST,
        "contract_id": "contract-1",
        "customer_id": "customer-1",
        "at": RESOLVED,
        "resolution": 1,
    }
    app.deliver([("tickets.request.resolved", {**of, "contact_id": ANA, "resolved_by": TECHNICIAN})], source="tickets")
    assert app.run_due(hours(48))["done"] == 1
    answer = {"evaluation_id": ID, "by": ANA, "score": 5, "comment": "ótimo"}
    app.send("rate_service", answer, actor=f"contact:{ANA}")
    assert app.run_due(hours(1000))["done"] == 0
    row = app.query("evaluation", request_id=REQUEST)
    assert (row["status"], row["score"], row["comment"], row["tacit"]) == ("confirmed", 5, "ótimo", False)
    assert app.query("csat", contract_id="contract-1", since=RESOLVED.isoformat())["average"] == "5.00"
    page = app.query("evaluations", limit=1)
    assert [item["evaluation_id"] for item in page["items"]] == [ID]
    assert app.query("evaluations", after=f"{RESOLVED.isoformat()}|{ID}")["items"] == []
