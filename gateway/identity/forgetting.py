"""Persons who were erased log in no more, and nothing of them stands here: names, addresses, browsers, links."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.identity.roles import CONTACT
from gateway.identity.tables import one_time_links, sessions
from gateway.mail.catalogue import ERASURE
from gateway.mail.tables import mail_causes
from gateway.tables import users
from services.component import Policy
from services.events import Incoming
from services.rows import Rows


def forget_users(event: Incoming, rows: Rows) -> Iterable[Any]:
    """A user who spoke as an erased person only is blanked and shut out; one who speaks for others, too, goes on for those.

    The users' table has no index of contacts: an erasure is rare, and the table small.
    """
    persons, customer_id = set(event.data["person_ids"]), event.data["customer_id"]
    whole = event.type == "contracts.customer.erased"
    gone = []
    for user in rows.find(users):
        if CONTACT not in user["roles"]:
            continue
        left = [
            pair
            for pair in user["contacts"]
            if pair["contact_id"] not in persons and not (whole and pair["customer_id"] == customer_id)
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
    if gone:
        _forget_mail(event, rows, gone)
    return ()


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
