"""Who of the provider's own people is told of a deadline (the one who is assigned, all with a role, or one user), or of
what operators look after (all with one of several roles)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from gateway.identity.roles import CONTACT, MANAGER, OPERATOR, STAFF
from gateway.tables import users
from services.store.database import Database

ASSIGNEE = "assignee"


def is_for_staff(facts: Mapping[str, Any]) -> bool:
    """A step of the ladder tells staff, unless it names the contact who asked."""
    return bool(facts.get("user_id")) or (facts.get("role") is not None and facts["role"] != CONTACT)


def told_of(database: Database, facts: Mapping[str, Any]) -> list[str]:
    """Ids of active users who have an address. Where nobody is assigned, or he has none, the managers are told."""
    people = _with_address(database)
    if several := facts.get("roles"):
        return [id_ for id_, user in people.items() if set(several) & set(user["roles"])]
    role, one = facts.get("role"), facts.get("user_id")
    if role == ASSIGNEE:
        one = facts.get("assignee_id")
    if one is not None or role == ASSIGNEE:
        chosen = [id_ for id_ in people if id_ == one]
        return chosen or [id_ for id_, user in people.items() if MANAGER in user["roles"]]
    return [id_ for id_, user in people.items() if role in user["roles"]]


def person_of(database: Database, user_id: str) -> dict[str, Any] | None:
    """``{"name", "email"}`` of an active user of staff who has an address."""
    return _with_address(database).get(user_id)


def _with_address(database: Database) -> dict[str, dict[str, Any]]:
    """Logins are often addresses; one that was entered goes before."""
    active = select(users).where(users.c.active.is_(True)).order_by(users.c.user_id)
    with database.read() as conn:
        rows = [dict(row) for row in conn.execute(active).mappings()]
    found = {}
    for row in rows:
        email = row["email"] or (row["login"] if "@" in row["login"] else None)
        if email and (STAFF | {OPERATOR}) & set(row["roles"]):
            found[row["user_id"]] = {"name": row["name"], "email": email, "roles": row["roles"]}
    return found
