"""Who is asked, and for how long the question stands."""

from __future__ import annotations

from datetime import datetime, timedelta


def may_be_asked(contact_id: str, resolved_by: str | None) -> bool:
    """Who did the work does not judge it (glpi 474: the resolver rated himself)."""
    return contact_id != resolved_by


def question_over(asked_at: datetime, days: int, at: datetime) -> bool:
    """Whether a question that stands for so many days (0: for good) can no longer be answered."""
    return days > 0 and at > asked_at + timedelta(days=days)
