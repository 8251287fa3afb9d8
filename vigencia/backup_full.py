"""Backup and restore of the full mode on one machine: every service's database at one instant, with ``pg_dump``.

    <to>/data/<service>.dump        without the schema of keys
    <to>/keys/<service>.vault.dump  the keys of persons: keep these elsewhere, and not for long
    <to>/keys/secrets.json, users.dump, webhooks.dump (taken first: no endpoint's place is beyond its feed)
    <to>/blobs                      the files behind documents

All databases are locked against writing for the milliseconds in which each exports a snapshot; ``pg_dump`` copies the
snapshots while work goes on. A restore needs PostgreSQL alone, and clears the broker: the feeds fill it again.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from deploy.local.postgres import Postgres, binaries
from gateway.webhooks import tables as webhooks
from services.settings import SERVICES
from vigencia.backup import KEPT, copy_files
from vigencia.exits import Exit, Failure
from vigencia.words import say

WEBHOOKS = "webhooks.dump"
LOCKED = "events, outbox, feed, feed_head, checkpoints, commands, due"


def take(store: Path, to: Path, lang: str) -> dict[str, Any]:
    """Dump the databases of a running stack. ``to`` must not exist or be empty."""
    if to.exists() and any(to.iterdir()):
        raise Failure(Exit.USAGE, say("backup.not-empty", lang, path=to))
    urls = {service: _url(store, service) for service in SERVICES}
    at = datetime.now(UTC)
    (to / "data").mkdir(parents=True, exist_ok=True)
    (to / "keys").mkdir(mode=0o700, exist_ok=True)
    try:
        take_webhooks(urls["gateway"], to / "keys" / WEBHOOKS)
        with _snapshots({service: urls[service] for service in KEPT}) as snapshots:
            for service, snapshot in snapshots.items():
                shared = (f"--snapshot={snapshot}", f"--dbname={urls[service]}")
                _run("pg_dump", "-Fc", "--exclude-schema=vault", *shared, f"--file={to / 'data' / service}.dump")
                _run("pg_dump", "-Fc", "--schema=vault", *shared, f"--file={to / 'keys' / service}.vault.dump")
        take_users(urls["gateway"], to / "keys" / "users.dump")
    except psycopg.OperationalError as error:
        raise Failure(Exit.UNREACHABLE, say("system.full-not-running", lang, store=store)) from error
    shutil.copy2(store / "secrets.json", to / "keys" / "secrets.json")
    copy_files(store, to)
    told = {"taken_at": at.isoformat(timespec="seconds"), "mode": "full", "databases": list(KEPT)}
    (to / "backup.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    size = sum(path.stat().st_size for path in to.rglob("*") if path.is_file())
    return {**told, "path": str(to), "bytes": size}


def put_back(source: Path, store: Path, lang: str, *, keys: Path | None = None, force: bool = False) -> dict[str, Any]:
    """Put a backup in the place of a stack's databases; the stack must not run. Its secrets and users come with it."""
    keys = keys or source / "keys"
    told: dict[str, Any] = json.loads((source / "backup.json").read_text("utf-8"))
    if (store / "postgres" / "data").exists() and not force:
        raise Failure(Exit.USAGE, say("backup.would-replace", lang, path=store))
    store.mkdir(parents=True, exist_ok=True)
    postgres = Postgres(store / "postgres", SERVICES).start()
    try:
        erased = sorted(set().union(*(_tombstones(postgres.url(service)) for service in KEPT)))
        stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
        for service in SERVICES:
            postgres.execute(
                f"ALTER DATABASE {service} RENAME TO before_{stamp}_{service}",
                f"CREATE DATABASE {service} OWNER {service}",
            )
        for service in KEPT:
            _restore(postgres.url(service), source / "data" / f"{service}.dump")
            _restore(postgres.url(service), keys / f"{service}.vault.dump")
            _erase(postgres.url(service), erased)
        shutil.copy2(keys / "secrets.json", store / "secrets.json")
        copy_files(source, store)
        bring_gateway(postgres.url("gateway"), keys / "users.dump", keys / WEBHOOKS, erased=erased)
    finally:
        postgres.stop()
    shutil.rmtree(store / "rabbitmq", ignore_errors=True)
    aside = f"before_{stamp}_*"
    return {**told, "path": str(store), "aside": aside, "erased_again": len(erased)}


def _url(store: Path, service: str) -> str:
    """libpq's address of a service's database, as its own role, by the stack's settings."""
    settings = json.loads((store / "postgres" / "settings.json").read_text("utf-8"))
    password = quote(settings["passwords"][service], safe="")
    return f"postgresql://{service}:{password}@127.0.0.1:{settings['port']}/{service}"


@contextmanager
def _snapshots(urls: dict[str, str]) -> Iterator[dict[str, str]]:
    """Exported snapshots of all databases, taken while none of them could be written."""
    with ExitStack() as open_:
        found: dict[str, str] = {}
        with ExitStack() as locks:
            for url in urls.values():
                writer = locks.enter_context(psycopg.connect(url))
                writer.execute(f"LOCK TABLE {LOCKED} IN SHARE MODE")
            for service, url in urls.items():
                reader = open_.enter_context(psycopg.connect(url))
                reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                row = reader.execute("SELECT pg_export_snapshot()").fetchone()
                assert row is not None
                found[service] = row[0]
        yield found


def _restore(url: str, dumped: Path) -> None:
    _run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={_plain(url)}", str(dumped))


def take_webhooks(url: str, to: Path) -> None:
    """Nothing before their migration ran. Raises ``psycopg.OperationalError`` where nobody answers."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT to_regclass('webhook_endpoints') IS NOT NULL").fetchone()
    if row is not None and row[0]:
        tables = [f"--table={table.name}" for table in webhooks.KEPT]
        _run("pg_dump", "-Fc", "--data-only", f"--dbname={url}", *tables, f"--file={to}")


def take_users(url: str, to: Path) -> None:
    tables = [f"--table={name}" for name in ("users", "mail*", "plan_accounts", "api_keys", "erasures")]
    _run("pg_dump", "-Fc", "--data-only", f"--dbname={url}", *tables, f"--file={to}")


def bring_gateway(url: str, *dumped: Path, erased: Sequence[str] = ()) -> None:
    """The gateway's tables are made by its migration; then its users come back, what was mailed, and webhooks."""
    from gateway.identity.forgetting import blank_after_restore
    from gateway.wiring import component
    from services.migrations import upgrade
    from services.store.database import Database

    there = [each for each in dumped if each.exists()]
    if not there:
        return
    database = Database(url)
    try:
        upgrade(component(), database)
    finally:
        database.dispose()
    for each in there:
        _run("pg_restore", "--exit-on-error", "--no-owner", "--data-only", f"--dbname={_plain(url)}", str(each))
    database = Database(url)
    try:
        blank_after_restore(database, set(erased))
    finally:
        database.dispose()


def _tombstones(url: str) -> list[str]:
    with psycopg.connect(_plain(url)) as connection:
        try:
            rows = connection.execute("SELECT person FROM vault.person_keys WHERE tombstone").fetchall()
        except psycopg.errors.UndefinedTable:
            return []
    return [row[0] for row in rows]


def _erase(url: str, persons: list[str]) -> None:
    with psycopg.connect(_plain(url)) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO vault.person_keys (person, key, made_at, destroyed_at, tombstone)"
            " VALUES (%s, NULL, now(), now(), true)"
            " ON CONFLICT (person) DO UPDATE SET key = NULL, destroyed_at = now(), tombstone = true",
            [(person,) for person in persons],
        )


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _run(program: str, *arguments: str) -> None:
    command = [str(binaries() / program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
    if done.returncode != 0:
        raise Failure(Exit.FAILED, f"{program}: {done.stderr.strip()[-1500:]}")
