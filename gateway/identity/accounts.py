"""The ways in: by password, by a mailed link, by an invitation. And what ends all others: a new password.

Who asks for a link learns nothing: what he typed is written down alike, whoever it is, and looked up afterwards.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from gateway.identity import attempts as limits
from gateway.identity import password_rules
from gateway.identity.attempts import Attempts, TooMany
from gateway.identity.onetime import INVITATION, LOGIN, PASSWORD, OneTime, OneTimeLinks
from gateway.identity.passwords import Passwords
from gateway.identity.roles import CONTACT
from gateway.identity.sessions import READING, Opened, Sessions
from gateway.identity.tables import link_wishes
from gateway.identity.users import User, UserStore, plain_login, user_of
from gateway.mail.tables import mail_causes
from gateway.tables import users
from services import logs
from services.errors import NotFound, Refused, VigenciaError
from services.store.database import Database, insert_if_missing

MAILS = {INVITATION: "invitation", PASSWORD: "password_reset", LOGIN: "login_link"}
MOST_WISHES = 100
log = logs.get("gateway")


class LoginFailed(VigenciaError):
    """Whether the name or the password was wrong is not told."""

    kind = "unauthenticated"
    status = 401


class LinkOver(VigenciaError):
    """It was ours; it was used, or its time is over."""

    kind = "not-found"
    status = 410


@dataclass(frozen=True, slots=True)
class Origin:
    """Where somebody comes from, and what for: a browser, or a program."""

    kind: str
    address: str
    agent: str | None = None
    lasts: timedelta = READING


def _now() -> datetime:
    return datetime.now(UTC)


class Accounts:
    """All that begins or ends a login, in the gateway's store."""

    def __init__(
        self,
        database: Database,
        users_: UserStore,
        passwords: Passwords,
        sessions: Sessions,
        links: OneTimeLinks,
        attempts: Attempts,
        *,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._db, self._users, self._passwords = database, users_, passwords
        self.sessions, self.links, self.attempts = sessions, links, attempts
        self._clock = clock
        self._swept: datetime | None = None

    # -- by password ---------------------------------------------------------------------------------------------------

    def log_in(self, login: str, password: str, origin: Origin) -> tuple[User, Opened]:
        """Raises ``LoginFailed``, or ``TooMany``. Counted before it is looked at, so that many at once are not more."""
        login = plain_login(login)
        self.attempts.check(limits.PAIR, login, origin.address)
        self.attempts.check(limits.ADDRESS, origin.address)
        user = self._users.by_name(login)
        if seconds := self.attempts.full(limits.NAME, login):
            known = user is not None and self.sessions.known_address(user.user_id, origin.address)
            if not known:
                raise TooMany("too-many-attempts", seconds=seconds, minutes=-(-seconds // 60))
        right = self._passwords.verify((user.password_hash if user else None) or None, password)
        if user is None or not right or not user.active:
            self.attempts.hit(limits.NAME, login)
            log.info("login failed", user=user.user_id if user else None)
            raise LoginFailed("login.failed")
        self.attempts.clear(limits.PAIR, login, origin.address)
        self.attempts.take_back(limits.ADDRESS, origin.address)
        return user, self._open(user, origin, "password")

    def unlock(self, user: User) -> None:
        """Wrong passwords from everywhere are forgotten. (Pairs pass by themselves within minutes.)"""
        self.attempts.clear(limits.NAME, user.login)

    def _open(self, user: User, origin: Origin, how: str) -> Opened:
        opened = self.sessions.open(
            user.user_id, kind=origin.kind, how=how, agent=origin.agent, address=origin.address, lasts=origin.lasts
        )
        if opened.new_device:
            with self._db.write() as conn:
                self._tell(conn, user, "new_device", session_id=opened.session.session_id)
        log.info("logged in", user=user.user_id, session=opened.session.session_id, how=how)
        return opened

    # -- by mail -------------------------------------------------------------------------------------------------------

    def wish(self, kind: str, login: str, *, lang: str, address: str) -> None:
        """Somebody wants a link to log in, or to choose a new password. Raises ``TooMany`` for an address, for no name."""
        self.attempts.check(limits.LINKS_OF_ADDRESS, address)
        row = {"wish_id": str(uuid.uuid4()), "kind": kind, "login": plain_login(login)[:200], "lang": lang}
        with self._db.write() as conn:
            conn.execute(link_wishes.insert().values(**row, asked_at=self._clock()))

    def grant_wishes(self) -> int:
        """Who asked and is known gets his mail; all that was typed is deleted. How many mails."""
        with self._db.read() as conn:
            first = select(link_wishes).order_by(link_wishes.c.asked_at).limit(MOST_WISHES)
            wishes = [dict(row) for row in conn.execute(first).mappings()]
        return sum(self._grant(wish) for wish in wishes)

    def _grant(self, wish: Mapping[str, Any]) -> int:
        named = or_(users.c.login == wish["login"], users.c.email == wish["login"])
        with self._db.read() as conn:
            people = [
                user_of(row) for row in conn.execute(select(users).where(named, users.c.active.is_(True)).limit(5))
            ]
        allowed = [user for user in people if not self.attempts.hit(limits.LINKS_OF_NAME, wish["kind"], user.user_id)]
        count = 0
        with self._db.write() as conn:
            gone = delete(link_wishes).where(link_wishes.c.wish_id == wish["wish_id"])
            if conn.execute(gone).rowcount != 1:
                return 0  # another gateway was faster
            for user in allowed:
                # who was invited and lost the mail asks for a password: he chooses his first one by the same page
                self._mail(conn, user, wish["kind"], lang=wish["lang"])
                count += 1
        return count

    def _mail(self, conn: Connection, user: User, kind: str, *, lang: str | None = None) -> OneTime:
        link = self.links.make(conn, kind, user.user_id)
        self._tell(conn, user, MAILS[kind], link_id=link.link_id, **({"lang": lang} if lang else {}))
        return link

    def _tell(self, conn: Connection, user: User, template: str, **facts: str) -> None:
        """A cause for the mail's sender: ids, no name, no address. Such mails wait for no hour."""
        cause = facts.get("link_id") or facts.get("session_id") or str(uuid.uuid4())
        conn.execute(
            insert_if_missing(conn, mail_causes).values(
                cause_id=f"account/{cause}",
                template=template,
                customer_id=user.contacts[0]["customer_id"] if user.contacts else "",
                facts={"account": user.user_id, "any_hour": True, **facts},
                happened_at=self._clock(),
            )
        )

    def redeem(self, token: str, origin: Origin, *, password: str | None = None) -> tuple[User, Opened]:
        """Log in by a mailed address, once. An invitation and a reset need the new ``password``.

        Raises ``NotFound``, ``LinkOver``, ``Invalid`` for a trivial password (the address stays good), ``TooMany``.
        """
        link, user = self.opened(token, origin.address)
        hashed = None
        if link.kind != LOGIN:
            password_rules.check(password or "", (user.login, user.name))
            hashed = self._passwords.hash(password or "")  # before the transaction: it takes its time
        with self._db.write() as conn:
            if not self.links.use(conn, link):
                raise LinkOver("one-time.over")
            if hashed is not None:
                conn.execute(update(users).where(users.c.user_id == user.user_id).values(password_hash=hashed))
                if link.kind == PASSWORD:
                    self._tell(conn, user, "password_changed")
        self.attempts.clear(limits.PAIR, user.login, origin.address)
        if hashed is not None:
            self.sessions.end_all(user.user_id)
            log.info("password chosen by a mailed link", user=user.user_id, kind=link.kind)
        return user, self._open(user, origin, "link")

    def opened(self, token: str, address: str) -> tuple[OneTime, User]:
        """What a mailed address is for. Changes nothing but the count of wrong ones."""
        if seconds := self.attempts.full(limits.REDEMPTIONS, address):
            raise TooMany("too-many-attempts", seconds=seconds, minutes=-(-seconds // 60))
        link = self.links.read(token)
        user = self._users.by_id(link.user_id) if link else None
        if link is None or user is None:
            self.attempts.hit(limits.REDEMPTIONS, address)
            raise NotFound("one-time.unknown")
        if not link.usable or not user.active:
            raise LinkOver("one-time.over")
        return link, user

    # -- invitations ---------------------------------------------------------------------------------------------------

    def invite(
        self,
        user_id: str,
        email: str,
        name: str,
        roles: Sequence[str],
        contacts: Sequence[dict[str, str]],
        lang: str | None,
        *,
        said_in: str,
    ) -> User:
        """A user who logs in by his e-mail address and has no password yet. The same id again is the same request.
        ``lang``: his own, where it is known; ``said_in``: that of the invitation, else."""
        user = self._users.add(user_id, email, name, roles, None, contacts, email=email, lang=lang)
        if user.invited:
            self.send_invitation(user, said_in=said_in)
        return user

    def send_invitation(self, user: User, *, said_in: str | None = None) -> None:
        """(Once more.) Raises ``Refused`` where he has a password already, or cannot be let in."""
        if not user.invited:
            raise Refused("invitation.accepted", user_id=user.user_id)
        if not user.active:
            raise Refused("invitation.user-locked", user_id=user.user_id)
        if self.attempts.hit(limits.LINKS_OF_NAME, INVITATION, user.user_id):
            raise Refused("invitation.too-often", user_id=user.user_id)
        with self._db.write() as conn:
            self._mail(conn, user, INVITATION, lang=user.lang or said_in)

    def invite_contact(self, user_id: str, email: str, name: str, pair: Mapping[str, str], said_in: str) -> User:
        """A contact of a customer. Who logs in for another customer already is told that he speaks for this one, too."""
        known = self._users.by_login(email)
        if known is None:
            return self.invite(user_id, email, name, (CONTACT,), [dict(pair)], None, said_in=said_in)
        if set(known.roles) != {CONTACT} or not known.active:
            raise Refused("invitation.not-possible")
        if dict(pair) in [dict(each) for each in known.contacts]:
            if known.invited:
                self.send_invitation(known, said_in=said_in)
            return known
        user = self._users.change(known.user_id, {"contacts": [*known.contacts, dict(pair)]})
        with self._db.write() as conn:
            self._tell(conn, user, "customer_added", customer_id=pair["customer_id"])
        return user

    # -- passwords and locks -------------------------------------------------------------------------------------------

    def set_password(self, user: User, password: str, *, but: str | None = None) -> None:
        """A new password ends all sessions but the one in which it was set; and its owner is told."""
        self._users.set_password(user.user_id, password)
        self.sessions.end_all(user.user_id, but=but)
        with self._db.write() as conn:
            self._tell(conn, user, "password_changed")

    def work(self) -> None:
        """One pass of what is done beside calls. Any number of gateways at once."""
        self.grant_wishes()
        now = self._clock()
        if self._swept is None or now - self._swept > timedelta(hours=1):
            self._swept = now
            self.sweep()

    def sweep(self) -> None:
        """What has passed goes: counted attempts, links, sessions, wishes that nobody could grant."""
        self.attempts.sweep()
        self.links.sweep()
        self.sessions.sweep()
        with self._db.write() as conn:
            conn.execute(delete(link_wishes).where(link_wishes.c.asked_at < self._clock() - timedelta(hours=1)))
