"""Building blocks of the account's tests: terms, lines, and an account that is open."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from billing_service.domain import commands as c
from billing_service.domain import events as e
from billing_service.domain.account import DECIDER
from billing_service.domain.terms import BillingTerms, ChargeLine
from services.testing.decider import DeciderSpec

ACCOUNT, CUSTOMER = "contract-1", "customer-1"
SPEC = DeciderSpec(DECIDER)


def day(text: str) -> date:
    return date.fromisoformat(text)


def noon(text: str) -> datetime:
    """Noon UTC of a day, which is the same day in São Paulo."""
    return datetime.combine(day(text), datetime.min.time(), tzinfo=UTC).replace(hour=12)


def line(amount: str = "300.00", line_id: str = "L1", **changes: Any) -> ChargeLine:
    fields: dict[str, Any] = {"clause": "4.1", "description": "Manutenção", **changes}
    return ChargeLine(line_id=line_id, amount=Decimal(amount), **fields)


def terms(
    *lines: ChargeLine, starts_on: str = "2026-01-01", ends_on: str | None = None, **changes: Any
) -> BillingTerms:
    end = day(ends_on) if ends_on else None
    return BillingTerms(starts_on=day(starts_on), ends_on=end, lines=lines or (line(),), **changes)


def open_account(*lines: ChargeLine, on: str | None = None, **options: Any) -> c.OpenAccount:
    agreed = terms(*lines, **options)
    signed = day(on) if on else agreed.starts_on
    return c.OpenAccount(ACCOUNT, ACCOUNT, CUSTOMER, signed, agreed, contract_number="C-7", at=noon("2026-01-01"))


def bill(month: str, on: str | None = None) -> c.BillMonth:
    issued = day(on) if on else day(f"{month}-01")
    return c.BillMonth(ACCOUNT, month, issued, noon(issued.isoformat()))


def pay(amount: str, on: str, payment_id: str = "P1", **options: Any) -> c.RecordPayment:
    return c.RecordPayment(ACCOUNT, payment_id, Decimal(amount), day(on), "pix", at=noon(on), **options)


def planned(events: list[Any]) -> list[tuple[str, str, str, str]]:
    """(first day, last day, bill day, amount) of what was planned."""
    return [
        (str(charge.period_start), str(charge.period_end), str(charge.bill_on), str(charge.amount))
        for event in events
        if isinstance(event, e.ChargesPlanned)
        for charge in event.charges
    ]


def issued(events: list[Any]) -> e.ReceivableIssued:
    (found,) = [event for event in events if isinstance(event, e.ReceivableIssued)]
    return found


def only(events: list[Any], kind: type) -> Any:
    (found,) = [event for event in events if isinstance(event, kind)]
    return found


def kinds(events: list[Any]) -> list[str]:
    return [type(event).__name__ for event in events]


def receivable_of(spec: DeciderSpec, month: str) -> str:
    """The id of the receivable of a month in the state that the spec has reached."""
    (found,) = [r.receivable_id for r in spec.state().receivables.values() if r.month == month]
    return found


def amount(text: str) -> Decimal:
    return Decimal(text)


def given(*commands: Any) -> DeciderSpec:
    """The history that these commands leave, all of which succeed."""
    history: tuple[Any, ...] = ()
    for command in commands:
        history = (*history, *DECIDER.decide(command, DECIDER.fold(history)))
    return SPEC.given(*history)
