"""Mail about somebody's own account: where it goes, and what it says. Its facts name a user, not a contact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from gateway.identity.devices import device_of
from gateway.identity.onetime import OneTimeLinks
from gateway.identity.sessions import Sessions
from gateway.identity.users import User, user_of
from gateway.mail.catalogue import LANGUAGES
from gateway.mail.hours import DEFAULT_ZONE
from gateway.tables import customers, providers, users
from services.store.database import Database

ENTRANCE = "/e/"
"""Before the token of a mailed address that works once."""
People = Callable[..., Mapping[str, Any]]


def is_about_account(facts: Mapping[str, Any]) -> bool:
    return bool(facts.get("account"))


@dataclass(frozen=True, slots=True)
class AccountMail:
    """``public_url``: where people reach the gateway."""

    database: Database
    links: OneTimeLinks
    sessions: Sessions
    public_url: str

    def recipients(self, facts: Mapping[str, Any]) -> list[str]:
        user = self._user(facts)
        return [user.user_id] if user is not None and user.active else []

    def person(self, facts: Mapping[str, Any], people: People) -> dict[str, Any] | None:
        """``{"name", "email", "lang"}``; a customer's user who has no address of his own has his contact's."""
        user = self._user(facts)
        if user is None or not user.active:
            return None
        email = user.email or (user.login if "@" in user.login else None)
        if email is None and user.contacts:
            known = people(ids=[pair["contact_id"] for pair in user.contacts])
            email = next((each["email"] for each in known.values() if each.get("email")), None)
        lang = next((each for each in (facts.get("lang"), user.lang) if each in LANGUAGES), None)
        return {"name": user.name, "email": email, "lang": lang}

    def facts(self, facts: Mapping[str, Any]) -> dict[str, Any] | None:
        """What the text names, as it is now; None: it is too late for this mail."""
        said: dict[str, Any] = {"provider": self._provider()}
        zone = ZoneInfo(DEFAULT_ZONE)
        if link_id := facts.get("link_id"):
            link = self.links.one(link_id)
            if link is None or not link.usable:
                return None
            said["link"] = f"{self.public_url.rstrip('/')}{ENTRANCE}{self.links.token(link)}"
            said["until"] = link.expires_at.astimezone(zone)
        if session_id := facts.get("session_id"):
            session = self.sessions.one(session_id)
            if session is None:
                return None
            said |= {"at": session.created_at.astimezone(zone), "device": device_of(session.agent)}
        if customer_id := facts.get("customer_id"):
            said["customer"] = self._one(select(customers.c.name).where(customers.c.customer_id == customer_id))
        return {"link": f"{self.public_url.rstrip('/')}/login", **said}

    def _user(self, facts: Mapping[str, Any]) -> User | None:
        with self.database.read() as conn:
            row = conn.execute(select(users).where(users.c.user_id == facts["account"])).first()
        return None if row is None else user_of(row)

    def _provider(self) -> str | None:
        """The company in whose house people log in; the head office, where there are branches."""
        names = select(providers.c.trade_name, providers.c.legal_name).order_by(providers.c.provider_id)
        with self.database.read() as conn:
            row = conn.execute(names.limit(1)).first()
        return None if row is None else row.trade_name or row.legal_name

    def _one(self, statement: Any) -> Any:
        with self.database.read() as conn:
            return conn.execute(statement).scalar()
