"""The billing service over any store, with a clock that tests set, and the events that it hears told to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from billing_service.wiring import component
from services.application import Application
from services.migrations import upgrade
from services.rows import Rows
from services.store.database import Database
from services.testing.app import MemoryApp
from services.vault import Vault

DEFAULT = {"days": 30, "suspend": True, "notice_days": 5}
LADDER = [
    {"level": 1, "days": -3, "channel": "email"},
    {"level": 2, "days": 5, "channel": "email"},
    {"level": 3, "days": 15, "channel": "email"},
]


class StoreApp(MemoryApp):
    """``MemoryApp`` over a store of a given address, made by the migrations. ``today`` sets the clock."""

    def __init__(self, url: str) -> None:
        self.component = component()
        self.database = Database(url)
        self._vault_database = (
            Database(url.replace("billing.db", "vault.db"))
            if self.database.sqlite
            else Database(url, pool_size=2, schema="vault")
        )
        vault = Vault(self._vault_database, secret=b"test", service="billing")
        upgrade(self.component, self.database)
        self.today("2026-01-01")
        self.app = Application(self.component, self.database, vault, clock=lambda: self.now())
        self.app.create(tables=False)
        self._offsets: dict[str, int] = {}
        self._versions: dict[str, int] = {}

    def today(self, text: str, hour: int = 12) -> None:
        at = datetime.fromisoformat(text).replace(hour=hour, tzinfo=UTC)
        self.now = lambda: at

    def hear(self, happened: str, contract_id: str = "c1", *, historical: bool = False, **data: Any) -> None:
        """One of the contract's events, as contracts tells it."""
        told = {"contract_id": contract_id, "customer_id": "k1", **data}
        self.deliver(
            [(f"contracts.contract.{happened}", told)],
            source="contracts",
            stream=f"contract-{contract_id}",
            historical=historical,
        )

    def find(self, table: Any, *where: Any, **equals: Any) -> list[dict[str, Any]]:
        with self.database.read() as conn:
            return Rows(conn, lock=False).find(table, *where, **equals)

    def close(self) -> None:
        self.database.dispose()
        self._vault_database.dispose()


def line(amount: str = "300.00", line_id: str = "L1", **changes: Any) -> dict[str, Any]:
    values = {"line_id": line_id, "clause": "4.1", "description": "Manutenção", "kind": "recurring", "amount": amount}
    return {**values, "rule": "monthly", "interval": 1, "mode": "advance", "proration": "actual", **changes}


def terms(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A contract's terms as they travel, with what billing does not know."""
    return {
        "starts_on": "2026-01-01",
        "ends_on": None,
        "renewal": "tacit",
        "time_zone": "America/Sao_Paulo",
        "services": [{"service_type_id": "s1", "code": "TI", "name": "TI"}],
        "calendar": {"intervals": [], "holidays": ["2026-01-12"]},
        "lines": list(lines or (line(),)),
        "billing": {"due_days": 10, "business_day_rule": "next"},
        "late": {"fine_percent": "2", "interest_percent_month": "1"},
        "dunning": LADDER,
        "default": DEFAULT,
        "evaluation": {"ask": True},
        **changes,
    }
