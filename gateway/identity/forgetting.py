"""Persons who were erased log in no more, and nothing of them stands here: names, addresses, browsers, links."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from gateway.identity.roles import CONTACT
from gateway.identity.tables import one_time_links, sessions
from gateway.mail.catalogue import ERASURE
from gateway.mail.tables import mail_causes
from gateway.tables import users
from services.component import Policy
from services.events import Incoming
from services.rows import Rows
from services.store.database import Database


def forget_users(event: Incoming, rows: Rows) -> Iterable[Any]:
    """A user who spoke as an erased person only is blanked and shut out; one who speaks for others, too, goes on for those.

    The users' table has no index of contacts: an erasure is rare, and the table small.
    """
    whole = event.type == "contracts.customer.erased"
    gone = blank(rows, set(event.data["person_ids"]), customer_id=event.data["customer_id"] if whole else None)
    if gone:
        _forget_mail(event, rows, gone)
    return ()


def blank(rows: Rows, persons: Collection[str], *, customer_id: str | None = None) -> list[str]:
    """Users who spoke as these persons, or for this customer: who speaks for nobody else is blanked. Their ids."""
    gone = []
    for user in rows.find(users):
        if CONTACT not in user["roles"]:
            continue
        left = [
            pair
            for pair in user["contacts"]
            if pair["contact_id"] not in persons and pair["customer_id"] != customer_id
        ]
        if len(left) == len(user["contacts"]):
            continue
        if left or set(user["roles"]) != {CONTACT}:
            others = [role for role in user["roles"] if left or role != CONTACT]
            rows.put(users, user_id=user["user_id"], contacts=left, roles=others)
            continue
        gone.append(user["user_id"])
        blank = {"name": "", "email": None, "password_hash": "", "contacts": [], "active": False, "lang": None}
        rows.put(users, user_id=user["user_id"], login=f"erased-{user['user_id']}", **blank)
        rows.delete_where(sessions, user_id=user["user_id"])
        rows.delete_where(one_time_links, user_id=user["user_id"])
    return gone


def blank_after_restore(database: Database, persons: Collection[str]) -> None:
    """A backup may be older than an erasure: who is erased stays so."""
    with database.write() as conn:
        rows = Rows(conn)
        blank(rows, persons)
        rows.flush()


def _forget_mail(event: Incoming, rows: Rows, gone: list[str]) -> None:
    """What was mailed about their accounts, and is kept by the catcher."""
    rows.put(
        mail_causes,
        cause_id=f"{event.source}/{event.id}/accounts",
        template=ERASURE,
        customer_id="",
        contract_id=None,
        contact_id=None,
        facts={"person_ids": gone},
        correlation=event.correlation,
        happened_at=event.at,
    )


def policy() -> Policy:
    handles = dict.fromkeys(("contracts.customer.erased", "contracts.customer.contact_erased"), forget_users)
    return Policy("forget_users", source="contracts", handles=handles)
