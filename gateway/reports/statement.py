"""A customer's statement as PDF: what moved his contracts' balance in a period, and what is open at its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from gateway.reports.page import Cell, Page, amount, day, letterhead, reais

MOVED = {
    "pt-BR": {
        "receivable": "Cobrança", "fine": "Multa", "interest": "Juros", "write_off": "Baixa", "payment": "Pagamento",
        "cancellation": "Cancelamento", "renegotiation": "Renegociação", "reversal": "Estorno", "grant": "Crédito concedido",
        "opening_credit": "Crédito do sistema anterior",
        "credit_note": "Nota de crédito", "refund": "Devolução", "credit": "Uso de crédito",
    },
    "en": {
        "receivable": "Invoice", "fine": "Fine", "interest": "Interest", "write_off": "Write-off", "payment": "Payment",
        "cancellation": "Cancellation", "renegotiation": "Renegotiation", "reversal": "Reversal", "grant": "Credit granted",
        "opening_credit": "Credit of the former system",
        "credit_note": "Credit note", "refund": "Refund", "credit": "Credit used",
    },
}  # fmt: skip
_WORDS = {
    "pt-BR": {
        "title": "Extrato do cliente", "customer": "Cliente", "period": "Período", "start": "o início", "today": "hoje",
        "opening": "Saldo anterior", "charged": "Lançado", "paid": "Pago e creditado", "closing": "Saldo final",
        "movements": "Movimentos", "day": "Data", "contract": "Contrato", "document": "Documento", "what": "Movimento",
        "due": "Vencimento", "amount": "Valor (R$)", "balance": "Saldo (R$)", "contracts": "Saldo por contrato",
        "none": "Nenhum movimento no período.", "to": "a", "document_of": "CPF/CNPJ",
    },
    "en": {
        "title": "Customer statement", "customer": "Customer", "period": "Period", "start": "the beginning", "today": "today",
        "opening": "Opening balance", "charged": "Charged", "paid": "Paid and credited", "closing": "Closing balance",
        "movements": "Movements", "day": "Date", "contract": "Contract", "document": "Document", "what": "Movement",
        "due": "Due on", "amount": "Amount (R$)", "balance": "Balance (R$)", "contracts": "Balance by contract",
        "none": "No movement in this period.", "to": "to", "document_of": "CPF/CNPJ",
    },
}  # fmt: skip


def statement_pdf(
    statement: Mapping[str, Any],
    *,
    provider: Mapping[str, Any],
    customer: Mapping[str, Any],
    since: str | None,
    until: str | None,
    numbers: Mapping[str, str],
    lang: str,
    made_at: datetime,
) -> bytes:
    """``numbers``: contract id → number, for the balances by contract."""
    words, items = _WORDS[lang], statement["items"]
    page = Page(letterhead(provider), words["title"], lang, made_at, provider.get("logo"))
    period = (
        f"{day(since, lang) if since else words['start']} {words['to']} {day(until, lang) if until else words['today']}"
    )
    known = [(words["customer"], customer.get("name")), (words["document_of"], customer.get("document"))]
    page.facts([(name, value) for name, value in [*known, (words["period"], period)] if value])
    amounts = [Decimal(item["amount"]) for item in items]
    page.boxes(
        [
            (words["opening"], reais(statement["opening"], lang)),
            (words["charged"], reais(sum((each for each in amounts if each > 0), Decimal(0)), lang)),
            (words["paid"], reais(sum((each for each in amounts if each < 0), Decimal(0)), lang)),
            (words["closing"], reais(statement["closing"], lang)),
        ]
    )
    page.heading(words["movements"])
    columns = (
        Cell(words["day"], 20), Cell(words["what"], 34), Cell(words["contract"], 32), Cell(words["document"], 32),
        Cell(words["due"], 20), Cell(words["amount"], 18, "R"), Cell(words["balance"], 18, "R"),
    )  # fmt: skip
    page.table(columns, [_row(item, lang) for item in items], nothing=words["none"])
    if len(statement["contracts"]) > 1:
        page.heading(words["contracts"])
        rows = [
            (numbers.get(each["contract_id"]) or each["contract_id"], amount(each["balance"], lang))
            for each in statement["contracts"]
        ]
        page.table((Cell(words["contract"], 80), Cell(words["balance"], 30, "R")), rows, nothing="")
    return page.whole()


def _row(item: Mapping[str, Any], lang: str) -> list[str]:
    return [
        day(item["on"], lang),
        MOVED[lang].get(item["kind"], item["kind"]),
        item.get("contract_number") or "",
        item.get("number") or "",
        day(item.get("due_on"), lang),
        amount(item["amount"], lang),
        amount(item["balance"], lang),
    ]
