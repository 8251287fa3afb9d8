"""What is planned by the month in which it falls due.

Revision ID: 0009
"""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from zlib import crc32

import sqlalchemy as sa
from alembic import op

from services.store.types import Money

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PARTS = 64


def upgrade() -> None:
    op.add_column("planned_charges", sa.Column("falls_on", sa.Date))
    terms = op.create_table(
        "agenda_terms",
        sa.Column("account_id", sa.String(64), primary_key=True),
        sa.Column("due_days", sa.Integer, nullable=False),
    )
    months = op.create_table(
        "planned_months",
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("amount", Money, nullable=False),
    )
    _fill(op.get_bind(), terms, months)


def _fill(conn: sa.Connection, terms: sa.Table, months: sa.Table) -> None:
    accounts = sa.table("accounts", sa.column("account_id"), sa.column("due_days"))
    days = {row.account_id: row.due_days or 0 for row in conn.execute(sa.select(accounts))}
    if days:
        conn.execute(sa.insert(terms), [{"account_id": key, "due_days": value} for key, value in days.items()])
    charges = sa.table(
        "planned_charges",
        *(sa.column(name) for name in ("charge_id", "account_id")),
        *(sa.column(name, sa.Date) for name in ("bill_on", "due_on", "falls_on")),
        sa.column("amount", Money),
        sa.column("held", sa.Boolean),
    )
    sums: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    placed = []
    for row in conn.execute(sa.select(charges)):
        falls_on = row.due_on or row.bill_on + timedelta(days=days.get(row.account_id, 0))
        placed.append({"key": row.charge_id, "on": falls_on})
        if not row.held:
            sums[falls_on.isoformat()[:7], crc32(row.account_id.encode()) % PARTS] += row.amount
    if placed:
        change = sa.update(charges).where(charges.c.charge_id == sa.bindparam("key"))
        conn.execute(change.values(falls_on=sa.bindparam("on", type_=sa.Date)), placed)
        found = [{"month": month, "part": part, "amount": amount} for (month, part), amount in sums.items()]
        if found:
            conn.execute(sa.insert(months), found)


def downgrade() -> None:
    op.drop_table("planned_months")
    op.drop_table("agenda_terms")
    op.drop_column("planned_charges", "falls_on")
