"""What refusals and coverage answers say to people, by code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tickets_service.words_documents import DOCUMENT_WORDS

NAMES: dict[str, dict[str, dict[str, str]]] = {
    "evidence": {
        "signed_order": {"pt-BR": "ordem de serviço assinada", "en": "signed order"},
        "photo": {"pt-BR": "foto", "en": "photo"},
        "email": {"pt-BR": "e-mail", "en": "e-mail"},
        "delivery_report": {"pt-BR": "relatório de entrega", "en": "delivery report"},
        "portal_confirmation": {"pt-BR": "confirmação no portal", "en": "confirmation in the portal"},
    },
    "status": {
        "none": {"pt-BR": "ainda não aberta", "en": "not opened yet"},
        "open": {"pt-BR": "aberta", "en": "open"},
        "in_progress": {"pt-BR": "em andamento", "en": "in progress"},
        "waiting": {"pt-BR": "aguardando o cliente", "en": "waiting for the customer"},
        "resolved": {"pt-BR": "resolvida", "en": "resolved"},
        "awaiting_confirmation": {
            "pt-BR": "aguardando a confirmação do cliente",
            "en": "awaiting the customer's confirmation",
        },
        "closed": {"pt-BR": "encerrada", "en": "closed"},
        "cancelled": {"pt-BR": "cancelada", "en": "cancelled"},
        "planned": {"pt-BR": "marcada", "en": "planned"},
        "started": {"pt-BR": "iniciada", "en": "started"},
        "done": {"pt-BR": "realizada", "en": "done"},
        "missed": {"pt-BR": "não realizada", "en": "missed"},
    },
    "clause": {
        "default.suspend": {"pt-BR": "regra de inadimplência", "en": "rule on default"},
        "period": {"pt-BR": "vigência", "en": "period"},
        "communication.authorised_only": {"pt-BR": "contatos autorizados", "en": "authorised contacts"},
        "services": {"pt-BR": "serviços do contrato", "en": "services of the contract"},
    },
}
_SERVICE = {"pt-BR": "serviço", "en": "service"}
_CLAUSE = {"pt-BR": "cláusula", "en": "clause"}


def named(params: Mapping[str, Any], lang: str) -> Mapping[str, Any]:
    """What refusals and answers carry, as people name it: states, kinds of evidence, and where the contract says so."""
    told = dict(params)
    for param, names in (("status", "status"), ("kind", "evidence")):
        if param in told:
            told[param] = _name(names, str(told[param]), lang)
    if "accepted" in told and "missing" in told:
        told["missing"] = ", ".join(_name("evidence", str(kind), lang) for kind in told["accepted"])
    if "clause" in told:
        told["clause"] = _clause(str(told["clause"] or ""), lang)
    for amount in ("remaining", "unit_price", "ceiling"):
        if lang == "pt-BR" and told.get(amount) is not None:
            told[amount] = str(told[amount]).replace(".", ",")
    return told


def _name(of: str, value: str, lang: str) -> str:
    return NAMES[of].get(value, {}).get(lang, value)


def _clause(clause: str, lang: str) -> str:
    """``4.1`` is a clause; ``services.GEN`` is the service of that code, where no clause speaks of it."""
    place, _, code = clause.partition(".")
    if place == "services" and code:
        return f"{_SERVICE[lang]} {code}"
    known = NAMES["clause"].get(clause, {}).get(lang)
    return known or f"{_CLAUSE[lang]} {clause}".strip()


WORDS: dict[str, dict[str, str]] = {
    "request.unknown": {"pt-BR": "Solicitação não encontrada.", "en": "There is no such request."},
    "visit.unknown": {"pt-BR": "Visita não encontrada.", "en": "There is no such visit."},
    "visit.device-clock-ahead": {
        "pt-BR": "O relógio do aparelho está adiantado ({occurred_at}); acerte-o e envie de novo.",
        "en": "The device's clock is ahead ({occurred_at}); set it and send it again.",
    },
    "visit.entered-too-late": {
        "pt-BR": "Foi anotado há mais de {days} dias; fale com o escritório.",
        "en": "It was entered more than {days} days ago; talk to the office.",
    },
    "visit.not-an-image": {
        "pt-BR": "Foto e assinatura são imagens, não {media_type}.",
        "en": "A photo or a signature is an image, not {media_type}.",
    },
    "visit.not-open": {
        "pt-BR": "A visita já não está em aberto ({status}).",
        "en": "The visit is no longer open ({status}).",
    },
    "visit.past": {
        "pt-BR": "A visita não pode ser marcada para um dia que já passou ({on}).",
        "en": "A visit cannot be on a day that has passed ({on}).",
    },
    "visit.window-empty": {
        "pt-BR": "O horário termina ({closes}) antes de começar ({opens}).",
        "en": "The time ends ({closes}) before it begins ({opens}).",
    },
    "visit.reason-missing": {"pt-BR": "Diga o motivo.", "en": "Say why."},
    "visit.contract-stopped": {
        "pt-BR": "O contrato não tem visitas a partir de {on}.",
        "en": "The contract has no visits from {on} on.",
    },
    "request.reopen-too-late": {
        "pt-BR": "O prazo de {days} dias para reabrir terminou em {until}. Abra uma nova solicitação.",
        "en": "The {days} days for reopening ended on {until}. Please open a new request.",
    },
    "request.exists": {"pt-BR": "Esta solicitação já foi aberta.", "en": "This request has already been opened."},
    "request.contract-unknown": {
        "pt-BR": "Contrato desconhecido ou ainda não ativo.",
        "en": "The contract is unknown or not active yet.",
    },
    "request.not-covered": {
        "pt-BR": "O contrato não cobre este atendimento ({clause}).",
        "en": "The contract does not cover this service ({clause}).",
    },
    "request.suspended": {
        "pt-BR": "O contrato está suspenso; o atendimento volta quando ele for retomado ({clause}).",
        "en": "The contract is suspended; services go on when it is resumed ({clause}).",
    },
    "request.not-authorised": {
        "pt-BR": "Este contato não está autorizado a abrir solicitações neste contrato ({clause}).",
        "en": "This contact is not authorised to open requests under this contract ({clause}).",
    },
    "request.place-unknown": {
        "pt-BR": "O local ou equipamento não é deste cliente.",
        "en": "The site or equipment does not belong to this customer.",
    },
    "request.not-yours": {
        "pt-BR": "Esta solicitação não é da sua empresa.",
        "en": "This request is not your company's.",
    },
    "request.staff-only": {
        "pt-BR": "Somente a equipe do prestador pode fazer isto.",
        "en": "Only the provider's staff may do this.",
    },
    "request.not-open": {
        "pt-BR": "A solicitação não está em andamento (situação: {status}).",
        "en": "The request is not open (status: {status}).",
    },
    "request.not-resolved": {
        "pt-BR": "A solicitação ainda não foi resolvida (situação: {status}).",
        "en": "The request is not resolved (status: {status}).",
    },
    "request.awaiting-confirmation": {
        "pt-BR": "Pelo contrato, só a confirmação do cliente comprova este serviço: aguarde a resposta dele.",
        "en": "Under the contract only the customer's confirmation proves this service: wait for his answer.",
    },
    "request.other-resolution": {
        "pt-BR": "A solicitação foi reaberta e resolvida de novo; vale a solução {resolution}.",
        "en": "The request was reopened and resolved again; resolution {resolution} stands.",
    },
    "request.note-empty": {"pt-BR": "Escreva a anotação.", "en": "Please write the note."},
    "request.note-internal-by-customer": {
        "pt-BR": "O cliente escreve somente anotações públicas.",
        "en": "A customer writes public notes only.",
    },
    "request.document-size": {
        "pt-BR": "O arquivo tem {size} bytes; aceitamos de 1 a {limit}.",
        "en": "The file has {size} bytes; we take 1 to {limit}.",
    },
    "request.document-type": {
        "pt-BR": "Não aceitamos arquivos do tipo {media_type}.",
        "en": "We do not take files of type {media_type}.",
    },
    "request.quantity-not-positive": {
        "pt-BR": "A quantidade deve ser maior que zero.",
        "en": "The quantity must be more than zero.",
    },
    "request.evidence-missing": {
        "pt-BR": "Falta uma comprovação aceita pelo contrato. Anexe ao menos uma destas: {missing}.",
        "en": "An evidence that the contract accepts is missing. Attach at least one of: {missing}.",
    },
    "request.evidence-not-attached": {
        "pt-BR": "O documento não está anexado à solicitação como {kind}.",
        "en": "The document is not attached to the request as {kind}.",
    },
    "request.evidence-needs-document": {
        "pt-BR": "A comprovação {kind} precisa de um documento anexado.",
        "en": "The evidence {kind} needs an attached document.",
    },
    "request.import-is-history": {
        "pt-BR": "Uma importação de solicitações deve ser marcada como histórica.",
        "en": "An import of requests must be marked as history.",
    },
    # Coverage: what the answer before opening says. The code is "coverage." and the answer's reason.
    "coverage.included": {
        "pt-BR": "Coberto pelo contrato. Restam {remaining} no mês ({clause}).",
        "en": "Covered by the contract. {remaining} left this month ({clause}).",
    },
    "coverage.no-limit": {
        "pt-BR": "Coberto pelo contrato, sem limite ({clause}).",
        "en": "Covered by the contract, without limit ({clause}).",
    },
    "coverage.beyond-included": {
        "pt-BR": "A franquia do mês acabou: cobrado a R$ {unit_price} por unidade ({clause}).",
        "en": "This month's included quantity is used up: charged at R$ {unit_price} per unit ({clause}).",
    },
    "coverage.beyond-included.without-price": {
        "pt-BR": "A franquia do mês acabou: o excedente é cobrado à parte ({clause}).",
        "en": "This month's included quantity is used up: what goes beyond is charged on top ({clause}).",
    },
    "coverage.used-up": {
        "pt-BR": "A franquia do mês acabou e o contrato não prevê excedente ({clause}).",
        "en": "This month's included quantity is used up and the contract has no price beyond it ({clause}).",
    },
    "coverage.contract-unknown": {
        "pt-BR": "Contrato desconhecido ou ainda não ativo.",
        "en": "The contract is unknown or not active yet.",
    },
    "coverage.contract-draft": {"pt-BR": "O contrato ainda é minuta.", "en": "The contract is still a draft."},
    "coverage.contract-terminated": {"pt-BR": "O contrato foi encerrado.", "en": "The contract was terminated."},
    "coverage.contract-expired": {"pt-BR": "A vigência do contrato terminou.", "en": "The contract has expired."},
    "coverage.not-yet-in-force": {
        "pt-BR": "A vigência do contrato ainda não começou.",
        "en": "The contract is not in force yet.",
    },
    "coverage.no-longer-in-force": {
        "pt-BR": "A vigência do contrato terminou.",
        "en": "The contract is no longer in force.",
    },
    "coverage.default": {
        "pt-BR": "O contrato está suspenso por falta de pagamento.",
        "en": "The contract is suspended for default of payment.",
    },
    "coverage.agreement": {
        "pt-BR": "O contrato está suspenso por acordo.",
        "en": "The contract is suspended by agreement.",
    },
    "coverage.other": {"pt-BR": "O contrato está suspenso.", "en": "The contract is suspended."},
    "coverage.contact-without-right": {
        "pt-BR": "Este contato não está autorizado a abrir solicitações neste contrato.",
        "en": "This contact is not authorised to open requests under this contract.",
    },
    "coverage.service-not-in-contract": {
        "pt-BR": "O contrato não inclui este tipo de serviço.",
        "en": "The contract does not include this service type.",
    },
    "coverage.channel-not-in-contract": {
        "pt-BR": "O contrato não prevê este canal para o serviço.",
        "en": "The contract does not provide this channel for the service.",
    },
    **DOCUMENT_WORDS,
}
