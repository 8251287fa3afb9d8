"""Contacts, sites and equipment are found by a part of their names, without accents.

Revision ID: 0014
"""

import sqlalchemy as sa
from alembic import op

from gateway.views.reading import searchable, sortable

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contacts", sa.Column("sort_name", sa.String(200)))
    op.add_column("sites", sa.Column("search_text", sa.String(400)))
    op.add_column("equipment", sa.Column("search_text", sa.String(700)))
    conn = op.get_bind()
    for customer, contact, name in conn.execute(sa.text("SELECT customer_id, contact_id, name FROM contacts")).all():
        found = {"said": sortable(name) or "", "a": customer, "b": contact}
        conn.execute(sa.text("UPDATE contacts SET sort_name = :said WHERE customer_id = :a AND contact_id = :b"), found)
    for site, *texts in conn.execute(sa.text("SELECT site_id, name, city FROM sites")).all():
        said = {"said": searchable(*texts), "a": site}
        conn.execute(sa.text("UPDATE sites SET search_text = :said WHERE site_id = :a"), said)
    for thing, *texts in conn.execute(sa.text("SELECT equipment_id, description, serial, label FROM equipment")).all():
        said = {"said": searchable(*texts), "a": thing}
        conn.execute(sa.text("UPDATE equipment SET search_text = :said WHERE equipment_id = :a"), said)


def downgrade() -> None:
    for table, column in (("contacts", "sort_name"), ("sites", "search_text"), ("equipment", "search_text")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
