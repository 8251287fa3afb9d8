"""The sentences about closed days and about who is told of a deadline, in Portuguese and in English."""

from __future__ import annotations

from collections.abc import Iterator

from contracts_service.domain import contract_phrases as pt
from contracts_service.domain import contract_phrases_en as en
from contracts_service.domain.terms import ContractTerms
from contracts_service.domain.terms_time import Clock, EscalationStep, OptionalDay, Told

_OPTIONAL_PT = {
    OptionalDay.CARNIVAL: "Carnaval",
    OptionalDay.ASH_WEDNESDAY: "Quarta-feira de Cinzas",
    OptionalDay.CORPUS_CHRISTI: "Corpus Christi",
    OptionalDay.CHRISTMAS_EVE: "véspera de Natal",
    OptionalDay.NEW_YEARS_EVE: "véspera de Ano-Novo",
}
_OPTIONAL_EN = {
    OptionalDay.CARNIVAL: "Carnival",
    OptionalDay.ASH_WEDNESDAY: "Ash Wednesday",
    OptionalDay.CORPUS_CHRISTI: "Corpus Christi",
    OptionalDay.CHRISTMAS_EVE: "Christmas Eve",
    OptionalDay.NEW_YEARS_EVE: "New Year's Eve",
}
_TOLD_PT = {
    Told.ASSIGNEE: "o responsável pela solicitação",
    Told.ATTENDANT: "o atendimento",
    Told.TECHNICIAN: "os técnicos",
    Told.MANAGER: "a gerência",
    Told.CONTACT: "quem abriu a solicitação",
}
_TOLD_EN = {
    Told.ASSIGNEE: "whoever is assigned to the request",
    Told.ATTENDANT: "the service desk",
    Told.TECHNICIAN: "the technicians",
    Told.MANAGER: "the management",
    Told.CONTACT: "whoever opened the request",
}


def closed_pt(terms: ContractTerms) -> str:
    """``, exceto feriados nacionais, …``; nothing where it is closed on no day but those of the week."""
    calendar = terms.calendar
    named = [
        *["feriados nacionais"] * calendar.national,
        *[f"feriados do estado ({terms.state})"] * calendar.of_state,
        *["dias sem expediente da tabela da CONTRATADA"] * calendar.company,
        *[_OPTIONAL_PT[day] for day in calendar.optional],
        *[pt.day(day) for day in calendar.holidays],
    ]
    return f", exceto {pt.listed(named)}" if named else ""


def closed_en(terms: ContractTerms) -> str:
    calendar = terms.calendar
    named = [
        *["national holidays"] * calendar.national,
        *[f"holidays of the state ({terms.state})"] * calendar.of_state,
        *["closed days of the PROVIDER's own table"] * calendar.company,
        *[_OPTIONAL_EN[day] for day in calendar.optional],
        *[en.day(day) for day in calendar.holidays],
    ]
    return f", except {en.listed(named)}" if named else ""


def ladder_pt(terms: ContractTerms) -> Iterator[str]:
    for step in terms.escalation:
        clock = "resposta" if step.clock is Clock.RESPONSE else "solução"
        whom = _TOLD_PT[step.role] if step.role else "a pessoa designada pela CONTRATADA"
        service = _service(terms, step)
        of = f" ({service})" if service else ""
        yield f"Escalonamento {step.level}{of}: aviso por e-mail para {whom} {_when_pt(step, clock)}."


def ladder_en(terms: ContractTerms) -> Iterator[str]:
    for step in terms.escalation:
        whom = _TOLD_EN[step.role] if step.role else "the person whom the PROVIDER named"
        service = _service(terms, step)
        of = f" ({service})" if service else ""
        yield f"Escalation {step.level}{of}: {whom} is told by e-mail {_when_en(step)}."


def _when_pt(step: EscalationStep, clock: str) -> str:
    if step.percent is not None:
        return f"aos {step.percent} % do prazo de {clock}"
    minutes = step.minutes or 0
    return f"{pt.minutes(abs(minutes))} {'antes' if minutes < 0 else 'depois'} do prazo de {clock}"


def _when_en(step: EscalationStep) -> str:
    if step.percent is not None:
        return f"at {step.percent} % of the time for {step.clock.value}"
    minutes = step.minutes or 0
    return f"{en.minutes(abs(minutes))} {'before' if minutes < 0 else 'after'} the time for {step.clock.value} is over"


def _service(terms: ContractTerms, step: EscalationStep) -> str | None:
    return next((each.name for each in terms.services if each.service_type_id == step.service_type_id), None)
