"""Users come back after a restore; who was erased since the backup does not."""

from __future__ import annotations

import json
import sqlite3

from sqlalchemy import select

from gateway.tables import METADATA, users
from services.store.database import Database
from vigencia.backup import USERS, bring_users_back

AT = "2026-03-02T12:00:00+00:00"


def user(login, *contacts):
    pairs = [{"customer_id": customer, "contact_id": contact} for customer, contact in contacts]
    named = {"user_id": f"u-{login}", "login": login, "name": login.title(), "password_hash": "x", "email": None}
    return {**named, "roles": ["contact"], "contacts": pairs, "active": True, "created_at": AT, "lang": None}


def test_who_was_erased_since_the_backup_stays_so(tmp_path):
    kept = [user("ana", ("A", "ana")), user("rui", ("A", "rui"), ("B", "rui-b")), user("bob", ("B", "bob"))]
    (tmp_path / USERS).write_text(json.dumps(kept), "utf-8")
    vault = sqlite3.connect(tmp_path / "contracts.vault.db")
    vault.execute("CREATE TABLE person_keys (person TEXT, tombstone INTEGER)")
    vault.executemany("INSERT INTO person_keys VALUES (?, ?)", [("ana", 1), ("rui", 1), ("bob", 0)])
    vault.commit()
    vault.close()
    gateway = Database(f"sqlite:///{tmp_path}/gateway.db")
    METADATA.create_all(gateway.engine)
    assert bring_users_back(tmp_path, gateway) == 3
    with gateway.read() as conn:
        found = {row.user_id: row for row in conn.execute(select(users))}
    gateway.dispose()
    assert (found["u-ana"].name, found["u-ana"].active, found["u-ana"].login) == ("", False, "erased-u-ana")
    assert (found["u-rui"].name, [pair["customer_id"] for pair in found["u-rui"].contacts]) == ("Rui", ["B"])
    assert (found["u-bob"].name, found["u-bob"].active) == ("Bob", True)
