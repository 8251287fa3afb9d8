"""The contract as people read and sign it: clauses in Portuguese made from its terms. Pure text; rendering is elsewhere.

What is hashed and accepted is ``plain``: the same terms and parties always give the same text. The contract's number is
not part of it, since a draft that is being accepted has none yet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from contracts_service.domain import contract_phrases as say
from contracts_service.domain import contract_text_rules as more
from contracts_service.domain import contract_text_time as time
from contracts_service.domain.terms import (
    Adjusting,
    ContractTerms,
    GiveBack,
    Index,
    Line,
    LineKind,
    OpenRequests,
    PlannedVisits,
    Renewal,
    ServiceTerms,
)


@dataclass(frozen=True, slots=True)
class Parties:
    """Who they are, and what their places are called."""

    provider_name: str
    provider_document: str
    provider_address: str | None = None
    customer_name: str = ""
    customer_document: str | None = None
    customer_address: str | None = None
    places: Mapping[str, str] = field(default_factory=dict)
    """Site or equipment id → name."""


@dataclass(frozen=True, slots=True)
class Clause:
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    clauses: tuple[Clause, ...]
    closing: str


def text_of(terms: ContractTerms, parties: Parties) -> Document:
    parts = (
        ("Das partes", _parties(parties)),
        ("Do objeto", _services(terms)),
        ("Das visitas programadas", more.visits(terms, parties.places)),
        ("Da vigência", _period(terms)),
        ("Do preço e do pagamento", _prices(terms, parties)),
        ("Do reajuste", _adjustment(terms)),
        ("Do atraso e da suspensão", _default(terms)),
        ("Da rescisão", _leaving(terms)),
        ("Da comunicação e da comprovação", _communication(terms)),
    )
    told = [(title, paragraphs) for title, said in parts if (paragraphs := tuple(said))]
    clauses = tuple(Clause(f"Cláusula {n}ª – {title}", said) for n, (title, said) in enumerate(told, 1))
    closing = "E, por estarem de acordo, as partes assinam este contrato, em duas vias de igual teor."
    return Document("Contrato de prestação de serviços", clauses, closing)


def plain(document: Document) -> str:
    """The text alone, a paragraph a line."""
    lines = [document.title]
    for clause in document.clauses:
        lines += [clause.title, *clause.paragraphs]
    return "\n".join([*lines, document.closing]) + "\n"


def text_sha256(document: Document) -> str:
    return hashlib.sha256(plain(document).encode()).hexdigest()


def _parties(parties: Parties) -> Iterator[str]:
    provider = say.joined(
        parties.provider_name, f"CNPJ {say.document(parties.provider_document)}", parties.provider_address
    )
    yield f"CONTRATADA: {provider}."
    number = say.document(parties.customer_document) if parties.customer_document else None
    kind = "CPF" if parties.customer_document and len(parties.customer_document) == 11 else "CNPJ"
    customer = say.joined(parties.customer_name, f"{kind} {number}" if number else None, parties.customer_address)
    yield f"CONTRATANTE: {customer}."


def _services(terms: ContractTerms) -> Iterator[str]:
    if not terms.services:
        yield "A CONTRATADA presta à CONTRATANTE os serviços descritos nos itens de cobrança."
    for service in terms.services:
        yield _service(service)
    if any(service.calendar == "business" for service in terms.services):
        yield f"Horário de atendimento: {say.week(terms.calendar.intervals)}{time.closed_pt(terms)}."
    yield from time.ladder_pt(terms)


def _service(service: ServiceTerms) -> str:
    hours = "24 horas por dia, 7 dias por semana" if service.calendar == "24x7" else "em horário de atendimento"
    channels = say.listed(say.CHANNELS[channel] for channel in service.channels)
    said = [f"{service.name} ({service.code}), {hours}, solicitado por {channels}."]
    if service.targets:
        targets = "; ".join(
            f"{say.PRIORITIES[t.priority]}: resposta em {say.minutes(t.response_minutes)}, "
            f"solução em {say.minutes(t.resolution_minutes)}"
            for t in service.targets
        )
        said.append(f"Prazos por prioridade – {targets}.")
    if service.included_quantity is not None:
        included = f"Incluídos por mês: {say.number(service.included_quantity)} {say.UNITS[service.unit]}"
        beyond = (
            f"o que passar disso custa {say.money(service.overage_unit_price)} por unidade"
            if service.overage_unit_price is not None
            else "o que passar disso não está coberto"
        )
        said.append(f"{included}; {beyond}.")
    if service.evidence:
        said.append(f"Comprovação aceita: {say.listed(say.EVIDENCE[kind] for kind in service.evidence)}.")
    if not service.tacit_confirmation:
        said.append("O silêncio da CONTRATANTE não vale como confirmação deste serviço.")
    return " ".join(said)


def _period(terms: ContractTerms) -> Iterator[str]:
    if terms.ends_on is None:
        yield f"Este contrato vigora por prazo indeterminado a partir de {say.day(terms.starts_on)}."
        return
    yield f"Este contrato vigora de {say.day(terms.starts_on)} a {say.day(terms.ends_on)}."
    months = say.months(terms.renewal_months)
    match terms.renewal:
        case Renewal.TACIT:
            yield (
                f"Renova-se automaticamente por {months}, sucessivamente, salvo aviso de uma das partes com "
                f"antecedência de {terms.notice_days} dias do fim do período."
            )
        case Renewal.APPROVAL:
            yield (
                f"Pode ser renovado por {months} mediante aprovação expressa, até {terms.notice_days} dias antes do "
                "fim do período."
            )
        case Renewal.NONE:
            yield "Encerra-se no fim do período, sem renovação."


def _prices(terms: ContractTerms, parties: Parties) -> Iterator[str]:
    for line in terms.lines:
        yield _line(line, parties)
    moved = ", ou no dia útil seguinte" if terms.billing.business_day_rule == "next" else ""
    yield f"Cada cobrança vence {terms.billing.due_days} dias depois da emissão{moved}."
    yield from more.billed_elsewhere(terms)


def _line(line: Line, parties: Parties) -> str:
    match line.kind:
        case LineKind.RECURRING:
            when = "antecipadamente" if line.mode == "advance" else "ao fim do período"
            how = f"{say.rule(line.rule, line.interval)}, cobrado {when}{more.billed(line)}"
        case LineKind.PER_USE:
            how = "por unidade usada"
        case LineKind.ONE_OFF:
            how = "uma única vez"
    said = f"{line.clause} {line.description}: {say.money(line.amount)}, {how}"
    if line.starts_on or line.ends_on:
        said += f", {say.span(line.starts_on, line.ends_on)}"
    places = [parties.places.get(id_, id_) for id_ in (*line.site_ids, *line.equipment_ids)]
    return " ".join([f"{said}{f' (em: {say.listed(places)})' if places else ''}.", *more.bounds(line)])


def _adjustment(terms: ContractTerms) -> Iterator[str]:
    index = terms.adjustment.index
    if index is None:
        agreed = "Os preços podem ser reajustados a cada doze meses, por acordo entre as partes (Lei 10.192/2001)."
        yield agreed + _last(terms.adjustment)
        return
    name = {Index.IPCA: "IPCA (IBGE)", Index.IGPM: "IGP-M (FGV)", Index.TAXA_LEGAL: "taxa legal"}[index]
    floor = " Se a variação for negativa, os preços ficam como estão." if terms.adjustment.floor_zero else ""
    month = f", no mês de {say.MONTHS[terms.adjustment.month - 1]}," if terms.adjustment.month else ""
    yield (
        f"Os preços são reajustados a cada doze meses{month} pela variação acumulada do {name} nos doze meses terminados "
        f"{say.months(terms.adjustment.lag_months)} antes do reajuste (Lei 10.192/2001).{floor}{_last(terms.adjustment)}"
    )


def _last(rules: Adjusting) -> str:
    return f" O último reajuste foi em {say.day(rules.last_on)}." if rules.last_on else ""


def _default(terms: ContractTerms) -> Iterator[str]:
    yield more.late(terms.late)
    yield from more.reminders(terms.dunning)
    rules = terms.default
    if rules.suspend and rules.days is not None:
        approved = ", por decisão de um responsável da CONTRATADA," if rules.approval else ""
        yield (
            f"Com pagamento atrasado há mais de {rules.days} dias, e depois de aviso com {rules.notice_days} dias de "
            f"antecedência, os serviços podem{approved} ser suspensos até a regularização."
        )
    suspending = terms.suspension
    requests = {
        OpenRequests.PAUSE: "os prazos das solicitações abertas ficam parados",
        OpenRequests.CONTINUE: "as solicitações já abertas são concluídas",
    }[suspending.requests]
    visits = {
        PlannedVisits.CANCEL: "as visitas previstas são canceladas",
        PlannedVisits.KEEP: "as visitas previstas são mantidas",
    }[suspending.visits]
    give_back = {
        GiveBack.PRORATE: "os dias sem serviço não são cobrados",
        GiveBack.NOTHING: "as mensalidades continuam devidas",
        GiveBack.EXTEND: "os dias sem serviço não são cobrados e se somam ao fim da vigência",
    }[suspending.give_back]
    yield f"Durante uma suspensão, {requests}, {visits} e {give_back}."


def _leaving(terms: ContractTerms) -> Iterator[str]:
    yield (
        f"Qualquer das partes pode rescindir este contrato com aviso de {terms.notice_days} dias, ou de imediato se a "
        "outra o descumprir."
    )
    rules = terms.leaving
    if rules.fine_percent:
        until = (
            f"dos primeiros {say.months(rules.minimum_months)}" if rules.minimum_months is not None else "da vigência"
        )
        yield (
            f"Quem sair antes do fim {until} paga {say.number(rules.fine_percent)} % das mensalidades restantes, na "
            "proporção do tempo que faltar (Código Civil, art. 413)."
        )
    yield (
        "A CONTRATANTE consumidora que contratou fora do estabelecimento pode desistir em 7 dias da assinatura, com "
        "devolução do que pagou (CDC, art. 49)."
    )


def _communication(terms: ContractTerms) -> Iterator[str]:
    who = "só pessoas autorizadas pela CONTRATANTE" if terms.communication.authorised_only else "qualquer pessoa"
    channels = say.listed(say.CHANNELS[channel] for channel in terms.communication.channels)
    yield f"Em nome da CONTRATANTE solicita serviços {who}, por {channels}."
    yield from more.notices(terms.communication)
    yield from more.requests(terms.requests)
    if terms.evaluation.ask:
        yield (
            "Depois de cada atendimento a CONTRATANTE confirma o serviço; sem manifestação em "
            f"{terms.evaluation.tacit_days} dias, ele é considerado aceito."
        )
        yield from more.evaluation(terms.evaluation)


def header(number: str | None, signed_on: date | None) -> str:
    """What stands above the text and is not part of it."""
    if number is None:
        return "Minuta"
    return f"Nº {number}" + (f", assinado em {say.day(signed_on)}" if signed_on else "")
