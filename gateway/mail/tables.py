"""Outgoing mail: ids and facts only. Names and addresses are asked for when a mail is made, and are not kept.

No view owns these tables: a rebuild leaves them alone, and backups carry them, so that nothing is sent twice.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from gateway.tables import METADATA
from services.store.types import JsonText, UtcDateTime

mail_causes = Table(
    "mail_causes",
    METADATA,
    Column("cause_id", String(200), primary_key=True),
    Column("template", String(40), primary_key=True),
    Column("customer_id", String(64), nullable=False),
    Column("contract_id", String(64)),
    Column("contact_id", String(64)),
    Column("facts", JsonText, nullable=False),
    Column("correlation", String(200)),
    Column("traceparent", String(64)),
    Column("happened_at", UtcDateTime, nullable=False),
    Column("looked_at", UtcDateTime),
    Index("mail_causes_open", "looked_at", "happened_at"),
)
"""``cause_id``: the event. ``contact_id``: the one person it is for; None: all with the template's right.
``looked_at``: when its recipients were found."""

mail = Table(
    "mail",
    METADATA,
    Column("mail_id", String(64), primary_key=True),
    Column("cause_id", String(200), nullable=False),
    Column("template", String(40), nullable=False),
    Column("recipient_id", String(64), nullable=False),
    Column("customer_id", String(64), nullable=False),
    Column("contract_id", String(64)),
    Column("facts", JsonText, nullable=False),
    Column("correlation", String(200)),
    Column("traceparent", String(64)),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("tried_at", UtcDateTime),
    Column("claimed_until", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("log", JsonText, nullable=False),
    Index("mail_due", "state", "due_at"),
    Index("mail_queued", "queued_at", "mail_id"),
    Index("mail_customer", "customer_id", "queued_at"),
    Index("mail_recipient", "recipient_id"),
)
"""``mail_id`` is made of cause, recipient and template: there is one for ever. ``state``: waiting | sending | sent |
refused (the server said no) | given_up | dropped (erased, no address, nothing owed any more) | unknown (the server took
it and did not answer). ``tried_at``: the first attempt. ``log``: [{at, outcome, answer}]."""

mail_texts = Table(
    "mail_texts",
    METADATA,
    Column("template", String(40), primary_key=True),
    Column("lang", String(8), primary_key=True),
    Column("subject", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String(64), nullable=False),
)
"""The company's own words, in the place of the catalogue's."""

mail_declined = Table(
    "mail_declined",
    METADATA,
    Column("person_id", String(64), primary_key=True),
    Column("topic", String(20), primary_key=True),
    Column("declined_at", UtcDateTime, nullable=False),
    Column("how", String(20), nullable=False),
)
"""Who wants no mail of a topic that may be declined. ``how``: one-click (the mail program's button) | page | settings."""
