"""The gateway's users, in its own store: who may log in, with which roles, and for which customers he speaks."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import Connection, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from gateway.identity import password_rules
from gateway.identity.passwords import Passwords
from gateway.identity.roles import CONTACT, MANAGER, ROLES
from gateway.tables import users
from services.errors import Invalid, NotFound, Refused
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
    created_at: datetime | None = None
    email: str | None = None
    lang: str | None = None

    @property
    def invited(self) -> bool:
        """He has not chosen a password yet."""
        return not self.password_hash


class Users(Protocol):
    def by_login(self, login: str) -> User | None: ...

    def by_id(self, user_id: str) -> User | None: ...

    def page(
        self, *, after: str | None = None, limit: int = 50, search: str | None = None, active: bool | None = None
    ) -> tuple[list[User], str | None]: ...

    def add(
        self,
        user_id: str,
        login: str,
        name: str,
        roles: Sequence[str],
        password: str | None,
        contacts: Sequence[dict[str, str]],
        email: str | None = None,
        lang: str | None = None,
    ) -> User: ...

    def change(self, user_id: str, changes: Mapping[str, Any]) -> User: ...

    def set_password(self, user_id: str, password: str) -> None: ...


class UserStore:
    """Users in the gateway's database. Identity data is no event: it is changed in place."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._db = database
        self._passwords = passwords

    def by_login(self, login: str) -> User | None:
        return self._one(users.c.login == plain_login(login))

    def by_name(self, typed: str) -> User | None:
        """By the login, or by an address that one active user alone has."""
        if (known := self.by_login(typed)) is not None or "@" not in typed:
            return known
        own = (users.c.email == plain_login(typed), users.c.active.is_(True))
        with self._db.read() as conn:
            rows = conn.execute(select(users).where(*own).limit(2)).all()
        return user_of(rows[0]) if len(rows) == 1 else None

    def by_id(self, user_id: str) -> User | None:
        return self._one(users.c.user_id == user_id)

    def count(self) -> int:
        with self._db.read() as conn:
            return int(conn.execute(select(func.count()).select_from(users)).scalar_one())

    def page(
        self, *, after: str | None = None, limit: int = 50, search: str | None = None, active: bool | None = None
    ) -> tuple[list[User], str | None]:
        """Users in the order of their logins, after a login; and the login after which the next page begins."""
        statement = select(users).order_by(users.c.login).limit(limit + 1)
        if after is not None:
            statement = statement.where(users.c.login > after)
        if active is not None:
            statement = statement.where(users.c.active.is_(active))
        if search:
            found = (users.c.login.icontains(search, autoescape=True), users.c.name.icontains(search, autoescape=True))
            statement = statement.where(or_(*found))
        with self._db.read() as conn:
            rows = conn.execute(statement).all()
        return [user_of(row) for row in rows[:limit]], rows[limit - 1].login if len(rows) > limit else None

    def add(
        self,
        user_id: str,
        login: str,
        name: str,
        roles: Sequence[str],
        password: str | None,
        contacts: Sequence[dict[str, str]],
        email: str | None = None,
        lang: str | None = None,
    ) -> User:
        """A new user; without a password, he is invited. The same id with the same login again changes nothing."""
        _check(roles, contacts)
        hashed = ""
        if password is not None:
            password_rules.check(password, (login, name))
            hashed = self._passwords.hash(password)  # before the transaction: it takes its time
        values = {**_values(name, roles, contacts, True), "email": _address(email), "lang": lang}
        try:
            with self._db.write() as conn:
                made = {"user_id": user_id, "login": plain_login(login), "created_at": datetime.now(UTC)}
                conn.execute(insert(users).values(**made, **values, password_hash=hashed))
        except IntegrityError:
            known = self.by_id(user_id)
            if known is None or known.login != plain_login(login):
                raise Refused("user.login-taken", login=plain_login(login)) from None
        return self._known(user_id)

    def change(self, user_id: str, changes: Mapping[str, Any]) -> User:
        """Change what is given: name, roles, contacts, active, e-mail, language. Somebody who manages users must remain."""
        with self._db.write() as conn:
            # all of them: two managers who take each other's role at once meet here
            conn.execute(select(users.c.user_id).order_by(users.c.user_id).with_for_update())
            row = conn.execute(select(users).where(users.c.user_id == user_id)).first()
            if row is None:
                raise NotFound("user.unknown", user_id=user_id)
            was = user_of(row)
            roles = changes.get("roles", was.roles)
            contacts = changes.get("contacts", was.contacts if CONTACT in roles else ())
            active = changes.get("active", was.active)
            _check(roles, contacts)
            values = _values(changes.get("name", was.name), roles, contacts, active)
            values |= {"email": _address(changes.get("email", was.email)), "lang": changes.get("lang", was.lang)}
            conn.execute(update(users).where(users.c.user_id == user_id).values(**values))
            if _manages(was) and not (active and MANAGER in roles) and not _any_manager(conn):
                raise Refused("user.last-manager")
        return self._known(user_id)

    def set_password(self, user_id: str, password: str) -> None:
        user = self._known(user_id)
        password_rules.check(password, (user.login, user.name))
        hashed = self._passwords.hash(password)
        with self._db.write() as conn:
            if not conn.execute(update(users).where(users.c.user_id == user_id).values(password_hash=hashed)).rowcount:
                raise NotFound("user.unknown", user_id=user_id)

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
        _check_roles(roles)
        login = plain_login(login)
        known = self.by_login(login)
        if known is None and password is None:
            raise _invalid("password", "missing", "a new user needs one")
        values = _values(name, roles, contacts, active)
        if password is not None:
            values["password_hash"] = self._passwords.hash(password)
        with self._db.write() as conn:
            if known is not None:
                conn.execute(update(users).where(users.c.user_id == known.user_id).values(**values))
                return known.user_id
            made = user_id or str(uuid.uuid4())
            conn.execute(insert(users).values(user_id=made, login=login, created_at=datetime.now(UTC), **values))
            return made

    def _known(self, user_id: str) -> User:
        user = self.by_id(user_id)
        if user is None:
            raise NotFound("user.unknown", user_id=user_id)
        return user

    def _one(self, where: Any) -> User | None:
        with self._db.read() as conn:
            row = conn.execute(select(users).where(where)).first()
        return None if row is None else user_of(row)


def user_of(row: Any) -> User:
    return User(
        user_id=row.user_id,
        login=row.login,
        name=row.name,
        roles=tuple(row.roles),
        contacts=tuple(row.contacts),
        active=row.active,
        password_hash=row.password_hash,
        created_at=row.created_at,
        email=row.email,
        lang=row.lang,
    )


def _values(name: str, roles: Sequence[str], contacts: Sequence[Mapping[str, str]], active: bool) -> dict[str, Any]:
    pairs = [dict(pair) for pair in contacts]
    return {"name": name, "roles": list(dict.fromkeys(roles)), "contacts": pairs, "active": active}


def _address(email: str | None) -> str | None:
    return plain_login(email) if email else None


def plain_login(login: str) -> str:
    return login.strip().lower()


def _manages(user: User) -> bool:
    return user.active and MANAGER in user.roles


def _any_manager(conn: Connection) -> bool:
    active = conn.execute(select(users).where(users.c.active)).all()
    return any(_manages(user_of(row)) for row in active)


def _check(roles: Sequence[str], contacts: Sequence[Mapping[str, str]]) -> None:
    _check_roles(roles)
    if CONTACT in roles and not contacts:
        raise _invalid("contacts", "missing", "the role contact needs the contacts for which the user speaks")
    if contacts and CONTACT not in roles:
        raise _invalid("contacts", "value", "only the role contact has contacts")


def _check_roles(roles: Sequence[str]) -> None:
    if unknown := set(roles) - set(ROLES):
        raise _invalid("roles", "value", f"no such role: {sorted(unknown)}")


def _invalid(path: str, code: str, message: str) -> Invalid:
    return Invalid(problems=[{"path": path, "code": code, "message": message}])
