"""A receivable as a document to send: what stands on it is gathered here, ``pdf`` draws it.

CDC art. 42-A: it bears the creditor's name, address and CNPJ. Pix always; the boleto once the bank has registered it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from billing_service import pdf
from billing_service.domain.boleto import BANK, modulo_10, typeable_line
from billing_service.printing_words import WORDS
from billing_service.views import creditors as paid
from billing_service.views import receivables as shown
from billing_service.views.accounts import accounts
from billing_service.views.boletos import live_boleto, our_number
from services.component import Context
from services.errors import Refused
from services.rows import Rows


@dataclass(frozen=True, slots=True)
class PdfParams:
    """``on``: the day of payment; default: today. ``payer_*``: the customer, whom billing does not know. ``logo``: the
    company's, PNG or JPEG in base64."""

    receivable_id: str
    on: date | None = None
    lang: str = "pt-BR"
    payer_name: str = ""
    payer_document: str = ""
    payer_address: str = ""
    logo: str = ""


def receivable_pdf(params: PdfParams, rows: Rows, context: Context) -> dict[str, Any]:
    """``{"content" (base64), "media_type", "name"}``."""
    row = shown.receivable(shown.ReceivableParams(params.receivable_id), rows, context)
    if params.on is not None and params.on > row["as_of"]["on"]:
        row = shown.receivable(shown.ReceivableParams(params.receivable_id, params.on), rows, context)
    account = rows.get(accounts, account_id=row["account_id"]) or {}
    of = rows.get(paid.contract_creditors, contract_id=row["contract_id"]) or {"provider_id": None}
    creditor = rows.get(paid.creditors, provider_id=of["provider_id"] or "") or {}
    made = Words(params.lang)
    paper = pdf.Paper(
        lang=made.lang,
        title=made.word("title"),
        number=row["number"],
        creditor=_creditor(creditor, made),
        facts=_facts(row, account, made),
        customer=_customer(params, made),
        customer_title=made.word("customer"),
        heads=made.heads(),
        lines=[_line(line, made) for line in row["lines"]],
        totals=_totals(row, made),
        notes=_notes(row, made),
        pix=_pix(params, row, creditor, rows, context, made),
        boleto=_boleto(params, row, creditor, rows, made),
        page=made.word("page"),
        logo=base64.b64decode(params.logo) or None,
    )
    content = pdf.draw(paper, made_at=context.now)
    name = f"{made.word('file')}-{row['number'] or row['receivable_id']}.pdf".replace("/", "-")
    return {"content": base64.b64encode(content).decode(), "media_type": "application/pdf", "name": name}


class Words:
    """Words, amounts and days of one language."""

    def __init__(self, lang: str) -> None:
        self.lang = "en" if lang.lower().startswith("en") else "pt-BR"
        self._locale = "en_US" if self.lang == "en" else "pt_BR"

    def word(self, code: str, **values: str) -> str:
        return WORDS[code][self.lang].format(**values)

    def money(self, amount: Decimal) -> str:
        return format_currency(amount, "BRL", locale=self._locale).replace("\u00a0", " ")

    def plain(self, amount: Decimal) -> str:
        return format_decimal(amount, "#,##0.00", locale=self._locale)

    def quantity(self, amount: Decimal) -> str:
        return format_decimal(amount.normalize(), "#,##0.####", locale=self._locale)

    def day(self, day: date | None) -> str:
        if day is None:
            return ""
        return format_date(day, "MMM d, y" if self.lang == "en" else "dd/MM/yyyy", locale=self._locale)

    def heads(self) -> tuple[str, str, str, str]:
        return (self.word("description"), self.word("quantity"), self.word("unit_price"), self.word("amount"))


def document(text: str | None) -> str:
    """A CPF or CNPJ with its punctuation."""
    plain = text or ""
    if len(plain) == 14:
        return f"{plain[:2]}.{plain[2:5]}.{plain[5:8]}/{plain[8:12]}-{plain[12:]}"
    if len(plain) == 11:
        return f"{plain[:3]}.{plain[3:6]}.{plain[6:9]}-{plain[9:]}"
    return plain


def _creditor(creditor: Mapping[str, Any], made: Words) -> list[str]:
    place = " - ".join(part for part in (creditor.get("city"), creditor.get("state")) if part)
    reach = " · ".join(part for part in (creditor.get("phone"), creditor.get("email")) if part)
    number = f"CNPJ {document(creditor.get('cnpj'))}" if creditor.get("cnpj") else ""
    address = creditor.get("address") or ""
    city, state = creditor.get("city") or "", creditor.get("state") or ""
    if city.casefold() not in address.casefold():
        address = ", ".join(part for part in (address, place) if part)
    elif state and not address.endswith(state):
        address = f"{address} - {state}"
    return [part for part in (creditor.get("legal_name") or "", number, address, reach) if part]


def _customer(params: PdfParams, made: Words) -> list[str]:
    number = document(params.payer_document)
    kind = "CNPJ" if len(params.payer_document) == 14 else "CPF"
    return [part for part in (params.payer_name, f"{kind} {number}" if number else "", params.payer_address) if part]


def _facts(row: Mapping[str, Any], account: Mapping[str, Any], made: Words) -> list[tuple[str, str]]:
    facts = [(made.word("number"), row["number"])]
    if account.get("contract_number"):
        facts.append((made.word("contract"), account["contract_number"]))
    facts.append((made.word("issued_on"), made.day(row["issued_on"])))
    facts.append((made.word("due_on"), made.day(row["due_on"])))
    if row["payable_on"] != row["due_on"]:
        facts.append((made.word("payable_on"), made.day(row["payable_on"])))
    if row["nfse_number"]:
        facts.append(("NFS-e", row["nfse_number"]))
    return facts


def _line(line: Mapping[str, Any], made: Words) -> pdf.Line:
    period = ""
    if line["period_start"] and line["period_end"]:
        period = made.word("period", since=made.day(line["period_start"]), until=made.day(line["period_end"]))
    return pdf.Line(
        description=line["description"],
        period=period,
        why=line["why"][made.lang],
        quantity=made.quantity(line["quantity"]),
        unit_price=made.plain(line["unit_price"]),
        amount=made.plain(line["amount"]),
    )


def _totals(row: Mapping[str, Any], made: Words) -> list[tuple[str, str, bool]]:
    """(what, amount, in bold)."""
    totals = [(made.word("gross"), made.money(row["gross"]), False)]
    for tax in row["withholdings"]:
        what = made.word("withheld", tax=tax["tax"], rate=_percent(tax["percent"], made))
        totals.append((what, made.money(-Decimal(tax["amount"])), False))
    if row["withheld"]:
        totals.append((made.word("net"), made.money(row["net"]), True))
    for name, amount in (("paid", row["paid"]), ("credited", row["credited"])):
        if amount:
            totals.append((made.word(name), made.money(-amount), False))
    late, accrued = row["late"], row["fine"] + row["interest"] + row["correction"]
    for name in ("fine", "interest", "correction"):
        part = late[name] + row[name]
        if part and row["balance"] > 0:
            totals.append((made.word(name), made.money(part), False))
    if row["balance"] > 0:
        totals.append((made.word("payable", on=made.day(late["on"])), made.money(row["as_of"]["payable"]), True))
    elif accrued or row["paid"]:
        totals.append((made.word("nothing_open"), made.money(Decimal(0)), True))
    return totals


def _percent(rate: str, made: Words) -> str:
    return f"{made.quantity(Decimal(rate))}%"


def _notes(row: Mapping[str, Any], made: Words) -> list[str]:
    """The withholdings' and credits' reasons, and what holds of a receivable that is not simply open."""
    notes = [tax["why"][made.lang] for tax in row["withholdings"]]
    notes += [note["why"][made.lang] for note in row["credit_notes"]]
    if row["status"] in ("settled", "cancelled", "renegotiated", "written_off", "disputed"):
        notes.append(made.word(f"is_{row['status']}", on=made.day(row["settled_on"])))
    return notes


def _pix(
    params: PdfParams, row: Mapping[str, Any], creditor: Mapping[str, Any], rows: Rows, context: Context, made: Words
) -> pdf.Pix | None:
    if row["balance"] <= 0 or not creditor.get("pix_key"):
        return None
    try:
        said = paid.pix(paid.PixParams(params.receivable_id, params.on), rows, context)
    except Refused:
        return None
    hint = made.word("pix_hint", on=made.day(said["on"]), amount=made.money(said["amount"]))
    return pdf.Pix(made.word("pix"), said["code"], hint, made.word("pix_copy"))


def _boleto(
    params: PdfParams, row: Mapping[str, Any], creditor: Mapping[str, Any], rows: Rows, made: Words
) -> pdf.Boleto | None:
    """Once the bank has registered it, and while it is to be paid. Words stay Portuguese: tellers read them."""
    live = live_boleto(rows, params.receivable_id) if row["balance"] > 0 else None
    if live is None:
        return None
    bank, pt = live["bank"], Words("pt-BR")
    check = modulo_10(bank["branch"].zfill(4) + bank["account"].zfill(5) + live["wallet"] + f"{live['our_number']:08}")
    instructions = [*((creditor.get("bank") or {}).get("instructions") or ())]
    if live["abatement"]:
        instructions.insert(0, f"Conceder abatimento de {pt.money(live['abatement'])}.")
    cells = (
        ("Beneficiário", f"{creditor.get('legal_name') or ''}  -  CNPJ {document(creditor.get('cnpj'))}", 130),
        ("Vencimento", pt.day(live["due_on"]), 40),
        ("Agência / Código do beneficiário", f"{bank['branch']} / {bank['account']}-{bank['account_digit']}", 50),
        ("Nosso número", f"{our_number(live)}-{check}", 38),
        ("Nº do documento", row["number"], 46),
        ("Valor do documento", pt.money(live["amount"]), 40),
        ("Pagador", " - ".join(_customer(params, pt)[:2]), 170),
    )
    return pdf.Boleto(
        bank="Itaú",
        code=f"{BANK}-7",
        line=typeable_line(live["bar_code"]),
        bar_code=live["bar_code"],
        cells=cells,
        instructions=tuple(instructions),
        place="Pagável em qualquer banco ou aplicativo até o vencimento; depois, com multa e juros.",
    )
