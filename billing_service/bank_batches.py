"""Bank rows and remittances, each record one transaction: the row, its payments and its boleto stand or fall together.

A row that bears the bank's number of a boleto or the txid of our Pix code settles by itself while its receivable is
open. Everything else waits in the work list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields as fields_of
from datetime import date
from decimal import Decimal
from typing import Any

from billing_service.domain import boleto_messages as b
from billing_service.domain.bank_remittances import MakeRemittance
from billing_service.domain.bank_row import (
    ImportBankRow,
    NoteBankRow,
    ReopenBankRow,
    RowPart,
    SettleBankRow,
    row_payment_id,
)
from billing_service.domain.cnab240 import payer_of
from billing_service.domain.cnab240_return import meaning
from billing_service.domain.commands import AccrueLateCharges, RecordPayment, ReversePayment
from billing_service.domain.events import Allocation
from billing_service.domain.ids import boleto_id
from billing_service.domain.matching import is_certain
from billing_service.domain.money import ZERO
from billing_service.views.bank_rows import late_of
from billing_service.views.bank_tables import (
    bank_row_parts,
    bank_rows,
    boletos,
    pix_references,
    remittance_series,
    remittances,
)
from billing_service.views.boletos import bank_of, entry_of, file_name, file_of, last_number, pending, today_of
from billing_service.views.payments import payments
from billing_service.views.receivables import receivables
from services.component import Context, Execute
from services.errors import NotFound, Refused

Record = Mapping[str, Any]
CLOSED = ("cancelled", "written_off", "renegotiated")


def import_row(record: Record, execute: Execute, context: Context) -> dict[str, Any]:
    """``{"status": "known" | "settled" | "noted" | "open", "row_id"}``."""
    names = [each.name for each in fields_of(ImportBankRow) if each.name != "at"]
    values = {name: record[name] for name in names if record.get(name) is not None}
    row_id = record["row_id"]
    taken = execute(ImportBankRow(**{**values, "reasons": tuple(values.get("reasons", ()))}, at=context.now))
    if not taken.events:
        return {"status": "known", "row_id": row_id}
    row = _row(execute, row_id)
    boleto = boleto_of(execute, row)
    what = meaning(row["movement"]) if row["movement"] else None
    if what is not None and what != "paid":
        return {"status": _tell(execute, row, boleto, what, context), "row_id": row_id}
    receivable_id = boleto["receivable_id"] if boleto else _by_txid(execute, row["txid"])
    known = execute.rows.get(receivables, receivable_id=receivable_id) if receivable_id else None
    if known is None or not is_certain(is_open=_is_open(known), amount=row["amount"]):
        return {"status": "open", "row_id": row_id}
    parts = [{"receivable_id": receivable_id, "amount": row["amount"]}]
    _settle(execute, row, parts, "certain", context)
    return {"status": "settled", "row_id": row_id}


def settle_row(record: Record, execute: Execute, context: Context) -> dict[str, Any]:
    """Somebody accepted, chose or split: ``parts`` name a receivable, a contract (oldest first) or a payment."""
    row = _row(execute, record["row_id"])
    if row["status"] != "open":
        raise Refused("bankrow.not-open", row_id=row["row_id"], status=row["status"])
    _settle(execute, row, record["parts"], "accepted", context)
    return {"status": "settled", "row_id": row["row_id"]}


def undo_row(record: Record, execute: Execute, context: Context) -> dict[str, Any]:
    """The row is open again; payments that it made are reversed. One that took a payment back stays."""
    row = _row(execute, record["row_id"])
    parts = execute.rows.find(bank_row_parts, row_id=row["row_id"], order_by=(bank_row_parts.c.position,))
    if any(part["kind"] == "reversed" for part in parts):
        raise Refused("bankrow.reversal-stays", row_id=row["row_id"])
    for part in parts:
        if part["kind"] == "recorded":
            execute(ReversePayment(part["account_id"], part["payment_id"], record["reason"], at=context.now))
    execute(ReopenBankRow(row["row_id"], record["reason"], at=context.now))
    return {"status": "open", "row_id": row["row_id"]}


# -- settling ----------------------------------------------------------------------------------------------------------


def _settle(execute: Execute, row: Record, said: Sequence[Record], how: str, context: Context) -> None:
    sign = -1 if row["amount"] < 0 else 1
    parts: list[RowPart] = []
    by_account: dict[str, list[tuple[str | None, Decimal]]] = {}
    for part in said:
        amount = row["amount"] * sign if part.get("amount") is None and len(said) == 1 else part.get("amount") or ZERO
        if part.get("payment_id"):
            parts.append(_of_payment(execute, row, part["payment_id"], amount, context))
        elif sign < 0:
            raise Refused("bankrow.money-out", row_id=row["row_id"])
        elif amount <= 0:
            raise Refused("payment.amount-invalid", amount=amount)
        else:
            account_id, receivable_id = _aim(execute, part)
            by_account.setdefault(account_id, []).append((receivable_id, amount))
    for account_id, aims in by_account.items():
        parts.append(_pay(execute, row, account_id, aims, context))
    execute(SettleBankRow(row["row_id"], tuple(parts), how, at=context.now))
    boleto = boleto_of(execute, row)
    for part_ in parts:
        if boleto is not None and part_.account_id == boleto["account_id"] and sign > 0:
            execute(
                b.NoteBoletoPaid(
                    account_id=boleto["account_id"],
                    boleto_id=boleto["boleto_id"],
                    amount=part_.amount,
                    payment_id=part_.payment_id,
                    fee=row["fee"],
                    credited_on=row["credited_on"],
                    on=row["on"],
                )
            )


def _pay(
    execute: Execute, row: Record, account_id: str, aims: Sequence[tuple[str | None, Decimal]], context: Context
) -> RowPart:
    """One payment of an account. Late charges are owed once the part pays the receivable and all of them; what is left
    over is the account's credit."""
    payment_id = row_payment_id(row["row_id"], account_id, row["attempt"])
    allocations: list[Allocation] = []
    for receivable_id, amount in aims:
        if receivable_id is None:
            continue
        known = execute.rows.get(receivables, receivable_id=receivable_id)
        assert known is not None
        if not _is_open(known):
            raise Refused("receivable.not-open", receivable_id=receivable_id, number=known["number"])
        late = late_of(execute.rows, known, row["on"])
        if late.total > 0 and amount >= known["balance"] + late.total:
            execute(AccrueLateCharges(account_id, receivable_id, row["on"], context.now))
            known = execute.rows.get(receivables, receivable_id=receivable_id) or known
        allocations.append(Allocation(receivable_id, min(amount, known["balance"])))
    amount = sum((part for _, part in aims), ZERO)
    execute(RecordPayment(account_id, payment_id, amount, row["on"], row["method"], tuple(allocations), context.now))
    return RowPart(account_id, payment_id, amount, tuple(each.receivable_id for each in allocations))


def _of_payment(execute: Execute, row: Record, payment_id: str, amount: Decimal, context: Context) -> RowPart:
    """The row is a payment that was recorded before, or takes one back."""
    known = execute.rows.get(payments, payment_id=payment_id)
    if known is None:
        raise NotFound("payment.unknown", payment_id=payment_id)
    if known["amount"] != amount:
        raise Refused("bankrow.payment-differs", amount=amount, payment=known["amount"])
    if known["reversed_on"] is not None:
        raise Refused("bankrow.payment-reversed", payment_id=payment_id)
    if row["amount"] < 0:
        reason = f"estorno do banco em {row['on']:%d/%m/%Y}"
        execute(ReversePayment(known["account_id"], payment_id, reason, row["on"], context.now))
        return RowPart(known["account_id"], payment_id, amount, kind="reversed")
    if execute.rows.find(bank_row_parts, bank_row_parts.c.kind != "reversed", payment_id=payment_id):
        raise Refused("bankrow.payment-taken", payment_id=payment_id)
    return RowPart(known["account_id"], payment_id, amount, kind="linked")


def _aim(execute: Execute, part: Record) -> tuple[str, str | None]:
    receivable_id = part.get("receivable_id")
    if receivable_id is None:
        if not part.get("contract_id"):
            raise Refused("bankrow.part-without-target")
        return part["contract_id"], None
    known = execute.rows.get(receivables, receivable_id=receivable_id)
    if known is None:
        raise NotFound("receivable.unknown", receivable_id=receivable_id)
    return known["account_id"], receivable_id


def _is_open(known: Record) -> bool:
    return known["balance"] > 0 and known["settled_on"] is None and known["status"] not in CLOSED


def _row(execute: Execute, row_id: str) -> dict[str, Any]:
    row = execute.rows.get(bank_rows, row_id=row_id)
    if row is None:
        raise NotFound("bankrow.unknown", row_id=row_id)
    return row


def _by_txid(execute: Execute, txid: str | None) -> str | None:
    row = execute.rows.get(pix_references, txid=txid) if txid and len(txid) <= 25 else None
    return row["receivable_id"] if row else None


# -- what the bank tells of boletos ------------------------------------------------------------------------------------


def boleto_of(execute: Execute, row: Record) -> dict[str, Any] | None:
    wallet, _, number = (row["our_number"] or "").partition("/")
    if not number.isdigit():
        return None
    keys = {"bank_account": row["bank_account"], "wallet": wallet, "our_number": int(number)}
    return next(iter(execute.rows.find(boletos, **keys)), None)


def _tell(execute: Execute, row: Record, boleto: Record | None, what: str, context: Context) -> str:
    """A message without money; one about a boleto that is not ours stays in the work list."""
    if boleto is None and what != "other":
        return "open"
    if boleto is not None:
        named = {"account_id": boleto["account_id"], "boleto_id": boleto["boleto_id"], "on": row["on"]}
        reasons = tuple(row["reasons"] or ())
        match what:
            case "confirmed" | "instruction_confirmed":
                execute(b.ConfirmBoleto(**named))
            case "rejected" | "instruction_rejected":
                execute(b.RejectBoleto(reasons=reasons, **named))
            case "written_off":
                execute(b.CloseBoleto(reason=f"baixa pelo banco ({row['movement']})", **named))
    ids = (boleto["boleto_id"], boleto["account_id"]) if boleto else (None, None)
    execute(NoteBankRow(row["row_id"], *ids, at=context.now))
    return "noted"


# -- remittances -------------------------------------------------------------------------------------------------------


def make_remittance(record: Record, execute: Execute, context: Context) -> dict[str, Any]:
    """``{"status": "made", "content", …}``, or ``nothing`` where no boleto waits, or ``unchanged`` for the same id.

    ``payers``: customer id → his data. Whose are missing wait for the next file, and are named in ``without_payer``.
    """
    provider_id, remittance_id = record["provider_id"], record["remittance_id"]
    rows = execute.rows
    if (made := rows.get(remittances, remittance_id=remittance_id)) is not None:
        return {"status": "unchanged", **_told(made)}
    creditor, bank = bank_of(rows, provider_id)
    payers = {key: payer_of(**said) for key, said in record["payers"].items()}
    told, missing = [], set()
    on: date = record.get("on") or today_of(creditor, context)
    for each in pending(rows, provider_id, on):
        customer = each["receivable"]["customer_id"]
        if customer in payers and len(payers[customer].document) in (11, 14):
            told.append(each)
        else:
            missing.add(customer)
    if not told:
        return {"status": "nothing", "without_payer": sorted(missing)}
    number, entries = last_number(rows, provider_id, bank), []
    for each in told:
        boleto = each["boleto"]
        account_id = each["receivable"]["account_id"]
        if boleto is None:
            number += 1
            id_ = boleto_id(provider_id, bank.branch, bank.account, bank.wallet, number)
            execute(
                b.MakeBoleto(
                    account_id, each["receivable"]["receivable_id"], id_, provider_id, number, bank, on, context.now
                )
            )
            boleto = rows.get(boletos, boleto_id=id_)
            assert boleto is not None
        entries.append(entry_of(rows, each, boleto))
        said = {name: each[name] for name in ("movement", "abatement", "due_on")}
        execute(b.RemitBoleto(account_id, boleto["boleto_id"], remittance_id, **said, on=on, at=context.now))
    sequence = (rows.get(remittance_series, provider_id=provider_id) or {"sequence": 0})["sequence"] + 1
    content, sha256 = file_of(creditor, bank, tuple(entries), payers, sequence, context.now)
    execute(MakeRemittance(provider_id, remittance_id, sequence, bank, tuple(entries), sha256, on=on, at=context.now))
    made = rows.get(remittances, remittance_id=remittance_id)
    assert made is not None
    return {"status": "made", **_told(made), "without_payer": sorted(missing), "content": content}


def _told(made: Record) -> dict[str, Any]:
    names = ("remittance_id", "sequence", "sha256", "boletos")
    return {
        **{name: made[name] for name in names},
        "amount": str(made["amount"]),
        "made_at": made["made_at"].isoformat(),
        "name": file_name(made["sequence"]),
    }
