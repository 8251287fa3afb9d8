"""What tests do with a service and ask of it: bill, pay, let time pass, see what is due and what happened."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from billing_service.domain.commands import (
    RecordPayment,
)
from billing_service.tests.integration.store import StoreApp
from services.store.tables import due


def bill(app: StoreApp, month: str, on: str | None = None, account_id: str = "c1") -> dict[str, Any]:
    (answer,) = app.batch("bill", [{"account_id": account_id, "month": month, "on": on or f"{month}-01"}])
    return answer


def pay(app: StoreApp, amount: str, on: str, payment_id: str = "P1") -> None:
    app.execute(RecordPayment("c1", payment_id, Decimal(amount), date.fromisoformat(on), "pix"))


def pending(app: StoreApp) -> dict[str, str]:
    """What is due and not done: key without the receivable → instant."""
    rows = app.find(due, due.c.done_at.is_(None))
    return {_short(row["key"]): row["at"].strftime("%Y-%m-%dT%H:%MZ") for row in rows}


def _short(key: str) -> str:
    kind, _, *level = key.split(":")
    return ":".join([kind, *level])


def kinds(app: StoreApp, account_id: str = "c1") -> list[str]:
    return [event.type.removeprefix("billing.") for event in app.events(f"account-{account_id}")]


def run_until(app: StoreApp, text: str) -> None:
    app.today(text)
    app.run_due(app.now())
