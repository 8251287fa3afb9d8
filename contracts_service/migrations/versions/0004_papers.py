"""Tags, documents, acceptances, templates, number series of branches.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SERIES = (("number_digits", sa.Integer), ("number_yearly", sa.Boolean), ("branch_of", sa.String(64)))


def upgrade() -> None:
    for name, kind in SERIES:
        op.add_column("providers", sa.Column(name, kind))
    op.create_table(
        "contract_tags",
        sa.Column("contract_id", sa.String(64), primary_key=True),
        sa.Column("tag", sa.String(60), primary_key=True),
    )
    op.create_index("contract_tags_tag", "contract_tags", ["tag"])
    op.create_table(
        "contract_documents",
        sa.Column("contract_id", sa.String(64), primary_key=True),
        sa.Column("document_id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("addendum", sa.Integer),
        sa.Column("attached_at", UtcDateTime, nullable=False),
        sa.Column("attached_by", sa.Text, nullable=False),
        sa.Column("removed_at", UtcDateTime),
        sa.Column("remove_reason", sa.Text),
    )
    op.create_table(
        "contract_acceptances",
        sa.Column("contract_id", sa.String(64), primary_key=True),
        sa.Column("acceptance_id", sa.String(64), primary_key=True),
        sa.Column("method", sa.String(12), nullable=False),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("signer_name", sa.Text),
        sa.Column("signer_document", sa.Text),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("addendum", sa.Integer, nullable=False),
        sa.Column("text_sha256", sa.String(64)),
        sa.Column("document_id", sa.String(64)),
        sa.Column("origin", sa.Text),
        sa.Column("agent", sa.Text),
    )
    op.create_index("contract_acceptances_person", "contract_acceptances", ["person_id"])
    op.create_table(
        "templates",
        sa.Column("template_id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("terms", JsonText, nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False),
    )


def downgrade() -> None:
    for table in ("templates", "contract_acceptances", "contract_documents", "contract_tags"):
        op.drop_table(table)
    with op.batch_alter_table("providers") as batch:
        for name, _ in SERIES:
            batch.drop_column(name)
