"""Boletos and remittances: what is registered, what the bank must be told next, and the file that tells it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, func, or_, select

from billing_service.barcodes import interleaved_svg
from billing_service.domain.bank_remittances import RemittanceEntry
from billing_service.domain.boleto import BANK, typeable_line
from billing_service.domain.boleto_life import LIVE, wanted
from billing_service.domain.boleto_messages import BankDetails
from billing_service.domain.cnab240 import Company, Payer, payer_of, remittance
from billing_service.domain.localtime import local_date, zone
from billing_service.domain.money import half_up
from billing_service.domain.pix import txid_of
from billing_service.views.accounts import accounts
from billing_service.views.bank_tables import boletos, pix_references, remittance_series, remittances
from billing_service.views.creditors import contract_creditors, creditors
from billing_service.views.metadata import ZERO, day, found, limited, money
from billing_service.views.receivables import receivables
from services.codec import from_json_values
from services.component import Context, View
from services.errors import Refused
from services.events import Incoming
from services.rows import Rows

MOST = 2000  # boletos in one file
DEFAULT_ZONE = "America/Sao_Paulo"
CLOSED = ("cancelled", "written_off", "renegotiated", "settled")


class BoletosView(View):
    name = "boletos"
    source = "billing"
    tables = (boletos, pix_references)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        if event.type == "billing.receivable.issued":
            rows.put(pix_references, txid=txid_of(data["receivable_id"]), receivable_id=data["receivable_id"])
            return
        if not event.type.startswith("billing.boleto."):
            return
        id_, happened = data["boleto_id"], event.type.rpartition(".")[2]
        if happened == "made":
            _made(rows, data)
            return
        row = rows.get(boletos, boleto_id=id_)
        if row is None:
            return
        match happened:
            case "remitted" if data["movement"] == "register":
                rows.put(boletos, boleto_id=id_, status="remitted")
            case "remitted":
                before = {"abatement": str(row["abatement"]), "due_on": row["due_on"].isoformat()}
                values = {"abatement": money(data, "abatement"), "due_on": day(data, "due_on")}
                asked = row["cancel_asked"] or data["movement"] == "cancel"
                rows.put(boletos, boleto_id=id_, waiting=data["movement"], before=before, cancel_asked=asked, **values)
            case "registered":
                since = row["registered_on"] or day(data, "on")
                rows.put(boletos, boleto_id=id_, status="registered", waiting=None, before=None, registered_on=since)
            case "rejected" if data["instruction"]:
                was = row["before"] or {}
                values = {"abatement": Decimal(was["abatement"]), "due_on": day(was, "due_on")} if was else {}
                rows.put(boletos, boleto_id=id_, waiting=None, before=None, reasons=data["reasons"], **values)
            case "rejected":
                rows.put(boletos, boleto_id=id_, status="rejected", reasons=data["reasons"])
            case "paid":
                said = {"fee": money(data, "fee"), "credited_on": day(data, "credited_on")}
                rows.put(boletos, boleto_id=id_, status="paid", waiting=None, **said)
            case "cancelled":
                rows.put(boletos, boleto_id=id_, status="cancelled", waiting=None)


def _made(rows: Rows, data: Mapping[str, Any]) -> None:
    names = ("boleto_id", "account_id", "receivable_id", "provider_id", "our_number", "bar_code", "bank")
    bank = data["bank"]
    rows.put(
        boletos,
        **{name: data[name] for name in names},
        wallet=bank["wallet"].zfill(3),
        bank_account=account_key(bank),
        amount=money(data, "amount"),
        due_on=day(data, "due_on"),
        status="made",
    )


def account_key(bank: Mapping[str, Any]) -> str:
    """As a return file names the account."""
    return f"{bank['bank_code']}/{bank['branch'].zfill(4)}/{bank['account'].zfill(5)}"


class RemittancesView(View):
    name = "remittances"
    source = "billing"
    tables = (remittances, remittance_series)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        if event.type != "billing.remittance.made":
            return
        data = event.data
        names = ("remittance_id", "provider_id", "sequence", "sha256", "bank", "entries")
        numbers = [entry["our_number"] for entry in data["entries"] if entry["movement"] == "register"]
        before = rows.get(remittance_series, provider_id=data["provider_id"]) or {"last_number": 0}
        rows.put(
            remittances,
            **{name: data[name] for name in names},
            made_at=datetime.fromisoformat(data["made_at"]),
            boletos=len(data["entries"]),
            amount=sum((Decimal(entry["amount"]) for entry in data["entries"]), ZERO),
        )
        rows.put(
            remittance_series,
            provider_id=data["provider_id"],
            sequence=data["sequence"],
            last_number=max([before["last_number"], *numbers]),
        )


# -- what the bank must be told ----------------------------------------------------------------------------------------


def pending(rows: Rows, provider_id: str, on: date) -> list[dict[str, Any]]:
    """``{"receivable", "movement", "boleto"?, "abatement", "due_on"}`` of each boleto to make and each change to tell."""
    told = [
        {"receivable": row, "boleto": None, "movement": "register", "abatement": ZERO, "due_on": row["due_on"]}
        for row in _without_boleto(rows, provider_id, on)
    ]
    return [*told, *_changes(rows, provider_id)][:MOST]


def _without_boleto(rows: Rows, provider_id: str, on: date) -> list[dict[str, Any]]:
    """Open receivables that can still be paid in time and have no boleto that lives."""
    lives = exists().where(
        boletos.c.receivable_id == receivables.c.receivable_id, boletos.c.status.in_((*LIVE, "paid"))
    )
    statement = (
        select(receivables)
        .join(contract_creditors, contract_creditors.c.contract_id == receivables.c.contract_id)
        .where(
            contract_creditors.c.provider_id == provider_id,
            receivables.c.balance > 0,
            receivables.c.status.in_(("open", "partial")),
            receivables.c.imported.is_(False),
            receivables.c.payable_on >= on,
            ~lives,
        )
        .order_by(receivables.c.due_on, receivables.c.receivable_id)
        .limit(MOST)
    )
    return rows.select(statement)


def _changes(rows: Rows, provider_id: str) -> Iterator[dict[str, Any]]:
    statement = (
        select(boletos)
        .join(receivables, receivables.c.receivable_id == boletos.c.receivable_id)
        .where(
            boletos.c.provider_id == provider_id,
            boletos.c.status == "registered",
            boletos.c.waiting.is_(None),
            boletos.c.cancel_asked.is_(False),
            or_(
                receivables.c.balance != boletos.c.amount - boletos.c.abatement,
                receivables.c.due_on != boletos.c.due_on,
            ),
        )
        .order_by(boletos.c.due_on, boletos.c.boleto_id)
        .limit(MOST)
    )
    for boleto in rows.select(statement):
        row = rows.get(receivables, receivable_id=boleto["receivable_id"])
        assert row is not None
        late_open = max(ZERO, row["fine"] + row["interest"] + row["correction"] - row["paid"])
        told = wanted(
            amount=boleto["amount"],
            due_on=boleto["due_on"],
            abatement=boleto["abatement"],
            is_open=row["balance"] > 0 and row["status"] not in CLOSED,
            principal=row["balance"] - late_open,
            agreed_due_on=row["due_on"],
        )
        if told is not None:
            yield {
                "receivable": row,
                "boleto": boleto,
                "movement": told.movement,
                "abatement": told.abatement,
                "due_on": told.due_on,
            }


def last_number(rows: Rows, provider_id: str, bank: BankDetails) -> int:
    """The last nosso número of this provider, or of another one that shares its account at the bank."""
    series = rows.get(remittance_series, provider_id=provider_id) or {"last_number": 0}
    most = select(func.max(boletos.c.our_number)).where(
        boletos.c.bank_account == account_key(_values(bank)), boletos.c.wallet == bank.wallet.zfill(3)
    )
    return max(series["last_number"], rows.scalar(most) or 0)


def entry_of(rows: Rows, told: Mapping[str, Any], boleto: Mapping[str, Any]) -> RemittanceEntry:
    """A boleto's part of a file, with the late charges that its contract agreed."""
    row = told["receivable"]
    account = rows.get(accounts, account_id=row["account_id"]) or {}
    late = (account.get("terms") or {}).get("late") or {}
    of = rows.get(creditors, provider_id=boleto["provider_id"]) or {}
    said = of.get("bank") or {}
    interest = boleto["amount"] * Decimal(late.get("interest_percent_month") or 0) / 100 / 30
    return RemittanceEntry(
        boleto_id=boleto["boleto_id"],
        account_id=row["account_id"],
        receivable_id=row["receivable_id"],
        customer_id=row["customer_id"],
        our_number=boleto["our_number"],
        number=row["number"],
        movement=told["movement"],
        amount=boleto["amount"],
        abatement=told["abatement"],
        issued_on=row["issued_on"],
        due_on=told["due_on"],
        fine_percent=Decimal(late.get("fine_percent") or 0),
        interest_day=half_up(interest),
        protest_days=said.get("protest_days"),
        expiry_days=said.get("expiry_days"),
    )


def bank_of(rows: Rows, provider_id: str) -> tuple[dict[str, Any], BankDetails]:
    """The creditor and its bank details. Refused where remittances cannot be made."""
    creditor = found(rows.get(creditors, provider_id=provider_id), "provider.unknown", provider_id=provider_id)
    said = creditor["bank"] or {}
    if not said.get("account") or not said.get("branch") or not said.get("wallet"):
        raise Refused("boleto.no-bank", provider_id=provider_id)
    if said.get("bank_code") != BANK:
        raise Refused("boleto.bank-unknown", bank=said.get("bank_code"))
    names = ("bank_code", "branch", "account", "account_digit", "wallet")
    return creditor, BankDetails(**{name: str(said.get(name) or "") for name in names})


def file_of(
    creditor: Mapping[str, Any],
    bank: BankDetails,
    entries: tuple[RemittanceEntry, ...],
    payers: Mapping[str, Payer],
    sequence: int,
    made_at: datetime,
) -> tuple[str, str]:
    """(content, SHA-256 of its bytes)."""
    company = Company(creditor["legal_name"] or "", creditor["cnpj"] or "")
    at = made_at.astimezone(zone(creditor["time_zone"] or DEFAULT_ZONE))
    content = remittance(bank, company, entries, payers, sequence=sequence, made_at=at)
    return content, hashlib.sha256(content.encode("ascii")).hexdigest()


# -- questions ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BoletoParams:
    receivable_id: str


@dataclass(frozen=True, slots=True)
class PendingParams:
    """``on``: the day of the file; default: today (UTC)."""

    provider_id: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class RemittancesParams:
    provider_id: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class RemittanceFileParams:
    """``payers``: customer id → name, document, address."""

    remittance_id: str
    payers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def boletos_of(rows: Rows, receivable_id: str) -> list[dict[str, Any]]:
    return rows.find(boletos, receivable_id=receivable_id, order_by=(boletos.c.our_number.desc(),))


def live_boleto(rows: Rows, receivable_id: str) -> dict[str, Any] | None:
    """The boleto that may be paid: the bank has confirmed it and is not asked to write it off."""
    rows_ = boletos_of(rows, receivable_id)
    return next((row for row in rows_ if row["status"] == "registered" and not row["cancel_asked"]), None)


def boleto(params: BoletoParams, rows: Rows, context: Context) -> dict[str, Any]:
    """The registered boleto: typeable line, bar code and its bars as SVG; and how far the others have come."""
    row = found(rows.get(receivables, receivable_id=params.receivable_id), "receivable.unknown", **_id(params))
    history = [
        {name: each[name] for name in ("boleto_id", "our_number", "wallet", "amount", "due_on", "status", "reasons")}
        for each in boletos_of(rows, params.receivable_id)
    ]
    live = live_boleto(rows, params.receivable_id) if row["balance"] > 0 else None
    answer: dict[str, Any] = {"receivable_id": params.receivable_id, "registered": live is not None, "boletos": history}
    if live is not None:
        answer |= {name: live[name] for name in ("boleto_id", "amount", "abatement", "due_on", "bar_code")}
        answer["our_number"] = our_number(live)
        answer |= {"line": typeable_line(live["bar_code"]), "svg": interleaved_svg(live["bar_code"])}
    return answer


def our_number(row: Mapping[str, Any]) -> str:
    """As people read it: wallet/number."""
    return f"{row['wallet']}/{row['our_number']:08}"


def pending_boletos(params: PendingParams, rows: Rows, context: Context) -> dict[str, Any]:
    """What the next remittance of a provider would say."""
    creditor, bank = bank_of(rows, params.provider_id)
    items = [
        {
            "receivable_id": each["receivable"]["receivable_id"],
            "number": each["receivable"]["number"],
            "contract_id": each["receivable"]["contract_id"],
            "customer_id": each["receivable"]["customer_id"],
            "amount": each["receivable"]["balance"],
            **{name: each[name] for name in ("movement", "abatement", "due_on")},
        }
        for each in pending(rows, params.provider_id, params.on or today_of(creditor, context))
    ]
    return {"provider_id": params.provider_id, "bank_account": account_key(_values(bank)), "items": items}


def today_of(creditor: Mapping[str, Any], context: Context) -> date:
    return local_date(context.now, creditor["time_zone"] or DEFAULT_ZONE)


def list_remittances(params: RemittancesParams, rows: Rows, context: Context) -> dict[str, Any]:
    equals = {"provider_id": params.provider_id} if params.provider_id else {}
    found_ = rows.find(remittances, order_by=(remittances.c.made_at.desc(),), limit=limited(params.limit), **equals)
    return {"items": [{key: value for key, value in row.items() if key != "entries"} for row in found_]}


def remittance_file(params: RemittanceFileParams, rows: Rows, context: Context) -> dict[str, Any]:
    """The file made anew from its boletos and payers: the same bytes, or refused. Without ``payers``: whom it needs."""
    id_ = params.remittance_id
    row = found(rows.get(remittances, remittance_id=id_), "remittance.unknown", remittance_id=id_)
    entries = tuple(from_json_values(entry, RemittanceEntry) for entry in row["entries"])
    needs = sorted({entry.customer_id for entry in entries})
    answer = {name: row[name] for name in ("remittance_id", "provider_id", "sequence", "made_at", "sha256")}
    answer |= {"name": file_name(row["sequence"]), "customers": needs}
    if not params.payers:
        return answer
    creditor = rows.get(creditors, provider_id=row["provider_id"]) or {}
    payers = {key: payer_of(**said) for key, said in params.payers.items()}
    bank = from_json_values(row["bank"], BankDetails)
    content, sha256 = file_of(creditor, bank, entries, payers, row["sequence"], row["made_at"])
    if sha256 != row["sha256"]:
        raise Refused("remittance.file-differs", sequence=row["sequence"])
    return {**answer, "content": content}


def file_name(sequence: int) -> str:
    return f"COB{sequence:06}.REM"


def _id(params: BoletoParams) -> dict[str, str]:
    return {"receivable_id": params.receivable_id}


def _values(bank: BankDetails) -> dict[str, str]:
    return {name: getattr(bank, name) for name in ("bank_code", "branch", "account")}
