"""Components running together in one process for tests: SQLite or PostgreSQL stores, the local transport."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from services.component import Component
from services.runtime import App
from services.settings import Settings
from services.transport.local import LocalTransport
from services.transport.port import Transport


def settings_for(name: str, url: str, folder: Path, *, partitions: int = 1, vault_url: str | None = None) -> Settings:
    return Settings(
        service=name,
        database_url=url,
        vault_url=vault_url or (f"{url}.vault" if url.startswith("sqlite") else url),
        partitions=partitions,
        secret=b"test",
        var=folder,
        mode="test",
    )


class Running:
    """``with Running([component, …], folder) as apps:`` — apps by name, all started and serving over one transport."""

    def __init__(
        self,
        components: Sequence[Component],
        folder: Path,
        *,
        urls: dict[str, str] | None = None,
        partitions: int = 1,
        transport: Transport | None = None,
    ) -> None:
        self.transport = transport or LocalTransport()
        self.apps: dict[str, App] = {}
        for component in components:
            url = (urls or {}).get(component.name) or f"sqlite:///{folder / component.name}.db"
            settings = settings_for(component.name, url, folder, partitions=partitions)
            self.apps[component.name] = App(component, self.transport, settings)

    def __enter__(self) -> dict[str, App]:
        self._served = []
        for app in self.apps.values():
            app.create()
            self._served.append(self.transport.serve(app.component.name, app.handlers()))
        for app in self.apps.values():
            app.start()
        return self.apps

    def __exit__(self, *_: Any) -> None:
        for app in self.apps.values():
            app.stop()
        for served in self._served:
            served.close()
        self.transport.close()


def wait_for(condition: Callable[[], Any], what: str = "the condition", seconds: float = 20.0) -> Any:
    """Wait until ``condition()`` is truthy and return it; raises AssertionError that names it when time runs out."""
    until = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > until:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.01)
