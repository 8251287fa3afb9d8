"""Sentences of the contract's text about bounds of prices, visits, reminders, notices, requests and evaluations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contracts_service.domain import contract_phrases as say
from contracts_service.domain.terms import (
    ContractTerms,
    DunningLevel,
    Late,
    LateCorrection,
    LateInterest,
    Line,
    LineKind,
    Priority,
    Rule,
)
from contracts_service.domain.terms_rules import Align, Communication, Discount, Evaluation, RequestRules


def billed(line: Line) -> str:
    """What differs from the usual bill day and periods; empty where nothing does."""
    said = ""
    if line.align is Align.CALENDAR and line.rule is not Rule.MONTHLY_LAST_DAY:
        said += ", em períodos do calendário civil"
    if line.offset_days is not None:
        start = "início" if line.mode == "advance" else "fim"
        match line.offset_days:
            case 0:
                said += f", com emissão no dia do {start} do período"
            case days:
                side = "depois" if days > 0 else "antes"
                said += f", com emissão {_days(abs(days))} {side} do {start} do período"
    return said


def bounds(line: Line) -> Iterator[str]:
    if line.included_quantity is not None:
        yield f"Incluídas por período: {say.number(line.included_quantity)} unidades."
    for discount in line.discounts:
        yield f"{_discount(discount)}."
    if line.minimum is not None:
        yield f"Valor mínimo por período: {say.money(line.minimum)}."
    if line.ceiling is not None:
        what = "Teto dos usos de cada período" if line.kind is LineKind.PER_USE else "Teto por período"
        yield f"{what}: {say.money(line.ceiling)}."
    if line.billed_through is not None:
        yield f"Já faturado até {say.day(line.billed_through)}: o que vem até esse dia não é cobrado de novo."


def billed_elsewhere(terms: ContractTerms) -> Iterator[str]:
    """Of a contract that was taken over: what the former system billed."""
    if (day := terms.billing.billed_through) is not None:
        yield (
            f"As cobranças recorrentes já foram faturadas até {say.day(day)}, inclusive, antes que este sistema as "
            "assumisse: nada é cobrado de novo por esses dias."
        )


def _discount(discount: Discount) -> str:
    parts = []
    if discount.percent:
        parts.append(f"{say.number(discount.percent)} %")
    if discount.amount:
        parts.append(say.money(discount.amount))
    when = say.span(discount.starts_on, discount.ends_on)
    said = f"Desconto de {' mais '.join(parts)}{f' {when}' if when else ''}"
    return f"{said} ({discount.reason})" if discount.reason else said


def visits(terms: ContractTerms, places: Mapping[str, str]) -> Iterator[str]:
    names = {service.service_type_id: service.name for service in terms.services}
    for plan in terms.visit_plan:
        what = plan.description or names.get(plan.service_type_id, plan.service_type_id)
        often = "1 visita por mês" if plan.per_month == 1 else f"{plan.per_month} visitas por mês"
        days = f", de preferência {say.weekdays(plan.weekdays)}" if plan.weekdays else ""
        where = [places.get(id_, id_) for id_ in (plan.site_id, *plan.equipment_ids) if id_]
        at = f" (em: {say.listed(where)})" if where else ""
        yield f"{what}: {often}{days}, das {plan.opens} às {plan.closes}{at}."


def late(rules: Late) -> str:
    interest = "juros pela taxa legal (Código Civil, art. 406)"
    if rules.interest is LateInterest.AGREED:
        interest = f"juros de {say.number(rules.interest_percent_month)} % ao mês"
    index = {LateCorrection.IPCA: "IPCA (IBGE)", LateCorrection.IGPM: "IGP-M (FGV)"}.get(rules.correction)
    correction = f", com correção monetária pelo {index}" if index else ""
    return f"No atraso incidem multa de {say.number(rules.fine_percent)} % e {interest}, proporcionais aos dias{correction}."


def reminders(levels: tuple[DunningLevel, ...]) -> Iterator[str]:
    if not levels:
        return
    said = [f"{_when(level.days)} por {say.CHANNELS[level.channel]}" for level in sorted(levels, key=lambda x: x.level)]
    yield f"A CONTRATADA lembra do pagamento {say.listed(said)}."


def _when(days: int) -> str:
    if days == 0:
        return "no dia do vencimento"
    return f"{_days(abs(days))} {'depois' if days > 0 else 'antes'} do vencimento"


def notices(rules: Communication) -> Iterator[str]:
    for rule in rules.notices:
        rights = say.listed(say.RIGHTS[right] for right in rule.rights)
        whom = f"os contatos com direito a {rights}" if rule.rights else "todos os contatos"
        yield f"Sobre {say.TOPICS[rule.topic]} são avisados {whom}, por {say.CHANNELS[rule.channel]}."
    yield f"A CONTRATADA escreve à CONTRATANTE em {say.LANGUAGES[rules.language]}, das {rules.opens} às {rules.closes}."


def requests(rules: RequestRules) -> Iterator[str]:
    if rules.reopen_days is not None:
        yield f"Um atendimento concluído pode ser reaberto em até {_days(rules.reopen_days)}."
    if rules.emergency_limit is not None:
        yield (
            "Em emergências (prioridade crítica) a CONTRATADA atende antes da aprovação do preço, até "
            f"{say.money(rules.emergency_limit)}."
        )
    for rule in rules.priorities:
        yield (
            f"Impacto {say.LEVELS[rule.impact]} com urgência {say.URGENCIES[rule.urgency]} é prioridade "
            f"{say.PRIORITIES[Priority(rule.priority)]}."
        )
    if rules.document_mb is not None:
        yield f"Cada arquivo de uma solicitação tem no máximo {rules.document_mb} MB."
    if rules.accept_excess:
        yield "O que passar do incluído durante um atendimento coberto só é cobrado depois que a CONTRATANTE o aceitar."


def evaluation(rules: Evaluation) -> Iterator[str]:
    said = f"O pedido de confirmação vai por {say.CHANNELS[rules.channel]}"
    if rules.expiry_days is not None:
        said += f" e pode ser respondido por {_days(rules.expiry_days)}"
    yield f"{said}."
    if rules.comment_below > 0:
        yield f"Uma nota menor que {rules.comment_below} pede um comentário."


def _days(count: int) -> str:
    return "1 dia" if count == 1 else f"{count} dias"
