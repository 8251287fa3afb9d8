"""Secrets of persons: a key per person, sealed fields, tombstones, and keyed fingerprints for unique numbers.

Each service has a vault of its own, in a store of its own (a SQLite file beside the service's, or the schema ``vault``
of its PostgreSQL database), so that keys are backed up apart from what they seal. Erasing a person destroys the key
and leaves a tombstone that forbids a new one: what was sealed stays where it is and can never be read again.

Sealing: AES-256-GCM (NIST SP 800-38D), a fresh 96-bit nonce per value, the person's id as associated data. A person's
key is itself wrapped with the installation's master secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import threading
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from services.decider import ERASED
from services.errors import Refused
from services.store.bulk import Shape, Writer, read
from services.store.database import Database, insert_if_missing
from services.store.tables import VAULT, person_keys

_CACHE_SECONDS = 5.0
VAULT_LOCK = 7_309_004
_CACHE_SIZE = 20_000
_NEW = Shape(("key", "made_at", "person", "tombstone"), (), absent=True)


class Vault:
    """The keys of the persons that one service knows. Safe for several instances over one store."""

    def __init__(self, database: Database, *, secret: bytes, service: str) -> None:
        self._db = database
        self._master = AESGCM(hashlib.sha256(b"vigencia/master/" + service.encode() + b"/" + secret).digest())
        self._mac = hashlib.sha256(b"vigencia/mac/" + service.encode() + b"/" + secret).digest()
        self._cache: dict[str, tuple[AESGCM | None, float]] = {}
        self._lock = threading.Lock()

    def create(self) -> None:
        """Make the vault's table where it is missing."""
        with self._db.write() as conn:
            if not self._db.sqlite:  # two instances at once: one waits for the other
                conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": VAULT_LOCK})
                conn.execute(text("CREATE SCHEMA IF NOT EXISTS vault"))
            VAULT.create_all(conn, checkfirst=True)

    def fingerprint(self, value: str) -> str:
        """A keyed HMAC-SHA256 of a value, in hex: equal values are found equal, and nobody can guess them back."""
        return hmac.new(self._mac, value.encode(), hashlib.sha256).hexdigest()

    def seal(self, person: str, value: str) -> dict[str, str]:
        """``{"sealed": base64, "person": id}``. Raises ``Refused`` where the person was erased."""
        key = self._key(person, make=True)
        if key is None:
            raise Refused("person.erased", person=person)
        nonce = os.urandom(12)
        sealed = nonce + key.encrypt(nonce, value.encode(), person.encode())
        return {"sealed": base64.b64encode(sealed).decode(), "person": person}

    def make(self, persons: Sequence[str]) -> None:
        """Make the keys that these persons do not have yet, by one transaction. Erased ones get none."""
        now = time.monotonic()
        with self._lock:
            wanted = [person for person in persons if (cached := self._cache.get(person)) is None or cached[1] <= now]
        if len(wanted) < 2:
            return
        with self._db.read() as conn:
            known = {row["person"] for row in read(conn, person_keys, [(person,) for person in wanted], lock=False)}
        fresh = {person: AESGCM.generate_key(256) for person in wanted if person not in known}
        if not fresh:
            return
        made_at = datetime.now(UTC)
        rows = [
            {"person": person, "key": self._wrap(person, raw), "made_at": made_at, "tombstone": False}
            for person, raw in sorted(fresh.items())
        ]
        try:
            with self._db.write() as conn:
                writer = Writer(conn)
                writer.write(person_keys, _NEW, rows)
                writer.close()
        except IntegrityError:  # another instance was faster with one of them: each by itself, when it is sealed
            return
        with self._lock:
            self._cache |= {person: (AESGCM(raw), now + _CACHE_SECONDS) for person, raw in fresh.items()}

    def open(self, box: Any) -> str:
        """What ``seal`` was given, or ``ERASED`` when the key is gone (or never was here)."""
        if not isinstance(box, dict) or "sealed" not in box:
            return ERASED if box is None else str(box)
        key = self._key(box["person"], make=False)
        if key is None:
            return ERASED
        raw = base64.b64decode(box["sealed"])
        try:
            return key.decrypt(raw[:12], raw[12:], box["person"].encode()).decode()
        except InvalidTag:
            return ERASED

    def erase(self, persons: Iterable[str]) -> int:
        """Destroy these persons' keys and set tombstones, also for persons not known here. Returns how many keys fell."""
        fallen = 0
        now = datetime.now(UTC)
        gone = {"key": None, "destroyed_at": now, "tombstone": True}
        for person in persons:
            with self._db.write() as conn:
                # the tombstone first: whoever makes this person's key at the same time is before it, or too late
                conn.execute(insert_if_missing(conn, person_keys).values(person=person, made_at=now, **gone))
                living = (person_keys.c.person == person, person_keys.c.tombstone.is_(False))
                fallen += conn.execute(update(person_keys).where(*living).values(**gone)).rowcount
            with self._lock:
                self._cache[person] = (None, time.monotonic() + _CACHE_SECONDS)
        return fallen

    def forget(self) -> bool:
        """No copy of a destroyed key lingers beside the store (see ``Database.forget``)."""
        return self._db.forget()

    @property
    def lingers(self) -> bool:
        return self._db.lingers

    def tombstones(self) -> list[str]:
        """Who was erased: applied again after a restore."""
        with self._db.read() as conn:
            return list(conn.scalars(select(person_keys.c.person).where(person_keys.c.tombstone)))

    def _key(self, person: str, *, make: bool) -> AESGCM | None:
        now = time.monotonic()
        with self._lock:
            cached = self._cache.get(person)
            if cached and cached[1] > now and (cached[0] is not None or not make):
                return cached[0]
        key: AESGCM | None = self._stored(person)
        if key is _UNKNOWN:
            key = self._made(person) if make else None
        with self._lock:
            if len(self._cache) >= _CACHE_SIZE:
                self._cache.clear()
            self._cache[person] = (key, now + _CACHE_SECONDS)
        return key

    def _stored(self, person: str) -> Any:
        with self._db.read() as conn:
            row = conn.execute(select(person_keys.c.key).where(person_keys.c.person == person)).first()
        if row is None:
            return _UNKNOWN
        return None if row.key is None else AESGCM(self._unwrap(person, row.key))

    def _made(self, person: str) -> AESGCM | None:
        raw = AESGCM.generate_key(256)
        row = {"person": person, "key": self._wrap(person, raw), "made_at": datetime.now(UTC), "tombstone": False}
        try:
            with self._db.write() as conn:
                conn.execute(insert(person_keys).values(**row))
        except IntegrityError:  # another instance was faster: its key is the key
            stored: AESGCM | None = self._stored(person)
            return stored
        return AESGCM(raw)

    def _wrap(self, person: str, raw: bytes) -> str:
        nonce = os.urandom(12)
        return base64.b64encode(nonce + self._master.encrypt(nonce, raw, person.encode())).decode()

    def _unwrap(self, person: str, wrapped: str) -> bytes:
        raw = base64.b64decode(wrapped)
        return self._master.decrypt(raw[:12], raw[12:], person.encode())


_UNKNOWN: Any = object()
