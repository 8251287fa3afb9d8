"""Amounts, days, times and names as a Brazilian contract writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from contracts_service.domain.terms import Channel, EvidenceKind, Interval, Priority, Rule, Unit
from contracts_service.domain.terms_rules import Language, Topic

CHANNELS = {Channel.PORTAL: "portal", Channel.PHONE: "telefone", Channel.EMAIL: "e-mail"}
LEVELS = {"high": "alto", "medium": "médio", "low": "baixo"}
URGENCIES = {"high": "alta", "medium": "média", "low": "baixa"}
PRIORITIES = {
    Priority.CRITICAL: "crítica",
    Priority.HIGH: "alta",
    Priority.MEDIUM: "média",
    Priority.LOW: "baixa",
}
UNITS = {Unit.HOUR: "horas", Unit.VISIT: "visitas", Unit.REQUEST: "atendimentos"}
RIGHTS = {"requests": "solicitações", "money": "financeiro", "approval": "aprovação"}
TOPICS = {
    Topic.REQUEST: "solicitações",
    Topic.VISIT: "visitas",
    Topic.CHARGE: "cobranças",
    Topic.DUNNING: "atrasos de pagamento",
    Topic.CONTRACT: "mudanças do contrato",
    Topic.EVALUATION: "avaliações",
}
LANGUAGES = {Language.PT_BR: "português", Language.EN: "inglês"}
MONTHS = (
    *("janeiro", "fevereiro", "março", "abril", "maio", "junho"),
    *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
)
EVIDENCE = {
    EvidenceKind.SIGNED_ORDER: "ordem de serviço assinada",
    EvidenceKind.PHOTO: "fotografia",
    EvidenceKind.EMAIL: "e-mail",
    EvidenceKind.DELIVERY_REPORT: "relatório de entrega",
    EvidenceKind.PORTAL_CONFIRMATION: "confirmação no portal",
}
_RULES = {
    Rule.DAILY: ("por dia", "a cada {} dias"),
    Rule.WEEKLY: ("por semana", "a cada {} semanas"),
    Rule.THIRTY_DAYS: ("a cada 30 dias", "a cada {} vezes 30 dias"),
    Rule.MONTHLY: ("por mês", "a cada {} meses"),
    Rule.MONTHLY_LAST_DAY: ("por mês, no último dia", "a cada {} meses, no último dia"),
    Rule.QUARTERLY: ("por trimestre", "a cada {} trimestres"),
    Rule.SEMESTERLY: ("por semestre", "a cada {} semestres"),
    Rule.YEARLY: ("por ano", "a cada {} anos"),
}
_WEEKDAYS = ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo")


def money(amount: Decimal) -> str:
    """``R$ 1.500,00``."""
    text = f"{amount.quantize(Decimal('0.01')):,.2f}"
    return "R$ " + text.replace(",", " ").replace(".", ",").replace(" ", ".")


def number(value: Decimal) -> str:
    """``2`` or ``2,5``."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


def span(first: date | None, last: date | None) -> str:
    if first and last:
        return f"de {day(first)} a {day(last)}"
    return f"a partir de {day(first)}" if first else f"até {day(last)}" if last else ""


def minutes(value: int) -> str:
    """``4 h``, ``90 min``."""
    return f"{value // 60} h" if value % 60 == 0 else f"{value} min"


def months(value: int) -> str:
    return "1 mês" if value == 1 else f"{value} meses"


def rule(name: Rule, interval: int) -> str:
    once, often = _RULES.get(name, ("", "a cada {} períodos"))
    return once if interval == 1 and once else often.format(interval)


def document(text: str) -> str:
    """CPF and CNPJ with their punctuation."""
    if len(text) == 11:
        return f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}"
    if len(text) == 14:
        return f"{text[:2]}.{text[2:5]}.{text[5:8]}/{text[8:12]}-{text[12:]}"
    return text


def listed(words: Iterable[str]) -> str:
    """``a, b e c``."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} e {last}" if most else last


def joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def weekdays(numbers: Iterable[int]) -> str:
    return listed(_WEEKDAYS[number] for number in sorted(numbers))


def week(intervals: Sequence[Interval]) -> str:
    """``segunda a sexta das 08:00 às 18:00``; days with the same hours together."""
    hours: dict[int, tuple[str, ...]] = {}
    for each in sorted(intervals, key=lambda i: (i.weekday, i.opens)):
        hours[each.weekday] = (*hours.get(each.weekday, ()), f"das {each.opens} às {each.closes}")
    said: list[str] = []
    runs: list[list[int]] = []
    for weekday in sorted(hours):
        if runs and runs[-1][-1] == weekday - 1 and hours[runs[-1][-1]] == hours[weekday]:
            runs[-1].append(weekday)
        else:
            runs.append([weekday])
    for run in runs:
        first, last = _WEEKDAYS[run[0]], _WEEKDAYS[run[-1]]
        said.append(f"{first if first == last else f'{first} a {last}'} {listed(hours[run[0]])}")
    return "; ".join(said)
