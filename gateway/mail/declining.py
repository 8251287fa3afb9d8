"""Mail that a person may decline, and who did: one click in the mail program, a page, or the settings of one's account.

Asked for by nobody are dunning, charges, a contract's notices, a price to accept, a request's protocol number (Decreto
11.034/2022) and a question whose silence counts: who does not hear of these is harmed. The rest a person may do without.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from gateway.mail.accounts import is_about_account
from gateway.mail.staff import is_for_staff
from gateway.mail.tables import mail_declined
from services.errors import NotFound
from services.rows import Rows
from services.store.database import Database

TOPICS: Mapping[str, tuple[str, ...]] = {
    "progress": ("request_resolved", "deadline_near", "deadline_passed"),
    "evaluation": ("evaluation_requested", "evaluation_reminded", "evaluation_replied"),
}
"""What is declined together, and its texts."""


def topic_of(template: str, facts: Mapping[str, Any]) -> str | None:
    """The topic under which this mail may be declined; None: it may not."""
    if is_for_staff(facts) or is_about_account(facts):
        return None
    if template == "evaluation_requested" and facts.get("tacit_at"):
        return None  # silence will count as a yes
    return next((topic for topic, templates in TOPICS.items() if template in templates), None)


class Declined:
    """Rows of ``mail_declined``; they hold ids alone."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def topics(self, person_ids: Iterable[str]) -> set[str]:
        """What at least one of these (one person, for several customers) declined."""
        mine = mail_declined.c.person_id.in_(list(person_ids))
        with self._db.read() as conn:
            return set(conn.scalars(select(mail_declined.c.topic).where(mine)))

    def decline(self, person_id: str, topic: str, *, how: str, at: datetime) -> None:
        """Once more changes nothing. Raises ``NotFound`` for what may not be declined."""
        _known(topic)
        with self._db.write() as conn:
            rows = Rows(conn)
            if rows.get(mail_declined, person_id=person_id, topic=topic) is None:
                rows.put(mail_declined, person_id=person_id, topic=topic, declined_at=at, how=how)
                rows.flush()

    def accept(self, person_id: str, topic: str) -> None:
        _known(topic)
        with self._db.write() as conn:
            mine = (mail_declined.c.person_id == person_id, mail_declined.c.topic == topic)
            conn.execute(delete(mail_declined).where(*mine))

    def forget(self, person_ids: Iterable[str]) -> None:
        with self._db.write() as conn:
            conn.execute(delete(mail_declined).where(mail_declined.c.person_id.in_(list(person_ids))))


def _known(topic: str) -> None:
    if topic not in TOPICS:
        raise NotFound("mail.topic-unknown", topic=topic)
