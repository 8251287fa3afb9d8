"""What a technician needs to know of a contract at the customer's door: sentences, without any price."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_SAID = {
    "pt-BR": {
        "included": "Incluído por mês: {quantity} {unit}.",
        "unlimited": "Sem limite de quantidade por mês.",
        "target": "Prioridade {priority}: resposta em {response}, solução em {resolution}.",
        "evidence": "Comprova o serviço: {kinds}.",
        "confirmation": "O cliente confirma o serviço depois; peça que ele responda ao e-mail.",
        "always": "Atendimento 24 horas, todos os dias.",
        "authorised": "Só contatos autorizados pedem serviços.",
    },
    "en": {
        "included": "Included each month: {quantity} {unit}.",
        "unlimited": "No limit of quantity each month.",
        "target": "Priority {priority}: response within {response}, resolution within {resolution}.",
        "evidence": "What proves the service: {kinds}.",
        "confirmation": "The customer confirms the service afterwards; ask him to answer the mail.",
        "always": "Service around the clock, every day.",
        "authorised": "Only authorised contacts ask for services.",
    },
}
_NAMES = {
    "pt-BR": {
        "signed_order": "ordem de serviço assinada", "photo": "foto", "email": "e-mail",
        "portal_confirmation": "confirmação do cliente", "delivery_report": "relatório de entrega",
        "service_report": "relatório de serviço", "hour": "horas", "visit": "visitas", "request": "solicitações",
        "critical": "crítica", "high": "alta", "medium": "média", "low": "baixa",
    },
    "en": {
        "signed_order": "signed service order", "photo": "photo", "email": "e-mail",
        "portal_confirmation": "the customer's confirmation", "delivery_report": "delivery report",
        "service_report": "service report", "hour": "hours", "visit": "visits", "request": "requests",
        "critical": "critical", "high": "high", "medium": "medium", "low": "low",
    },
}  # fmt: skip


def sentences(terms: Mapping[str, Any], service_type_id: str | None, lang: str) -> list[str]:
    """What the contract says about one service; nothing where it does not name it."""
    chosen = [each for each in terms.get("services") or () if each.get("service_type_id") == service_type_id]
    return list(_of(chosen[0], terms, lang)) if chosen else []


def _of(service: Mapping[str, Any], terms: Mapping[str, Any], lang: str) -> Iterator[str]:
    said, names = _SAID[lang], _NAMES[lang]

    def name(word: str) -> str:
        return names.get(word, word.replace("_", " "))

    if service.get("calendar") == "24x7":
        yield said["always"]
    quantity = service.get("included_quantity")
    unit = name(service.get("unit") or "hour")
    yield said["unlimited"] if quantity is None else said["included"].format(quantity=quantity, unit=unit)
    for target in service.get("targets") or ():
        limits = {key: _span(target.get(f"{key}_minutes")) for key in ("response", "resolution")}
        yield said["target"].format(priority=name(target["priority"]), **limits)
    evidence = list(service.get("evidence") or ())
    if documents := [name(each) for each in evidence if each != "portal_confirmation"]:
        yield said["evidence"].format(kinds=", ".join(documents))
    if "portal_confirmation" in evidence:
        yield said["confirmation"]
    if (terms.get("communication") or {}).get("authorised_only"):
        yield said["authorised"]


def _span(minutes: int | None) -> str:
    if minutes is None:
        return "—"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d} min" if hours and rest else f"{hours} h" if hours else f"{rest} min"
