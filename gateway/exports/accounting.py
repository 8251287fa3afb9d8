"""Billing's movements as lines of the books: each movement a debit and a credit of the same amount.

The company's plan of accounts names its own account for each role.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from gateway.exports.sheets import Column, Sheet

ROLES: Mapping[str, tuple[str, str]] = {
    "bank": ("1.1.1.02", "Bancos"),
    "receivables": ("1.1.2.01", "Clientes"),
    "renegotiation": ("1.1.2.99", "Renegociações em trânsito"),
    "withheld": ("1.1.3.05", "Tributos retidos a recuperar"),
    "credits": ("2.1.4.01", "Adiantamentos de clientes"),
    "opening": ("2.3.9.01", "Saldos de abertura"),
    "revenue": ("3.1.1.01", "Receita de serviços"),
    "deductions": ("3.1.2.01", "Abatimentos e devoluções"),
    "late": ("3.2.1.01", "Multas e juros de mora"),
    "losses": ("4.1.3.01", "Perdas com créditos"),
}
"""Role → code and name where the company has not said otherwise."""

_AGAINST = {
    "fine": "late",
    "interest": "late",
    "correction": "late",
    "write_off": "losses",
    "renegotiation": "renegotiation",
    "payment": "bank",
    "reversal": "bank",
    "refund": "bank",
    "credit_note": "deductions",
    "grant": "deductions",
    "opening_credit": "opening",
    "credit": "credits",
}
_SAID = {
    "pt-BR": {
        "receivable": "Cobrança emitida",
        "fine": "Multa por atraso",
        "interest": "Juros de mora",
        "correction": "Correção monetária",
        "write_off": "Baixa por perda",
        "cancellation": "Cobrança cancelada",
        "renegotiation": "Renegociação",
        "payment": "Recebimento",
        "reversal": "Estorno de recebimento",
        "refund": "Devolução de crédito",
        "credit_note": "Nota de crédito",
        "grant": "Crédito concedido",
        "opening_credit": "Adiantamento do sistema anterior",
        "credit": "Uso de crédito",
        "withheld": "Tributos retidos na fonte",
        "total": "Total do período",
    },
    "en": {
        "receivable": "Invoice issued",
        "fine": "Late fine",
        "interest": "Late interest",
        "correction": "Monetary correction",
        "write_off": "Written off",
        "cancellation": "Invoice cancelled",
        "renegotiation": "Renegotiation",
        "payment": "Payment received",
        "reversal": "Payment reversed",
        "refund": "Credit paid back",
        "credit_note": "Credit note",
        "grant": "Credit granted",
        "opening_credit": "Paid in advance to the former system",
        "credit": "Credit used",
        "withheld": "Taxes withheld at source",
        "total": "Total of the period",
    },
}

SHEET = Sheet(
    {"pt-BR": "contabilidade", "en": "accounting"},
    (
        Column("on", "day", "Data", "Date"),
        Column("account", "text", "Conta", "Account"),
        Column("account_name", "text", "Nome da conta", "Account name"),
        Column("debit", "money", "Débito", "Debit"),
        Column("credit", "money", "Crédito", "Credit"),
        Column("contract", "text", "Contrato", "Contract"),
        Column("document", "text", "Documento", "Document"),
        Column("history", "text", "Histórico", "History"),
        Column("entry_id", "text", "Lançamento", "Entry"),
    ),
)

Plan = Mapping[str, tuple[str, str]]


def lines(entries: Iterable[Mapping[str, Any]], plan: Plan, lang: str) -> Iterator[dict[str, Any]]:
    """Two lines a movement, the debit first. The other half of a use of credit is part of the first one's."""
    for entry in entries:
        kind, amount = entry["kind"], Decimal(str(entry["amount"]))
        if kind == "credit" and entry["credit"]:
            continue
        own = "credits" if entry["credit"] else "receivables"
        yield from _pair(entry, plan, lang, kind, own, _against(entry), amount)
        withheld = Decimal(str(entry.get("withheld") or 0))
        if withheld:
            signed = withheld if amount > 0 else -withheld
            yield from _pair(entry, plan, lang, "withheld", "withheld", _against(entry), signed)


def _against(entry: Mapping[str, Any]) -> str:
    """What is billed is revenue, but for instalments of an older debt, and what was owed before the books began here."""
    if entry["kind"] in _AGAINST:
        return _AGAINST[entry["kind"]]
    if entry.get("renegotiated"):
        return "renegotiation"
    if entry.get("taken_over"):
        return "opening"
    return "opening" if entry.get("imported") and entry["kind"] == "receivable" else "revenue"


def _pair(
    entry: Mapping[str, Any], plan: Plan, lang: str, said: str, own: str, other: str, amount: Decimal
) -> Iterator[dict[str, Any]]:
    debit, credit = (own, other) if amount > 0 else (other, own)
    for role, side in ((debit, "debit"), (credit, "credit")):
        code, name = plan[role]
        yield {
            "on": entry["on"],
            "account": code,
            "account_name": name,
            side: str(abs(amount)),
            "contract": entry.get("contract_number") or entry.get("account_id"),
            "document": entry.get("number") or entry.get("source_id"),
            "history": _SAID[lang].get(said, said),
            "entry_id": entry["entry_id"],
        }


def closing(totals: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Billing's own sums over the period: those of the debits, and of the credits, above."""
    total = str(Decimal(str(totals["moved"])) + Decimal(str(totals["withheld"])))
    return {"debit": total, "credit": total, "history": _SAID[lang]["total"]}
