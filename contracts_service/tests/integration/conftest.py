"""The service on both stores, made by its migrations: each test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contracts_service.tests.integration.store import StoreApp
from contracts_service.wiring import component


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreApp]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('store')}/contracts.db"
    else:
        url = request.getfixturevalue("postgres_url")
    app = StoreApp(component(), url)
    yield app
    app.close()
