"""Many records by one call, each whole or not at all.

A chunk's records share a transaction, what they read by a statement for all of them, and what they write. One that is refused
is left out, and the others begin again; where that happens too often, or a fault is none of the records', each
record stands in a savepoint, or at last in a transaction, of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection

from services import logs
from services.component import Batch, Context, Execute
from services.errors import Conflict, Invalid, NotFound, OutcomeUnknown, Refused, Unavailable, VigenciaError
from services.schemas import load
from services.store.database import is_lost_race, typed
from services.store.statements import StoredCommand
from services.timing import in_time
from services.unit import Unit

if TYPE_CHECKING:
    from services.application import Application, Request

CHUNK = 100
TRIES = 3  # of a chunk, where others write the same at the same time
LEFT_OUT = 3  # records of a chunk for which the others begin again
REJECTS = (Refused, Invalid, NotFound, Conflict)
AGAIN = {"imported": "unchanged", "issued": "nothing"}
log = logs.get("batches")

Said = dict[str, Any]  # a record's answer: {"status", …}


@dataclass(frozen=True, slots=True)
class Item:
    """A record with what makes it happen once."""

    id: str
    fingerprint: str
    values: dict[str, Any]


class Rejected(Exception):
    """A record of a chunk was refused: the others begin again without it."""

    def __init__(self, place: int, error: VigenciaError) -> None:
        super().__init__(place, error)
        self.place, self.error = place, error


class Batches:
    """One call of one batch."""

    def __init__(self, app: Application, batch: Batch, request: Request) -> None:
        self._app, self._batch, self._request = app, batch, request
        self._context = app.context(request)

    def run(self, records: Sequence[Mapping[str, Any]]) -> list[Said]:
        """The answers, in the records' order."""
        items = [self._item(record) for record in records]
        answers: list[Said] = []
        for start in range(0, len(items), CHUNK):
            try:
                answers += self._chunk(items[start : start + CHUNK])
            except Unavailable as error:
                if answers:  # earlier records are in
                    raise OutcomeUnknown(error.code, **error.params) from error
                raise
            self._app.appended.set()
        return answers

    def _item(self, record: Mapping[str, Any]) -> Item:
        values = dict(record)
        id_ = str(values.pop("id", "") or uuid.uuid4())
        return Item(id_, self._app.fingerprint(self._batch.name, values), values)

    # -- a chunk ---------------------------------------------------------------------------------------------------

    def _chunk(self, items: list[Item]) -> list[Said]:
        """In one transaction, begun again where somebody was faster; where that fails, each record in one of its own."""
        for left in reversed(range(TRIES)):
            try:
                return self._shared(items)
            except Exception as error:
                known = error if isinstance(error, VigenciaError) else typed(error)
                if known is not None and not is_lost_race(error):
                    raise known from error
                if left and is_lost_race(error):  # what the other one wrote is found now
                    continue
                log.info("a batch's chunk goes one by one", batch=self._batch.name, error=str(error)[:200])
                break
        return [self._single(item) for item in items]

    def _shared(self, items: list[Item]) -> list[Said]:
        """All together without those that are refused, as long as they are few; else each in a savepoint."""
        refused: dict[int, Said] = {}
        while len(refused) <= LEFT_OUT:
            try:
                return self._transaction(lambda conn: self._together(conn, items, refused))
            except Rejected as rejected:
                refused[rejected.place] = self._rejected(rejected.error)
            except REJECTS:  # of the chunk, not of one record: somebody was erased, say
                break
        return self._transaction(lambda conn: [self._record(conn, item) for item in items])

    def _transaction(self, work: Any) -> list[Said]:
        in_time(self._request.deadline)
        with self._app.db.write() as conn:
            done: list[Said] = work(conn)
            in_time(self._request.deadline)
        return done

    def _together(self, conn: Connection, items: list[Item], refused: Mapping[int, Said]) -> list[Said]:
        unit = Unit(conn, self._app.store)
        done: dict[str, tuple[str, str]] = self._app.store.answers(conn, [item.id for item in items])
        answers: list[Said] = []
        parsed = self._parsed(items, refused, done)
        wanted = [values for values in parsed if values is not None]
        if self._batch.streams is not None:
            unit.load(stream for values in wanted for stream in self._batch.streams(values))
        if self._batch.prefetch is not None:
            self._batch.prefetch(wanted, unit.rows, self._context)
        for place, (item, values) in enumerate(zip(items, parsed, strict=True)):
            if place in refused:
                answers.append(refused[place])
            elif (again := self._again(item, done.get(item.id))) is not None:
                answers.append(again)
            else:
                assert values is not None
                try:
                    answer = self._run(unit, values, replace(self._context, command_id=item.id))
                except REJECTS as error:
                    raise Rejected(place, error) from error
                if item.id not in done:
                    row = self._row(item, answer)
                    unit.remember(row)
                    done[item.id] = (row.payload_hash, row.answer)
                answers.append(answer)
        unit.finish()
        return answers

    def _parsed(
        self, items: list[Item], refused: Mapping[int, Said], done: Mapping[str, tuple[str, str]]
    ) -> list[Any | None]:
        """The records' values; None for those that are answered already."""
        parsed: list[Any | None] = []
        for place, item in enumerate(items):
            if place in refused or self._again(item, done.get(item.id)) is not None:
                parsed.append(None)
                continue
            try:
                parsed.append(self._load(item))
            except Invalid as error:
                raise Rejected(place, error) from error
        return parsed

    # -- a record by itself ----------------------------------------------------------------------------------------

    def _single(self, item: Item) -> Said:
        try:
            answer: Said = self._app.with_retries(lambda conn: self._record(conn, item), self._request.deadline)
            return answer
        except OutcomeUnknown:
            raise
        except Unavailable as error:  # records before this one may be in
            raise OutcomeUnknown(error.code, **error.params) from error
        except Exception as error:
            log.exception("batch record failed", batch=self._batch.name)
            failed = (
                error if isinstance(error, VigenciaError) else VigenciaError("internal", error=type(error).__name__)
            )
            return {"status": "failed", "error": self._app.word(failed).to_wire()}

    def _record(self, conn: Connection, item: Item) -> Said:
        stored, *_ = self._app.store.open(conn, item.id, "")
        if (again := self._again(item, stored)) is not None:
            return again
        try:
            with conn.begin_nested():
                unit = Unit(conn, self._app.store)
                answer = self._run(unit, self._load(item), replace(self._context, command_id=item.id))
                if stored is None:
                    unit.remember(self._row(item, answer))
                unit.finish()
            return answer
        except REJECTS as error:
            return self._rejected(error)

    # -- both ------------------------------------------------------------------------------------------------------

    def _load(self, item: Item) -> Any:
        return load(self._batch.schema, item.values, at=self._context.now) if self._batch.schema else item.values

    def _run(self, unit: Unit, values: Any, context: Context) -> Said:
        run = Execute(unit.rows, lambda command: self._app.decide(unit, command, context))
        return dict(self._batch.fn(values, run, context))

    def _row(self, item: Item, answer: Said) -> StoredCommand:
        return StoredCommand(item.id, item.fingerprint, msgspec.json.encode(answer).decode(), self._app.clock())

    def _again(self, item: Item, stored: tuple[str, str] | None) -> Said | None:
        """The first answer, for the same record again."""
        if stored is None or stored[0] != item.fingerprint:
            return None
        first: Said = msgspec.json.decode(stored[1])
        return {**first, "status": AGAIN.get(first.get("status", ""), first.get("status"))}

    def _rejected(self, error: VigenciaError) -> Said:
        return {"status": "rejected", "error": self._app.word(error).to_wire()}
