"""Everything that this service's store says about one story: events, what waits for its time, what is parked or was refused.

Streams that are about the story alone are told whole. Of others (an account, a contract), and of the latest events of all,
only what belongs to it: a known correlation, a known cause, or one of its ids. Personal fields stay sealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, or_, select

from services.codec import iso
from services.store.database import Database
from services.store.tables import commands, discarded_events, due, events, feed, feed_head, parked_events, refusals

MOST = 500
"""Rows of a kind; more of one story is told in part, and the answer says so."""
RECENT = 50_000
"""How far back, in events of each partition, a correlation alone is looked for: they have no index, since each would cost
every command."""
MASK = "…"


def story(database: Database, service: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """``{"streams", "about", "correlations", "causes", "ids"}``, lists of texts → ``{"service", "events", "due", "parked",
    "discarded", "refusals", "whole"}``; ``whole`` False: there is more than is told."""
    given = {name: _texts(asked.get(name)) for name in ("streams", "about", "correlations", "causes", "ids")}
    with database.read() as conn:
        found = {(row["stream"], row["version"]): row for row in _of_streams(conn, given)}
        found |= {(row["stream"], row["version"]): row for row in _recent(conn, given)}
        rows = sorted(found.values(), key=lambda row: (row["recorded_at"], row["stream"], row["version"]))
        told = [_told(service, row) for row in rows[:MOST]]
        ids = [*(each["id"] for each in told), *given["causes"]]
        waiting = _due(conn, given["ids"])
        parked = _parked(conn, parked_events, ids)
        return {
            "service": service,
            "events": told,
            "due": waiting,
            "parked": parked,
            "discarded": _discarded(conn, ids),
            "refusals": _refusals(conn, ids),
            "whole": len(rows) <= MOST and len(waiting) < MOST,
        }


def _of_streams(conn: Connection, given: Mapping[str, list[str]]) -> Iterable[Mapping[str, Any]]:
    named = {*given["streams"], *given["about"], *_written_by(conn, given["correlations"])}
    whole = {*given["streams"]}
    for stream in sorted(named):
        for row in conn.execute(select(events).where(events.c.stream == stream)).mappings():
            if stream in whole or _belongs(dict(row), given):
                yield dict(row)


def _written_by(conn: Connection, ids: list[str]) -> set[str]:
    """A correlation id is mostly the first command's: its stored answer names the stream."""
    answers = conn.scalars(select(commands.c.answer).where(commands.c.id.in_(ids))) if ids else ()
    documents = (msgspec.json.decode(answer) for answer in answers)
    return {each["stream"] for each in documents if isinstance(each, dict) and "stream" in each}


def _recent(conn: Connection, given: Mapping[str, list[str]]) -> Iterable[Mapping[str, Any]]:
    if not given["correlations"]:
        return ()
    same = (events.c.stream == feed.c.stream) & (events.c.version == feed.c.version)
    since = (feed.c.partition == feed_head.c.partition) & (feed.c.offset > feed_head.c.offset - RECENT)
    named = or_(*(events.c.meta.contains(f'"correlation":"{each}"', autoescape=True) for each in given["correlations"]))
    statement = select(events).join(feed, same).join(feed_head, since).where(named).limit(MOST + 1)
    return [dict(row) for row in conn.execute(statement).mappings()]


def _belongs(row: Mapping[str, Any], given: Mapping[str, list[str]]) -> bool:
    meta = msgspec.json.decode(row["meta"])
    if meta["correlation"] in given["correlations"] or meta["causation"] in given["causes"]:
        return True
    return any(f'"{id_}"' in row["data"] for id_ in given["ids"])


def _told(service: str, row: Mapping[str, Any]) -> dict[str, Any]:
    meta = msgspec.json.decode(row["meta"])
    return {
        "id": f"{row['stream']}@{row['version']}",
        "service": service,
        "type": row["type"],
        "stream": row["stream"],
        "version": row["version"],
        "at": iso(row["recorded_at"]),
        "actor": meta["actor"],
        "command": meta["command"],
        "correlation": meta["correlation"],
        "causation": meta["causation"],
        "traceparent": meta.get("traceparent"),
        "data": masked(msgspec.json.decode(row["data"])),
    }


def masked(value: Any) -> Any:
    """Sealed fields are a mark: nobody could read them, and they only make a long story longer."""
    if isinstance(value, dict):
        return MASK if "sealed" in value else {name: masked(each) for name, each in value.items()}
    return [masked(each) for each in value] if isinstance(value, list) else value


def _due(conn: Connection, ids: list[str]) -> list[dict[str, Any]]:
    if not ids:
        return []
    mine = or_(*(due.c.key.contains(id_, autoescape=True) for id_ in ids))
    rows = conn.execute(select(due).where(mine).order_by(due.c.at).limit(MOST)).mappings()
    return [
        {"key": row["key"], "command": row["command"], "at": iso(row["at"]), "attempts": row["attempts"]}
        | {"done_at": iso(row["done_at"]) if row["done_at"] else None, "outcome": row["outcome"]}
        for row in rows
    ]


def _parked(conn: Connection, table: Any, ids: list[str]) -> list[dict[str, Any]]:
    """Any service's events that this one could not take; ``ids``: also those of the others, as causes."""
    found = []
    for row in conn.execute(select(table).order_by(table.c.id).limit(20 * MOST)).mappings():
        if f"{row['stream']}@{row['version']}" in ids:
            kept = ("subscription", "source", "stream", "version", "type", "error")
            found.append({**{name: row[name] for name in kept}, "parked_at": iso(row["parked_at"])})
    return found


def _discarded(conn: Connection, ids: list[str]) -> list[dict[str, Any]]:
    rows = conn.execute(select(discarded_events).where(discarded_events.c.event.in_(ids))).mappings()
    kept = ("subscription", "event", "reason", "actor")
    return [{**{name: row[name] for name in kept}, "at": iso(row["at"])} for row in rows]


def _refusals(conn: Connection, ids: list[str]) -> list[dict[str, Any]]:
    rows = conn.execute(select(refusals).where(refusals.c.event.in_(ids)).limit(MOST)).mappings()
    return [
        {**{name: row[name] for name in ("policy", "event", "command", "code")}, "at": iso(row["at"])} for row in rows
    ]


def _texts(value: Any) -> list[str]:
    return [str(each) for each in value][:MOST] if isinstance(value, list | tuple) else []
