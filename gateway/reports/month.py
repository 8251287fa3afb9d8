"""A contract's month as PDF: what was charged, what was asked for and done in time, what the customer said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from gateway.reports.page import Cell, Page, amount, day, letterhead, reais

_WORDS = {
    "pt-BR": {
        "title": "Relatório do contrato - {month}", "customer": "Cliente", "contract": "Contrato", "billed": "Faturado",
        "received": "Recebido", "requests": "Solicitações", "in_time": "Prazos cumpridos", "score": "Nota média",
        "charges": "Cobranças do mês", "number": "Número", "due": "Vencimento", "gross": "Bruto (R$)", "net": "Líquido (R$)",
        "balance": "Saldo (R$)", "status": "Situação", "no_charges": "Nada foi cobrado neste mês.", "protocol": "Protocolo",
        "service": "Serviço", "opened": "Abertura", "resolved": "Conclusão", "deadline": "Prazo",
        "no_requests": "Nenhuma solicitação neste mês.", "evaluations": "Avaliações", "said": "Resposta", "rated": "Nota",
        "no_evaluations": "Nenhuma avaliação respondida neste mês.", "total": "Total",
        "open": "em aberto", "overdue": "em atraso", "settled": "quitada", "written_off": "baixada", "cancelled": "cancelada",
        "renegotiated": "renegociada", "in_progress": "em andamento", "waiting": "aguardando", "closed": "fechada",
        "resolved_state": "concluída",
        "awaiting_confirmation": "aguarda confirmação", "met": "cumprido", "breached": "não cumprido", "running": "correndo",
        "warned": "perto do fim", "paused": "pausado", "confirmed": "confirmado", "contested": "contestado",
        "unsatisfied": "insatisfeito", "expired": "sem resposta", "visits": "Visitas", "on": "Dia", "site": "Local",
        "no_visits": "Nenhuma visita neste mês.", "visit_planned": "planejada", "visit_started": "iniciada",
        "visit_done": "realizada", "visit_missed": "não realizada", "visit_cancelled": "cancelada",
    },
    "en": {
        "title": "Contract report - {month}", "customer": "Customer", "contract": "Contract", "billed": "Billed",
        "received": "Received", "requests": "Requests", "in_time": "Deadlines met", "score": "Average score",
        "charges": "Charges of the month", "number": "Number", "due": "Due on", "gross": "Gross (R$)", "net": "Net (R$)",
        "balance": "Balance (R$)", "status": "Status", "no_charges": "Nothing was charged this month.", "protocol": "Protocol",
        "service": "Service", "opened": "Opened", "resolved": "Resolved", "deadline": "Deadline",
        "no_requests": "No request this month.", "evaluations": "Evaluations", "said": "Answer", "rated": "Score",
        "no_evaluations": "No evaluation was answered this month.", "total": "Total",
        "written_off": "written off", "in_progress": "in progress", "resolved_state": "resolved",
        "awaiting_confirmation": "awaiting confirmation", "breached": "missed",
        "warned": "near its end", "visits": "Visits", "on": "Day", "site": "Site", "no_visits": "No visit this month.",
    },
}  # fmt: skip


def month_pdf(
    *,
    month: str,
    provider: Mapping[str, Any],
    customer_name: str,
    contract: str,
    money: Mapping[str, Any],
    receivables: Sequence[Mapping[str, Any]],
    requests: Sequence[Mapping[str, Any]],
    visits: Sequence[Mapping[str, Any]],
    evaluations: Sequence[Mapping[str, Any]],
    place: ZoneInfo,
    lang: str,
    made_at: datetime,
) -> bytes:
    """``month``: YYYY-MM. ``money``: billing's row of the month. The lists hold what belongs to the month."""
    words = _WORDS[lang]
    said = f"{month[5:]}/{month[:4]}" if lang == "pt-BR" else month
    page = Page(letterhead(provider), words["title"].format(month=said), lang, made_at, provider.get("logo"))
    page.facts([(words["customer"], customer_name), (words["contract"], contract)])
    page.boxes(
        [
            (words["billed"], reais(money.get("billed"), lang)),
            (words["received"], reais(money.get("received"), lang)),
            (words["requests"], str(len(requests))),
            (words["in_time"], in_time(requests)),
            (words["score"], average(evaluations, lang)),
        ]
    )
    page.heading(words["charges"])
    charged = [_charge(each, words, lang) for each in receivables]
    if len(charged) > 1:
        sums = [
            amount(sum(Decimal(each[name] or 0) for each in receivables), lang) for name in ("gross", "net", "balance")
        ]
        charged.append([words["total"], "", *sums, ""])
    page.table(
        (Cell(words["number"], 44), Cell(words["due"], 26), Cell(words["gross"], 26, "R"), Cell(words["net"], 26, "R"),
         Cell(words["balance"], 26, "R"), Cell(f"  {words['status']}", 26)),
        charged, nothing=words["no_charges"], last_bold=len(charged) > 1,
    )  # fmt: skip
    page.heading(words["visits"])
    page.table(
        (Cell(words["on"], 24), Cell(words["service"], 60), Cell(words["site"], 60), Cell(words["status"], 30)),
        [_visit(each, words, lang) for each in visits], nothing=words["no_visits"],
    )  # fmt: skip
    page.heading(words["requests"])
    page.table(
        (Cell(words["protocol"], 30), Cell(words["service"], 52), Cell(words["opened"], 22), Cell(words["resolved"], 22),
         Cell(words["deadline"], 24), Cell(words["status"], 24)),
        [_request(each, words, lang, place) for each in requests], nothing=words["no_requests"],
    )  # fmt: skip
    page.heading(words["evaluations"])
    page.table(
        (Cell(words["protocol"], 44), Cell(words["said"], 44), Cell(words["rated"], 20, "R")),
        [_evaluation(each, words) for each in evaluations], nothing=words["no_evaluations"],
    )  # fmt: skip
    return page.whole()


def in_time(requests: Sequence[Mapping[str, Any]]) -> str:
    """Of the deadlines of resolution that are decided, those that were met: ``3/4``."""
    decided = [each["resolution_state"] for each in requests if each.get("resolution_state") in ("met", "breached")]
    return f"{decided.count('met')}/{len(decided)}" if decided else "-"


def average(evaluations: Sequence[Mapping[str, Any]], lang: str) -> str:
    scores = [each["score"] for each in evaluations if each.get("score") is not None]
    if not scores:
        return "-"
    mean = (Decimal(sum(scores)) / len(scores)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return str(mean).replace(".", ",") if lang == "pt-BR" else str(mean)


def _charge(each: Mapping[str, Any], words: Mapping[str, str], lang: str) -> list[str]:
    amounts = [amount(each[name], lang) for name in ("gross", "net", "balance")]
    return [each["number"] or "", day(each["due_on"], lang), *amounts, f"  {_state(each['status'], words)}"]


def local_day(instant: str | None, place: ZoneInfo) -> str:
    """The day of an instant (ISO 8601 in UTC) where the contract is, as YYYY-MM-DD; nothing for nothing."""
    return datetime.fromisoformat(instant).astimezone(place).date().isoformat() if instant else ""


def _visit(each: Mapping[str, Any], words: Mapping[str, str], lang: str) -> list[str]:
    service = each.get("service_name") or each.get("description") or ""
    return [
        day(each.get("on"), lang),
        service,
        each.get("site_name") or "",
        words.get(f"visit_{each['status']}", each["status"]),
    ]


def _request(each: Mapping[str, Any], words: Mapping[str, str], lang: str, place: ZoneInfo) -> list[str]:
    status = "resolved_state" if each["status"] == "resolved" else each["status"]
    days = [day(local_day(each.get(name), place), lang) for name in ("opened_at", "resolved_at")]
    deadline = _state(each.get("resolution_state"), words)
    return [each.get("protocol") or "", each.get("service_name") or "", *days, deadline, _state(status, words)]


def _evaluation(each: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    score = each.get("score")
    return [each.get("protocol") or "", _state(each["status"], words), "-" if score is None else str(score)]


def _state(name: str | None, words: Mapping[str, str]) -> str:
    return words.get(name, name) if name else "-"
