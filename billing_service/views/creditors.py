"""Who is paid: the provider of each contract, its Pix key, bank and letterhead. From contracts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, String, Table, Text

from billing_service.barcodes import qr_svg
from billing_service.domain.pix import br_code, txid_of
from billing_service.views import receivables as shown
from billing_service.views.metadata import METADATA, found
from services.component import Context, View
from services.errors import Refused
from services.events import Incoming
from services.rows import Rows
from services.store.types import JsonText

NAMES = ("legal_name", "trade_name", "cnpj", "address", "city", "state", "pix_key", "time_zone", "phone", "email")
LETTERHEAD = ("trade_name", "address", "city", "state", "pix_key", "phone", "email")

creditors = Table(
    "creditors",
    METADATA,
    Column("provider_id", String(64), primary_key=True),
    *(Column(name, Text, nullable=True) for name in NAMES),
    Column("bank", JsonText, nullable=True),
)

contract_creditors = Table(
    "contract_creditors",
    METADATA,
    Column("contract_id", String(64), primary_key=True),
    Column("provider_id", String(64), nullable=True),
)


class CreditorsView(View):
    name = "creditors"
    source = "contracts"
    tables = (creditors, contract_creditors)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        match event.type:
            case "contracts.provider.registered":
                values = {name: data[name] for name in NAMES if isinstance(data.get(name), str)}
                rows.put(creditors, provider_id=data["provider_id"], **values, bank=data.get("bank"))
            case "contracts.provider.bank_changed":
                rows.put(creditors, provider_id=data["provider_id"], bank=data.get("bank"))
            case "contracts.provider.letterhead_changed":
                values = {name: data[name] for name in LETTERHEAD if name in data}
                rows.put(creditors, provider_id=data["provider_id"], **values)
            case "contracts.contract.activated":
                rows.put(contract_creditors, contract_id=data["contract_id"], provider_id=data.get("provider_id"))


@dataclass(frozen=True, slots=True)
class PixParams:
    """``on``: the day of payment, whose late charges the amount includes; default: today."""

    receivable_id: str
    on: date | None = None


def pix(params: PixParams, rows: Rows, context: Context) -> dict[str, Any]:
    """The Pix code for what the receivable takes on a day, late charges included; made anew each time."""
    row = shown.receivable(shown.ReceivableParams(params.receivable_id, None), rows, context)
    if params.on is not None and params.on > row["as_of"]["on"]:
        row = shown.receivable(shown.ReceivableParams(params.receivable_id, params.on), rows, context)
    if row["balance"] <= 0:
        raise Refused("receivable.not-open", receivable_id=params.receivable_id, number=row["number"])
    of = rows.get(contract_creditors, contract_id=row["contract_id"]) or {"provider_id": None}
    creditor = found(rows.get(creditors, provider_id=of["provider_id"] or ""), "pix.no-creditor")
    amount, name = row["as_of"]["payable"], creditor["trade_name"] or creditor["legal_name"] or ""
    code = br_code(creditor["pix_key"] or "", name, creditor["city"] or "", amount, params.receivable_id, row["number"])
    late = {key: row["late"][key] for key in ("days", "fine", "interest")}
    whom = {key: creditor[key] for key in ("legal_name", "cnpj", "address", "city", "state")}
    return {
        "code": code,
        "svg": qr_svg(code),
        "txid": txid_of(params.receivable_id),
        "amount": amount,
        "on": row["as_of"]["on"],
        "balance": row["balance"],
        **late,
        "creditor": whom,
    }
