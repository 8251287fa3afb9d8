"""Provider companies: bank account, phone, e-mail, logo.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

from services.store.types import JsonText

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = (("phone", sa.Text), ("email", sa.Text), ("logo_sha256", sa.String(64)), ("bank", JsonText))


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("providers", sa.Column(name, kind))


def downgrade() -> None:
    with op.batch_alter_table("providers") as batch:
        for name, _ in COLUMNS:
            batch.drop_column(name)
