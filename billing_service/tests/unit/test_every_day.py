"""Whatever was asked of an account: on every day its balance is charges − payments − credits, and a replay is the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given as forall
from hypothesis import settings

from billing_service.domain import events as e
from billing_service.domain import more_events as x
from billing_service.tests.unit.given import ACCOUNT
from billing_service.tests.unit.samples import life
from billing_service.tests.unit.test_properties import SEQUENCES, opening, run, some_terms
from billing_service.tests.unit.test_views import TABLES, folded
from billing_service.views.agenda import part_of, planned_months
from billing_service.views.ledger import balances
from billing_service.views.reports import planned_scan
from services.testing.rows import MemoryRows


def moved(event: Any) -> Iterator[tuple[date, Decimal]]:
    """What an event adds to what the customer owes, on its day."""
    match event:
        case e.ReceivableIssued():
            yield event.issued_on, event.net
        case e.LateChargesAccrued():
            yield event.on, event.fine + event.interest + event.correction
        case e.PaymentReversed() | x.CreditRefunded():
            yield event.on, event.amount
        case e.CreditNoteIssued():
            yield event.on, event.withheld - event.amount
        case e.PaymentReceived() | e.ReceivableCancelled() | e.ReceivableRenegotiated() | e.ReceivableWrittenOff():
            yield event.on, -event.amount
        case x.CreditGranted():
            yield event.on, -event.amount


def dump(rows: MemoryRows) -> str:
    """All that the views hold, as text."""
    parts = []
    for table in TABLES:
        found = rows.find(table, order_by=tuple(table.primary_key.columns))
        parts.append(f"{table.name}\n" + "\n".join(repr(sorted(row.items())) for row in found))
    return "\n".join(parts)


def check_days(history: list[Any]) -> None:
    moves = [move for event in history for move in moved(event)]
    rows = folded(history)
    if moves:
        first, last = min(on for on, _ in moves), max(on for on, _ in moves)
        for n in range((last - first).days + 2):
            on = first + timedelta(days=n)
            owed = sum((amount for day, amount in moves if day <= on), Decimal("0.00"))
            assert balances(rows, on, ACCOUNT)["balance"] == owed, on
    rows.conn.close()


def test_the_balance_of_every_day_in_a_life_in_which_everything_happens() -> None:
    check_days(life())


@settings(max_examples=40, deadline=None)
@forall(some_terms(), SEQUENCES)
def test_the_balance_of_every_day_is_charges_less_payments_less_credits(agreed: Any, asked: list[Any]) -> None:
    history, _ = run(opening(agreed), asked)
    check_days(history)


@settings(max_examples=40, deadline=None)
@forall(some_terms(), SEQUENCES)
def test_what_is_planned_by_month_is_what_a_scan_of_the_charges_finds(agreed: Any, asked: list[Any]) -> None:
    """Also before each later change of terms, which may move every day on which something falls due."""
    history, _ = run(opening(agreed), asked)
    changes = [place for place, event in enumerate(history) if isinstance(event, e.TermsTaken)]
    for length in (*changes, len(history)):
        rows = folded(history[:length])
        told = {row["month"]: row["amount"] for row in months_of(rows)}
        scanned: dict[str, Decimal] = {}
        for month, amount in planned_scan(rows, ACCOUNT, None):
            scanned[month] = scanned.get(month, Decimal(0)) + amount
        # a month of charges of nothing is no month to either
        assert _something(told) == _something(scanned)
        rows.conn.close()


def _something(months: dict[str, Decimal]) -> dict[str, Decimal]:
    return {month: amount for month, amount in months.items() if amount}


def months_of(rows: MemoryRows) -> list[dict[str, Any]]:
    return rows.find(planned_months, part=part_of(ACCOUNT))


@settings(max_examples=25, deadline=None)
@forall(some_terms(), SEQUENCES)
def test_a_replay_gives_the_same_views_byte_for_byte(agreed: Any, asked: list[Any]) -> None:
    """Also when it is written piece by piece, as commands do, and not at once, as a rebuild does."""
    history, _ = run(opening(agreed), asked)
    once, again, pieces = folded(history), folded(history), folded(history, at_once=False)
    assert dump(once) == dump(again) == dump(pieces)
    for rows in (once, again, pieces):
        rows.conn.close()
