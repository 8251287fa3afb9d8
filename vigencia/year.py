"""``vigencia story --year``: the telco customers through thirteen months, and every month reconciled.

Addenda (some recorded after the month was billed), discounts, the index, suspensions, terminations and payments (late, in part,
too much, with late charges) fall on the customers by lot, and may meet. What must come of it is kept in books of its own
(``year_books.py``), and compared with what the system says: each month what is open of each contract, at the end the rest
(``year_reports.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from vigencia import year_reports
from vigencia.client import API, Client
from vigencia.console import Voice
from vigencia.imports.ids import imported_id
from vigencia.story import Reconciliation
from vigencia.year_books import DUE_DAYS, FINE_PERCENT, INTEREST_PERCENT, Books, month_days
from vigencia.year_lives import INDEX_MONTHLY, MONTHS, Life, amount_of, index_price, lives, months_until, payments_in

AT_ONCE = 100
CALLERS = 4
MONTHLY = "monthly"
Lived = tuple[Life, Books]


def reconcile(
    client: Client, path: Path, today: date, voice: Voice, *, seed: int = 1, customers: int | None = None
) -> Reconciliation:
    """``seed``: which lot falls on whom. ``customers``: only so many."""
    months, found = months_until(today), Reconciliation()
    everybody = [(life, life.books(months[0], today)) for life in lives(path, seed, customers)]
    client.ensure_provider(voice)
    found.compare("year: contracts taken in", len(everybody), _take_in(client, everybody, months[0]))
    client.settle(voice)
    _publish(client, months)
    for number in range(MONTHS):
        voice.note("story.month", month=f"{months[number]:%Y-%m}")
        _live_a_month(client, everybody, months, number, voice, found)
    client.settle(voice)
    year_reports.compare(client, everybody, months, found)
    return found


def _live_a_month(
    client: Client, everybody: Sequence[Lived], months: list[date], number: int, voice: Voice, found: Reconciliation
) -> None:
    first = months[number]
    _amend(client, everybody, number, first, backdated=False)
    client.settle(voice)
    _compare_bill(client, everybody, number, first, found, "issued")
    if _amend(client, everybody, number, first, backdated=True) + _suspend(client, everybody, number, first):
        client.settle(voice)
        _compare_bill(client, everybody, number, first, found, "issued after changes")
    _end(client, everybody, number, first)
    client.settle(voice)
    _pay(client, everybody, months, number)
    year_reports.compare_month(client, everybody, first.replace(day=month_days(first)), found)


# -- what is done ------------------------------------------------------------------------------------------------------


def _take_in(client: Client, everybody: Sequence[Lived], starts_on: date) -> int:
    taken = 0
    service = {"service_type_id": imported_id("servicetype", "year", "tel"), "code": "ANO-TEL", "name": "Telefonia"}
    for some in _portions(everybody):
        records = [
            {
                "id": imported_id("import-contract", "year", life.reference),
                "customer": {
                    "customer_id": imported_id("customer", "year", life.reference),
                    "external_ref": f"year-{life.reference}",
                    "kind": "person",
                    "name": f"Cliente {life.reference}",
                },
                "contract": {
                    "contract_id": life.contract_id,
                    "external_ref": f"year-{life.reference}",
                    "starts_on": str(starts_on),
                    "billing": {"due_days": DUE_DAYS, "business_day_rule": "none"},
                    "late": {"fine_percent": str(FINE_PERCENT), "interest_percent_month": str(INTEREST_PERCENT)},
                    "dunning": [],
                    "default": {"days": None, "suspend": False},
                    "adjustment": {"index": "ipca", "lag_months": 1},
                    "services": [service],
                    "lines": [
                        {"line_id": MONTHLY, "clause": "1", "description": "Mensalidade", "amount": str(life.amount)}
                    ],
                },
                "status": "active",
            }
            for life, _ in some
        ]
        answers = client.import_records("contracts", records)
        taken += sum(answer["status"] in ("imported", "unchanged") for answer in answers)
    return taken


def _publish(client: Client, months: Sequence[date]) -> None:
    """The index of every month that an adjustment looks at."""
    earlier = [date(first.year - 1, first.month, 1) for first in months]
    values = [{"month": str(month), "percent": str(INDEX_MONTHLY)} for month in sorted({*earlier, *months})]
    client.post(f"{API}/indices/ipca/values", {"values": values, "source": "simulation"})


def _amend(client: Client, everybody: Sequence[Lived], number: int, first: date, *, backdated: bool) -> int:
    """Discounts, the index and the addenda of a month; how many."""
    changed = 0
    if not backdated:
        changed += _rebate(client, everybody, number, first)
    if not backdated and number == MONTHS - 1:
        adjusted = [(life, books) for life, books in everybody if life.adjusted]
        for some in _portions(adjusted):
            wanted = [
                {"contract_id": life.contract_id, "effective_on": str(first), "index": "ipca"} for life, _ in some
            ]
            client.post(f"{API}/contracts/adjustments", {"adjustments": wanted})
        for _, books in adjusted:
            books.prices.append((first, index_price(books.prices[-1][1])))
        changed += len(adjusted)
    groups: dict[tuple[date, Decimal], list[Lived]] = {}
    for life, books in everybody:
        of = life.addendum
        if of is not None and of.month == number and of.backdated == backdated:
            groups.setdefault((first.replace(day=of.day), of.price), []).append((life, books))
    for (day, price), those in groups.items():
        _amend_all(client, those, day, {"line_id": MONTHLY, "amount": str(price)})
        for _, books in those:
            books.prices.append((day, price))
            books.reprice(day)
    return changed + len(groups)


def _rebate(client: Client, everybody: Sequence[Lived], number: int, first: date) -> int:
    groups: dict[tuple[date, Decimal], list[Lived]] = {}
    for life, books in everybody:
        of = life.rebate
        if of is not None and of.month == number:
            month = first.year * 12 + first.month - 1 + of.months - 1
            last = date(month // 12, month % 12 + 1, of.last_day)
            groups.setdefault((last, of.percent), []).append((life, books))
    for (last, percent), those in groups.items():
        off = {"percent": str(percent), "starts_on": str(first), "ends_on": str(last), "reason": "Campanha"}
        _amend_all(client, those, first, {"line_id": MONTHLY, "discounts": [off]})
        for _, books in those:
            books.discount = (first, last, percent)
    return len(groups)


def _amend_all(client: Client, those: Sequence[Lived], on: date, line: dict[str, Any]) -> None:
    for some in _portions(those):
        ids = [life.contract_id for life, _ in some]
        asked = {"contract_ids": ids, "effective_on": str(on), "changes": {"lines": [line]}, "reason": "Novo plano"}
        client.post(f"{API}/contracts/amendments", asked)


def _suspend(client: Client, everybody: Sequence[Lived], number: int, first: date) -> int:
    def away(life: Life, stop: date, go: date) -> None:
        at = f"{API}/contracts/{life.contract_id}"
        client.post(f"{at}/suspend", {"reason": "agreement", "on": str(stop)})
        client.post(f"{at}/resume", {"on": str(go)})

    calls: list[Callable[[], None]] = []
    for life, books in everybody:
        if life.suspended is not None and life.suspended[0] == number:
            stop, go = (first.replace(day=day) for day in life.suspended[1:])
            calls.append(lambda life=life, stop=stop, go=go: away(life, stop, go))  # type: ignore[misc]
            books.stop(stop)
            books.resume(go)
    _all(calls)
    return len(calls)


def _end(client: Client, everybody: Sequence[Lived], number: int, first: date) -> None:
    calls: list[Callable[[], None]] = []
    for life, books in everybody:
        if life.ended is not None and life.ended[0] == number:
            last = first.replace(day=life.ended[1])
            end = {"reason": "year", "on": str(last), "by": "both", "right": "agreement"}
            calls.append(lambda at=life.contract_id, end=end: client.post(f"{API}/contracts/{at}/terminate", end))  # type: ignore[misc]
            books.end(last)
    _all(calls)


def _pay(client: Client, everybody: Sequence[Lived], months: list[date], number: int) -> None:
    """Each customer's payments in their order; customers beside each other."""
    calls: list[Callable[[], None]] = []
    for life, books in everybody:
        paid = []
        for how, on in payments_in(life, months, number):
            amount = amount_of(books, how, on)
            if amount > 0:
                books.pay(amount, on)
                paid.append((amount, on))
        if paid:
            calls.append(lambda life=life, paid=paid: _pay_one(client, life, number, paid))  # type: ignore[misc]
    _all(calls)


def _pay_one(client: Client, life: Life, number: int, paid: Sequence[tuple[Decimal, date]]) -> None:
    for position, (amount, on) in enumerate(paid):
        body = {"contract_id": life.contract_id, "amount": str(amount), "on": str(on), "method": "pix"}
        key = imported_id("payment", "year", f"{life.reference}/{number}/{position}")
        client.post(f"{API}/payments", body, key=key)


def _compare_bill(
    client: Client, everybody: Sequence[Lived], number: int, first: date, found: Reconciliation, said: str
) -> None:
    """The month is billed here and there."""
    bills = [books.bill(first) for life, books in everybody if life.runs_in(number)]
    issued = _bill(client, f"{first:%Y-%m}", first)
    month = f"year: {first:%Y-%m}"
    found.compare(f"{month} {said}", sum(bill > 0 for bill in bills), issued["issued"])
    found.compare(f"{month} {said}, total", sum(bills, Decimal("0.00")), issued["total"])
    found.compare(f"{month} {said}, failed", 0, issued["failed"])


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


def _all(calls: Sequence[Callable[[], None]]) -> None:
    """Several at once: several processes answer where there are several."""
    with ThreadPoolExecutor(CALLERS) as pool:
        for done in [pool.submit(call) for call in calls]:
            done.result()


def _portions(items: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), AT_ONCE):
        yield list(items[start : start + AT_ONCE])


__all__ = ["reconcile"]
