"""``vigencia import``: a file's records go to the running system in portions; what is rejected goes to the error file.

Every record carries a command id made of what it is, so that a portion may be sent again after a fault and a whole
file may be imported again: nothing doubles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from services.errors import Invalid, VigenciaError, from_wire
from vigencia import reconciling
from vigencia.console import Voice
from vigencia.exits import Exit
from vigencia.imports import rejected
from vigencia.imports.ids import imported_id
from vigencia.imports.mapping import Mapping
from vigencia.imports.naming import place_of
from vigencia.imports.reading import Row, Table, read_table
from vigencia.imports.records import Converted, Record, convert, jsonable
from vigencia.imports.words import Problem
from vigencia.reconciling import Reconciliation
from vigencia.words import say, tell

NAMED = ("open-receivables", "opening-credits")
"""Kinds whose records name their contract by its number or reference."""

PORTION = 100
AT_ONCE = 2


class System(reconciling.Asked, Protocol):
    """What an import needs of the running system."""

    def import_records(self, kind: str, records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Answers in the same order: ``{"status": "imported"|"unchanged"|"rejected"|"failed", "error"?: wire}``."""

    def ensure_provider(self, voice: Voice, wanted: str | None = None) -> str:
        """See to it that there is a company for the contracts to be with; its id, or empty where there is only one."""

    def contracts_named(self, references: Iterable[str], wanted: str | None = None) -> dict[str, list[str]]:
        """The ids of the contracts that each reference names, with one provider company or any."""

    def services_coded(self, codes: Iterable[str]) -> dict[str, str]:
        """The catalogue's id of each code that it has."""

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
    reconciliation: Reconciliation | None = None

    def counts(self) -> dict[str, Any]:
        more = {} if self.reconciliation is None else {"reconciliation": self.reconciliation.shown()}
        return {
            "read": self.read,
            "imported": self.imported,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            **more,
        }

    def exit(self) -> Exit:
        agrees = self.reconciliation is None or self.reconciliation.agrees
        return Exit.FINE if agrees and not self.rejected else Exit.SOME_REJECTED


def read(path: Path, mapping: Mapping, *, encoding: str | None, separator: str | None, voice: Voice) -> Table:
    """The file's table, with a remark on how it was understood."""
    voice.note("reading", path=path)
    table = read_table(path, mapping.headings(), encoding=encoding, separator=separator)
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
    provider: str | None = None,
    reconciled: bool = False,
) -> Outcome:
    """Convert, send, count, and write the error file when there is something for it; then set the file beside what the
    system answers."""
    converted = convert(table, mapping, params)
    outcome = Outcome(read=converted.read, unchanged=converted.doubled, rejected=len(converted.rejections))
    outcome.refused += [pair for rejection in converted.rejections for pair in rejection.rows]
    if mapping.kind == "contracts" or converted.contracts:
        provider_id = system.ensure_provider(voice, provider)
        _with_provider(converted, mapping, provider_id)
    _with_services(converted, mapping, system)
    refusals = _import_contracts(converted, mapping, system, voice)
    ids = _ids(converted, mapping, system, provider)
    _import_records(converted, mapping, refusals, system, voice, outcome, ids, params)
    if outcome.refused:
        decimal = {column.name: column.decimal for column in mapping.columns.values() if column.type == "money"}
        outcome.errors_at = errors_at()
        rejected.write(outcome.errors_at, rejected.render(table, outcome.refused, voice.lang, decimal))
    if reconciled and mapping.kind in reconciling.KINDS:
        known = {reference: found[0] for reference, found in ids.items() if len(found) == 1}
        outcome.reconciliation = reconciling.reconcile(system, mapping.kind, converted, known)
    return outcome


def _with_provider(converted: Converted, mapping: Mapping, provider_id: str) -> None:
    """The company of all contracts whose record does not say it."""
    records = [record.data for record in converted.records] if mapping.kind == "contracts" else []
    for data in [*records, *converted.contracts.values()]:
        if provider_id:
            data.setdefault("provider_id", provider_id)


def _with_services(converted: Converted, mapping: Mapping, system: System) -> None:
    """Services that the catalogue knows by their code are those of the catalogue."""
    contracts = [record.data["contract"] for record in converted.records] if mapping.kind == "contracts" else []
    codes = {service["code"] for contract in contracts for service in contract.get("services") or ()}
    known = system.services_coded(codes) if codes else {}
    for contract in contracts:
        ids = {each["service_type_id"]: known.get(each["code"]) for each in contract.get("services") or ()}
        for part in ("services", "lines", "visit_plan"):
            for each in contract.get(part) or ():
                if there := ids.get(each.get("service_type_id")):
                    each["service_type_id"] = there


def _ids(converted: Converted, mapping: Mapping, system: System, provider: str | None) -> dict[str, list[str]]:
    """The contracts that the records name, by their reference; of contracts their own ids."""
    if mapping.kind == "contracts":
        return {record.reference: [record.data["contract"]["contract_id"]] for record in converted.records}
    named = [record.data["contract"] for record in converted.records if "contract" in record.data]
    return system.contracts_named(named, provider) if named else {}


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
    ids: dict[str, list[str]],
    params: dict[str, Any],
) -> None:
    able: list[Record] = []
    for record in converted.records:
        why = refusals.get(record.contract_reference or "")
        named = record.data.get("contract") if mapping.kind in NAMED else None
        if named is not None and len(ids[named]) != 1:
            code = "contract-ambiguous" if ids[named] else "contract-unknown"
            _reject(outcome, record, code, {"value": named, "count": len(ids[named])}, mapping.contract_column)
        elif why is None:
            able.append(record)
        else:
            told = {"reference": record.contract_reference, "message": why}
            _reject(outcome, record, "contract-refused", told)
    kind = mapping.kind.removesuffix("s")
    sent = [_with_id(kind, mapping, record.reference, _of_contract(record.data, mapping, ids)) for record in able]
    answers = _send(system, mapping.kind, sent, voice, say(mapping.kind, voice.lang))
    for record, answer in zip(able, answers, strict=True):
        why = _why_not(answer, voice.lang)
        if why is not None:
            row, column = place_of(mapping, _error(answer), record.values, params)
            _reject(outcome, record, "refused", {"message": why}, column, row)
        elif answer["status"] == "unchanged":
            outcome.unchanged += 1
        else:
            outcome.imported += 1
    if able:
        system.settle(voice)


def _of_contract(data: dict[str, Any], mapping: Mapping, ids: dict[str, list[str]]) -> dict[str, Any]:
    """The record with its contract's id where it names the contract in words."""
    if mapping.kind not in NAMED or "contract" not in data:
        return data
    rest = {name: value for name, value in data.items() if name != "contract"}
    return {**rest, "contract_id": ids[data["contract"]][0]}


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
    return tell(_error(answer), lang)


def _error(answer: dict[str, Any]) -> VigenciaError:
    return from_wire(answer.get("error") or {"code": answer["status"]})


def _reject(
    outcome: Outcome,
    record: Record,
    code: str,
    params: dict[str, Any],
    column: str | None = None,
    only: int | None = None,
) -> None:
    """``only``: the record's row that it is about; the others are held back with it."""
    outcome.rejected += 1
    for at, row in enumerate(record.rows):
        problem = Problem(code, row.number, column, params)
        if only not in (None, at):
            told = {"reference": record.reference, "other_row": record.rows[only or 0].number}
            problem = Problem("held-back", row.number, None, told)
        outcome.refused.append((row, problem))
