"""One event of each kind about boletos, remittances and bank rows, as the rules decide them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from billing_service.domain import bank_remittances, bank_row
from billing_service.domain import boleto_messages as b
from billing_service.domain.account import DECIDER
from billing_service.tests.unit.given import ACCOUNT, CUSTOMER, bill, day, line, noon, open_account

BANK = b.BankDetails("341", "0057", "12345", "7", "109")


def account_with(*months: str) -> tuple[list[Any], list[str]]:
    """The events of an account with a receivable of 300.00 for each month, and their ids."""
    history: list[Any] = []
    for command in (open_account(line("300.00")), *(bill(month) for month in months)):
        history += DECIDER.decide(command, DECIDER.fold(history))
    return history, list(DECIDER.fold(history).receivables)


def make(receivable_id: str, number: int, on: str = "2026-01-02") -> b.MakeBoleto:
    return b.MakeBoleto(ACCOUNT, receivable_id, f"B{number}", "provider-1", number, BANK, day(on))


def boleto_life() -> list[Any]:
    """A boleto that is paid, one that is rejected, one that is withdrawn."""
    history, (first, *_) = account_with("2026-01")
    begin, said = len(history), {"account_id": ACCOUNT, "on": day("2026-01-03")}
    steps: list[Any] = [
        make(first, 1),
        b.RemitBoleto(ACCOUNT, "B1", "R1", "register", on=day("2026-01-02")),
        b.RejectBoleto(boleto_id="B1", reasons=("08",), **said),
        make(first, 2),
        b.RemitBoleto(ACCOUNT, "B2", "R2", "register", on=day("2026-01-02")),
        b.ConfirmBoleto(boleto_id="B2", **said),
        b.CloseBoleto(boleto_id="B2", reason="baixa pelo banco (09)", **said),
        make(first, 3),
        b.NoteBoletoPaid(ACCOUNT, "B3", Decimal("300.00"), "P1", Decimal("2.50"), day("2026-01-10"), day("2026-01-09")),
    ]
    for step in steps:
        history += DECIDER.decide(step, DECIDER.fold(history))
    return history[begin:]


def entry(receivable_id: str = "r1", **changes: Any) -> bank_remittances.RemittanceEntry:
    values: dict[str, Any] = {
        "boleto_id": "8d1c0c3e-5a52-5f0f-9d57-0d7a6a2f1b11",
        "account_id": ACCOUNT,
        "receivable_id": receivable_id,
        "customer_id": CUSTOMER,
        "our_number": 1,
        "number": "C-7/2026-01",
        "movement": "register",
        "amount": Decimal("300.00"),
        "abatement": Decimal("0.00"),
        "issued_on": day("2026-01-01"),
        "due_on": day("2026-01-11"),
        "fine_percent": Decimal("2"),
        "interest_day": Decimal("0.10"),
    }
    return bank_remittances.RemittanceEntry(**{**values, **changes})


def remittance_life() -> list[Any]:
    command = bank_remittances.MakeRemittance(
        "provider-1", "R1", 1, BANK, (entry(),), "0" * 64, day("2026-01-02"), noon("2026-01-02")
    )
    return [*bank_remittances.DECIDER.decide(command, bank_remittances.Remittances())]


def row_life() -> list[Any]:
    """A row that is settled, opened again, ignored, opened again, noted."""
    row = bank_row.ImportBankRow(
        row_id="W1",
        bank_account="341/0057/12345",
        on=day("2026-01-09"),
        amount=Decimal("300.00"),
        method="pix",
        customer_id=CUSTOMER,
        description="PIX RECEBIDO",
        payer_name="Padaria Pão Quente",
        payer_document="11222333000181",
        txid="a" * 24 + "1",
        file_id="F1",
    )
    part = bank_row.RowPart(ACCOUNT, "P1", Decimal("300.00"), ("r1",))
    steps: list[Any] = [
        row,
        bank_row.SettleBankRow("W1", (part,), "certain"),
        bank_row.ReopenBankRow("W1", "outro título"),
        bank_row.IgnoreBankRow("W1", "não é nosso"),
        bank_row.ReopenBankRow("W1", "é nosso"),
        bank_row.NoteBankRow("W1", "B1", ACCOUNT),
    ]
    history: list[Any] = []
    for step in steps:
        history += bank_row.DECIDER.decide(step, bank_row.DECIDER.fold(history))
    return history


def bank_life() -> list[Any]:
    return [*boleto_life(), *remittance_life(), *row_life()]
