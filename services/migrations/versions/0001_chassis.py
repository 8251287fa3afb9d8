"""The chassis tables: events, commands, outbox, feed, checkpoints, parking, due, applied, leases; append-only guards."""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_serial = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "store_info",
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("stream", sa.String(120), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("schema", sa.Integer, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("meta", sa.Text, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "commands",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("payload_hash", sa.String(64), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("seq", _serial, primary_key=True, autoincrement=True),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("stream", sa.String(120), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "feed",
        sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("offset", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("stream", sa.String(120), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
    )
    op.create_table(
        "feed_head",
        sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
        sa.Column("published", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "checkpoints",
        sa.Column("subscription", sa.String(80), primary_key=True),
        sa.Column("source", sa.String(40), primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("feed", sa.String(40), nullable=True),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
        sa.Column("moved_at", UtcDateTime, nullable=True),
    )
    op.create_table(
        "subscription_states",
        sa.Column("subscription", sa.String(80), primary_key=True),
        sa.Column("source", sa.String(40), primary_key=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "parked_streams",
        sa.Column("subscription", sa.String(80), primary_key=True),
        sa.Column("source", sa.String(40), primary_key=True),
        sa.Column("stream", sa.String(120), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
    )
    op.create_table(
        "parked_events",
        sa.Column("id", _serial, primary_key=True, autoincrement=True),
        sa.Column("subscription", sa.String(80), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("stream", sa.String(120), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("envelope", sa.Text, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("parked_at", UtcDateTime, nullable=False),
    )
    op.create_index("parked_events_stream", "parked_events", ["subscription", "source", "stream", "offset"])
    op.create_table(
        "discarded_events",
        sa.Column("id", _serial, primary_key=True, autoincrement=True),
        sa.Column("subscription", sa.String(80), nullable=False),
        sa.Column("event", sa.String(160), nullable=False),
        sa.Column("envelope", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "refusals",
        sa.Column("id", _serial, primary_key=True, autoincrement=True),
        sa.Column("policy", sa.String(80), nullable=False),
        sa.Column("event", sa.String(160), nullable=False),
        sa.Column("command", sa.String(80), nullable=False),
        sa.Column("code", sa.String(80), nullable=False),
        sa.Column("params", JsonText, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "due",
        sa.Column("key", sa.String(160), primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("command", sa.String(80), nullable=False),
        sa.Column("payload", JsonText, nullable=False),
        sa.Column("done_at", UtcDateTime, nullable=True),
        sa.Column("outcome", sa.Text, nullable=True),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("retry_at", UtcDateTime, nullable=True),
    )
    op.create_index("due_open", "due", ["done_at", "at"])
    op.create_table(
        "applied",
        sa.Column("subscription", sa.String(80), primary_key=True),
        sa.Column("source", sa.String(40), primary_key=True),
        sa.Column("stream", sa.String(120), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
    )
    _guard()


def _guard() -> None:
    """Events and feed are append-only: triggers say no to UPDATE and DELETE."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table in ("events", "feed"):
        for verb in ("UPDATE", "DELETE"):
            refuse = (
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                if sqlite
                else "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
            )
            op.execute(f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {refuse}")
