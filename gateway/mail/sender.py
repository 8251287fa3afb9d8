"""The sender: finds whom a cause is to be told, and sends what is due. Any number of instances at once.

A mail is claimed for some minutes. From the moment its text goes to the server it is ``sending``: one that is found so
after its claim is ``unknown``, and is not sent again by itself, for nobody is to be told the same thing twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any, Literal, get_args

from sqlalchemy import or_, select, update

from gateway.mail.accounts import AccountMail, is_about_account
from gateway.mail.agreed import Agreed, agreed, in_its_words
from gateway.mail.catalogue import ERASURE, TEMPLATES
from gateway.mail.delivery import Delivery, Later, MailSettings, No, Unknown
from gateway.mail.hours import next_allowed
from gateway.mail.ladder import after_the_others
from gateway.mail.render import Circumstances, circumstances, filled, message, text_of
from gateway.mail.staff import is_for_staff, person_of, told_of
from gateway.mail.tables import mail, mail_causes
from gateway.pages.links import KINDS, Link, Links
from gateway.pages.links import address as address_of
from services import logs, tracing
from services.errors import NotFound
from services.rows import Rows
from services.store.database import Database, insert_if_missing

Ended = Literal["sent", "refused", "given_up", "dropped", "unknown"]
ENDED: tuple[str, ...] = get_args(Ended)
Call = Callable[[str, str, Mapping[str, Any]], Any]

TOO_OLD = timedelta(days=7)
"""A cause that is older when it comes here is told to nobody: a gateway that begins with the first event of all."""
CLAIM = timedelta(minutes=5)
NOT_YET = timedelta(seconds=30)
MOST = 100
_DELAYS = (1, 5, 15, 60, 180, 360)
_IDS = uuid.UUID("4e0c8e6e-7a0f-5b37-9c0a-0c1c8f1d2a55")
log = logs.get("mail")


def mail_id_of(cause_id: str, recipient_id: str, template: str) -> str:
    return str(uuid.uuid5(_IDS, f"{cause_id}/{recipient_id}/{template}"))


def delay_after(attempts: int) -> timedelta:
    return timedelta(minutes=_DELAYS[min(max(attempts, 1), len(_DELAYS)) - 1])


class MailSender:
    """``call(service, method, payload)`` asks another service; ``clock`` gives now in UTC."""

    def __init__(
        self,
        database: Database,
        delivery: Delivery,
        settings: MailSettings,
        call: Call,
        clock: Callable[[], datetime],
        links: Links,
        accounts: AccountMail | None = None,
    ) -> None:
        self._db, self._delivery, self._settings = database, delivery, settings
        self._call, self._clock, self._links, self._accounts = call, clock, links, accounts
        self._terms: dict[str, Mapping[str, Any]] = {}

    def run(self) -> dict[str, int]:
        """One pass. Counts of mails by what became of them; raises when contracts does not answer (all waits)."""
        self._terms = {}
        self._find_recipients()
        self._note_unknown()
        counts: dict[str, int] = {}
        for mail_id in self._due():
            row = self._claim(mail_id)
            if row is not None:
                span = tracing.span("gateway", f"mail {row['template']}", "producer", parent=row["traceparent"] or "")
                with logs.bound(correlation=row["correlation"]), span:
                    outcome = self._handle(row)
                    span.set(mail=mail_id, outcome=outcome)
                counts[outcome] = counts.get(outcome, 0) + 1
        return counts

    # -- whom ------------------------------------------------------------------------------------------------------

    def _find_recipients(self) -> None:
        c = mail_causes.c
        with self._db.read() as conn:
            first = select(mail_causes).where(c.looked_at.is_(None)).order_by(c.happened_at).limit(MOST)
            causes = [dict(row) for row in conn.execute(first).mappings()]
        for cause in causes:
            if cause["template"] == ERASURE:
                self._erase(cause)
                continue
            now = self._clock()
            recipients = self._recipients(cause) if now - cause["happened_at"] <= TOO_OLD else []
            with self._db.write() as conn:
                for recipient_id in recipients:
                    conn.execute(insert_if_missing(conn, mail).values(**_new(cause, recipient_id, now)))
                conn.execute(update(mail_causes).where(*_same(cause)).values(looked_at=now))

    def _recipients(self, cause: Mapping[str, Any]) -> list[str]:
        """The one contact, or all with the right; else the customer himself. Nobody who has no address."""
        if is_about_account(cause["facts"]):
            return self._accounts.recipients(cause["facts"]) if self._accounts else []
        if is_for_staff(cause["facts"]):
            return told_of(self._db, cause["facts"])
        template, customer_id = TEMPLATES[cause["template"]], cause["customer_id"]
        said = self._agreed(cause)
        if not said.told:
            return []
        people = self._people(customer_id=customer_id)
        usual = frozenset({template.right, template.also} - {""})
        rights = usual if said.rights is None else said.rights
        if cause["contact_id"]:
            chosen = [cause["contact_id"]]
        else:
            chosen = [id_ for id_, person in people.items() if _may(person, customer_id, rights)] or [customer_id]
        return [id_ for id_ in chosen if (people.get(id_) or {}).get("email")]

    def _agreed(self, about: Mapping[str, Any]) -> Agreed:
        """What the contract says today; asked once a pass."""
        contract_id = about["contract_id"]
        if not contract_id:
            return Agreed()
        if contract_id not in self._terms:
            asked = {"query": "contract", "params": {"contract_id": contract_id}}
            try:
                self._terms[contract_id] = self._call("contracts", "ask", asked).get("terms") or {}
            except NotFound:
                self._terms[contract_id] = {}
        return agreed(self._terms[contract_id], about["template"], about["facts"].get("level"))

    def _people(self, **params: Any) -> dict[str, Any]:
        answer = self._call("contracts", "ask", {"query": "people", "params": params})
        return dict(answer["people"])

    def _erase(self, cause: Mapping[str, Any]) -> None:
        """What waits is dropped; what the catcher keeps goes."""
        gone = list(cause["facts"].get("person_ids") or ())
        if "contact_id" not in cause["facts"]:
            gone.append(cause["customer_id"])
        with self._db.read() as conn:
            theirs = select(mail.c.mail_id).where(mail.c.recipient_id.in_(gone))
            ids = list(conn.scalars(theirs))
        for mail_id in ids:
            self._delivery.forget(mail_id)
        with self._db.write() as conn:
            waiting = (mail.c.recipient_id.in_(gone), mail.c.state == "waiting")
            now = self._clock()
            conn.execute(update(mail).where(*waiting).values(state="dropped", ended_at=now))
            conn.execute(update(mail_causes).where(*_same(cause)).values(looked_at=now))

    # -- sending ---------------------------------------------------------------------------------------------------

    def _due(self) -> list[str]:
        now = self._clock()
        ready = (mail.c.state == "waiting", mail.c.due_at <= now)
        with self._db.read() as conn:
            return list(
                conn.scalars(select(mail.c.mail_id).where(*ready, _free(now)).order_by(mail.c.due_at).limit(MOST))
            )

    def _claim(self, mail_id: str) -> dict[str, Any] | None:
        now = self._clock()
        mine = (mail.c.mail_id == mail_id, mail.c.state == "waiting", mail.c.due_at <= now, _free(now))
        with self._db.write() as conn:
            if conn.execute(update(mail).where(*mine).values(claimed_until=now + CLAIM)).rowcount != 1:
                return None
            return dict(conn.execute(select(mail).where(mail.c.mail_id == mail_id)).mappings().one())

    def _handle(self, row: dict[str, Any]) -> str:
        template, now = TEMPLATES.get(row["template"]), self._clock()
        if template is None:
            return self._end(row, "dropped", "no such text any more")
        with self._db.read() as conn:
            known = circumstances(Rows(conn, lock=False), row["facts"], row["contract_id"])
        since = row["tried_at"] or row["queued_at"]
        if now - since > timedelta(days=self._settings.give_up_days) and (row["tried_at"] or not known.whole):
            return self._end(row, "given_up", "")
        if is_about_account(row["facts"]):
            about = self._accounts.facts(row["facts"]) if self._accounts else None
            if about is None:
                return self._end(row, "dropped", "its time is over")
            known = replace(known, facts={**known.facts, **about})
        if not known.whole:  # our own views are a little behind
            return self._wait(row, now + NOT_YET)
        if template.owed and not known.owed:
            return self._end(row, "dropped", "nothing owed any more")
        said = self._agreed(row)
        staff = is_for_staff(row["facts"])  # they obey the company's hours, the customer's people the contract's
        hours = self._settings.hours if staff else said.hours or self._settings.hours
        if not row["facts"].get("any_hour"):
            allowed = next_allowed(now, hours, known.zone, known.state, business=template.business or staff)
            with self._db.read() as conn:
                spaced = after_the_others(conn, row, now, hours, known.zone, known.state)
            if max(allowed, spaced or allowed) > now:
                return self._wait(row, max(allowed, spaced or allowed))
        if template.owed and known.disputed:
            known = self._without_contested(row, known)
            if known.facts["balance"] <= 0:
                return self._end(row, "dropped", "all of it is contested")
        person = self._person(row)
        to = address(person)
        if to is None:
            return self._end(row, "dropped", "erased, or no address")
        return self._deliver(row, known, said, person or {}, to)

    def _without_contested(self, row: Mapping[str, Any], known: Circumstances) -> Circumstances:
        """Nobody is asked for what he contests; how much that is, billing knows."""
        asked = {"query": "receivable", "params": {"receivable_id": row["facts"]["receivable_id"]}}
        now = self._call("billing", "ask", asked)["as_of"]
        left = Decimal(now["balance"]) - Decimal(now["disputed_amount"])
        return replace(known, facts={**known.facts, "balance": left})

    def _person(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        if is_about_account(row["facts"]):
            return self._accounts.person(row["facts"], self._people) if self._accounts else None
        if is_for_staff(row["facts"]):
            return person_of(self._db, row["recipient_id"])
        found: dict[str, Any] | None = self._people(ids=[row["recipient_id"]]).get(row["recipient_id"])
        return found

    def _deliver(
        self, row: dict[str, Any], known: Circumstances, said: Agreed, person: Mapping[str, Any], to: Address
    ) -> str:
        agreed_lang = None if is_for_staff(row["facts"]) else said.lang
        lang = person.get("lang") or agreed_lang or self._settings.lang
        with self._db.read() as conn:
            text, _ = text_of(Rows(conn, lock=False), row["template"], lang)
        if said.words:
            text = in_its_words(text, said.words, lang)
        name, sender = parseaddr(self._settings.sender)
        made = message(
            filled(
                text,
                {**known.facts, "person": person.get("name"), "link": self._link(row) or known.facts.get("link")},
                lang,
            ),
            mail_id=row["mail_id"],
            sender=Address(known.facts.get("provider") or name, addr_spec=sender),
            to=to,
            correlation=row["correlation"],
            at=self._clock(),
            lang=lang,
        )
        try:
            answer = self._delivery.deliver(row["mail_id"], made, lambda: self._handing_over(row))
        except _Lost:
            return "lost"
        except Later as error:
            return self._try_later(row, _without(str(error), to))
        except No as error:
            return self._end(row, "refused", _without(str(error), to))
        except Unknown as error:
            return self._end(row, "unknown", str(error))
        return self._end(row, "sent", _without(answer, to))

    def _link(self, row: Mapping[str, Any]) -> str | None:
        """Where this person opens what the mail is about, without a login."""
        facts = row["facts"]
        if row["template"] == "price_offered":
            facts = {"price_id": facts.get("request_id")}
        for kind in KINDS:
            if id_ := facts.get(f"{kind}_id"):
                link = Link(kind, id_, row["customer_id"], row["recipient_id"])
                return address_of(self._settings.public_url, self._links.token(link))
        return None

    def _handing_over(self, row: Mapping[str, Any]) -> None:
        """Only with the claim still ours."""
        claimed = mail.c.claimed_until == row["claimed_until"]
        mine = (mail.c.mail_id == row["mail_id"], mail.c.state == "waiting", claimed)
        with self._db.write() as conn:
            if conn.execute(update(mail).where(*mine).values(state="sending")).rowcount != 1:
                raise _Lost

    def _note_unknown(self) -> None:
        stale = (mail.c.state == "sending", mail.c.claimed_until < self._clock())
        with self._db.read() as conn:
            found = [dict(row) for row in conn.execute(select(mail).where(*stale).limit(MOST)).mappings()]
        for row in found:
            self._end(row, "unknown", "the sender ended before the answer came")

    # -- what became of it -----------------------------------------------------------------------------------------

    def _end(self, row: Mapping[str, Any], state: Ended, answer: str) -> str:
        now = self._clock()
        attempted = state in ("sent", "refused", "unknown")
        self._note(row, state, answer, state=state, ended_at=now, **(_attempt(row, now) if attempted else {}))
        log.info("mail ended", mail=row["mail_id"], template=row["template"], state=state)
        return state

    def _try_later(self, row: Mapping[str, Any], answer: str) -> str:
        now = self._clock()
        tried = _attempt(row, now)
        due_at = now + delay_after(tried["attempts"])
        self._note(row, "later", answer, state="waiting", due_at=due_at, **tried)
        return "later"

    def _wait(self, row: Mapping[str, Any], until: datetime) -> str:
        with self._db.write() as conn:
            conn.execute(update(mail).where(mail.c.mail_id == row["mail_id"]).values(due_at=until, claimed_until=None))
        return "waiting"

    def _note(self, row: Mapping[str, Any], outcome: str, answer: str, **values: Any) -> None:
        entry = {"at": self._clock().isoformat(), "outcome": outcome, "answer": answer[:300]}
        values |= {"log": [*row["log"], entry], "claimed_until": None}
        with self._db.write() as conn:
            conn.execute(update(mail).where(mail.c.mail_id == row["mail_id"]).values(**values))


class _Lost(Exception):
    """Somebody else has it."""


def address(person: Mapping[str, Any] | None) -> Address | None:
    """Where a person's mail goes; None: he was erased, or has no address that a server would take."""
    _, spec = parseaddr((person or {}).get("email") or "")
    if not person or spec.count("@") != 1 or not spec.isascii():
        return None
    try:
        return Address(" ".join((person.get("name") or "").split()), addr_spec=spec)
    except (ValueError, HeaderParseError):
        return None


def _may(person: Mapping[str, Any], customer_id: str, rights: frozenset[str]) -> bool:
    """Has one of these rights for the customer; none named: speaks for him at all."""
    pairs = [pair for pair in person.get("speaks_for") or () if pair["customer_id"] == customer_id]
    return any(not rights or rights & set(pair["rights"] or ()) for pair in pairs)


def _new(cause: Mapping[str, Any], recipient_id: str, now: datetime) -> dict[str, Any]:
    kept = ("cause_id", "template", "customer_id", "contract_id", "facts", "correlation", "traceparent")
    id_ = mail_id_of(cause["cause_id"], recipient_id, cause["template"])
    fresh = {"mail_id": id_, "recipient_id": recipient_id, "state": "waiting", "attempts": 0, "log": []}
    return {**{name: cause[name] for name in kept}, **fresh, "queued_at": now, "due_at": now}


def _attempt(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {"attempts": row["attempts"] + 1, "tried_at": row["tried_at"] or now}


def _same(cause: Mapping[str, Any]) -> tuple[Any, ...]:
    return mail_causes.c.cause_id == cause["cause_id"], mail_causes.c.template == cause["template"]


def _free(now: datetime) -> Any:
    return or_(mail.c.claimed_until.is_(None), mail.c.claimed_until < now)


def _without(answer: str, to: Address) -> str:
    """Servers like to repeat the address: it is personal, and stays out of the log."""
    return answer.replace(to.addr_spec, "…").replace(to.username, "…")
