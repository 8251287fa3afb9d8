"""The service on both stores, made by its migrations: each test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from billing_service.tests.integration.store import StoreApp, terms


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreApp]:
    """No account yet. It is 1 January 2026."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('store')}/billing.db"
    else:
        url = request.getfixturevalue("postgres_url")
    app = StoreApp(url)
    yield app
    app.close()


@pytest.fixture
def app(bare: StoreApp) -> StoreApp:
    """One contract is active: 300.00 a month in advance."""
    bare.hear("activated", provider_id="p1", number="2026/000001", on="2026-01-01", terms=terms())
    return bare
