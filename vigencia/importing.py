"""``vigencia import``: a file's records go to the running system in portions; what is rejected goes to the error file.

Every record carries a command id made of what it is, so that a portion may be sent again after a fault and a whole
file may be imported again: nothing doubles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from services.errors import Invalid, from_wire
from vigencia.console import Voice
from vigencia.exits import Exit
from vigencia.imports import rejected
from vigencia.imports.ids import imported_id
from vigencia.imports.mapping import Mapping
from vigencia.imports.reading import Row, Table, read_table
from vigencia.imports.records import Converted, Record, convert, jsonable
from vigencia.imports.words import Problem
from vigencia.words import say, tell

PORTION = 100
AT_ONCE = 2


class System(Protocol):
    """What an import needs of the running system."""

    def import_records(self, kind: str, records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Answers in the same order: ``{"status": "imported"|"unchanged"|"rejected"|"failed", "error"?: wire}``."""

    def ensure_provider(self, voice: Voice) -> None:
        """See to it that there is a company for the contracts to be with."""

    def settle(self, voice: Voice) -> None:
        """Wait until every service has taken in what happened so far."""


@dataclass
class Outcome:
    """What became of a file. ``read = imported + unchanged + rejected``."""

    read: int = 0
    imported: int = 0
    unchanged: int = 0
    refused: list[tuple[Row, Problem]] = field(default_factory=list)
    rejected: int = 0
    errors_at: Path | None = None

    def counts(self) -> dict[str, int]:
        return {
            "read": self.read,
            "imported": self.imported,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
        }

    def exit(self) -> Exit:
        return Exit.SOME_REJECTED if self.rejected else Exit.FINE


def read(path: Path, mapping: Mapping, *, encoding: str | None, separator: str | None, voice: Voice) -> Table:
    """The file's table, with a remark on how it was understood."""
    voice.note("reading", path=path)
    table = read_table(path, mapping.columns, encoding=encoding, separator=separator)
    shown = {"\t": "tab"}.get(table.separator, table.separator)
    told = say("separator", voice.lang, separator=shown) if shown else ""
    voice.note("read-as", rows=len(table.rows), encoding=table.encoding, separator=told)
    return table


def check_kind(mapping: Mapping, kind: str) -> None:
    if mapping.kind != kind:
        raise Invalid("import.mapping-kind", mapping=mapping.name, kind=mapping.kind, asked=kind)


def import_table(
    table: Table,
    mapping: Mapping,
    params: dict[str, Any],
    system: System,
    voice: Voice,
    *,
    errors_at: Callable[[], Path],
) -> Outcome:
    """Convert, send, count, and write the error file when there is something for it."""
    converted = convert(table, mapping, params)
    outcome = Outcome(read=converted.read, unchanged=converted.doubled, rejected=len(converted.rejections))
    outcome.refused += [pair for rejection in converted.rejections for pair in rejection.rows]
    if mapping.kind == "contracts" or converted.contracts:
        system.ensure_provider(voice)
    refusals = _import_contracts(converted, mapping, system, voice)
    _import_records(converted, mapping, refusals, system, voice, outcome)
    if outcome.refused:
        decimal = {column.name: column.decimal for column in mapping.columns.values() if column.type == "money"}
        outcome.errors_at = errors_at()
        rejected.write(outcome.errors_at, rejected.render(table, outcome.refused, voice.lang, decimal))
    return outcome


def _import_contracts(converted: Converted, mapping: Mapping, system: System, voice: Voice) -> dict[str, str]:
    """Import the contracts that the records need, wait until all services know them; who was refused, and why."""
    references = list(converted.contracts)
    sent = [_with_id("contract", mapping, ref, converted.contracts[ref]) for ref in references]
    refusals: dict[str, str] = {}
    title = say("contracts-first", voice.lang)
    for reference, answer in zip(references, _send(system, "contracts", sent, voice, title), strict=True):
        if (why := _why_not(answer, voice.lang)) is not None:
            refusals[reference] = why
    if references:
        system.settle(voice)
    return refusals


def _import_records(
    converted: Converted,
    mapping: Mapping,
    refusals: dict[str, str],
    system: System,
    voice: Voice,
    outcome: Outcome,
) -> None:
    able: list[Record] = []
    for record in converted.records:
        why = refusals.get(record.contract_reference or "")
        if why is None:
            able.append(record)
        else:
            told = {"reference": record.contract_reference, "message": why}
            _reject(outcome, record, "contract-refused", told)
    kind = mapping.kind.removesuffix("s")
    sent = [_with_id(kind, mapping, record.reference, record.data) for record in able]
    answers = _send(system, mapping.kind, sent, voice, say(mapping.kind, voice.lang))
    for record, answer in zip(able, answers, strict=True):
        why = _why_not(answer, voice.lang)
        if why is not None:
            _reject(outcome, record, "refused", {"message": why})
        elif answer["status"] == "unchanged":
            outcome.unchanged += 1
        else:
            outcome.imported += 1
    if able:
        system.settle(voice)


def _send(
    system: System, kind: str, records: list[dict[str, Any]], voice: Voice, title: str
) -> Iterator[dict[str, Any]]:
    """Send in portions, some at once; the answers come in the records' order."""
    portions = [records[start : start + PORTION] for start in range(0, len(records), PORTION)]
    with voice.progress(title, len(records)) as progress, ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            asked = pool.map(lambda portion: system.import_records(kind, portion), portions)
            for portion, answers in zip(portions, asked, strict=True):
                progress.advance(len(portion))
                yield from answers
        except BaseException:
            pool.shutdown(cancel_futures=True)  # a system that is lost is not waited for once a portion
            raise


def _with_id(kind: str, mapping: Mapping, reference: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"id": imported_id(f"import-{kind}", mapping.name, reference), **jsonable(data)}


def _why_not(answer: dict[str, Any], lang: str) -> str | None:
    """Why the system did not take a record; None when it did."""
    if answer.get("status") not in ("rejected", "failed"):
        return None
    return tell(from_wire(answer.get("error") or {"code": answer["status"]}), lang)


def _reject(outcome: Outcome, record: Record, code: str, params: dict[str, Any]) -> None:
    outcome.rejected += 1
    outcome.refused += [(row, Problem(code, row.number, None, params)) for row in record.rows]
