"""What a full backup carries of the gateway: its keys' hashes, and webhook endpoints with what waits for them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, insert, select

from gateway.identity.keys import ApiKeys, api_keys
from gateway.webhooks.tables import KEPT, webhook_endpoints, webhook_waiting
from gateway.wiring import component
from services.migrations import upgrade
from services.store.database import Database
from vigencia import backup_full

AT = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)


def test_keys_and_webhooks_come_back(postgres_url: str, tmp_path: Path) -> None:
    database = Database(postgres_url)
    upgrade(component(), database)
    lists = {"types": ["*"], "customers": [], "contracts": [], "sources": ["billing"]}
    made = {"created_at": AT, "created_by": "u", "state": "active", "reason": "", "misses": 0, "rests": 0}
    waits = {"source": "billing", "partition": 0, "offset": 7, "stream": "s", "message_id": "m", "attempts": 1}
    with database.write() as conn:
        conn.execute(insert(webhook_endpoints).values(endpoint_id="w", name="books", url="u", **lists, **made))
        conn.execute(insert(webhook_waiting).values(endpoint_id="w", **waits, stuck=True))
    ApiKeys(database).add("k", "books", ["webhooks"], by="u", at=AT)
    url = postgres_url.replace("postgresql+psycopg://", "postgresql://")
    backup_full.take_webhooks(url, tmp_path / "webhooks.dump")
    backup_full.take_users(url, tmp_path / "users.dump")
    with database.write() as conn:
        for table in (*KEPT, api_keys):
            conn.execute(delete(table))
    backup_full.bring_gateway(postgres_url, tmp_path / "users.dump", tmp_path / "webhooks.dump", tmp_path / "none")
    with database.read() as conn:
        assert conn.execute(select(webhook_endpoints.c.name, webhook_endpoints.c.types)).all() == [("books", ["*"])]
        assert conn.execute(select(webhook_waiting.c.offset, webhook_waiting.c.stuck)).all() == [(7, True)]
    assert [key.name for key in ApiKeys(database).all()] == ["books"]
    database.dispose()


def test_a_gateway_that_has_no_such_tables_yet_has_nothing_to_keep(postgres_url: str, tmp_path: Path) -> None:
    backup_full.take_webhooks(postgres_url.replace("postgresql+psycopg://", "postgresql://"), tmp_path / "w.dump")
    assert not (tmp_path / "w.dump").exists()
