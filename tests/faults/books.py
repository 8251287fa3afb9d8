"""Looking into the services' databases from outside: what is stored, and whether everybody has taken everything.

As superuser and past the services, so that looking heals nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row

from billing_service.wiring import component as billing
from contracts_service.wiring import component as contracts
from deploy.local.postgres import Postgres
from feedback_service.wiring import component as feedback
from gateway.wiring import component as gateway
from services.component import Component
from services.events import partition_of
from services.settings import PARTITIONS_FULL
from services.subscriptions import Subscription, subscriptions_of
from services.testing.running import wait_for
from tests.faults.harness import SERVICES
from tests.faults.witness import component as witness
from tickets_service.wiring import component as tickets

COMPONENTS: dict[str, Component] = {
    made.name: made for made in (contracts(), billing(), tickets(), feedback(), gateway(), witness())
}
WRITERS = tuple(name for name in SERVICES if COMPONENTS[name].aggregates)
REST_SECONDS = 60.0


class Books:
    """All stores of one full mode."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def rows(self, service: str, query: str, *params: Any) -> list[dict[str, Any]]:
        url, patience = self._postgres.admin_url(service), "-c statement_timeout=20s"
        with psycopg.connect(
            url, autocommit=True, connect_timeout=5, options=patience, row_factory=dict_row
        ) as connection:
            return connection.execute(query, params).fetchall()  # type: ignore[arg-type]

    def change(self, service: str, *statements: str) -> None:
        """What a person does to a database by hand."""
        self._postgres.execute(*statements, database=service)

    @contextmanager
    def locked(self, service: str, table: str, mode: str = "ACCESS EXCLUSIVE") -> Iterator[None]:
        """Nobody else gets at this table inside the block (with another mode: nobody writes to it)."""
        with psycopg.connect(self._postgres.admin_url(service)) as connection:
            connection.execute(f"LOCK TABLE {table} IN {mode} MODE")  # type: ignore[arg-type]
            yield

    def events(self, service: str) -> list[dict[str, Any]]:
        """Everything that a service ever wrote, in the order of its streams; ``data`` as values."""
        query = 'SELECT stream, version, type, data, hash FROM events ORDER BY stream COLLATE "C", version'
        return [{**row, "data": json.loads(row["data"])} for row in self.rows(service, query)]

    def told(self, type_: str) -> list[dict[str, Any]]:
        """The data of all events of one type."""
        return [each["data"] for each in self.events(type_.partition(".")[0]) if each["type"] == type_]

    def feed(self, service: str) -> dict[int, list[dict[str, Any]]]:
        """A service's feed by partition, in order."""
        found: dict[int, list[dict[str, Any]]] = {partition: [] for partition in range(PARTITIONS_FULL)}
        for row in self.rows(service, 'SELECT * FROM feed ORDER BY partition, "offset"'):
            found[row["partition"]].append(row)
        return found

    def heads(self, service: str) -> dict[int, dict[str, Any]]:
        return {row["partition"]: row for row in self.rows(service, "SELECT * FROM feed_head")}

    def feed_id(self, service: str) -> str:
        return str(self.rows(service, "SELECT value FROM store_info WHERE key = 'feed_id'")[0]["value"])

    def checkpoints(self, service: str) -> dict[tuple[str, str, int], dict[str, Any]]:
        found = self.rows(service, "SELECT * FROM checkpoints")
        return {(row["subscription"], row["source"], row["partition"]): row for row in found}

    # -- at rest -------------------------------------------------------------------------------------------------------

    def behind(self, without: frozenset[str] = frozenset()) -> tuple[list[str], Any]:
        """Who has something before him, and a mark of how far all have come. ``without`` these subscribers."""
        found: list[str] = []
        heads = {service: self.heads(service) for service in WRITERS}
        for service, partitions in heads.items():
            waiting = self.rows(service, "SELECT count(*) AS n FROM outbox")[0]["n"]
            unsent = sum(head["offset"] - head["published"] for head in partitions.values())
            found += [f"{service}: {waiting} not numbered, {unsent} not sent"] if waiting or unsent else []
            due = self.rows(service, "SELECT key, outcome FROM due WHERE done_at IS NULL AND at <= now()")
            found += [f"{service}: due {row['key']} ({row['outcome']})" for row in due]
        for service in SERVICES:
            if service not in without:
                found += self._late(service, heads)
        return found, {service: {p: head["offset"] for p, head in each.items()} for service, each in heads.items()}

    def _late(self, service: str, heads: dict[str, dict[int, dict[str, Any]]]) -> list[str]:
        known = self.checkpoints(service)
        found = []
        for subscription, partition in subscriptions(service):
            here = known.get((subscription.name, subscription.source, partition), {"offset": None})
            head = heads[subscription.source][partition]
            if here["offset"] != head["offset"]:
                name = f"{service}: {subscription.name} of {subscription.source}.{partition}"
                found.append(f"{name} at {here['offset']}, head {head['offset']}")
        return found

    def wait_for_rest(self, seconds: float = REST_SECONDS, without: frozenset[str] = frozenset()) -> None:
        """Until nobody has anything before him, twice in a row without anything new between."""
        last: list[Any] = [None, []]

        def rest() -> bool:
            found, mark = self.behind(without)
            quiet = not found and last[0] == mark
            last[:] = [mark, found]
            return quiet

        try:
            wait_for(rest, "rest", seconds)
        except AssertionError:
            raise AssertionError(f"not at rest after {seconds} s:\n" + "\n".join(last[1])) from None


def subscriptions(service: str) -> list[tuple[Subscription, int]]:
    """What a service subscribes to, partition by partition."""
    found = subscriptions_of(COMPONENTS[service])
    return [(subscription, partition) for subscription in found for partition in range(PARTITIONS_FULL)]


def by_partition(events: list[dict[str, Any]]) -> dict[int, set[tuple[str, int]]]:
    """Events by the partition in which they belong."""
    found: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for each in events:
        found[partition_of(each["stream"], PARTITIONS_FULL)].add((each["stream"], each["version"]))
    return found
