"""An application over any store, with a clock that tests set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from services.application import Application
from services.component import Component
from services.migrations import upgrade
from services.store.database import Database
from services.testing.app import MemoryApp
from services.vault import Vault


class StoreApp(MemoryApp):
    """``MemoryApp`` over a store of a given address, made by the migrations. ``today`` sets the clock."""

    def __init__(self, component: Component, url: str) -> None:
        self.now: Callable[[], datetime] = lambda: datetime(2026, 3, 10, 12, tzinfo=UTC)
        self.component = component
        self.database = Database(url)
        self._vault_database = (
            Database(url.replace("contracts.db", "vault.db"))
            if self.database.sqlite
            else Database(url, pool_size=2, schema="vault")
        )
        vault = Vault(self._vault_database, secret=b"test", service=component.name)
        upgrade(component, self.database)
        self.app = Application(component, self.database, vault, clock=lambda: self.now())
        self.app.create(tables=False)
        self._offsets: dict[str, int] = {}
        self._versions: dict[str, int] = {}

    def today(self, text: str) -> None:
        """It is noon UTC of that day."""
        noon = datetime.fromisoformat(f"{text} 12:00").replace(tzinfo=UTC)
        self.now = lambda: noon

    def find(self, table: Any, **equals: Any) -> list[dict[str, Any]]:
        with self.database.read() as conn:
            from services.rows import Rows

            return Rows(conn, lock=False).find(table, **equals)

    def close(self) -> None:
        self.database.engine.dispose()
        self._vault_database.engine.dispose()
