"""Problems of a contract's terms in words for people, as they stand at a form's field."""

from __future__ import annotations

from contracts_service.domain.terms_check import MESSAGES

_PROBLEMS = {
    "terms.blank": "deve ser preenchido",
    "terms.negative": "não pode ser negativo",
    "terms.not-positive": "deve ser maior que zero",
    "terms.cents": "tem mais de duas casas decimais",
    "terms.duplicate": "está repetido",
    "terms.period": "termina antes de começar",
    "terms.outside-contract": "está fora da vigência do contrato",
    "terms.renewal-without-end": "só um contrato com data final pode ser renovado",
    "terms.time-zone": "não é um fuso horário conhecido",
    "terms.state": "não é a sigla de um estado",
    "terms.weekday": "deve ser de 0 (segunda-feira) a 6 (domingo)",
    "terms.clock": "deve ser uma hora HH:MM",
    "terms.overlap": "sobrepõe outro intervalo do dia",
    "terms.day-of-month": "deve ser de 1 a 31",
    "terms.unknown-service": "não é um serviço deste contrato",
    "terms.resolution-before-response": "é menor que o prazo de resposta",
    "terms.consumer-fine": "passa dos 2 % que o Código de Defesa do Consumidor permite",
    "terms.no-open-hours": "o calendário não tem horário de atendimento, mas um serviço corre em horário comercial",
    "terms.score-limit": "deve ser de 0 a 6",
    "terms.no-price-index": "é uma taxa de juros, não um índice de preços",
    "terms.percent": "deve ser de 0 a 100",
    "terms.discount-empty": "não desconta nada: informe um percentual ou um valor",
    "terms.minimum-over-ceiling": "é maior que o teto",
    "terms.only-recurring": "só vale para itens recorrentes",
    "terms.only-per-use": "só vale para itens por uso",
    "terms.not-one-off": "não vale para itens cobrados uma única vez",
    "terms.anchor-with-calendar": "um item alinhado ao calendário não tem dia de referência",
    "terms.offset": "deve ser de -90 a 90 dias",
    "terms.level": "deve ser de 1 a 9",
    "terms.when": "precisa de um percentual do prazo (1 a 1000) ou de minutos, de um ano antes a um ano depois",
    "terms.nobody": "precisa de uma função ou de uma pessoa",
    "terms.not-by-mail": "de prazos só se avisa por e-mail",
    "terms.month": "deve ser de 1 a 12",
    "terms.document-size": "deve ser de 1 a 25 MB",
    "terms.unknown-level": "não existe: use high, medium ou low (prioridade: critical, high, medium ou low)",
    "terms.too-many": "é demais",
    "terms.too-long": "é longo demais",
    "terms.unknown-right": "não é um direito de contato",
    "terms.before-start": "é anterior ao início do contrato: deixe vazio se nada foi faturado em outro sistema",
    "terms.before-tacit": "as respostas acabariam antes que o silêncio valesse como confirmação",
}

WORDS = {code: {"pt-BR": words, "en": MESSAGES[code]} for code, words in _PROBLEMS.items()}
