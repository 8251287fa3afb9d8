"""The sender: finds whom a cause is to be told, and sends what is due. Any number of instances at once.

A mail is claimed for some minutes. From the moment its text goes to the server it is ``sending``: one that is found so
after its claim is ``unknown``, and is not sent again by itself, for nobody is to be told the same thing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from functools import partial
from typing import Any, Literal, get_args

from sqlalchemy import bindparam, or_, select, update

from gateway.mail.accounts import AccountMail, is_about_account
from gateway.mail.agreed import Agreed, in_its_words
from gateway.mail.asking import Asked, Call
from gateway.mail.catalogue import TEMPLATES, Text
from gateway.mail.channels import PHONE, Messenger, number_of, short
from gateway.mail.declining import Declined, topic_of
from gateway.mail.delivery import Delivery, Later, MailSettings, No, Unknown
from gateway.mail.hours import next_allowed
from gateway.mail.ladder import after_the_others
from gateway.mail.recipients import Recipients
from gateway.mail.render import Circumstances, circumstances, filled, message, text_of
from gateway.mail.staff import is_for_staff, person_of
from gateway.mail.tables import mail
from gateway.pages.links import KINDS, Link, Links
from gateway.pages.links import address as address_of
from services import logs, tracing
from services.rows import Rows
from services.store.database import Database

Ended = Literal["sent", "refused", "given_up", "dropped", "unknown"]
ENDED: tuple[str, ...] = get_args(Ended)

CLAIM = timedelta(minutes=5)
NOT_YET = timedelta(seconds=30)
DECLINE_LIFE = timedelta(days=730)
MOST = 100
PORTION = 20  # mails that are claimed together
_DELAYS = (1, 5, 15, 60, 180, 360)
log = logs.get("mail")


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
        messenger: Messenger | None = None,
    ) -> None:
        self._db, self._delivery, self._settings = database, delivery, settings
        self._call, self._clock, self._links, self._accounts = call, clock, links, accounts
        self._messenger = messenger
        self._recipients = Recipients(database, delivery, accounts, by_phone=messenger is not None)
        self._asked = Asked(call)
        self._texts: dict[tuple[str, str], Text] = {}
        # what a portion's mails became, where that may wait for all of it
        self._written: list[tuple[str, dict[str, Any]]] = []

    def run(self) -> dict[str, int]:
        """One pass. Counts of mails by what became of them; raises when contracts does not answer (all waits)."""
        self._asked, self._texts = Asked(self._call), {}
        self._recipients.find(self._asked, self._clock())
        self._note_unknown()
        counts: dict[str, int] = {}
        due = self._due()
        for start in range(0, len(due), PORTION):
            for outcome in self._portion(self._claim(due[start : start + PORTION])):
                counts[outcome] = counts.get(outcome, 0) + 1
        return counts

    def _portion(self, rows: list[dict[str, Any]]) -> list[str]:
        """Of mails that are ours; those that could not be dealt with are let go."""
        outcomes: list[str] = []
        try:
            self._asked.expect(row["recipient_id"] for row in rows if _is_for_customer(row["facts"]))
            known = self._circumstances(rows)
            for row, about in zip(rows, known, strict=True):
                span = tracing.span("gateway", f"mail {row['template']}", "producer", parent=row["traceparent"] or "")
                with logs.bound(correlation=row["correlation"]), span:
                    outcomes.append(self._handle(row, about))
                    span.set(mail=row["mail_id"], outcome=outcomes[-1])
        finally:
            self._write()
            self._let_go(rows[len(outcomes) :])
        return outcomes

    # -- sending ---------------------------------------------------------------------------------------------------

    def _due(self) -> list[str]:
        now = self._clock()
        ready = (mail.c.state == "waiting", mail.c.due_at <= now)
        with self._db.look() as conn:
            return list(
                conn.scalars(select(mail.c.mail_id).where(*ready, _free(now)).order_by(mail.c.due_at).limit(MOST))
            )

    def _claim(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Those of these mails that nobody else has, in this order."""
        now = self._clock()
        mine = (mail.c.mail_id.in_(ids), mail.c.state == "waiting", mail.c.due_at <= now, _free(now))
        with self._db.write() as conn:
            claimed = conn.execute(
                update(mail).where(*mine).values(claimed_until=now + CLAIM).returning(mail)
            ).mappings()
            found = {row["mail_id"]: dict(row) for row in claimed}
        return [found[mail_id] for mail_id in ids if mail_id in found]

    def _let_go(self, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            ours = mail.c.claimed_until == rows[0]["claimed_until"]
            mine = (mail.c.mail_id.in_([row["mail_id"] for row in rows]), mail.c.state == "waiting", ours)
            with self._db.write() as conn:
                conn.execute(update(mail).where(*mine).values(claimed_until=None))

    def _circumstances(self, rows: Sequence[Mapping[str, Any]]) -> list[Circumstances]:
        with self._db.look() as conn:
            seen = Rows(conn, lock=False)
            return [circumstances(seen, row["facts"], row["contract_id"]) for row in rows]

    def _handle(self, row: dict[str, Any], known: Circumstances) -> str:
        template, now = TEMPLATES.get(row["template"]), self._clock()
        if template is None:
            return self._end(row, "dropped", "no such text any more")
        if template.owed:  # it may have been paid a moment ago
            (known,) = self._circumstances([row])
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
        said = self._asked.agreed(row)
        staff = is_for_staff(row["facts"])  # they obey the company's hours, the customer's people the contract's
        hours = self._settings.hours if staff else said.hours or self._settings.hours
        if not row["facts"].get("any_hour"):
            allowed = next_allowed(now, hours, known.zone, known.state, business=template.business or staff)
            with self._db.look() as conn:
                spaced = after_the_others(conn, row, now, hours, known.zone, known.state)
            if max(allowed, spaced or allowed) > now:
                return self._wait(row, max(allowed, spaced or allowed))
        if template.owed and known.disputed:
            known = self._without_contested(row, known)
            if known.facts["balance"] <= 0:
                return self._end(row, "dropped", "all of it is contested")
        topic = topic_of(row["template"], row["facts"])
        if topic is not None and topic in Declined(self._db).topics([row["recipient_id"]]):
            return self._end(row, "dropped", "declined")
        person = self._person(row)
        if row["facts"].get("by") == PHONE:
            return self._call_up(row, known, said, person)
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
            return self._accounts.person(row["facts"], self._asked.people) if self._accounts else None
        if is_for_staff(row["facts"]):
            return person_of(self._db, row["recipient_id"])
        return self._asked.person(row["recipient_id"])

    def _deliver(
        self, row: dict[str, Any], known: Circumstances, said: Agreed, person: Mapping[str, Any], to: Address
    ) -> str:
        text, lang = self._words(row, known, said, person)
        name, sender = parseaddr(self._settings.sender)
        made = message(
            text,
            mail_id=row["mail_id"],
            sender=Address(known.facts.get("provider") or name, addr_spec=sender),
            to=to,
            correlation=row["correlation"],
            at=self._clock(),
            lang=lang,
            decline=self._decline_address(row),
        )
        over = partial(self._handing_over, row)
        return self._handed(row, lambda: self._delivery.deliver(row["mail_id"], made, over), partial(_without, to=to))

    def _call_up(
        self, row: dict[str, Any], known: Circumstances, said: Agreed, person: Mapping[str, Any] | None
    ) -> str:
        """The same words, shorter, by the messenger."""
        number, messenger = number_of(person), self._messenger
        if number is None or messenger is None:
            return self._end(row, "dropped", "erased, no number, or no messenger any more")
        text, _ = self._words(row, known, said, person or {})
        send = partial(messenger.send, row["mail_id"], number, short(text), partial(self._handing_over, row))
        return self._handed(row, send, lambda answer: answer.replace(number, "…"))

    def _words(
        self, row: Mapping[str, Any], known: Circumstances, said: Agreed, person: Mapping[str, Any]
    ) -> tuple[Text, str]:
        """What it says, as things are now, and in which language."""
        agreed_lang = None if is_for_staff(row["facts"]) else said.lang
        lang = person.get("lang") or agreed_lang or self._settings.lang
        text = self._text(row["template"], lang)
        if said.words:
            text = in_its_words(text, said.words, lang)
        link = self._link(row) or known.facts.get("link")
        return filled(text, {**known.facts, "person": person.get("name"), "link": link}, lang), lang

    def _handed(self, row: dict[str, Any], send: Callable[[], str], shown: Callable[[str], str]) -> str:
        """What became of it. ``shown``: an answer without the person's address."""
        try:
            answer = send()
        except _Lost:
            return "lost"
        except Later as error:
            return self._try_later(row, shown(str(error)))
        except No as error:
            return self._end(row, "refused", shown(str(error)))
        except Unknown as error:
            return self._end(row, "unknown", shown(str(error)))
        return self._end(row, "sent", shown(answer))

    def _text(self, template: str, lang: str) -> Text:
        if (template, lang) not in self._texts:
            with self._db.look() as conn:
                self._texts[template, lang], _ = text_of(Rows(conn, lock=False), template, lang)
        return self._texts[template, lang]

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

    def _decline_address(self, row: Mapping[str, Any]) -> str | None:
        """Where this person says that he wants no more such mail; None: he may not."""
        topic = topic_of(row["template"], row["facts"])
        if topic is None:
            return None
        link = Link("decline", topic, row["customer_id"], row["recipient_id"])
        return address_of(self._settings.public_url, self._links.token(link, DECLINE_LIFE), "u")

    def _handing_over(self, row: Mapping[str, Any]) -> None:
        """Only with the claim still ours."""
        claimed = mail.c.claimed_until == row["claimed_until"]
        mine = (mail.c.mail_id == row["mail_id"], mail.c.state == "waiting", claimed)
        with self._db.write() as conn:
            if conn.execute(update(mail).where(*mine).values(state="sending")).rowcount != 1:
                raise _Lost

    def _note_unknown(self) -> None:
        stale = (mail.c.state == "sending", mail.c.claimed_until < self._clock())
        with self._db.look() as conn:
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
        self._written.append((row["mail_id"], {"due_at": until, "claimed_until": None}))
        return "waiting"

    def _note(self, row: Mapping[str, Any], outcome: str, answer: str, **values: Any) -> None:
        entry = {"at": self._clock().isoformat(), "outcome": outcome, "answer": answer[:300]}
        values |= {"log": [*row["log"], entry], "claimed_until": None}
        self._written.append((row["mail_id"], values))
        if not self._delivery.repeatable or row["facts"].get("by") == PHONE:
            self._write()

    def _write(self) -> None:
        written, self._written = self._written, []
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}  # by the columns that change
        for mail_id, values in written:
            alike.setdefault(tuple(values), []).append({"in_mail": mail_id, **values})
        if alike:
            with self._db.write() as conn:
                for rows in alike.values():
                    conn.execute(_WRITE, rows)


_WRITE = update(mail).where(mail.c.mail_id == bindparam("in_mail"))


def _is_for_customer(facts: Mapping[str, Any]) -> bool:
    return not is_about_account(facts) and not is_for_staff(facts)


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


def _attempt(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {"attempts": row["attempts"] + 1, "tried_at": row["tried_at"] or now}


def _free(now: datetime) -> Any:
    return or_(mail.c.claimed_until.is_(None), mail.c.claimed_until < now)


def _without(answer: str, to: Address) -> str:
    """Servers like to repeat the address: it is personal, and stays out of the log."""
    return answer.replace(to.addr_spec, "…").replace(to.username, "…")
