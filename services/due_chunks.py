"""Due rows of one kind by one transaction: what they read and write shares statements, as a batch's records do (ADR 0013)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, update

from services import tracing
from services.errors import Conflict
from services.store.arrays import literal
from services.store.direct import send
from services.store.tables import due
from services.unit import Unit

if TYPE_CHECKING:
    from services.application import Application, Request

_MARK = """
UPDATE due AS d SET done_at = %(now)s, outcome = 'done' FROM unnest(%(keys)s::text[], %(ats)s::timestamptz[]) AS n(key, at)
WHERE d.key = n.key AND d.at = n.at
"""


class Asked(NamedTuple):
    request: Request
    command: Any
    stream: str


def alike(app: Application, requests: Iterable[Request]) -> list[Asked]:
    """As many from the first one on as are of its kind and each of another stream: what one of them makes due comes after it
    and before the next of its stream, as ever."""
    found: list[Asked] = []
    for request in requests:
        if found and request.command != found[0].request.command:
            break
        command = app.parse(request)
        stream = app.stream_of(command)
        if any(stream == each.stream for each in found):
            break
        found.append(Asked(request, command, stream))
    return found


def execute_together(app: Application, conn: Connection, asked: Sequence[Asked]) -> None:
    """Each command once and at its own instant. Raises what one of them raises: then none was done."""
    unit = Unit(conn, app.store)
    done = app.store.answers(conn, [each.request.id for each in asked])
    wanted: list[tuple[Asked, str]] = []
    for each in asked:
        fingerprint = app.fingerprint(each.request.command, each.request.payload)
        if each.request.id not in done:
            wanted.append((each, fingerprint))
        elif done[each.request.id][0] != fingerprint:
            raise Conflict("command-id-reused", command=each.request.command, id=each.request.id)
    if not wanted:
        return
    unit.load(each.stream for each, _ in wanted)
    commands = [each.command for each, _ in wanted]
    prefetch = app.aggregate_of(commands[0]).prefetch.get(type(commands[0]))
    if prefetch is not None:
        prefetch(commands, unit.rows)
    for each, fingerprint in wanted:
        with tracing.span(app.name, each.request.command, parent=each.request.traceparent, command_id=each.request.id):
            app.decide(unit, each.command, app.context(each.request), fingerprint)
    unit.finish()


def mark_done(conn: Connection, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """The commands themselves may have moved or removed their rows: then that stands."""
    if conn.dialect.name == "postgresql":
        keys, ats = literal(row["key"] for row in rows), literal(row["at"] for row in rows)
        send(conn, _MARK, {"now": now, "keys": keys, "ats": ats})
        return
    for row in rows:
        mine = due.c.key == row["key"], due.c.at == row["at"]
        conn.execute(update(due).where(*mine).values(done_at=now, outcome="done"))
