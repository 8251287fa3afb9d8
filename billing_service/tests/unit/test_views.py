"""The read models say what the account's state says, whatever happened."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given as forall
from hypothesis import settings

from billing_service.domain.account import DECIDER
from billing_service.tests.unit.given import ACCOUNT, amount
from billing_service.tests.unit.samples import life
from billing_service.tests.unit.test_properties import SEQUENCES, opening, run, some_terms
from billing_service.views.accounts import accounts
from billing_service.views.agenda import planned_charges
from billing_service.views.ledger import balances, ledger
from billing_service.views.metadata import METADATA
from billing_service.views.payments import payments
from billing_service.views.receivables import receivables
from billing_service.wiring import component
from services.codec import to_json_values
from services.events import Incoming
from services.store.tables import due
from services.testing.rows import MemoryRows

TABLES = (*METADATA.sorted_tables, due)


def folded(history: list[Any], *, at_once: bool = True) -> MemoryRows:
    rows = MemoryRows().create(*TABLES)
    views = component().views
    for version, event in enumerate(history, start=1):
        incoming = Incoming(
            id=f"account-{ACCOUNT}@{version}",
            source="billing",
            type=event.EVENT_TYPE,
            schema=1,
            stream=f"account-{ACCOUNT}",
            version=version,
            at=datetime(2026, 1, 1, 12, tzinfo=UTC),
            data=to_json_values(event),
            correlation="",
            causation="",
            actor="test",
            historical=False,
            depth=0,
        )
        for view in views:
            view.fold(incoming, rows)
        if not at_once:
            rows.shrink(0)
    rows.flush()
    return rows


def agree(history: list[Any]) -> None:
    state, rows = DECIDER.fold(history), folded(history)
    told = balances(rows, date(2030, 1, 1), ACCOUNT)
    assert (told["balance"], told["credit"]) == (state.balance, state.credit)
    shown = {row["receivable_id"]: row for row in rows.find(receivables)}
    for id_, receivable in state.receivables.items():
        row = shown[id_]
        assert (row["balance"], row["settled_on"]) == (receivable.balance, receivable.settled_on)
        assert row["paid"] == receivable.paid
    assert {row["charge_id"]: row["amount"] for row in rows.find(planned_charges)} == {
        key: item.amount for key, item in state.pending.items()
    }
    left = {row["payment_id"]: row["unallocated"] for row in rows.find(payments) if row["unallocated"]}
    assert left == {key: value for key, value in state.credits.items() if key in state.payments}
    (account,) = rows.find(accounts)
    assert account["planned_through"] is not None
    rows.conn.close()


def test_views_and_state_agree_on_a_life_in_which_everything_happens() -> None:
    agree(life())


@settings(max_examples=40, deadline=None)
@forall(some_terms(), SEQUENCES)
def test_views_and_state_agree_under_any_sequence_of_commands(agreed: Any, asked: list[Any]) -> None:
    history, _ = run(opening(agreed), asked)
    agree(history)


def test_a_ledger_entry_of_nothing_is_not_written() -> None:
    rows = folded(life())
    assert all(row["amount"] != amount("0") for row in rows.find(ledger))
    rows.conn.close()
