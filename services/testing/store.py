"""Services without a transport for the contract suites: an app over any store, and a source's feed asked for directly.

house = House(new_url, folder)
source = house.app("sample")
copy = house.app("copy", follows="sample")
reader = house.reader(copy, source)
add(source, "a", 1)
reader.messages(house.published(source))
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import MetaData, Table, inspect, select, text

from services.application import Answer, Request
from services.codec import to_json_values
from services.component import Component
from services.consumer import Reader
from services.errors import Unavailable
from services.runtime import App
from services.store.database import Database
from services.subscriptions import subscriptions_of
from services.testing.running import settings_for
from services.tests import sample
from services.transport.local import LocalTransport

NewUrl = Callable[[], str]


class House:
    """Makes apps over fresh stores, not started: the tests take each step themselves."""

    def __init__(self, new_url: NewUrl, folder: Path) -> None:
        self.new_url, self._folder = new_url, folder
        self.apps: list[App] = []
        self.away: set[str] = set()  # services whose calls are not answered
        self.calls: list[tuple[str, str]] = []

    def app(
        self,
        name: str = "sample",
        follows: str | None = None,
        *,
        partitions: int = 1,
        url: str | None = None,
        component: Component | None = None,
        **options: Any,
    ) -> App:
        """A service over a store of its own, or over ``url`` (a second instance)."""
        made = component or sample.component(name, follows, **options)
        settings = settings_for(made.name, url or self.new_url(), self._folder, partitions=partitions)
        app = App(made, LocalTransport(), settings)
        app.create()
        self.apps.append(app)
        return app

    def reader(self, app: App, source: App, partition: int = 0) -> Reader:
        """A reader that asks ``source`` (its handlers, through JSON) for feed and heads."""
        group = [each for each in subscriptions_of(app.component) if each.source == source.component.name]
        reader = Reader(app.application, source.component.name, partition, group, self.caller(source))
        app.readers.append(reader)
        return reader

    def caller(self, source: App) -> Callable[..., Any]:
        def call(service: str, method: str, payload: dict[str, Any], **_: Any) -> Any:
            self.calls.append((service, method))
            if service in self.away:
                raise Unavailable("rpc.nobody", service=service)
            return msgspec.json.decode(msgspec.json.encode(source.handlers()[method](payload, {})))

        return call

    def published(self, app: App, partition: int = 0, after: int = -1) -> list[bytes]:
        """Numbers what waits; the envelopes of a partition as the broker would carry them."""
        number(app)
        with app.database.read() as conn:
            return [body for _, _, body in app.application.store.envelopes(conn, partition, after, 100_000)]

    def close(self) -> None:
        for app in self.apps:
            app.stop()


def execute(app: App, command: Any, id: str | None = None, **options: Any) -> Answer:
    """A command object as it comes over the wire."""
    payload = {key: value for key, value in to_json_values(command).items() if value is not None}
    return app.application.execute(Request(id or str(uuid.uuid4()), command.COMMAND_NAME, payload, **options))


def add(app: App, counter: str, amount: int, id: str | None = None, **options: Any) -> Answer:
    return execute(app, sample.Add(counter, amount), id, **options)


def number(app: App) -> int:
    """Outbox → feed, all partitions."""
    total = 0
    for partition in range(app.settings.partitions):
        with app.database.write() as conn:
            total += app.application.store.number(conn, partition)
    return total


def rows_of(app: App, table: Table) -> list[dict[str, Any]]:
    """A table's rows in the order of their keys."""
    with app.database.read() as conn:
        keys = list(table.primary_key.columns)
        return [dict(row) for row in conn.execute(select(table).order_by(*keys)).mappings()]


def count(app: App, table: Table) -> int:
    return len(rows_of(app, table))


def everything(database: Database) -> str:
    """All tables' rows as one text, to look for what must not be there."""
    found = []
    schemas = [None] if database.sqlite else ["public", "vault"]
    for schema in schemas:
        metadata = MetaData()
        metadata.reflect(database.engine, schema=schema)
        with database.read() as conn:
            for table in metadata.tables.values():
                found += [f"{table.name}: {tuple(row)}" for row in conn.execute(select(table))]
    return "\n".join(found)


@contextmanager
def unguarded(database: Database) -> Iterator[Any]:
    """A write transaction in which the append-only triggers sleep: for tampering."""
    with database.write() as conn:
        if database.sqlite:
            triggers = conn.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
            for trigger in triggers:
                conn.execute(text(f"DROP TRIGGER {trigger.name}"))
            yield conn
            for trigger in triggers:
                conn.exec_driver_sql(trigger.sql)
        else:
            for table in ("events", "feed"):
                conn.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            yield conn
            for table in ("events", "feed"):
                conn.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def column_type(database: Database, table: str, column: str) -> str:
    return next(str(c["type"]) for c in inspect(database.engine).get_columns(table) if c["name"] == column)
