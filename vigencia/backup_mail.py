"""What was mailed, the company's texts, its plan of accounts, API keys' hashes and webhook endpoints, in an embedded
backup: ``keys/mail.json`` and ``keys/webhooks.json``.

The gateway's views are made again from events; that a mail was sent stands nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.exc import OperationalError

from gateway.exports.plan import plan_accounts
from gateway.identity.keys import api_keys
from gateway.identity.tables import erasures
from gateway.mail.tables import mail, mail_causes, mail_declined, mail_texts
from gateway.webhooks import tables as webhooks
from services.codec import to_json_values
from services.store.database import Database, insert_if_missing
from services.store.types import UtcDateTime

MAIL, WEBHOOKS = "mail.json", "webhooks.json"
_KEPT = (mail_causes, mail, mail_texts, mail_declined, plan_accounts, api_keys, erasures)


def write_mail(gateway: Path, to: Path) -> None:
    """``to`` is made for its owner's eyes. A gateway that was never started has nothing to keep."""
    _write(gateway, to, _KEPT)


def write_webhooks(gateway: Path, to: Path) -> None:
    """Before the services' stores are copied: so no place is beyond its feed after a restore, and what was posted in
    between is posted again, with the same ids."""
    _write(gateway, to, webhooks.KEPT)


def _write(gateway: Path, to: Path, tables: Sequence[Table]) -> None:
    if not gateway.exists():
        return
    database = Database(f"sqlite:///{gateway}")
    try:
        with database.read() as conn:
            found = {table.name: [dict(row) for row in conn.execute(select(table)).mappings()] for table in tables}
    except OperationalError:  # an older gateway: no table yet
        return
    finally:
        database.dispose()
    to.touch(mode=0o600)
    to.write_text(json.dumps(to_json_values(found), ensure_ascii=False) + "\n", "utf-8")


def bring_mail_back(store: Path, gateway: Database) -> int:
    """Before the gateway starts to read events again: what it already told. How many rows; 0: nothing to bring."""
    return _bring(store / MAIL, gateway, _KEPT) + _bring(store / WEBHOOKS, gateway, webhooks.KEPT)


def _bring(path: Path, gateway: Database, tables: Sequence[Table]) -> int:
    if not path.exists():
        return 0
    kept = json.loads(path.read_text("utf-8"))
    count = 0
    with gateway.write() as conn:
        for table in tables:
            for row in kept.get(table.name, ()):
                conn.execute(insert_if_missing(conn, table).values(**_typed(table, row)))
                count += 1
    path.unlink()
    return count


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    instants = {column.name for column in table.columns if isinstance(column.type, UtcDateTime)}
    return {name: datetime.fromisoformat(value) if name in instants and value else value for name, value in row.items()}
