"""A test delivery: an event that never happened, sent now, signed like all others. It changes nothing but the log."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from gateway.webhooks.batches import Item, Post, Tried, post
from gateway.webhooks.domain.health import outcome_of
from gateway.webhooks.noting import attempt
from gateway.webhooks.tables import webhook_attempts
from services.codec import iso
from services.store.database import Database

TYPE = "vigencia.webhook.test"


def try_now(
    database: Database,
    endpoint: Mapping[str, Any],
    secrets: Sequence[str],
    open_: Callable[[str], Post],
    id_: str,
    now: datetime,
) -> dict[str, Any]:
    """The row of the log that it made."""
    item = Item("", envelope(endpoint, id_, now))
    channel = open_(endpoint["url"])
    try:
        answer = post(channel, secrets, item.message_id, item.envelope, now)
    finally:
        channel.close()
    row = attempt(endpoint["endpoint_id"], Tried(item, answer, outcome_of(answer.status), now))
    with database.write() as conn:
        conn.execute(insert(webhook_attempts).values(**row))
    return row


def envelope(endpoint: Mapping[str, Any], id_: str, now: datetime) -> dict[str, Any]:
    """The same shape as an event's, without a place in a feed."""
    return {
        "id": f"webhook-{endpoint['endpoint_id']}@{id_}",
        "source": "/vigencia/gateway",
        "type": TYPE,
        "subject": f"webhook-{endpoint['endpoint_id']}",
        "time": iso(now),
        "dataschema": f"urn:vigencia:{TYPE}:1",
        "hash": hashlib.sha256(id_.encode()).hexdigest(),
        "specversion": "1.0",
        "datacontenttype": "application/json",
        "data": {"endpoint_id": endpoint["endpoint_id"], "name": endpoint["name"]},
    }
