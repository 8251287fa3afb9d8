"""A request's price, month and duplicates; links between requests; recorded works, for their correction."""

import sqlalchemy as sa
from alembic import op

from services.store.types import Money

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MONEY = ("price_unit", "price_bound", "charged_works", "charged_visits")


def upgrade() -> None:
    op.add_column("requests", sa.Column("month", sa.String(7)))
    op.add_column("requests", sa.Column("price_state", sa.String(10)))
    op.add_column("requests", sa.Column("duplicate_of", sa.String(64)))
    for column in MONEY:
        op.add_column("requests", sa.Column(column, Money))
    op.create_index("requests_month", "requests", ["month", "channel"])
    op.create_table(
        "recorded_works",
        sa.Column("work_id", sa.String(64), primary_key=True),
        sa.Column("request_id", sa.String(64)),
        sa.Column("service_type_id", sa.String(64)),
        sa.Column("performed_on", sa.Date),
        sa.Column("charged", Money),
    )
    op.create_table(
        "request_links",
        sa.Column("request_id", sa.String(64), primary_key=True),
        sa.Column("other_id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(12), primary_key=True),
    )


def downgrade() -> None:
    op.drop_table("request_links")
    op.drop_table("recorded_works")
    op.drop_index("requests_month", "requests")
    for column in ("month", "price_state", "duplicate_of", *MONEY):
        op.drop_column("requests", column)
