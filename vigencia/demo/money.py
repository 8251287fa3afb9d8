"""Eighteen months billed and paid: most in time, some late with fine and interest, some not at all, as ``contracts.toml`` says.

Whether a receivable is paid follows from what it says itself (its net, its due day), never from what was paid before: so the
commands are the same when they are given again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zlib import crc32

from vigencia.demo import contracts
from vigencia.demo.contracts import Row
from vigencia.demo.steps import ATTENDANT, FINANCE, SETTLE, STAFF, Ask, Settle, Step, demo_id, local, month_first

MONTHS = 18
LATE_DAYS = 12
WRITTEN_OFF_MONTH = 9
OPEN_FROM = {
    "stops_1": 1, "stops_2": 2, "stops_3": 3, "renegotiates": 3, "disputes": 1, "partial": 1,
    "late_95": 4, "late_40": 2, "late_5": 1,
}  # fmt: skip
"""How many months ago the first one that was not paid in time lies: one alone, for those that are so many days late."""
DAYS_LATE = {"late_95": 95, "late_40": 40, "late_5": 5}


def months(today: date, ask: Ask) -> Iterator[Step | Settle]:
    running = contracts.rows()
    for back in range(MONTHS, -1, -1):
        changes = list(contracts.life(today, back))
        if changes:
            yield from changes
            yield SETTLE
        first = month_first(today, -back)
        billed = [row for row in running if contracts.runs_in(row, today, back)]
        yield _bill(f"bill/{back}", billed, first, first)
        issued = _issued(ask, first)
        for row in billed:
            for receivable in issued.get(demo_id(f"contract/{row['key']}"), ()):
                yield from _paid(row, receivable, back, today, ask)
    yield from _troubles(today, ask)
    yield from contracts.lately(today)


def rest(today: date) -> Step:
    """What has come to be owed since: work beyond what is included, what an addendum changed."""
    running = [row for row in contracts.rows() if contracts.runs_in(row, today, 0)]
    return replace(_bill("bill/rest", running, month_first(today, 0), today), at=None)


def _bill(key: str, rows: list[Row], month: date, on: date) -> Step:
    records = [
        {
            "id": demo_id(f"{key}/{row['key']}"), "account_id": demo_id(f"contract/{row['key']}"), "month": f"{month:%Y-%m}",
            "on": on.isoformat(),
        }
        for row in rows
    ]  # fmt: skip
    return Step(key, "billing", "bill", {"records": records}, FINANCE, local(on, 6), batch=True)


def _issued(ask: Ask, first: date) -> dict[str, list[dict[str, Any]]]:
    """The receivables of a month, by account."""
    found: dict[str, list[dict[str, Any]]] = {}
    for receivable in ask("billing", "receivables", {"month": f"{first:%Y-%m}", "limit": 200})["items"]:
        found.setdefault(receivable["account_id"], []).append(receivable)
    return found


def _of_month(ask: Ask, row: Row, first: date) -> list[dict[str, Any]]:
    asked = {"account_id": demo_id(f"contract/{row['key']}"), "month": f"{first:%Y-%m}"}
    return list(ask("billing", "receivables", asked)["items"])


def _paid(row: Row, receivable: dict[str, Any], back: int, today: date, ask: Ask) -> Iterator[Step]:
    habit, due = row.get("pays", "in_time"), date.fromisoformat(receivable["due_on"])
    since = OPEN_FROM.get(habit, -1)
    alone = habit in ("late_95", "late_40", "late_5", "disputes")
    if (back == since if alone else back <= since) or (habit == "writes_off" and back == WRITTEN_OFF_MONTH):
        if habit == "partial":
            half = str(round(Decimal(receivable["net"]) / 2))
            yield from _pay(row, receivable, half, due, today)
        return
    late = habit == "late" and back % 3 == 1
    day = (
        due + timedelta(days=LATE_DAYS)
        if late
        else due - timedelta(days=crc32(receivable["receivable_id"].encode()) % 5)
    )
    if day > today:
        return
    amount = str(receivable["net"])
    if late:
        if receivable["status"] == "settled":  # the demo is filled again after an interruption
            return
        asked = {"receivable_id": receivable["receivable_id"], "as_of": day.isoformat()}
        charges = ask("billing", "receivable", asked)["late"]
        amount = str(sum((Decimal(charges[name]) for name in ("fine", "interest")), Decimal(receivable["net"])))
    yield from _pay(row, receivable, amount, day, today, late)


def _pay(
    row: Row, receivable: dict[str, Any], amount: str, day: date, today: date, late: bool = False
) -> Iterator[Step]:
    if day > today:
        return
    name = f"payment/{row['key']}/{receivable['number']}"
    payload: dict[str, Any] = {
        "account_id": demo_id(f"contract/{row['key']}"), "payment_id": demo_id(name), "amount": amount, "on": day.isoformat(),
        "method": ("pix", "boleto", "transfer")[crc32(name.encode()) % 3],
    }  # fmt: skip
    if not late:  # what it pays off late takes its fine and interest, too
        payload["allocations"] = [{"receivable_id": receivable["receivable_id"], "amount": amount}]
    yield Step(name, "billing", "record_payment", payload, FINANCE, local(day, 11))


def _troubles(today: date, ask: Ask) -> Iterator[Step]:
    """A default with its suspension, a debt in instalments, a dispute, a loss, three late ones; a bank row of nobody."""
    for row in contracts.rows():
        habit, account = row.get("pays", ""), demo_id(f"contract/{row['key']}")
        of = {"account_id": account}
        since = month_first(today, -OPEN_FROM.get(habit, WRITTEN_OFF_MONTH))
        found = _of_month(ask, row, since)
        name = f"{habit}/{row['key']}"
        if habit == "writes_off":
            loss = {
                "receivable_id": found[0]["receivable_id"],
                "reason": "Prescrição combinada.",
                "on": _iso(today, 60),
            }
            yield Step(name, "billing", "write_off_receivable", of | loss, FINANCE, local(today - timedelta(days=60)))
        elif habit == "disputes":
            why = {
                "receivable_id": found[0]["receivable_id"],
                "reason": "Houve uma visita a menos no mês.",
                "on": _iso(today, 1),
            }
            yield Step(name, "billing", "dispute_receivable", of | why, ATTENDANT, local(today - timedelta(days=1)))
        elif habit in DAYS_LATE:
            due = (today - timedelta(days=DAYS_LATE[habit])).isoformat()
            yield from _late(name, of, found[0], due, today)
        elif habit == "renegotiates":
            open_ = [each for back in (3, 2, 1) for each in _of_month(ask, row, month_first(today, -back))]
            agreed = {
                "renegotiation_id": demo_id(name), "receivable_ids": [each["receivable_id"] for each in open_], "count": 3,
                "first_due_on": (today + timedelta(days=10)).isoformat(), "reason": "Acordo em três parcelas.",
                "on": _iso(today, 4),
            }  # fmt: skip
            yield Step(
                name, "billing", "renegotiate_receivables", of | agreed, FINANCE, local(today - timedelta(days=4))
            )
        elif habit == "stops_3":
            yield from _default(row, of, found[0], today)
    yield _bank_row(today)


def _iso(today: date, days_ago: int) -> str:
    return (today - timedelta(days=days_ago)).isoformat()


def _late(name: str, of: Row, receivable: dict[str, Any], due: str, today: date) -> Iterator[Step]:
    """The due day was moved by agreement, so that it is late by so many days whatever day it is."""
    day = date.fromisoformat(receivable["issued_on"])
    moved = {"receivable_id": receivable["receivable_id"], "due_on": due, "reason": "Combinado por telefone."}
    yield Step(
        name, "billing", "change_receivable_due_day", of | moved | {"on": day.isoformat()}, FINANCE, local(day, 12)
    )


def _default(row: Row, of: Row, receivable: dict[str, Any], today: date) -> Iterator[Step]:
    """What follows of itself when days pass, told at its own days: overdue, default, notice, suspension."""
    due = date.fromisoformat(receivable["due_on"])
    key, contract = row["key"], {"contract_id": of["account_id"]}
    overdue, default = due + timedelta(days=4), due + timedelta(days=31)
    owed = {"receivable_id": receivable["receivable_id"], "on": overdue.isoformat()}
    yield Step(f"overdue/{key}", "billing", "mark_overdue", of | owed, "system", local(overdue), historical=True)
    yield Step(
        f"default/{key}",
        "billing",
        "check_default",
        of | {"on": default.isoformat()},
        "system",
        local(default),
        historical=True,
    )
    notice = {"reason": "default", "on": default.isoformat()}
    yield Step(f"notice/{key}", "contracts", "notify_suspension", contract | notice, STAFF, local(default))
    stop = default + timedelta(days=6)
    ends = {"reason": "default", "on": stop.isoformat()}
    yield Step(f"stop/{key}", "contracts", "suspend_contract", contract | ends, STAFF, local(stop))


def _bank_row(today: date) -> Step:
    record = {
        "id": demo_id("bank/row/record"), "row_id": demo_id("bank/row"), "bank_account": "341/0057/12345-7",
        "on": _iso(today, 1), "amount": "417.35", "method": "transfer", "description": "TED RECEBIDA",
        "payer_name": "J M SERVICOS",
    }  # fmt: skip
    return Step(
        "bank/row",
        "billing",
        "import_bank_rows",
        {"records": [record]},
        FINANCE,
        local(today - timedelta(days=1)),
        batch=True,
    )
