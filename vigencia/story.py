"""``vigencia story``: the main job on real records, and a reconciliation that fails loudly on any difference.

What the files say is computed from their text alone (``expected.py``); what the system says is asked over its HTTP
interface. Contracts, one month's billing; receivables with payments; requests with their history.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from vigencia import expected, importing, operations, system, tables
from vigencia.client import API, Client
from vigencia.console import Voice
from vigencia.exits import Exit, Failure
from vigencia.imports import mapping as mappings
from vigencia.imports import rejected
from vigencia.imports.ids import imported_id
from vigencia.words import say

OWN = Path(__file__).parent / "tests" / "data"
FILES = {"telco": "telco_contracts.csv", "ibm-ar": "accounts_receivable.csv", "incident-log": "incident_log.csv"}
MODES = ("embedded", "full")


@dataclass(frozen=True)
class Line:
    """One line of the reconciliation."""

    what: str
    file: Any
    system: Any

    @property
    def agrees(self) -> bool:
        return bool(self.file == self.system)


@dataclass
class Reconciliation:
    lines: list[Line] = field(default_factory=list)

    def compare(self, what: str, file: Any, found: Any) -> None:
        self.lines.append(Line(what, file, found))

    @property
    def agrees(self) -> bool:
        return all(line.agrees for line in self.lines)


@dataclass(frozen=True)
class Year:
    """A year is to be simulated: by which ``seed``, and of how many customers (default: all)."""

    seed: int = 1
    customers: int | None = None


def tell(voice: Voice, *, data: Path, mode: str, store: Path | None, url: str | None, year: Year | None = None) -> Exit:
    """The story (or a year of it) in each mode; ``Exit.SOME_REJECTED`` when anything differs."""
    if mode not in (*MODES, "both"):
        raise Failure(Exit.USAGE, f"--mode: {', '.join(MODES)}, both")
    files = paths(data, voice)
    fine = True
    for each in MODES if mode == "both" and url is None else (mode,):
        started = time.monotonic()
        with _system(voice, each, store, url) as client:
            found = _year(client, files, voice, year) if year else reconcile(client, files, voice)
        seconds = time.monotonic() - started
        voice.out.print(tables.reconciliation(found.lines, voice.lang))
        told = "story.agrees" if found.agrees else "story.differs"
        differing = sum(not line.agrees for line in found.lines)
        text = say(
            told, voice.lang, mode=url or each, lines=len(found.lines), differing=differing, seconds=round(seconds)
        )
        voice.out.print(text, markup=False, style="bold green" if found.agrees else "bold red")
        fine = fine and found.agrees
    return Exit.FINE if fine else Exit.SOME_REJECTED


def paths(data: Path, voice: Voice) -> dict[str, Path]:
    """The three files: the real ones where they are, else small ones of our own."""
    real = {name: data / file for name, file in FILES.items()}
    if all(path.is_file() for path in real.values()):
        voice.note("story.files", path=data)
        return real
    voice.note("story.own-files", path=OWN)
    return {name: OWN / f"{name}.csv" for name in FILES}


@contextmanager
def _system(voice: Voice, mode: str, store: Path | None, url: str | None) -> Iterator[Client]:
    if url is not None:
        with system.connected(voice, store=store, url=url) as client:
            yield client
        return
    with tempfile.TemporaryDirectory(prefix="vigencia-story-") as folder:
        Path(folder).chmod(0o755)  # the servers may run as another user, who must get there
        place = store / mode if store is not None else Path(folder)
        with system.started(place, voice, mode=mode) as running, system.client(running.url, place, voice) as client:
            yield client


def _year(client: Client, files: dict[str, Path], voice: Voice, wanted: Year) -> Reconciliation:
    from vigencia import year  # it compares with what stands here

    today = datetime.now(UTC).date()
    return year.reconcile(client, files["telco"], today, voice, seed=wanted.seed, customers=wanted.customers)


def reconcile(client: Client, files: dict[str, Path], voice: Voice) -> Reconciliation:
    found = Reconciliation()
    month = datetime.now(UTC).strftime("%Y-%m")
    _contracts(client, files["telco"], month, voice, found)
    _receivables(client, files["ibm-ar"], voice, found)
    _requests(client, files["incident-log"], voice, found)
    return found


# -- contracts and a month's money -----------------------------------------------------------------------------------


def _contracts(client: Client, path: Path, month: str, voice: Voice, found: Reconciliation) -> None:
    said = expected.contracts(path)
    outcome = _import(client, "telco", path, voice)
    found.compare("telco: contracts taken in", said.count, outcome.imported + outcome.unchanged)
    found.compare("telco: rows rejected", 0, outcome.rejected)
    numbers = {reference: imported_id("contract", "telco", reference) for reference in expected.references(path)}
    active = _ids(client, "contracts", "contract_id", status="active")
    found.compare("telco: contracts active", said.count, sum(id_ in active for id_ in numbers.values()))
    run = operations.bill(client, month, voice)
    found.compare(f"telco: receivables issued for {month}", said.count, run["issued"])
    found.compare("telco: total issued (run)", said.monthly, Decimal(run["total"]))
    found.compare("telco: contracts that failed", 0, run["failed"])
    ours = set(numbers.values())
    issued = [row for row in _items(client, "receivables", month=month) if row["contract_id"] in ours]
    found.compare("telco: total issued (receivables)", said.monthly, _sum(row["gross"] for row in issued))
    found.compare("telco: receivables listed", said.count, len(issued))
    again = operations.bill(client, month, voice)
    found.compare("telco: issued by a second run", 0, again["issued"])
    twice = _import(client, "telco", path, voice)
    found.compare("telco: imported again, changed", 0, twice.imported)


# -- receivables as history ------------------------------------------------------------------------------------------


def _receivables(client: Client, path: Path, voice: Voice, found: Reconciliation) -> None:
    said = expected.receivables(path)
    outcome = _import(client, "ibm-ar", path, voice)
    found.compare("ibm-ar: receivables taken in", said.count, outcome.imported + outcome.unchanged)
    rows = [row for row in _items(client, "receivables", imported=True) if row["external_ref"] in said.references]
    found.compare("ibm-ar: receivables listed", said.count, len(rows))
    found.compare("ibm-ar: customers", said.customers, len({row["customer_id"] for row in rows}))
    found.compare("ibm-ar: total", said.total, _sum(row["net"] for row in rows))
    found.compare("ibm-ar: disputed", said.disputed, sum(bool(row["disputed"]) for row in rows))
    late = {row["external_ref"]: row["days_late"] for row in rows if row["days_late"]}
    found.compare("ibm-ar: paid late", len(said.days_late), len(late))
    found.compare("ibm-ar: days late, invoice by invoice", "all", _agreement(said.days_late, late))
    for day, amount in said.open_on.items():
        answer = client.get(f"{API}/reports/balance", on=day.isoformat())
        found.compare(f"ibm-ar: open on {day.isoformat()}", amount, Decimal(answer["open"]))
    contracts = {row["contract_id"] for row in rows}
    suspended = _ids(client, "contracts", "contract_id", status="suspended")
    found.compare("ibm-ar: contracts suspended", 0, len(contracts & suspended))
    found.compare("ibm-ar: reminders sent", 0, sum(int(row["reminders"] or 0) for row in rows))
    twice = _import(client, "ibm-ar", path, voice)
    found.compare("ibm-ar: imported again, changed", 0, twice.imported)


# -- requests as history ---------------------------------------------------------------------------------------------


def _requests(client: Client, path: Path, voice: Voice, found: Reconciliation) -> None:
    said = expected.requests(path)
    outcome = _import(client, "incident-log", path, voice)
    contract = imported_id("contract", "incident-log", "incident-log")
    told = client.get(f"{API}/requests/statistics", contract_id=contract)
    found.compare("incident-log: requests taken in", said.count, outcome.imported + outcome.unchanged)
    found.compare("incident-log: requests known", said.count, told["requests"])
    found.compare("incident-log: reopened", said.reopened, told["reopened"])
    found.compare("incident-log: waited", said.waited, told["waited"])
    found.compare("incident-log: resolved", said.resolved, told["resolved"])
    found.compare("incident-log: closed", said.closed, told["by_status"].get("closed", 0))
    asked = client.get(f"{API}/evaluations", contract_id=contract)["items"]
    found.compare("incident-log: evaluations asked", 0, len(asked))
    twice = _import(client, "incident-log", path, voice)
    found.compare("incident-log: imported again, changed", 0, twice.imported)


# -- asking ----------------------------------------------------------------------------------------------------------


def _import(client: Client, name: str, path: Path, voice: Voice) -> importing.Outcome:
    mapping = mappings.load(name)
    table = importing.read(path, mapping, encoding=None, separator=None, voice=voice)
    params = mapping.with_params({})
    errors = Path(tempfile.gettempdir())
    return importing.import_table(
        table, mapping, params, client, voice, errors_at=lambda: rejected.place(errors / path.name)
    )


def _items(client: Client, name: str, **params: Any) -> Iterator[dict[str, Any]]:
    return client.pages(f"{API}/{name}", **params)


def _ids(client: Client, name: str, field_: str, **params: Any) -> set[str]:
    return {row[field_] for row in _items(client, name, **params)}


def _sum(amounts: Iterator[str]) -> Decimal:
    return sum((Decimal(amount) for amount in amounts), Decimal("0.00"))


def _agreement(file: dict[str, int], found: dict[str, int]) -> str:
    differing = [number for number in {*file, *found} if file.get(number, 0) != found.get(number, 0)]
    if not differing:
        return "all"
    shown = ", ".join(f"{n}: {file.get(n, 0)}≠{found.get(n, 0)}" for n in sorted(differing)[:5])
    return f"{len(differing)} differ ({shown})"
