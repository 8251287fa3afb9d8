"""Whom a cause is to be told: rows of ``mail`` for each of them. Of several instances one looks at a time."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, tuple_, update

from gateway.mail.accounts import AccountMail, is_about_account
from gateway.mail.asking import Asked
from gateway.mail.catalogue import ERASURE, TEMPLATES
from gateway.mail.channels import BY_PHONE, PHONE, number_of
from gateway.mail.declining import Declined
from gateway.mail.delivery import Delivery
from gateway.mail.staff import is_for_staff, told_of
from gateway.mail.tables import mail, mail_causes
from services.store.database import Database, insert_if_missing
from services.store.leases import take

TOO_OLD = timedelta(days=7)
"""A cause that is older when it comes here is told to nobody: a gateway that begins with the first event of all."""
MOST = 100
LEASE_SECONDS = 30.0
_IDS = uuid.UUID("4e0c8e6e-7a0f-5b37-9c0a-0c1c8f1d2a55")
_SAME = tuple_(mail_causes.c.cause_id, mail_causes.c.template)


def mail_id_of(cause_id: str, recipient_id: str, template: str) -> str:
    return str(uuid.uuid5(_IDS, f"{cause_id}/{recipient_id}/{template}"))


class Recipients:
    """``find`` looks at the causes that nobody looked at yet."""

    def __init__(
        self, database: Database, delivery: Delivery, accounts: AccountMail | None, *, by_phone: bool = False
    ) -> None:
        """``by_phone``: there is a messenger."""
        self._db, self._delivery, self._accounts, self._by_phone = database, delivery, accounts, by_phone
        self._owner = uuid.uuid4().hex

    def find(self, asked: Asked, now: datetime) -> None:
        """One transaction for all; an erasure, which takes away what others wait for, in its turn."""
        if not take(self._db, "mail", self._owner, LEASE_SECONDS):
            return
        c = mail_causes.c
        with self._db.look() as conn:
            first = select(mail_causes).where(c.looked_at.is_(None)).order_by(c.happened_at).limit(MOST)
            causes = [dict(row) for row in conn.execute(first).mappings()]
        some: list[Mapping[str, Any]] = []
        for cause in causes:
            if cause["template"] == ERASURE:
                self._tell(some, asked, now)
                some = []
                self._erase(cause, now)
            else:
                some.append(cause)
        self._tell(some, asked, now)

    def _tell(self, causes: list[Mapping[str, Any]], asked: Asked, now: datetime) -> None:
        if not causes:
            return
        young = [cause for cause in causes if now - cause["happened_at"] <= TOO_OLD]
        mails = [_new(cause, id_, now) for cause in young for id_ in self._recipients(cause, asked)]
        mails += [_new(cause, id_, now, by=PHONE) for cause in young for id_ in self._called(cause, asked)]
        with self._db.write() as conn:
            if mails:
                conn.execute(insert_if_missing(conn, mail), mails)
            _looked_at(conn, causes, now)

    def _recipients(self, cause: Mapping[str, Any], asked: Asked) -> list[str]:
        """The one contact, or all with the right; else the customer himself. Nobody who has no address."""
        if is_about_account(cause["facts"]):
            return self._accounts.recipients(cause["facts"]) if self._accounts else []
        if is_for_staff(cause["facts"]):
            return told_of(self._db, cause["facts"])
        template, customer_id = TEMPLATES[cause["template"]], cause["customer_id"]
        said = asked.agreed(cause)
        if not said.told or cause["facts"].get("channel") in BY_PHONE:
            return []
        people = asked.people_of(customer_id)
        usual = frozenset({template.right, template.also} - {""})
        rights = usual if said.rights is None else said.rights
        if cause["contact_id"]:
            chosen = [cause["contact_id"]]
        else:
            chosen = [id_ for id_, person in people.items() if _may(person, customer_id, rights)] or [customer_id]
        return [id_ for id_ in chosen if (people.get(id_) or {}).get("email")]

    def _called(self, cause: Mapping[str, Any], asked: Asked) -> list[str]:
        """Whom the contract, or a step of its ladder, has told by telephone."""
        facts, customer_id = cause["facts"], cause["customer_id"]
        if not self._by_phone or is_about_account(facts) or is_for_staff(facts):
            return []
        rights = asked.agreed(cause).phone
        if rights is None and facts.get("channel") in BY_PHONE:
            rights = frozenset({TEMPLATES[cause["template"]].right})
        if rights is None:
            return []
        people = asked.people_of(customer_id)
        mine = [cause["contact_id"]] if cause["contact_id"] else list(people)
        told = [id_ for id_ in mine if id_ in people and _may(people[id_], customer_id, rights)]
        return [id_ for id_ in told if number_of(people[id_])]

    def _erase(self, cause: Mapping[str, Any], now: datetime) -> None:
        """What waits is dropped; what the catcher keeps goes."""
        gone = list(cause["facts"].get("person_ids") or ())
        if "contact_id" not in cause["facts"]:
            gone.append(cause["customer_id"])
        with self._db.read() as conn:
            theirs = select(mail.c.mail_id).where(mail.c.recipient_id.in_(gone))
            ids = list(conn.scalars(theirs))
        for mail_id in ids:
            self._delivery.forget(mail_id)
        Declined(self._db).forget(gone)
        with self._db.write() as conn:
            waiting = (mail.c.recipient_id.in_(gone), mail.c.state == "waiting")
            conn.execute(update(mail).where(*waiting).values(state="dropped", ended_at=now))
            _looked_at(conn, [cause], now)


def _looked_at(conn: Any, causes: list[Mapping[str, Any]], now: datetime) -> None:
    keys = [(cause["cause_id"], cause["template"]) for cause in causes]
    conn.execute(update(mail_causes).where(_SAME.in_(keys)).values(looked_at=now))


def _may(person: Mapping[str, Any], customer_id: str, rights: frozenset[str]) -> bool:
    """Has one of these rights for the customer; none named: speaks for him at all."""
    pairs = [pair for pair in person.get("speaks_for") or () if pair["customer_id"] == customer_id]
    return any(not rights or rights & set(pair["rights"] or ()) for pair in pairs)


def _new(cause: Mapping[str, Any], recipient_id: str, now: datetime, by: str = "") -> dict[str, Any]:
    kept = ("cause_id", "template", "customer_id", "contract_id", "facts", "correlation", "traceparent")
    id_ = mail_id_of(cause["cause_id"], recipient_id, f"{cause['template']}/{by}" if by else cause["template"])
    facts = {"facts": {**cause["facts"], "by": by}} if by else {}
    fresh = {"mail_id": id_, "recipient_id": recipient_id, "state": "waiting", "attempts": 0, "log": []}
    return {**{name: cause[name] for name in kept}, **facts, **fresh, "queued_at": now, "due_at": now}


__all__ = ["Recipients", "mail_id_of"]
