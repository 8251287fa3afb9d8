"""The explanation of a line as a sentence, in Portuguese and English, from its structured form (JSON values)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

RULES = {
    "pt-BR": {
        "daily": "diária",
        "weekly": "semanal",
        "thirty_days": "a cada 30 dias",
        "monthly": "mensal",
        "monthly_last_day": "mensal, no último dia",
        "quarterly": "trimestral",
        "semesterly": "semestral",
        "yearly": "anual",
    },
    "en": {
        "daily": "daily",
        "weekly": "weekly",
        "thirty_days": "every 30 days",
        "monthly": "monthly",
        "monthly_last_day": "monthly, on the last day",
        "quarterly": "quarterly",
        "semesterly": "half-yearly",
        "yearly": "yearly",
    },
}
CAUSES = {
    "pt-BR": {
        "activation": "contrato original",
        "addendum": "aditivo",
        "adjustment": "reajuste",
        "renewal": "renovação",
    },
    "en": {"activation": "original contract", "addendum": "addendum", "adjustment": "adjustment", "renewal": "renewal"},
}
REASONS = {
    "pt-BR": {
        "suspension": "suspensão",
        "termination": "rescisão",
        "expiry": "término do contrato",
        "regret": "arrependimento (CDC, art. 49)",
    },
    "en": {
        "suspension": "suspension",
        "termination": "termination",
        "expiry": "end of the contract",
        "regret": "regret (CDC, art. 49)",
    },
}
SOURCES = {
    "pt-BR": {
        "work": "atendimento",
        "part": "peça",
        "manual": "lançamento do financeiro",
        "correction": "correção de quantidade",
    },
    "en": {"work": "work", "part": "part", "manual": "entry by finance", "correction": "corrected quantity"},
}
BASES = {
    "pt-BR": {"actual": "dias corridos", "commercial_30": "mês comercial de 30 dias"},
    "en": {"actual": "calendar days", "commercial_30": "commercial month of 30 days"},
}


def sentence(explanation: Mapping[str, Any], lang: str = "pt-BR") -> str:
    """``explanation`` as it stands in events and answers: decimals and dates as strings."""
    return _portuguese(explanation) if lang.lower().startswith("pt") else _english(explanation)


def sentences(explanation: Mapping[str, Any]) -> dict[str, str]:
    return {lang: sentence(explanation, lang) for lang in ("pt-BR", "en")}


def withheld(x: Mapping[str, Any]) -> dict[str, str]:
    """A tax withheld at source as a sentence, in both languages."""
    return {"pt-BR": _withheld(x, "pt-BR"), "en": _withheld(x, "en")}


def _withheld(x: Mapping[str, Any], lang: str) -> str:
    pt = lang == "pt-BR"
    base, percent = _money(x["base"], lang), _number(x["percent"], lang)
    text = f"{x['tax']}: {percent}% {'de' if pt else 'of'} "
    if Decimal(x["base_percent"]) != 100:
        text += f"{_number(x['base_percent'], lang)}% {'de' if pt else 'of'} "
    text += f"{base} = {_money(x['computed'], lang)}"
    if Decimal(x["amount"]) == 0:
        limit = _money(x["minimum"], lang)
        text += f"; até {limit} não se retém" if pt else f"; up to {limit} nothing is withheld"
    else:
        text += ", retido na fonte pelo cliente" if pt else ", withheld at source by the customer"
    return text + (f" ({x['law']})" if x.get("law") else "") + "."


def _portuguese(x: Mapping[str, Any]) -> str:
    lang = "pt-BR"
    clause = _clause(x, lang)
    match x["kind"]:
        case "period":
            text = f"{clause}: cobrança {RULES[lang].get(x['rule'], x['rule'])} de {_money(x['unit_price'], lang)}"
            text += _pricing(x, lang) + f", período de {_day(x['period_start'], lang)} a {_day(x['period_end'], lang)}"
            if x.get("factor", "1") == "1":
                text += f" (período inteiro) = {_money(x['amount'], lang)}"
            else:
                text += f", {x['days']} de {x['full_days']} dias ({BASES[lang].get(x['basis'], x['basis'])})"
                text += f": {_money(x['unit_price'], lang)} × {x['factor']} = {_money(x['amount'], lang)}"
        case "once":
            text = f"{clause}: valor único de {_money(x['amount'], lang)}, em {_day(x['occurred_on'], lang)}"
        case "use":
            source = SOURCES[lang].get(x["source_type"], x["source_type"])
            text = f"{clause}: {source} de {_day(x['occurred_on'], lang)}{_reference(x)}"
            text += f": {_uses(x, lang)} × {_money(x['unit_price'], lang)} = {_money(x['amount'], lang)}"
            text += _limit(x, lang)
            text += f". Motivo: {x['reason']}" if x.get("reason") else ""
        case "fine":
            text = (
                f"Multa por rescisão antecipada em {_day(x['occurred_on'], lang)}: {x['factor'].replace('.', ',')} de"
            )
            text += f" {_money(x['unit_price'], lang)}, as cobranças até o fim do prazo = {_money(x['amount'], lang)}"
        case "instalment":
            text = f"Parcela {x['factor']} da renegociação de {_day(x['occurred_on'], lang)} ({x['source_ref']})"
            text += f": {_money(x['amount'], lang)}" + (f". Motivo: {x['reason']}" if x.get("reason") else "")
        case "credit" if x.get("period_start"):
            text = f"{clause}: crédito de {_day(x['period_start'], lang)} a {_day(x['period_end'], lang)}"
            text += f" por {_reason(x['reason'], lang)}: cobrado {_money(x['billed'], lang)}"
            text += f", devido {_money(x['kept'], lang)} ({x['days']} de {x['full_days']} dias)"
            text += f", crédito de {_money(x['amount'], lang)}"
        case "credit":
            text = f"Crédito de {_money(x['amount'], lang)}. Motivo: {_reason(x['reason'], lang)}"
        case "taken_over":
            text = _taken_over_pt(x)
        case "opening_credit":
            text = f"Crédito de {_money(x['amount'], lang)} pago antes{_source(x, ' a ')} ({x['source_ref']})"
        case _:
            text = f"Título importado ({x['source_ref']}): {_money(x['amount'], lang)}"
    return text + (_rounding(x, lang) if x.get("exact") else "") + "."


def _english(x: Mapping[str, Any]) -> str:
    lang = "en"
    clause = _clause(x, lang)
    match x["kind"]:
        case "period":
            text = f"{clause}: {RULES[lang].get(x['rule'], x['rule'])} charge of {_money(x['unit_price'], lang)}"
            text += (
                _pricing(x, lang) + f", period from {_day(x['period_start'], lang)} to {_day(x['period_end'], lang)}"
            )
            if x.get("factor", "1") == "1":
                text += f" (whole period) = {_money(x['amount'], lang)}"
            else:
                text += f", {x['days']} of {x['full_days']} days ({BASES[lang].get(x['basis'], x['basis'])})"
                text += f": {_money(x['unit_price'], lang)} × {x['factor']} = {_money(x['amount'], lang)}"
        case "once":
            text = f"{clause}: one-off amount of {_money(x['amount'], lang)}, on {_day(x['occurred_on'], lang)}"
        case "use":
            source = SOURCES[lang].get(x["source_type"], x["source_type"])
            text = f"{clause}: {source} of {_day(x['occurred_on'], lang)}{_reference(x)}"
            text += f": {_uses(x, lang)} × {_money(x['unit_price'], lang)} = {_money(x['amount'], lang)}"
            text += _limit(x, lang)
            text += f". Reason: {x['reason']}" if x.get("reason") else ""
        case "fine":
            text = f"Fine for leaving early on {_day(x['occurred_on'], lang)}: {x['factor']} of"
            text += (
                f" {_money(x['unit_price'], lang)}, the charges until the end of the term = {_money(x['amount'], lang)}"
            )
        case "instalment":
            text = f"Instalment {x['factor']} of the renegotiation of {_day(x['occurred_on'], lang)}"
            text += f" ({x['source_ref']}): {_money(x['amount'], lang)}"
            text += f". Reason: {x['reason']}" if x.get("reason") else ""
        case "credit" if x.get("period_start"):
            text = f"{clause}: credit from {_day(x['period_start'], lang)} to {_day(x['period_end'], lang)}"
            text += f" for {_reason(x['reason'], lang)}: billed {_money(x['billed'], lang)}"
            text += f", owed {_money(x['kept'], lang)} ({x['days']} of {x['full_days']} days)"
            text += f", credit of {_money(x['amount'], lang)}"
        case "credit":
            text = f"Credit of {_money(x['amount'], lang)}. Reason: {_reason(x['reason'], lang)}"
        case "taken_over":
            text = _taken_over_en(x)
        case "opening_credit":
            text = f"Credit of {_money(x['amount'], lang)} paid before{_source(x, ' to ')} ({x['source_ref']})"
        case _:
            text = f"Imported receivable ({x['source_ref']}): {_money(x['amount'], lang)}"
    return text + (_rounding(x, lang) if x.get("exact") else "") + "."


def _reference(x: Mapping[str, Any]) -> str:
    """What people call the work. An id of ours explains nothing to them."""
    label = x.get("source_label") or x.get("source_ref") or ""
    return f" ({label})" if label and not _ID.fullmatch(label) else ""


def _source(x: Mapping[str, Any], before: str) -> str:
    """The other system, where it has a name."""
    return f"{before}{x['reason']}" if x.get("reason") else ""


def _taken_over_pt(x: Mapping[str, Any]) -> str:
    text = (
        f"Título {x['source_ref']} do sistema anterior{_source(x, ', ')}, emitido em {_day(x['occurred_on'], 'pt-BR')}"
    )
    text += f" por {_money(x['unit_price'], 'pt-BR')}"
    kept_back, paid = _before(x)
    text += f"; retido na fonte {_money(kept_back, 'pt-BR')}" if kept_back else ""
    text += f"; pago antes {_money(paid, 'pt-BR')}" if paid else ""
    return f"{text}; restam {_money(x['amount'], 'pt-BR')}"


def _taken_over_en(x: Mapping[str, Any]) -> str:
    text = (
        f"Receivable {x['source_ref']} of the former system{_source(x, ', ')}, issued on {_day(x['occurred_on'], 'en')}"
    )
    text += f" for {_money(x['unit_price'], 'en')}"
    kept_back, paid = _before(x)
    text += f"; withheld at source {_money(kept_back, 'en')}" if kept_back else ""
    text += f"; paid before {_money(paid, 'en')}" if paid else ""
    return f"{text}; {_money(x['amount'], 'en')} is left"


def _before(x: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    """What was withheld, and what was paid, of a receivable that was taken over."""
    net = Decimal(x["billed"])
    return Decimal(x["unit_price"]) - net, net - Decimal(x["amount"])


def _pricing(x: Mapping[str, Any], lang: str) -> str:
    """How the price came from the list price."""
    said = x.get("pricing")
    if not said:
        return ""
    pt = lang == "pt-BR"
    text = f" ({'preço' if pt else 'price'} {_money(said['list_price'], lang)}"
    for discount in said["discounts"]:
        text += f" − {'desconto' if pt else 'discount'} {_money(discount['amount'], lang)}"
        if Decimal(discount["percent"]):
            text += f" = {_number(discount['percent'], lang)}%"
        text += f" {'até' if pt else 'until'} {_day(discount['ends_on'], lang)}" if discount["ends_on"] else ""
        text += f": {discount['reason']}" if discount["reason"] else ""
    return text + _limit(x, lang) + ")"


def _limit(x: Mapping[str, Any], lang: str) -> str:
    limit = (x.get("pricing") or {}).get("limit")
    words = {
        "minimum": ("mínimo do contrato", "the contract's minimum"),
        "ceiling": ("teto do contrato", "its ceiling"),
    }
    return f"; {words[limit][0 if lang == 'pt-BR' else 1]}" if limit else ""


def _uses(x: Mapping[str, Any], lang: str) -> str:
    """The quantity, where some of it is included as used − included."""
    said = x.get("pricing") or {}
    if not Decimal(said.get("included") or 0):
        return _number(x["quantity"], lang)
    word = "incluídos" if lang == "pt-BR" else "included"
    return f"({_number(said['used'], lang)} − {_number(said['included'], lang)} {word})"


def _clause(x: Mapping[str, Any], lang: str) -> str:
    clause = x.get("clause") or ""
    word = "Cláusula" if lang == "pt-BR" else "Clause"
    cause = _cause(x.get("cause") or "", lang)
    if not clause:
        return ("Sem cláusula" if lang == "pt-BR" else "No clause") if x["kind"] != "use" else _extra(lang)
    return f"{word} {clause}" + (f" ({cause})" if cause else "")


def _extra(lang: str) -> str:
    return "Cobrança avulsa" if lang == "pt-BR" else "Extra charge"


def _cause(cause: str, lang: str) -> str:
    word, _, number = cause.partition(" ")
    return f"{CAUSES[lang].get(word, word)} {number}".strip()


def _reason(reason: str, lang: str) -> str:
    if reason.startswith("terms: "):
        return _cause(reason.removeprefix("terms: "), lang)
    return REASONS[lang].get(reason, reason)


def _rounding(x: Mapping[str, Any], lang: str) -> str:
    """The exact amount to six places, and how it was rounded."""
    exact = Decimal(round(Fraction(x["exact"]) * 1_000_000)).scaleb(-6)
    shown = format(exact, "f").rstrip("0")
    shown = shown.replace(".", ",") if lang == "pt-BR" else shown
    said = "arredondado ao centavo, meio para cima, de" if lang == "pt-BR" else "rounded half-up to cents from"
    return f" ({said} {shown})"


def _money(value: Any, lang: str) -> str:
    amount = Decimal(value)
    places = max(2, -int(amount.as_tuple().exponent))  # a price per use may have more than two
    text = f"{amount:,.{places}f}"
    if lang == "pt-BR":
        text = text.replace(",", "·").replace(".", ",").replace("·", ".")
    return f"R$ {text}"


def _number(value: Any, lang: str) -> str:
    text = format(Decimal(value).normalize(), "f")
    return text.replace(".", ",") if lang == "pt-BR" else text


def _day(value: Any, lang: str) -> str:
    day = value if isinstance(value, date) else date.fromisoformat(value)
    return day.strftime("%d/%m/%Y") if lang == "pt-BR" else day.isoformat()
