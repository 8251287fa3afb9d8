"""What refusals about a request's price, fields, links, work and parts say to people, by code."""

from __future__ import annotations

DOCUMENT_WORDS: dict[str, dict[str, str]] = {
    "request.price-not-accepted": {
        "pt-BR": "O preço deste atendimento ({clause}) ainda não foi aceito pelo cliente. "
        "O trabalho começa depois do aceite.",
        "en": "The customer has not accepted the price of this service yet ({clause}). "
        "Work begins after the acceptance.",
    },
    "request.price-declined": {
        "pt-BR": "O cliente recusou o preço deste atendimento. Ofereça outro preço, faça sem cobrança ou cancele.",
        "en": "The customer declined the price of this service. Offer another price, do it without a charge, or cancel.",
    },
    "request.price-changed": {
        "pt-BR": "O preço oferecido mudou. Leia a oferta {offer} antes de responder.",
        "en": "The offered price is another now. Read offer {offer} before you answer.",
    },
    "request.price-answered": {
        "pt-BR": "Esta oferta de preço já foi respondida.",
        "en": "This offer of a price was answered already.",
    },
    "request.price-right-missing": {
        "pt-BR": "Para aceitar ou recusar um preço o contato precisa do direito a valores ou a aprovação.",
        "en": "To accept or decline a price a contact needs the right to money or to approval.",
    },
    "request.price-by-customer": {
        "pt-BR": "Só o cliente aceita ou recusa um preço. Para registrar um aceite dado fora do portal, diga de quem é.",
        "en": "Only the customer accepts or declines a price. To record one given elsewhere, say whose it is.",
    },
    "request.acceptance-needs-document": {
        "pt-BR": "Anexe à solicitação o documento que prova o aceite (e-mail ou ordem assinada) e indique-o.",
        "en": "Attach the document that proves the acceptance (e-mail or signed order) to the request, and name it.",
    },
    "request.name-missing": {"pt-BR": "Escreva o seu nome.", "en": "Please write your name."},
    "request.price-missing": {
        "pt-BR": "Informe um preço maior que zero.",
        "en": "Give a price above zero.",
    },
    "request.no-price": {
        "pt-BR": "Não há preço a aceitar nesta solicitação.",
        "en": "There is no price to accept on this request.",
    },
    "request.priority-missing": {
        "pt-BR": "Informe a prioridade, ou o impacto e a urgência.",
        "en": "Give the priority, or impact and urgency.",
    },
    "request.reason-missing": {"pt-BR": "Diga o motivo.", "en": "Say why."},
    "request.field-empty": {
        "pt-BR": "Este campo não pode ficar vazio ({field}).",
        "en": "This field cannot be empty ({field}).",
    },
    "request.preferred-malformed": {
        "pt-BR": "Horário preferido inválido: {given}. Use o formato 2026-03-04 08:00-12:00.",
        "en": "Not a preferred time: {given}. Write it as 2026-03-04 08:00-12:00.",
    },
    "request.preferred-too-many": {
        "pt-BR": "Informe no máximo {most} horários preferidos.",
        "en": "Give at most {most} preferred times.",
    },
    "request.item-unknown": {
        "pt-BR": "Este item não está na lista de verificação: {item}.",
        "en": "This item is not on the checklist: {item}.",
    },
    "request.work-unknown": {
        "pt-BR": "Este trabalho não foi registrado nesta solicitação.",
        "en": "This work was not recorded on this request.",
    },
    "request.work-ends-before-it-begins": {
        "pt-BR": "O trabalho termina antes de começar.",
        "en": "The work ends before it begins.",
    },
    "request.part-unknown": {
        "pt-BR": "Esta peça não foi registrada nesta solicitação.",
        "en": "This part was not recorded on this request.",
    },
    "request.part-not-priced": {
        "pt-BR": "O contrato não tem linha por uso {line_id} que dê preço a esta peça.",
        "en": "The contract has no per-use line {line_id} that prices this part.",
    },
    "request.part-charged": {
        "pt-BR": "O preço desta peça já foi combinado e cobrado: só a quantidade se corrige.",
        "en": "The price of this part was agreed and charged: only its quantity is corrected.",
    },
    "request.other-unknown": {
        "pt-BR": "A outra solicitação não existe, ou não é deste cliente.",
        "en": "The other request does not exist, or is not this customer's.",
    },
    "request.link-to-itself": {
        "pt-BR": "Uma solicitação não se liga a si mesma.",
        "en": "A request is not linked to itself.",
    },
    "request.original-is-duplicate": {
        "pt-BR": "A solicitação indicada também é duplicada. Indique a original.",
        "en": "The request that was named is a duplicate, too. Name the original.",
    },
    "request.duplicate-has-work": {
        "pt-BR": "Há trabalho registrado nesta solicitação; ela não pode ser marcada como duplicada.",
        "en": "Work was recorded on this request; it cannot be marked as a duplicate.",
    },
}
