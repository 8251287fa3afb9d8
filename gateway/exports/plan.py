"""The company's plan of accounts: which of its accounts stands for which role. Kept, not rebuilt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, String, Table, select

from gateway.exports.accounting import ROLES
from gateway.tables import METADATA
from services.errors import NotFound
from services.rows import Rows
from services.store.database import Database
from services.store.types import UtcDateTime

plan_accounts = Table(
    "plan_accounts",
    METADATA,
    Column("role", String(40), primary_key=True),
    Column("code", String(40), nullable=False),
    Column("name", String(200), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String(64), nullable=False),
)


class PlanOfAccounts:
    def __init__(self, database: Database) -> None:
        self._db = database

    def plan(self) -> dict[str, tuple[str, str]]:
        with self._db.read() as conn:
            own = {row.role: (row.code, row.name) for row in conn.execute(select(plan_accounts))}
        return {role: own.get(role, given) for role, given in ROLES.items()}

    def listed(self) -> list[dict[str, Any]]:
        return [{"role": role, "code": code, "name": name} for role, (code, name) in self.plan().items()]

    def change(self, role: str, code: str, name: str, *, by: str, at: datetime) -> dict[str, Any]:
        if role not in ROLES:
            raise NotFound("accounting.role-unknown", role=role)
        with self._db.write() as conn:
            rows = Rows(conn)
            rows.put(plan_accounts, role=role, code=code, name=name, changed_at=at, changed_by=by)
            rows.flush()
        return {"role": role, "code": code, "name": name}
