"""Backup and restore of an embedded store: all services at one instant, the keys apart from what they seal.

    <to>/data/<service>.db          events, feed, views and checkpoints
    <to>/keys/<service>.vault.db    the keys of persons: keep these elsewhere, and not for long
    <to>/keys/secrets.json          the installation's secrets
    <to>/keys/users.json            who may log in, with hashed passwords
    <to>/keys/mail.json             what was mailed, by ids, and the company's own texts
    <to>/keys/webhooks.json         webhook endpoints with their sealed secrets, and where they stand in the feeds
    <to>/blobs                      the files behind documents, by their hash; taken after the snapshot: none is missing

All databases are locked for the milliseconds in which a snapshot of each is taken; so no subscriber is ahead of its
source after a restore. Then writing goes on while the snapshots are copied. Of the gateway only users, mail and
webhooks are in it: its views are rebuilt from the feeds. After a restore, the tombstones that the store had are set
again: who was erased stays so.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import OperationalError

from gateway.identity.forgetting import blank_after_restore
from gateway.tables import users
from services.codec import to_json_values
from services.settings import SERVICES
from services.store.database import Database
from vigencia.backup_mail import MAIL, WEBHOOKS, write_mail, write_webhooks
from vigencia.exits import Exit, Failure
from vigencia.words import say

KEPT = tuple(service for service in SERVICES if service != "gateway")
USERS = "users.json"
FILES = "blobs"
LOCK_SECONDS = 30.0
PAGES_AT_ONCE = 2000


def take(store: Path, to: Path, lang: str) -> dict[str, Any]:
    """Copy the store, running or not. ``to`` must not exist or be empty."""
    if to.exists() and any(to.iterdir()):
        raise Failure(Exit.USAGE, say("backup.not-empty", lang, path=to))
    sources = {name: path for name, path in _databases(store).items() if path.exists()}
    if not sources:
        raise Failure(Exit.USAGE, say("backup.no-store", lang, path=store))
    at = datetime.now(UTC)
    (to / "data").mkdir(parents=True, exist_ok=True)
    (to / "keys").mkdir(mode=0o700, exist_ok=True)
    size = 0
    write_webhooks(store / "gateway.db", to / "keys" / WEBHOOKS)
    with _snapshots(sources) as snapshots:
        for name, snapshot in snapshots.items():
            place = to / ("keys" if name.endswith(".vault") else "data") / f"{name}.db"
            with _closing(sqlite3.connect(place)) as copy:
                snapshot.backup(copy, pages=PAGES_AT_ONCE)
            size += place.stat().st_size
    if (store / "secrets.json").exists():
        shutil.copy2(store / "secrets.json", to / "keys" / "secrets.json")
    _write_users(store / "gateway.db", to / "keys" / USERS)
    write_mail(store / "gateway.db", to / "keys" / MAIL)
    size += copy_files(store, to)
    told = {"taken_at": at.isoformat(timespec="seconds"), "mode": "embedded", "databases": sorted(sources)}
    (to / "backup.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    return {**told, "path": str(to), "bytes": size}


def mode_of(source: Path, lang: str) -> str:
    """Of which mode a backup is. Raises ``Failure`` for what is none."""
    try:
        return str(json.loads((source / "backup.json").read_text("utf-8"))["mode"])
    except (OSError, ValueError, KeyError) as error:
        raise Failure(Exit.USAGE, say("backup.none", lang, path=source)) from error


def put_back(source: Path, store: Path, lang: str, *, keys: Path | None = None, force: bool = False) -> dict[str, Any]:
    """Put a backup in the place of ``store``, which nobody may own now. What stood there is kept beside it."""
    keys = keys or source / "keys"
    mode_of(source, lang)
    told: dict[str, Any] = json.loads((source / "backup.json").read_text("utf-8"))
    there = [path for path in _databases(store).values() if path.exists()]
    if there and not force:
        raise Failure(Exit.USAGE, say("backup.would-replace", lang, path=store))
    erased = {service: tombstones(store / f"{service}.vault.db") for service in KEPT}
    aside = _set_aside(store) if there else None
    store.mkdir(parents=True, exist_ok=True)
    for name in told["databases"]:
        folder = keys if name.endswith(".vault") else source / "data"
        shutil.copy2(folder / f"{name}.db", store / f"{name}.db")
    if (keys / "secrets.json").exists():
        shutil.copy2(keys / "secrets.json", store / "secrets.json")
    for kept in (USERS, MAIL, WEBHOOKS):
        if (keys / kept).exists():
            shutil.copy2(keys / kept, store / kept)
    copy_files(source, store)
    everyone = sorted(set().union(*erased.values()))
    for service in KEPT:
        set_tombstones(store / f"{service}.vault.db", everyone)
    return {**told, "path": str(store), "aside": str(aside) if aside else None, "erased_again": len(everyone)}


def copy_files(source: Path, to: Path) -> int:
    """The files behind documents, named by their hash (``services.blobs``): what is there already is the same. Bytes."""
    if not (source / FILES).exists():
        return 0
    shutil.copytree(source / FILES, to / FILES, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*"))
    return sum(path.stat().st_size for path in (to / FILES).rglob("*") if path.is_file())


def tombstones(vault: Path) -> list[str]:
    """Who was erased, by a vault's file; nobody where there is none."""
    if not vault.exists():
        return []
    with _closing(sqlite3.connect(vault)) as connection:
        try:
            return [person for (person,) in connection.execute("SELECT person FROM person_keys WHERE tombstone")]
        except sqlite3.OperationalError:
            return []


def set_tombstones(vault: Path, persons: list[str]) -> None:
    """Destroy these persons' keys again."""
    if not vault.exists() or not persons:
        return
    now = datetime.now(UTC).isoformat(sep=" ")
    with _closing(sqlite3.connect(vault)) as connection, connection:
        connection.executemany(
            "INSERT INTO person_keys (person, key, made_at, destroyed_at, tombstone) VALUES (?, NULL, ?, ?, 1)"
            " ON CONFLICT (person) DO UPDATE SET key = NULL, destroyed_at = excluded.destroyed_at, tombstone = 1",
            [(person, now, now) for person in persons],
        )


def _write_users(gateway: Path, to: Path) -> None:
    if not gateway.exists():
        return
    database = Database(f"sqlite:///{gateway}")
    try:
        with database.read() as conn:
            rows = [dict(row) for row in conn.execute(select(users)).mappings()]
    except OperationalError:  # never started: no table yet
        rows = []
    finally:
        database.dispose()
    to.touch(mode=0o600)
    to.write_text(json.dumps(to_json_values(rows), ensure_ascii=False) + "\n", "utf-8")


def bring_users_back(store: Path, gateway: Database) -> int:
    """After a restore, at the first start: who could log in may do so again. How many they are."""
    path = store / USERS
    if not path.exists():
        return 0
    rows = [{**row, "created_at": datetime.fromisoformat(row["created_at"])} for row in json.loads(path.read_text())]
    with gateway.write() as conn:
        known = set(conn.scalars(select(users.c.login)))
        for row in rows:
            if row["login"] not in known:
                conn.execute(insert(users).values(**row))
    blank_after_restore(gateway, set(tombstones(store / "contracts.vault.db")))
    path.unlink()
    return len(rows)


def _databases(store: Path) -> dict[str, Path]:
    names = [name for service in KEPT for name in (service, f"{service}.vault")]
    return {name: store / f"{name}.db" for name in names}


@contextmanager
def _snapshots(sources: dict[str, Path]) -> Iterator[dict[str, sqlite3.Connection]]:
    """A read transaction on each database, all begun while none of them could be written."""
    with ExitStack() as open_:
        readers: dict[str, sqlite3.Connection] = {}
        with ExitStack() as locks:
            for path in sources.values():
                writer = locks.enter_context(_closing(_connect(path)))
                writer.execute("BEGIN IMMEDIATE")
                locks.callback(_roll_back, writer)
            for name, path in sources.items():
                reader = readers[name] = open_.enter_context(_closing(_connect(path)))
                reader.execute("BEGIN")
                reader.execute("SELECT count(*) FROM sqlite_master").fetchone()  # only now the snapshot stands
        yield readers


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    return connection


def _roll_back(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.Error):
        connection.rollback()


@contextmanager
def _closing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield connection
    finally:
        connection.close()


def _set_aside(store: Path) -> Path:
    """Move what stands in the store into a folder beside it: a restore deletes nothing."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    aside = store.with_name(f"{store.name}.before-restore-{stamp}")
    aside.mkdir(mode=0o700)
    for path in store.iterdir():
        if path.name != "lock":
            os.replace(path, aside / path.name)
    return aside
