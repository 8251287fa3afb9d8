"""What refusals say to people, by code."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "evaluation.not-found": {"pt-BR": "Avaliação não encontrada.", "en": "There is no such evaluation."},
    "evaluation.resolver-may-not-answer": {
        "pt-BR": "Quem executou o serviço não pode avaliá-lo.",
        "en": "Whoever did the service cannot evaluate it.",
    },
    "evaluation.not-authorised": {
        "pt-BR": "Somente o contato consultado ou outro contato autorizado do cliente pode responder.",
        "en": "Only the contact who was asked or another authorised contact of the customer may answer.",
    },
    "evaluation.expired": {
        "pt-BR": "O prazo desta avaliação terminou.",
        "en": "The time for this evaluation is over.",
    },
    "evaluation.already-confirmed": {
        "pt-BR": "O serviço já foi confirmado. Para voltar atrás, peça a reabertura da solicitação.",
        "en": "The service has already been confirmed. To take that back, ask for the request to be reopened.",
    },
    "evaluation.already-answered": {
        "pt-BR": "Esta avaliação já foi respondida.",
        "en": "This evaluation has already been answered.",
    },
    "evaluation.reason-required": {
        "pt-BR": "Diga o motivo da contestação.",
        "en": "Say why you contest the service.",
    },
    "evaluation.comment-required": {
        "pt-BR": "Para uma nota abaixo de {score_limit}, escreva um comentário.",
        "en": "For a score below {score_limit}, please write a comment.",
    },
    "evaluation.score-out-of-range": {
        "pt-BR": "A nota deve ser de 1 a 5.",
        "en": "The score must be between 1 and 5.",
    },
    "evaluation.already-rated": {
        "pt-BR": "A nota {score} já foi dada; altere-a em vez de avaliar de novo.",
        "en": "Score {score} has already been given; change it instead of rating again.",
    },
    "evaluation.not-rated": {"pt-BR": "Ainda não há nota para alterar.", "en": "There is no score to change yet."},
    "evaluation.edit-window-over": {
        "pt-BR": "O prazo para alterar a nota terminou.",
        "en": "The time for changing the score is over.",
    },
    "evaluation.no-follow-up": {
        "pt-BR": "Não há acompanhamento em aberto.",
        "en": "There is no open follow-up.",
    },
    "evaluation.outcome-required": {
        "pt-BR": "Descreva o resultado do acompanhamento.",
        "en": "Describe the outcome of the follow-up.",
    },
    "evaluation.nothing-written": {
        "pt-BR": "O cliente ainda não escreveu nada aqui.",
        "en": "The customer has not written anything here.",
    },
    "evaluation.moderation-reason-required": {
        "pt-BR": "Diga por que o comentário é ocultado ou mostrado.",
        "en": "Say why the comment is hidden or shown.",
    },
    "evaluation.text-required": {"pt-BR": "Escreva o texto.", "en": "Please write the text."},
    "comment.not-found": {"pt-BR": "Comentário não encontrado.", "en": "There is no such comment."},
    "comment.contract-unknown": {"pt-BR": "Contrato não encontrado.", "en": "There is no such contract."},
}
