"""The money, to the cent: from billing's events and from what the journeys must have led to, against every view."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from tests.faults.books import Books
from tests.faults.journeys import BEYOND, BEYOND_PRICE, Journey

ZERO = Decimal(0)


def accounts_agree(books: Books, journeys: list[Journey]) -> None:
    """One account for each activated contract; what it billed and received is what its journey says."""
    activated = Counter(each["contract_id"] for each in books.told("contracts.contract.activated"))
    opened = Counter(each["account_id"] for each in books.told("billing.account.opened"))
    assert opened == activated
    assert set(opened.values()) <= {1}
    assert sorted(opened) == sorted(journey.contract_id for journey in journeys)

    issued = books.told("billing.receivable.issued")
    received = books.told("billing.payment.received")
    assert _sums(issued, "gross") == {journey.contract_id: journey.billed for journey in journeys}
    assert _sums(received, "amount") == {journey.contract_id: journey.paid for journey in journeys}
    assert len(issued) == 3 * len(journeys)
    assert len({each["number"] for each in issued}) == len(issued)
    charges = [line["charge_id"] for each in issued for line in each["lines"]]
    assert len(set(charges)) == len(charges)

    worked = Counter(each["work_id"] for each in books.told("tickets.request.work_recorded"))
    added = books.told("billing.charge.added")
    assert Counter(each["source_ref"] for each in added) == worked
    assert {Decimal(each["amount"]) for each in added} <= {BEYOND * BEYOND_PRICE}

    late = sorted(journey.contract_id for journey in journeys if journey.kind == "late")
    for type_ in (
        "billing.account.in_default", "billing.account.regularised",
        "contracts.contract.suspension_notified", "contracts.contract.suspension_withdrawn",
    ):  # fmt: skip
        assert sorted(each["contract_id"] for each in books.told(type_)) == late, type_


def billing_views_agree(books: Books) -> None:
    """Billing's own tables say what its events say."""
    expected = _receivables(books)
    rows = books.rows("billing", "SELECT receivable_id, gross, net, paid, balance FROM receivables")
    assert {row.pop("receivable_id"): _decimals(row) for row in rows} == expected
    rows = books.rows("billing", "SELECT payment_id, amount, unallocated FROM payments")
    assert {row.pop("payment_id"): _decimals(row) for row in rows} == _payments(books)
    months: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for each in books.told("billing.receivable.issued"):
        months[each["account_id"], each["month"]] += Decimal(each["gross"])
    rows = books.rows("billing", "SELECT contract_id, month, billed FROM contract_months WHERE receivables > 0")
    assert {(row["contract_id"], row["month"]): Decimal(row["billed"]) for row in rows} == months


def gateway_agrees(books: Books) -> None:
    """What the gateway shows is what billing's events say."""
    expected = _receivables(books)
    rows = books.rows("gateway", "SELECT receivable_id, gross, net, paid, balance FROM receivables")
    assert {row.pop("receivable_id"): _decimals(row) for row in rows} == expected
    rows = books.rows("gateway", "SELECT payment_id, amount, unallocated FROM payments")
    assert {row.pop("payment_id"): _decimals(row) for row in rows} == _payments(books)
    accounts = sorted(row["account_id"] for row in books.rows("gateway", "SELECT account_id FROM accounts"))
    assert accounts == sorted(each["account_id"] for each in books.told("billing.account.opened"))


def _receivables(books: Books) -> dict[str, dict[str, Decimal]]:
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for each in books.told("billing.payment.received"):
        for part in each["allocations"]:
            paid[part["receivable_id"]] += Decimal(part["amount"])
    for each in books.told("billing.credit.allocated"):
        for part in each["allocations"]:
            paid[part["receivable_id"]] += Decimal(part["amount"])
    found = {}
    for each in books.told("billing.receivable.issued"):
        net, got = Decimal(each["net"]), paid[each["receivable_id"]]
        values = {"gross": Decimal(each["gross"]), "net": net, "paid": got, "balance": net - got}
        found[each["receivable_id"]] = values
    return found


def _payments(books: Books) -> dict[str, dict[str, Decimal]]:
    left: dict[str, Decimal] = defaultdict(Decimal)
    for each in books.told("billing.credit.allocated"):
        for part in each["allocations"]:
            left[part["source_id"]] -= Decimal(part["amount"])
    return {
        each["payment_id"]: {
            "amount": Decimal(each["amount"]),
            "unallocated": Decimal(each["unallocated"]) + left[each["payment_id"]],
        }
        for each in books.told("billing.payment.received")
    }


def _sums(events: list[dict[str, Any]], name: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for each in events:
        found[each["contract_id"]] += Decimal(each[name])
    return dict(found)


def _decimals(row: dict[str, Any]) -> dict[str, Decimal]:
    return {name: Decimal(str(value or ZERO)) for name, value in row.items()}
