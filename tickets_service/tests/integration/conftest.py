"""The service as it is wired, on SQLite and on PostgreSQL, its tables made by the migrations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.application import Application
from services.migrations import upgrade
from services.store.database import Database
from services.testing.app import MemoryApp
from services.vault import Vault
from tickets_service.tests.unit.kit import MONDAY_9, terms
from tickets_service.wiring import component


class MigratedApp(MemoryApp):
    """The application over a store of a given URL."""

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(component(), str(folder))
        self.memory_database = self.database
        self.database = Database(url)
        upgrade(self.component, self.database)
        vault_url = url if url.startswith("postgresql") else f"sqlite:///{folder}/other.vault.db"
        vault = Vault(Database(vault_url), secret=b"test", service="tickets")
        self.app = Application(self.component, self.database, vault, clock=lambda: self.now())
        self.app.create(tables=False)
        self.now = lambda: MONDAY_9


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MigratedApp]:
    """Nothing known yet."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/migrated.db"
    else:
        url = request.getfixturevalue("postgres_url")
    made = MigratedApp(url, tmp_path)
    yield made
    made.close()


@pytest.fixture
def app(bare: MigratedApp) -> MigratedApp:
    """A customer with a contact, a site with equipment, and an active contract."""
    customer = {"customer_id": "u1"}
    bare.deliver(
        [
            ("contracts.customer.registered", {**customer, "kind": "company"}),
            ("contracts.customer.contact_authorised", {**customer, "contact_id": "p1", "rights": ["requests"]}),
            ("contracts.customer.contact_authorised", {**customer, "contact_id": "p2", "rights": ["money"]}),
            ("contracts.customer.site_added", {**customer, "site_id": "l1"}),
            ("contracts.customer.equipment_added", {**customer, "site_id": "l1", "equipment_id": "e1"}),
        ],
        source="contracts",
        stream="customer-u1",
    )
    contract = {**customer, "contract_id": "c1", "provider_id": "pr1", "number": "2026/1", "on": "2026-01-01"}
    bare.deliver(
        [("contracts.contract.activated", {**contract, "terms": terms()})], source="contracts", stream="contract-c1"
    )
    return bare
