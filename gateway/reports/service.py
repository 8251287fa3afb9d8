"""The service report as PDF, from a request's facts: what was asked, who came when, work, parts, signature, confirmation."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.reports.page import Cell, Page, letterhead

_WORDS = {
    "pt-BR": {
        "title": "Relatório de serviço - {protocol}", "customer": "Cliente", "contract": "Contrato", "asked": "Pedido",
        "opened": "Aberto em", "resolved": "Concluído em", "done": "O que foi feito", "work": "Trabalho", "day": "Dia",
        "what": "Descrição", "quantity": "Quantidade", "parts": "Peças e materiais", "visits": "Visitas", "start": "Início",
        "end": "Fim", "status": "Situação", "evidence": "Documentos", "hash": "SHA-256", "none": "Nada registrado.",
        "confirmation": "Confirmação do cliente", "confirmed": "Confirmado em {at}",
        "tacit": "Confirmado tacitamente em {at}, por decurso do prazo do contrato", "contested": "Contestado em {at}",
        "waiting": "Ainda sem resposta", "score": "Nota {score} de 5", "signature": "Assinatura do cliente",
        "planned": "planejada", "started": "em andamento", "visit_done": "realizada", "missed": "não realizada",
        "cancelled": "cancelada", "hour": "h", "visit": "visita(s)", "request": "solicitação(ões)", "piece": "un.",
    },
    "en": {
        "title": "Service report - {protocol}", "customer": "Customer", "contract": "Contract", "asked": "Asked for",
        "opened": "Opened", "resolved": "Done", "done": "What was done", "work": "Work", "day": "Day",
        "what": "Description", "quantity": "Quantity", "parts": "Parts and material", "visits": "Visits", "start": "Start",
        "end": "End", "status": "Status", "evidence": "Documents", "hash": "SHA-256", "none": "Nothing was recorded.",
        "confirmation": "The customer's confirmation", "confirmed": "Confirmed on {at}",
        "tacit": "Confirmed tacitly on {at}: the contract's time passed", "contested": "Contested on {at}",
        "waiting": "No answer yet", "score": "Score {score} of 5", "signature": "Signature of the customer",
        "planned": "planned", "started": "under way", "visit_done": "done", "missed": "missed", "cancelled": "cancelled",
        "hour": "h", "visit": "visit(s)", "request": "request(s)", "piece": "pc.",
    },
}  # fmt: skip


def service_pdf(
    request: Mapping[str, Any], *, provider: Mapping[str, Any], customer_name: str, contract: str,
    visits: Sequence[Mapping[str, Any]], evaluation: Mapping[str, Any], signature: bytes | None, zone: str, lang: str,
    made_at: datetime,
) -> bytes:  # fmt: skip
    """``visits`` with their parts; ``signature``: an image. No price stands on it."""
    said, when = _WORDS[lang], _Moments(zone, lang)
    title = said["title"].format(protocol=request.get("protocol") or request["request_id"])
    page = Page(letterhead(provider), title, lang, made_at, provider.get("logo"))
    ends = (request.get("provider") or {}).get("summary") or "-"
    page.facts(
        [
            (said["customer"], customer_name), (said["contract"], contract), (said["opened"], when(request.get("opened_at"))),
            (said["resolved"], when(request.get("resolved_at"))), (said["asked"], request.get("description") or "-"),
            (said["done"], ends),
        ]
    )  # fmt: skip
    page.heading(said["visits"])
    rows = [
        [
            when.day(each.get("on")),
            when(each.get("started_at")),
            when(each.get("ended_at")),
            said.get(_state(each), "-"),
        ]
        for each in visits
    ]
    titles = (said["day"], said["start"], said["end"], said["status"])
    page.table([Cell(name, 43.5) for name in titles], rows, nothing=said["none"])
    page.heading(said["work"])
    work = [
        [
            when.day(each.get("performed_on")),
            each.get("description") or "-",
            _quantity(each, said),
        ]
        for each in request.get("work") or ()
    ]
    page.table(
        [Cell(said["day"], 25), Cell(said["what"], 114), Cell(said["quantity"], 35, "R")], work, nothing=said["none"]
    )
    page.heading(said["parts"])
    parts = [*(request.get("parts") or ()), *(part for visit in visits for part in visit.get("parts") or ())]
    used = [[each.get("description") or "-", _quantity(each, said)] for each in parts]
    page.table([Cell(said["what"], 139), Cell(said["quantity"], 35, "R")], used, nothing=said["none"])
    page.heading(said["evidence"])
    papers = [[each.get("name") or "-", str(each.get("sha256") or "")] for each in request.get("documents") or ()]
    page.table([Cell(said["evidence"], 62), Cell(said["hash"], 112)], papers, nothing=said["none"])
    page.heading(said["confirmation"])
    page.facts([(said["status"], _verdict(evaluation, said, when))])
    if signature is not None:
        page.heading(said["signature"])
        page.image(io.BytesIO(signature), w=70, h=28, keep_aspect_ratio=True)
    return page.whole()


def _quantity(each: Mapping[str, Any], said: Mapping[str, str]) -> str:
    unit = each.get("unit") or ""
    return f"{each.get('quantity')} {said.get(unit, unit)}".strip()


def _state(visit: Mapping[str, Any]) -> str:
    return "visit_done" if visit.get("status") == "done" else str(visit.get("status"))


def _verdict(evaluation: Mapping[str, Any], said: Mapping[str, str], when: _Moments) -> str:
    at = when(evaluation.get("answered_at"))
    status = evaluation.get("status")
    if status == "contested":
        return said["contested"].format(at=at)
    if not evaluation.get("answered_at"):
        return said["waiting"]
    line = said["tacit" if evaluation.get("tacit") else "confirmed"].format(at=at)
    score = evaluation.get("score")
    return f"{line}. {said['score'].format(score=score)}" if score else line


class _Moments:
    """Instants and days as the reader writes them, in the contract's zone."""

    def __init__(self, zone: str, lang: str) -> None:
        self._zone, self._form = ZoneInfo(zone), "%d/%m/%Y %H:%M" if lang == "pt-BR" else "%Y-%m-%d %H:%M"

    def __call__(self, text: str | None) -> str:
        return datetime.fromisoformat(text).astimezone(self._zone).strftime(self._form) if text else "-"

    def day(self, text: str | None) -> str:
        return datetime.fromisoformat(text).strftime(self._form[:8]) if text else "-"
