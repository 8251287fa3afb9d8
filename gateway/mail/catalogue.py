"""The templates: who gets which text, may it wait for a business day, and the words in pt-BR and en.

``{name}`` in a text is a fact; which ones a template knows is in ``facts``. A company's own words may use the same ones.
"""

from __future__ import annotations

import string
from collections.abc import Mapping

from gateway.mail.account_texts import ACCOUNT_TEMPLATES
from gateway.mail.texts import Template, Text
from gateway.mail.texts import en as _en
from gateway.mail.texts import pt as _pt

LANGUAGES = ("pt-BR", "en")
_ALWAYS = ("person", "provider", "contract")
_MONEY = (*_ALWAYS, "number", "amount", "balance", "due_on", "link")


def placeholders(text: str) -> set[str]:
    """The facts that a text names. Raises ``ValueError`` where the braces are not in order, or say more than a name."""
    found = set()
    for _, name, form, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise ValueError(name or "{}")
        found.add(name)
    return found


def wrapped(subject: str, words: str, lang: str) -> Text:
    """Words between the usual greeting and ending."""
    return _en(subject, words) if lang == "en" else _pt(subject, words)


def _reminder(level: int, pt: Text, en: Text) -> Template:
    return Template(f"reminder_{level}", "money", _MONEY, {"pt-BR": pt, "en": en}, business=True, owed=True)


LAST_LEVEL = 3
"""Levels of the dunning ladder beyond it use its text."""

_ALL = (
    Template(
        "receivable_issued",
        "money",
        _MONEY,
        {
            "pt-BR": _pt(
                "Cobrança {number} do contrato {contract}",
                "Emitimos a cobrança {number}, de {amount}, referente ao contrato {contract}.\n"
                "Vencimento: {due_on}.\n"
                "Veja de onde vem o valor, e pague com Pix: {link}",
            ),
            "en": _en(
                "Invoice {number} for contract {contract}",
                "We issued {number}, {amount}, for contract {contract}.\nIt is due on {due_on}.\n"
                "See where the amount comes from, and pay by Pix: {link}",
            ),
        },
        owed=True,
    ),
    _reminder(
        1,
        _pt(
            "Lembrete: cobrança {number}, vencimento {due_on}",
            "Lembramos a cobrança {number} do contrato {contract}, com vencimento em {due_on}.\n"
            "Saldo: {balance}. Pague com Pix: {link}\nSe já pagou, desconsidere esta mensagem.",
        ),
        _en(
            "Reminder: {number}, due on {due_on}",
            "This is a reminder of {number} for contract {contract}, due on {due_on}.\n"
            "Balance: {balance}. Pay by Pix: {link}\nIf you have already paid, please ignore this message.",
        ),
    ),
    _reminder(
        2,
        _pt(
            "Segundo lembrete: cobrança {number} em aberto",
            "A cobrança {number} do contrato {contract}, com vencimento em {due_on}, continua em aberto.\n"
            "Saldo: {balance}. Pedimos que regularize ou fale conosco.\nPague com Pix: {link}",
        ),
        _en(
            "Second reminder: {number} is still open",
            "{number} for contract {contract}, due on {due_on}, is still open.\n"
            "Balance: {balance}. Please pay it, or talk to us.\nPay by Pix: {link}",
        ),
    ),
    _reminder(
        3,
        _pt(
            "Aviso: cobrança {number} em atraso",
            "Apesar dos lembretes anteriores, a cobrança {number} do contrato {contract}, com vencimento em {due_on}, "
            "não foi paga.\nSaldo: {balance}. Sem regularização, aplicam-se as medidas previstas no contrato.\n"
            "Pague com Pix: {link}",
        ),
        _en(
            "Notice: {number} is in arrears",
            "Despite earlier reminders, {number} for contract {contract}, due on {due_on}, has not been paid.\n"
            "Balance: {balance}. If it remains unpaid, the measures that the contract provides for will follow.\n"
            "Pay by Pix: {link}",
        ),
    ),
    Template(
        "suspension_notified",
        "money",
        (*_ALWAYS, "suspend_on"),
        {
            "pt-BR": _pt(
                "Aviso de suspensão do contrato {contract}",
                "Conforme o contrato {contract}, o serviço será suspenso em {suspend_on} se até lá a pendência não for "
                "regularizada.",
            ),
            "en": _en(
                "Notice of suspension of contract {contract}",
                "As contract {contract} provides, the service will be suspended on {suspend_on} unless the matter is "
                "settled before.",
            ),
        },
    ),
    Template(
        "suspended",
        "money",
        (*_ALWAYS, "on"),
        {
            "pt-BR": _pt("Contrato {contract} suspenso", "O contrato {contract} está suspenso desde {on}."),
            "en": _en("Contract {contract} is suspended", "Contract {contract} is suspended since {on}."),
        },
    ),
    Template(
        "renewal_offered",
        "approval",
        (*_ALWAYS, "ends_on", "next_ends_on", "answer_by"),
        {
            "pt-BR": _pt(
                "Renovação do contrato {contract}",
                "O contrato {contract} termina em {ends_on}. Oferecemos a renovação até {next_ends_on}.\n"
                "Responda, por favor, até {answer_by}.",
            ),
            "en": _en(
                "Renewal of contract {contract}",
                "Contract {contract} ends on {ends_on}. We offer to renew it until {next_ends_on}.\n"
                "Please answer by {answer_by}.",
            ),
        },
    ),
    Template(
        "evaluation_requested",
        "requests",
        (*_ALWAYS, "protocol", "tacit_on", "link"),
        {
            "pt-BR": _pt(
                "O atendimento {protocol} ficou bom?",
                "Concluímos o atendimento {protocol}. Confirme com um toque e dê sua nota, por favor:\n{link}\n"
                "Sem resposta até {tacit_on}, vale o que o contrato prevê.",
            ),
            "en": _en(
                "How was {protocol}?",
                "We have finished {protocol}. Please confirm it by one tap, and rate it:\n{link}\n"
                "Without an answer by {tacit_on}, what the contract provides for applies.",
            ),
        },
    ),
    Template(
        "evaluation_reminded",
        "requests",
        (*_ALWAYS, "protocol", "link"),
        {
            "pt-BR": _pt(
                "Lembrete: o atendimento {protocol} ficou bom?",
                "Ainda não sabemos se o atendimento {protocol} ficou bom. Um toque basta:\n{link}\n"
                "Não enviaremos outro lembrete.",
            ),
            "en": _en(
                "Reminder: how was {protocol}?",
                "We do not know yet whether {protocol} went well. One tap is enough:\n{link}\n"
                "This is the only reminder.",
            ),
        },
    ),
    Template(
        "evaluation_replied",
        "requests",
        (*_ALWAYS, "protocol", "link"),
        {
            "pt-BR": _pt(
                "Respondemos ao seu comentário sobre o atendimento {protocol}",
                "Lemos o que você escreveu sobre o atendimento {protocol}. Nossa resposta está aqui:\n{link}",
            ),
            "en": _en(
                "We replied to your comment on {protocol}",
                "We read what you wrote about {protocol}. Our reply is here:\n{link}",
            ),
        },
    ),
    Template(
        "deadline_near",
        "requests",
        (*_ALWAYS, "protocol", "level", "clock", "due"),
        {
            "pt-BR": _pt(
                "Prazo de {clock} perto do fim: {protocol}",
                "O prazo de {clock} da solicitação {protocol}, contrato {contract}, termina em {due}.\n"
                "Escalonamento: nível {level}.",
            ),
            "en": _en(
                "Deadline for {clock} comes near: {protocol}",
                "The {clock} of request {protocol}, contract {contract}, is due at {due}.\nEscalation: level {level}.",
            ),
        },
    ),
    Template(
        "deadline_passed",
        "requests",
        (*_ALWAYS, "protocol", "level", "clock", "due"),
        {
            "pt-BR": _pt(
                "Prazo de {clock} vencido: {protocol}",
                "O prazo de {clock} da solicitação {protocol}, contrato {contract}, venceu em {due}.\n"
                "Escalonamento: nível {level}.",
            ),
            "en": _en(
                "Deadline for {clock} has passed: {protocol}",
                "The {clock} of request {protocol}, contract {contract}, was due at {due}.\nEscalation: level {level}.",
            ),
        },
    ),
    Template(
        "webhook_paused",
        "",
        ("person", "webhook", "why"),
        {
            "pt-BR": Text(
                "Webhook «{webhook}» em pausa",
                "Olá, {person}.\n\nO envio de eventos para o webhook «{webhook}» está em pausa: {why}.\n"
                "Nada se perdeu: os eventos continuam nos feeds. Corrija a causa e retome: vigencia webhooks resume.\n",
            ),
            "en": Text(
                "Webhook “{webhook}” is paused",
                "Dear {person},\n\nEvents are no longer posted to the webhook “{webhook}”: {why}.\n"
                "Nothing is lost: the feeds keep all events. Mend the cause and go on: vigencia webhooks resume.\n",
            ),
        },
    ),
    Template(
        "webhook_stuck",
        "",
        ("person", "webhook"),
        {
            "pt-BR": Text(
                "Webhook «{webhook}»: um evento não é aceito",
                "Olá, {person}.\n\nO webhook «{webhook}» recusa um evento há vários dias; ele e os seguintes da mesma "
                "sequência esperam, os outros seguem.\nVeja qual: vigencia webhooks waiting. Depois de corrigir: "
                "vigencia webhooks resume.\n",
            ),
            "en": Text(
                "Webhook “{webhook}”: an event is not taken",
                "Dear {person},\n\nFor days the webhook “{webhook}” has not taken an event; it and those after it in its "
                "stream wait, others flow.\nSee which: vigencia webhooks waiting. When it is mended: "
                "vigencia webhooks resume.\n",
            ),
        },
    ),
    Template(
        "request_opened",
        "requests",
        (*_ALWAYS, "protocol"),
        {
            "pt-BR": _pt("Atendimento {protocol} aberto", "Recebemos sua solicitação. O protocolo é {protocol}."),
            "en": _en("Request {protocol} opened", "We received your request. Its number is {protocol}."),
        },
    ),
    Template(
        "request_resolved",
        "requests",
        (*_ALWAYS, "protocol"),
        {
            "pt-BR": _pt("Atendimento {protocol} concluído", "O atendimento {protocol} foi concluído."),
            "en": _en("Request {protocol} done", "Your request {protocol} is done."),
        },
    ),
    Template(
        "price_offered",
        "money",
        (*_ALWAYS, "protocol", "price_text", "link"),
        {
            "pt-BR": _pt(
                "Atendimento {protocol}: preço a aceitar",
                "O atendimento {protocol} vai além do que o contrato {contract} inclui. O trabalho começa depois do seu "
                "aceite.\n\n{price_text}\n\nAceite ou recuse aqui: {link}",
            ),
            "en": _en(
                "Request {protocol}: a price to accept",
                "Request {protocol} goes beyond what contract {contract} includes. Work begins after your acceptance.\n\n"
                "{price_text}\n\nAccept or decline it here: {link}",
            ),
        },
        also="approval",
    ),
)
TEMPLATES: Mapping[str, Template] = {template.name: template for template in (*_ALL, *ACCOUNT_TEMPLATES)}
ERASURE = "erasure"
"""No text: tells the sender that persons are gone, with all that is kept of their mail."""
