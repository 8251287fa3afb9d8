"""The gateway's users, in its own store: who may log in, with which roles, and for which customers he speaks."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import func, insert, select, update

from gateway.identity.passwords import Passwords
from gateway.identity.roles import ROLES
from gateway.tables import users
from services.errors import Invalid
from services.store.database import Database


@dataclass(frozen=True, slots=True)
class User:
    """``contacts``: pairs of customer and contact id; only for the role ``contact``."""

    user_id: str
    login: str
    name: str
    roles: tuple[str, ...]
    contacts: tuple[dict[str, str], ...] = ()
    active: bool = True
    password_hash: str = field(default="", repr=False)


class Users(Protocol):
    def by_login(self, login: str) -> User | None: ...

    def by_id(self, user_id: str) -> User | None: ...


class UserStore:
    """Users in the gateway's database. Identity data is no event: it is changed in place."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._db = database
        self._passwords = passwords

    def by_login(self, login: str) -> User | None:
        return self._one(users.c.login == login.strip().lower())

    def by_id(self, user_id: str) -> User | None:
        return self._one(users.c.user_id == user_id)

    def count(self) -> int:
        with self._db.read() as conn:
            return int(conn.execute(select(func.count()).select_from(users)).scalar_one())

    def put(
        self,
        login: str,
        name: str,
        roles: Sequence[str],
        *,
        password: str | None = None,
        contacts: Sequence[dict[str, str]] = (),
        active: bool = True,
        user_id: str | None = None,
    ) -> str:
        """Make a user, or change the one with this login; no password leaves the old one. Returns the user's id."""
        if unknown := set(roles) - set(ROLES):
            raise Invalid(problems=[{"path": "roles", "code": "value", "message": f"no such role: {sorted(unknown)}"}])
        login = login.strip().lower()
        known = self.by_login(login)
        if known is None and password is None:
            raise Invalid(problems=[{"path": "password", "code": "missing", "message": "a new user needs one"}])
        values: dict[str, Any] = {
            "name": name,
            "roles": list(roles),
            "contacts": [dict(pair) for pair in contacts],
            "active": active,
        }
        if password is not None:
            values["password_hash"] = self._passwords.hash(password)
        with self._db.write() as conn:
            if known is not None:
                conn.execute(update(users).where(users.c.user_id == known.user_id).values(**values))
                return known.user_id
            made = user_id or str(uuid.uuid4())
            conn.execute(insert(users).values(user_id=made, login=login, created_at=datetime.now(UTC), **values))
            return made

    def _one(self, where: Any) -> User | None:
        with self._db.read() as conn:
            row = conn.execute(select(users).where(where)).first()
        if row is None:
            return None
        return User(
            user_id=row.user_id,
            login=row.login,
            name=row.name,
            roles=tuple(row.roles),
            contacts=tuple(row.contacts),
            active=row.active,
            password_hash=row.password_hash,
        )
