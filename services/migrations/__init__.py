"""Migrations with alembic: the chassis tables and each service's own tables, as two histories in one database.

A service keeps its revisions in ``<package>/migrations/versions``; the chassis keeps its in
``services/migrations/versions``. ``upgrade`` brings both to their heads and may be called at every start.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from services.component import Component
from services.store.database import Database

HERE = Path(__file__).parent
MIGRATION_LOCK = 7_309_002


def upgrade(component: Component, database: Database) -> None:
    """Chassis first, then the service. Two instances at once: one waits for the other."""
    own = versions_of(component.name)
    with database.write() as conn:
        if not database.sqlite:
            conn.execute(text("SET LOCAL statement_timeout = 0"))
            conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        _upgrade(conn, HERE / "versions", "alembic_chassis")
        if own is not None:
            _upgrade(conn, own, "alembic_version")
    if own is None:
        component.metadata.create_all(database.engine, checkfirst=True)


def versions_of(name: str) -> Path | None:
    """Where a service's revisions are; None if it has no package with revisions (components made by tests)."""
    for package in (f"{name}_service", name):
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.submodule_search_locations:
            place = Path(next(iter(spec.submodule_search_locations))) / "migrations" / "versions"
            return place if any(place.glob("[0-9]*.py")) else None
    return None


def config(versions: Path, table: str, connection: Any = None) -> Config:
    """An alembic configuration for one history, for code and for ``alembic`` itself."""
    made = Config()
    made.set_main_option("script_location", str(HERE))
    made.set_main_option("version_locations", str(versions))
    made.set_main_option("path_separator", "os")
    made.attributes["version_table"] = table
    made.attributes["connection"] = connection
    return made


def _upgrade(conn: Any, versions: Path, table: str) -> None:
    made = config(versions, table, conn)
    head = ScriptDirectory.from_config(made).get_current_head()
    if _current(conn, table) != head:  # alembic's environment costs a good part of a second: only when it is needed
        command.upgrade(made, "head")


def _current(conn: Any, table: str) -> str | None:
    from sqlalchemy import inspect

    if not inspect(conn).has_table(table):
        return None
    row = conn.execute(text(f"SELECT version_num FROM {table}")).first()
    return None if row is None else str(row[0])


__all__ = ["config", "upgrade", "versions_of"]
