"""Whatever is asked of an account, in any order: its money adds up, no day is charged twice and none is left out."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given as forall
from hypothesis import settings
from hypothesis import strategies as st

from billing_service.domain import commands as c
from billing_service.domain import events as e
from billing_service.domain import more_commands as m
from billing_service.domain import more_events as x
from billing_service.domain.account import DECIDER
from billing_service.domain.ids import added_charge_id
from billing_service.domain.money import total
from billing_service.domain.planning import parts
from billing_service.domain.state import Account
from billing_service.domain.taking_over import TakeOverCredit, TakeOverReceivable
from billing_service.domain.terms import BillingRules, Discount
from billing_service.tests.unit.given import ACCOUNT, line, noon, terms
from services.errors import Refused

DAYS = st.dates(date(2026, 1, 1), date(2026, 9, 30))
MONEY = st.decimals(Decimal("0.01"), Decimal("2000.00"), places=2)
RULES = st.sampled_from(["weekly", "monthly", "monthly_last_day", "quarterly"])
PERCENTS = st.sampled_from([Decimal(10), Decimal("33.33")])
ENDS = st.sampled_from([None, date(2026, 2, 14), date(2026, 3, 31), date(2026, 6, 10)])


@st.composite
def lines(draw: st.DrawFn, line_id: str) -> Any:
    return line(
        str(draw(MONEY)),
        line_id,
        rule=draw(RULES),
        mode=draw(st.sampled_from(["advance", "arrears"])),
        anchor_day=draw(st.sampled_from([None, 1, 15, 31])),
        proration=draw(st.sampled_from(["actual", "commercial_30"])),
        discounts=tuple(draw(st.lists(st.builds(Discount, PERCENTS, starts_on=ENDS, ends_on=ENDS), max_size=2))),
    )


@st.composite
def some_terms(draw: st.DrawFn) -> Any:
    chosen = [draw(lines("L1"))] + ([draw(lines("L2"))] if draw(st.booleans()) else [])
    rules = BillingRules(issue=draw(st.sampled_from(["by_run", "automatic"])))
    return terms(*chosen, ends_on=draw(st.sampled_from([None, None, "2026-08-20"])), billing=rules)


ABOUT = ("accrue", "dispute", "resolve", "cancel", "renegotiate", "note", "withdraw", "correct")


MORE = ("take_over", "grant", "refund", "contest", "accept", "end", "undo", "due")
BY = ("customer", "provider")


@st.composite
def commands(draw: st.DrawFn) -> Any:
    on = draw(DAYS)
    at = noon(on.isoformat())
    number = draw(st.integers(1, 4))
    kind = draw(
        st.sampled_from(
            ["bill", "bill", "bill", "pay", "reverse", "stop", "resume", "terms", "add", "credit", *MORE, *ABOUT]
        )
    )
    match kind:
        case "bill":
            return c.BillMonth(ACCOUNT, on.strftime("%Y-%m"), on, at)
        case "pay":
            return c.RecordPayment(ACCOUNT, f"P{number}", draw(MONEY), on, at=at)
        case "reverse":
            return c.ReversePayment(ACCOUNT, f"P{number}", "x", on, at)
        case "stop":
            return c.StopPlanning(ACCOUNT, on, "suspension", at)
        case "resume":
            return c.ResumePlanning(ACCOUNT, on, at)
        case "terms":
            return c.TakeTerms(ACCOUNT, on, draw(some_terms()), "addendum 1", at)
        case "add":
            work = {"request_id": f"R{number % 2}"}
            return c.AddCharge(ACCOUNT, "work", f"W{number}", Decimal(2), on, "x", draw(MONEY), at=at, **work)
        case "take_over" if number > 2:
            return TakeOverCredit(ACCOUNT, f"A{number}", draw(MONEY), at=at)
        case "take_over":
            left = draw(MONEY)
            return TakeOverReceivable(ACCOUNT, f"O{number}", on, on, left + draw(MONEY), left, at=at)
        case "grant":
            return m.GrantCredit(ACCOUNT, f"G{number}", draw(MONEY), "x", on, at)
        case "refund":
            return m.RefundCredit(
                ACCOUNT, f"F{number}", "x", draw(st.sampled_from([None, Decimal("5.00")])), on=on, at=at
            )
        case "contest":
            return m.ContestWork(ACCOUNT, f"R{number % 2}", "x", on, at)
        case "accept":
            return m.AcceptWork(ACCOUNT, f"R{number % 2}", on, at)
        case "end":
            return m.SettleTermination(
                ACCOUNT, f"T{number}", on, draw(MONEY), by=BY[number % 2], refund_all=number > 3, at=at
            )
        case "undo":
            return m.UndoTermination(ACCOUNT, on, at)
        case "due":
            return c.IssueDue(ACCOUNT, on, at)
        case _ if kind in ABOUT:
            return (kind, on, number)
        case _:
            return c.AllocateCredit(ACCOUNT, None, on, at)


def concrete(command: Any, state: Account) -> Any:
    """A command on one of the receivables that there are."""
    if not isinstance(command, tuple):
        return command
    kind, on, number = command
    ids = sorted(state.receivables)
    id_ = ids[number % len(ids)] if ids else "none"
    lines = tuple(key for key, billed in state.billed.items() if billed.receivable_id == id_)
    match kind:
        case "accrue":
            return c.AccrueLateCharges(ACCOUNT, id_, on)
        case "dispute":
            return c.DisputeReceivable(ACCOUNT, id_, "x", on, charge_ids=lines[: number - 1])
        case "resolve":
            return c.ResolveDispute(ACCOUNT, id_, "x", credit=number > 2, on=on)
        case "cancel":
            return c.CancelReceivable(ACCOUNT, id_, "x", ("return", "hold", "drop")[number % 3], on)
        case "withdraw" | "correct":
            id_ = added_charge_id(ACCOUNT, "work", f"W{number}")
            made = m.WithdrawCharge(ACCOUNT, id_, "x", on)
            return made if kind == "withdraw" else m.CorrectUse(ACCOUNT, id_, Decimal(on.day % 4), "x", on)
        case "renegotiate":
            return c.RenegotiateReceivables(ACCOUNT, f"R{on}", (id_,), "x", count=number, first_due_on=on, on=on)
        case _:
            return c.IssueCreditNote(ACCOUNT, f"N{on}", id_, Decimal("7.77"), "x", lines[0] if lines else None, on)


def run(opening: Any, asked: list[Any]) -> tuple[list[Any], Account]:
    history: list[Any] = []
    state = DECIDER.initial
    for each in [opening, *asked]:
        try:
            events = list(DECIDER.decide(concrete(each, state), state))
        except Refused:
            continue
        history += events
        state = DECIDER.fold(events, state)
    return history, state


SEQUENCES = st.lists(commands(), max_size=14)


@settings(max_examples=150, deadline=None)
@forall(some_terms(), SEQUENCES)
def test_the_account_adds_up_under_any_sequence_of_commands(agreed: Any, asked: list[Any]) -> None:
    """Balance = charges + late charges − payments − credits − losses, to the cent; nothing pays more than there is."""
    history, state = run(opening(agreed), asked)
    debit = credit = Decimal(0)
    for event in history:
        match event:
            case e.ReceivableIssued():
                debit += event.net
                assert event.net == total(item.amount for item in event.lines)
            case e.LateChargesAccrued():
                debit += event.fine + event.interest + event.correction
            case e.ReceivableCancelled() | e.ReceivableRenegotiated():
                credit += event.amount
            case e.PaymentReceived():
                credit += event.amount
                assert event.amount == total(a.amount for a in event.allocations) + event.unallocated
            case e.PaymentReversed():
                credit -= event.amount
            case x.CreditGranted():
                credit += event.amount
            case x.CreditRefunded():
                debit += event.amount
                assert event.amount == total(part.amount for part in event.parts)
            case e.CreditNoteIssued():
                credit += event.amount
                assert event.amount == event.applied + event.unallocated
    assert state.balance == debit - credit
    for receivable in state.receivables.values():
        assert receivable.balance >= 0
        closed = receivable.settled_on is not None or receivable.cancelled is not None or receivable.renegotiated > 0
        assert closed or receivable.balance > 0
        assert not (receivable.settled_on is not None and receivable.balance > 0)
        assert 0 <= receivable.claimable <= receivable.balance
    assert all(left > 0 for left in state.credits.values())


@settings(max_examples=150, deadline=None)
@forall(some_terms(), SEQUENCES)
def test_no_day_is_charged_twice_and_none_is_left_out(agreed: Any, asked: list[Any]) -> None:
    _, state = run(opening(agreed), asked)
    charged: Counter[tuple[str, date]] = Counter()
    for billed in state.billed.values():
        if billed.line.explanation.kind == "period" and billed.covers:
            charged.update(_days(billed.line.line_id, billed.start, billed.end))
    for item in state.pending.values():
        if item.planned:
            charged.update(_days(item.line_id, item.period_start, item.period_end))
    assert all(count == 1 for count in charged.values())
    assert state.through is not None
    wanted: set[tuple[str, date]] = set()
    for line_id in {item.line_id for version in state.versions for item in version.terms.lines}:
        for part in parts(state, line_id, date(2026, 1, 1), state.through):
            wanted.update(_days(line_id, part.period.start, part.period.end))
    assert set(charged) == wanted


@settings(max_examples=100, deadline=None)
@forall(some_terms(), SEQUENCES)
def test_a_charge_is_on_one_receivable_only_and_every_command_again_changes_nothing(
    agreed: Any, asked: list[Any]
) -> None:
    history, state = run(opening(agreed), asked)
    on_bills = Counter(i.charge_id for event in history if isinstance(event, e.ReceivableIssued) for i in event.lines)
    on_bills -= Counter(
        i.charge_id for event in history if isinstance(event, e.ReceivableCancelled) for i in event.lines
    )
    assert all(count == 1 for count in on_bills.values())
    assert not set(on_bills) & set(state.pending)
    for month in {r.month for r in state.receivables.values()}:
        again = c.BillMonth(ACCOUNT, month, date(2026, 12, 1))
        billed_by_then = DECIDER.fold(DECIDER.decide(again, state), state)
        assert list(DECIDER.decide(again, billed_by_then)) == []


def opening(agreed: Any) -> c.OpenAccount:
    return c.OpenAccount(ACCOUNT, ACCOUNT, "customer-1", agreed.starts_on, agreed, at=noon("2026-01-01"))


def _days(line_id: str | None, start: date | None, end: date | None) -> list[tuple[str, date]]:
    assert line_id
    assert start
    assert end
    return [(line_id, start + timedelta(days=n)) for n in range((end - start).days + 1)]
