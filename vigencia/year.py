"""``vigencia story --year``: the telco customers through a year, and every month reconciled.

Each customer's monthly charge runs for thirteen months: some prices change by an addendum, some by the index, some contracts
are suspended for ten days, some end in the middle of a month, and a part of the receivables is paid, in time or
late. What must come of it is computed here, from the file and the choices alone, and compared with what the system says.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from vigencia.client import API, Client
from vigencia.console import Voice
from vigencia.imports.ids import imported_id
from vigencia.story import Reconciliation

CENT = Decimal("0.01")
MONTHS = 13
DUE_DAYS = 10
RAISED = Decimal("99.90")  # what an addendum sets the price to
INDEX_MONTHLY = Decimal("0.40")  # per cent, each of the twelve months
AT_ONCE = 100
STOP, GO, LEAVE = 11, 21, 15  # first day without services, first day with them again, last day in force
MONTHLY = "monthly"


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


@dataclass
class Life:
    """One customer's year. Months count from 0; ``None``: it does not happen."""

    reference: str
    amount: Decimal
    place: int
    owed: dict[int, Decimal] = field(default_factory=dict)  # month → what stays owed of it
    credited: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)

    @property
    def contract_id(self) -> str:
        return imported_id("contract", "year", self.reference)

    def _turn(self, every: int, offset: int) -> int | None:
        """Of every so many customers one, spread over the months."""
        return self.place // every % MONTHS if self.place % every == offset else None

    @property
    def raised(self) -> int | None:
        return self._turn(7, 1)

    @property
    def adjusted(self) -> bool:
        return self.place % 7 == 2

    @property
    def suspended(self) -> int | None:
        return self._turn(11, 3) if self.raised is None and not self.adjusted else None

    @property
    def ended(self) -> int | None:
        return self._turn(13, 4) if self.raised is None and not self.adjusted and self.suspended is None else None

    @property
    def pays(self) -> bool:
        return self.place % 20 == 0

    def delay(self, month: int) -> int:
        """Days from the due day to the payment."""
        return (self.place * 7 + month * 5) % 23

    def price(self, month: int) -> Decimal:
        if self.raised is not None and month >= self.raised:
            return RAISED
        if self.adjusted and month == MONTHS - 1:
            factor = (1 + INDEX_MONTHLY / 100) ** 12
            percent = ((factor - 1) * 100).quantize(Decimal("0.0001"), ROUND_HALF_UP)
            return cents(self.amount * (1 + percent / 100))
        return self.amount

    def live(self, month: int, days: int) -> None:
        """What a month of so many days comes to: charged whole in advance, given back for days without services."""
        if self.ended is not None and month > self.ended:
            return
        price = self.price(month)
        if self.ended == month:
            kept = cents(price * LEAVE / days)
        elif self.suspended == month:
            before = cents(price * (STOP - 1) / days)
            kept = before + cents(price * (days - GO + 1) / days)
            self.credited += price - before
            self.owed[month] = kept
            return
        else:
            kept = price
        self.owed[month] = kept
        self.credited += price - kept


def lives(path: Path) -> list[Life]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        return [Life(row["ClienteID"], Decimal(row["Cargos mensuales"]), place) for place, row in enumerate(rows)]


def months_until(today: date) -> list[date]:
    """The first days of the thirteen months before this one, so that nothing lies in the future."""
    found = [today.replace(day=1)]
    while len(found) <= MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return list(reversed(found[1:]))


def reconcile(client: Client, path: Path, today: date, voice: Voice) -> Reconciliation:
    customers, months, found = lives(path), months_until(today), Reconciliation()
    client.ensure_provider(voice)
    found.compare("year: contracts taken in", len(customers), _take_in(client, customers, months[0]))
    client.settle(voice)
    _publish(client, months)
    for number, first in enumerate(months):
        _live_a_month(client, customers, number, first, voice, found)
    client.settle(voice)
    _compare(client, customers, months, found)
    return found


def _live_a_month(
    client: Client, customers: Sequence[Life], number: int, first: date, voice: Voice, found: Reconciliation
) -> None:
    days = ((first + timedelta(days=31)).replace(day=1) - first).days
    for each in customers:
        each.live(number, days)
    _change_prices(client, customers, number, first)
    client.settle(voice)
    running = [each for each in customers if each.ended is None or each.ended >= number]
    issued = _bill(client, f"{first:%Y-%m}", first)
    found.compare(f"year: {first:%Y-%m} issued", len(running), issued["issued"])
    whole = sum((each.price(number) for each in running), Decimal("0.00"))
    found.compare(f"year: {first:%Y-%m} total", whole, issued["total"])
    found.compare(f"year: {first:%Y-%m} failed", 0, issued["failed"])
    stopped = [each for each in customers if each.suspended == number]
    for each in stopped:
        at = f"{API}/contracts/{each.contract_id}"
        client.post(f"{at}/suspend", {"reason": "agreement", "on": str(first.replace(day=STOP))})
        client.post(f"{at}/resume", {"on": str(first.replace(day=GO))})
    for each in customers:
        if each.ended == number:
            end = {"reason": "year", "on": str(first.replace(day=LEAVE)), "by": "both", "right": "agreement"}
            client.post(f"{API}/contracts/{each.contract_id}/terminate", end)
    client.settle(voice)
    if stopped:
        again = _bill(client, f"{first:%Y-%m}", first)
        found.compare(f"year: {first:%Y-%m} issued after resumptions", len(stopped), again["issued"])
        client.settle(voice)
    _pay(client, customers, number, first)


# -- what is done ------------------------------------------------------------------------------------------------------


def _take_in(client: Client, customers: Sequence[Life], starts_on: date) -> int:
    taken = 0
    service = {"service_type_id": imported_id("servicetype", "year", "tel"), "code": "ANO-TEL", "name": "Telefonia"}
    for some in _portions(customers):
        records = [
            {
                "id": imported_id("import-contract", "year", each.reference),
                "customer": {
                    "customer_id": imported_id("customer", "year", each.reference),
                    "external_ref": f"year-{each.reference}",
                    "kind": "person",
                    "name": f"Cliente {each.reference}",
                },
                "contract": {
                    "contract_id": each.contract_id,
                    "external_ref": f"year-{each.reference}",
                    "starts_on": str(starts_on),
                    "billing": {"due_days": DUE_DAYS, "business_day_rule": "none"},
                    "dunning": [],
                    "default": {"days": None, "suspend": False},
                    "adjustment": {"index": "ipca", "lag_months": 1},
                    "services": [service],
                    "lines": [
                        {"line_id": MONTHLY, "clause": "1", "description": "Mensalidade", "amount": str(each.amount)}
                    ],
                },
                "status": "active",
            }
            for each in some
        ]
        answers = client.import_records("contracts", records)
        taken += sum(answer["status"] in ("imported", "unchanged") for answer in answers)
    return taken


def _publish(client: Client, months: Sequence[date]) -> None:
    """The index of every month that an adjustment looks at."""
    earlier = [(months[0] - timedelta(days=28 * back)).replace(day=1) for back in (1, 2)]
    values = [{"month": str(month), "percent": str(INDEX_MONTHLY)} for month in sorted({*earlier, *months})]
    client.post(f"{API}/indices/ipca/values", {"values": values, "source": "simulation"})


def _change_prices(client: Client, customers: Sequence[Life], number: int, first: date) -> None:
    raised = [each.contract_id for each in customers if each.raised == number]
    changes = {"lines": [{"line_id": MONTHLY, "amount": str(RAISED)}]}
    for ids in _portions(raised):
        asked = {"contract_ids": ids, "effective_on": str(first), "changes": changes, "reason": "Novo plano"}
        client.post(f"{API}/contracts/amendments", asked)
    if number == MONTHS - 1:
        for some in _portions([each for each in customers if each.adjusted]):
            wanted = [{"contract_id": e.contract_id, "effective_on": str(first), "index": "ipca"} for e in some]
            client.post(f"{API}/contracts/adjustments", {"adjustments": wanted})


def _bill(client: Client, month: str, on: date) -> dict[str, Any]:
    run: dict[str, Any] = {"issued": 0, "failed": 0, "total": Decimal("0.00")}
    after: str | None = None
    while True:
        asked = {"month": month, "on": str(on), "limit": 2 * AT_ONCE, **({"after": after} if after else {})}
        answer = client.post(f"{API}/billing-runs", asked)
        run["issued"] += answer["issued"]
        run["failed"] += answer["failed"]
        run["total"] += Decimal(answer["total"])
        after = answer.get("next")
        if after is None:
            return run


def _pay(client: Client, customers: Sequence[Life], number: int, first: date) -> None:
    for each in customers:
        if each.pays and number in each.owed:
            on = first + timedelta(days=DUE_DAYS + each.delay(number))
            amount = each.owed[number]
            paid = {"contract_id": each.contract_id, "amount": str(amount), "on": str(on), "method": "pix"}
            client.post(f"{API}/payments", paid, key=imported_id("payment", "year", f"{each.reference}/{number}"))
            each.paid += amount


# -- what came of it ---------------------------------------------------------------------------------------------------


def _compare(client: Client, customers: Sequence[Life], months: Sequence[date], found: Reconciliation) -> None:
    by_contract: dict[str, list[dict[str, Any]]] = {}
    for row in client.pages(f"{API}/receivables"):
        by_contract.setdefault(row["contract_id"], []).append(row)
    differing = [each.reference for each in customers if not _agrees(each, by_contract.get(each.contract_id, []))]
    found.compare("year: contracts whose charges, credits and payments differ", [], differing[:5])
    late = {
        (each.reference, number): each.delay(number)
        for each in customers
        if each.pays
        for number in each.owed
        if each.delay(number) > 0 and each.suspended != number
    }
    told = {}
    for each in customers:
        for row in by_contract.get(each.contract_id, []):
            number = months.index(date.fromisoformat(f"{row['month']}-01"))
            if row["days_late"] and each.suspended != number and each.pays:
                told[each.reference, number] = row["days_late"]
    found.compare("year: who paid late and by how many days", "all", "all" if late == told else "differs")
    owed = sum((sum(each.owed.values()) - each.paid for each in customers), Decimal("0.00"))
    everything = (Decimal(row["balance"]) for rows in by_contract.values() for row in rows)
    found.compare("year: what is open", owed, sum(everything, Decimal("0.00")))


def _agrees(each: Life, rows: Sequence[dict[str, Any]]) -> bool:
    gross = sum((Decimal(row["gross"]) for row in rows), Decimal("0.00"))
    open_ = sum((Decimal(row["balance"]) for row in rows), Decimal("0.00"))
    paid = sum((Decimal(row["paid"] or 0) for row in rows), Decimal("0.00"))
    owed = sum(each.owed.values(), Decimal("0.00"))
    return (gross - each.credited, paid, open_) == (owed, each.paid, owed - each.paid)


def _portions(items: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), AT_ONCE):
        yield list(items[start : start + AT_ONCE])


__all__ = ["lives", "months_until", "reconcile"]
