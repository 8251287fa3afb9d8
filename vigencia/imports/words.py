"""Reasons for people, in pt-BR and en: which row and column, which value, and what was expected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Words = dict[str, dict[str, str]]

REASONS: Words = {
    "required": {
        "pt-BR": "falta um valor; esperado: {expected}",
        "en": "a value is missing; expected: {expected}",
    },
    "not-money": {
        "pt-BR": "«{value}» não é um valor em dinheiro; esperado: {expected}",
        "en": "“{value}” is not an amount of money; expected: {expected}",
    },
    "not-integer": {
        "pt-BR": "«{value}» não é um número inteiro; esperado: {expected}",
        "en": "“{value}” is not a whole number; expected: {expected}",
    },
    "not-date": {
        "pt-BR": "«{value}» não é uma data; esperado: {expected}",
        "en": "“{value}” is not a date; expected: {expected}",
    },
    "out-of-range": {
        "pt-BR": "«{value}» está fora dos limites; esperado: {expected}",
        "en": "“{value}” is out of range; expected: {expected}",
    },
    "unknown-value": {
        "pt-BR": "«{value}» é desconhecido; esperado um destes: {expected}",
        "en": "“{value}” is unknown; expected one of: {expected}",
    },
    "wrong-form": {
        "pt-BR": "«{value}» não tem a forma esperada: {expected}",
        "en": "“{value}” does not have the expected form: {expected}",
    },
    "before": {
        "pt-BR": "«{value}» é anterior a «{other_column}» ({other}); esperado: o mesmo dia ou depois",
        "en": "“{value}” is before “{other_column}” ({other}); expected: the same day or later",
    },
    "only-with": {
        "pt-BR": "«{value}» só vale onde «{other_column}» é: {expected}",
        "en": "“{value}” is only for rows where “{other_column}” is: {expected}",
    },
    "required-with": {
        "pt-BR": "falta um valor, que «{other_column}» = «{other}» exige; esperado: {expected}",
        "en": "a value is missing, which “{other_column}” = “{other}” demands; expected: {expected}",
    },
    "needs": {
        "pt-BR": "«{value}» precisa também de um valor em: {expected}",
        "en": "“{value}” needs a value too in: {expected}",
    },
    "differs-in-group": {
        "pt-BR": "«{value}» difere das outras linhas de {reference} ({other}); esperado: o mesmo valor em todas",
        "en": "“{value}” differs from the other rows of {reference} ({other}); expected: the same value in all",
    },
    "same-reference": {
        "pt-BR": "{reference} já apareceu na linha {other_row} com outros valores; esperado: uma vez só",
        "en": "{reference} already stands in row {other_row} with other values; expected: only once",
    },
    "held-back": {
        "pt-BR": "linha correta, mas retida: a linha {other_row} de {reference} foi rejeitada; corrija e importe todas",
        "en": "right, but held back: row {other_row} of {reference} was rejected; correct it and import all",
    },
    "too-many-values": {
        "pt-BR": "a linha tem {value} valores; esperado: {expected}, como no cabeçalho (um texto sem aspas?)",
        "en": "the row has {value} values; expected: {expected}, as in the header (a text without quotes?)",
    },
    "too-few-values": {
        "pt-BR": "a linha tem {value} valores; esperado: {expected}, como no cabeçalho (linha cortada?)",
        "en": "the row has {value} values; expected: {expected}, as in the header (a truncated row?)",
    },
    "refused": {
        "pt-BR": "o sistema recusou: {message}",
        "en": "the system refused it: {message}",
    },
    "contract-unknown": {
        "pt-BR": "«{value}» não é número nem referência de um contrato; importe antes os contratos",
        "en": "“{value}” is neither the number nor the reference of a contract; import the contracts first",
    },
    "contract-ambiguous": {
        "pt-BR": "«{value}» é de vários contratos ({count}); escolha a empresa com --provider",
        "en": "“{value}” is that of several contracts ({count}); choose the company by --provider",
    },
    "contract-refused": {
        "pt-BR": "o contrato {reference} desta linha não pôde ser importado: {message}",
        "en": "this row's contract {reference} could not be imported: {message}",
    },
}

EXPECTED: Words = {
    "text": {"pt-BR": "um texto", "en": "a text"},
    "money": {
        "pt-BR": "número com até 2 casas decimais, separadas por «{decimal}»",
        "en": "a number with at most 2 decimals, after “{decimal}”",
    },
    "integer": {"pt-BR": "um número inteiro", "en": "a whole number"},
    "date": {"pt-BR": "uma data na forma {formats}", "en": "a date in the form {formats}"},
    "datetime": {"pt-BR": "data e hora na forma {formats}", "en": "date and time in the form {formats}"},
    "min": {"pt-BR": "{low} ou mais", "en": "{low} or more"},
    "max": {"pt-BR": "{high} ou menos", "en": "{high} or less"},
    "range": {"pt-BR": "entre {low} e {high}", "en": "between {low} and {high}"},
}

_PLACE = {
    "pt-BR": ("linha {row}", ", coluna «{column}»"),
    "en": ("row {row}", ", column “{column}”"),
}


@dataclass(frozen=True)
class Expected:
    """What a cell should have held, told later in the reader's language."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def words(self, lang: str) -> str:
        return say(EXPECTED, self.code, lang, self.params)


@dataclass(frozen=True)
class Problem:
    """Why a row is rejected. ``column`` is None when the whole row is meant."""

    code: str
    row: int
    column: str | None = None
    params: dict[str, Any] = field(default_factory=dict)

    def words(self, lang: str) -> str:
        where, in_column = _PLACE[language(lang)]
        place = where.format(row=self.row) + (in_column.format(column=self.column) if self.column else "")
        params = {k: v.words(lang) if isinstance(v, Expected) else v for k, v in self.params.items()}
        return f"{place}: {say(REASONS, self.code, lang, params)}"


def language(lang: str) -> str:
    """The nearest language that the words exist in: pt… → pt-BR, all else → en."""
    return "pt-BR" if lang.lower().startswith("pt") else "en"


def say(words: Words, code: str, lang: str, params: dict[str, Any]) -> str:
    return words[code][language(lang)].format(**params)
