"""The migrations make exactly the tables that the code uses."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData

from billing_service.tests.integration.store import StoreApp
from billing_service.views.metadata import METADATA
from services.migrations import upgrade


def _differences(conn: Connection) -> list[object]:
    own = set(METADATA.tables)

    def ours(name: str | None, kind: str, parents: object) -> bool:
        return kind != "table" or name in own

    options = {"include_name": ours, "compare_type": False}
    return list(compare_metadata(MigrationContext.configure(conn, opts=options), METADATA))


def test_the_migrated_store_has_the_tables_of_the_code(bare: StoreApp) -> None:
    with bare.database.read() as conn:
        assert _differences(conn) == []
        there = MetaData()
        there.reflect(conn)
    for table in METADATA.sorted_tables:
        made = {column.name: column.nullable for column in there.tables[table.name].columns}
        assert made == {column.name: column.nullable for column in table.columns}


def test_migrating_again_changes_nothing(bare: StoreApp) -> None:
    upgrade(bare.component, bare.database)
