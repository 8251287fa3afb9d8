"""A tiny component for the chassis's own tests: a counter with a view, a policy and personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table

from services.component import Aggregate, Batch, Component, Context, Policy, Query, View
from services.decider import Decider, command, event, personal
from services.due import schedule
from services.errors import Refused
from services.events import Incoming
from services.rows import Rows

METADATA = MetaData()
counters = Table(
    "counters",
    METADATA,
    Column("counter_id", String, primary_key=True),
    Column("total", Integer, default=0),
    Column("owner", String),
)
copies = Table(
    "copies",
    METADATA,
    Column("source", String, primary_key=True),
    Column("counter_id", String, primary_key=True),
    Column("total", Integer, default=0),
    Column("count", Integer, default=0),
)


@event("sample.counter.named")
class Named:
    counter_id: str
    person_id: str
    owner: str | None = personal(of="person_id", default=None)


@event("sample.counter.added")
class Added:
    counter_id: str
    amount: int


@command
class Name:
    counter_id: str
    person_id: str
    owner: str


@command
class Add:
    counter_id: str
    amount: int


@command
class AddLater:
    counter_id: str
    amount: int
    at: datetime  # UTC, when it happens


@event("sample.counter.planned")
class Planned:
    counter_id: str
    amount: int
    at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Counter:
    total: int = 0


def decide(wish: Any, counter: Counter) -> Sequence[Any]:
    match wish:
        case Name(counter_id, person, owner):
            return [Named(counter_id, person, owner)]
        case Add(_, 0):
            return []
        case Add(counter_id, amount):
            if counter.total + amount < 0:
                raise Refused("counter.negative", total=counter.total)
            return [Added(counter_id, amount)]
        case AddLater(counter_id, amount, at):
            return [Planned(counter_id, amount, at)]
    raise Refused("counter.unknown")


def evolve(counter: Counter, happened: Any) -> Counter:
    return Counter(counter.total + happened.amount) if isinstance(happened, Added) else counter


class Counters(View):
    name = "counters"
    tables = (counters,)

    def __init__(self, source: str = "sample") -> None:
        self.source = source  # type: ignore[misc]

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        match event.type.split(".")[-1]:
            case "added":
                row = rows.get(counters, counter_id=event.data["counter_id"]) or {"total": 0}
                total = (row["total"] or 0) + event.data["amount"]
                rows.put(counters, counter_id=event.data["counter_id"], total=total)
            case "named":
                rows.put(counters, counter_id=event.data["counter_id"], owner=event.data["owner"])
            case "planned":
                wish = Add(event.data["counter_id"], event.data["amount"])
                schedule(rows, key=f"add:{event.id}", at=datetime.fromisoformat(event.data["at"]), command=wish)


class Copies(View):
    """A remote view: how much and how often, per counter of the source."""

    name = "copies"
    tables = (copies,)

    def __init__(self, source: str) -> None:
        self.source = source  # type: ignore[misc]

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        if event.type.endswith(".added"):
            if event.data["amount"] == 666:
                raise ValueError("a poisoned amount")
            key = {"source": self.source, "counter_id": event.data["counter_id"]}
            row = rows.get(copies, **key) or {}
            total, count = (row.get("total") or 0) + event.data["amount"], (row.get("count") or 0) + 1
            rows.put(copies, **key, total=total, count=count)

    def prefetch(self, events: list[Incoming], rows: Rows) -> None:
        rows.prefetch(copies, {(self.source, e.data["counter_id"]) for e in events if "counter_id" in e.data})


def _totals(params: dict[str, Any], rows: Rows, context: Context) -> Any:
    return {"counter": rows.get(counters, counter_id=params["counter_id"])}


def _import(record: dict[str, Any], execute: Any, context: Context) -> dict[str, Any]:
    execute(Add(record["counter_id"], record["amount"]))
    return {"status": "imported"}


def mirror(event: Incoming, rows: Rows) -> list[Any]:
    """The policy: what is added there is added here, on a counter of its own."""
    return [Add(f"mirror-{event.data['counter_id']}", event.data["amount"])]


def component(name: str = "sample", follows: str | None = None, *, records_applied: bool = False) -> Component:
    """``follows``: another component's name whose counters are copied (view) and mirrored (policy)."""
    handles = {"sample.counter.added": mirror}
    return Component(
        name=name,
        aggregates=(
            Aggregate(
                "counter",
                Decider(Counter(), decide, evolve),
                (Name, Add, AddLater),
                (Named, Added, Planned),
                attrgetter("counter_id"),
            ),
        ),
        views=(Counters(name),),
        remote_views=(Copies(follows),) if follows else (),
        policies=(Policy("mirror", follows, handles),) if follows else (),
        queries=(Query("totals", _totals),),
        batches=(
            Batch(
                "import",
                _import,
                streams=lambda record: [f"counter-{record['counter_id']}"],
                prefetch=lambda records, rows, _: rows.prefetch(counters, [(r["counter_id"],) for r in records]),
            ),
        ),
        words={"counter.negative": {"pt-BR": "O contador ficaria negativo: {total}", "en": "Below zero: {total}"}},
        metadata=METADATA,
        erases_from=None,
        records_applied=records_applied,
    )
