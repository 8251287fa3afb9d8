"""Terms about time: closed days that are observed, and the ladder of who is told of a deadline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from contracts_service.domain import contract_text, contract_text_en
from contracts_service.domain.contract_text import Parties, plain
from contracts_service.domain.terms_check import problems
from contracts_service.domain.terms_rules import Channel
from contracts_service.domain.terms_time import Calendar, Clock, EscalationStep, OptionalDay, Told
from contracts_service.tests.samples import service, terms

FINE = EscalationStep(1, percent=80, role=Told.ASSIGNEE)
BASE = terms(services=(service(),))


@pytest.mark.parametrize(
    ("step", "path", "code"),
    [
        (replace(FINE, level=0), "level", "terms.level"),
        (replace(FINE, level=10), "level", "terms.level"),
        (replace(FINE, percent=None), "percent", "terms.when"),
        (replace(FINE, minutes=30), "percent", "terms.when"),
        (replace(FINE, percent=0), "percent", "terms.when"),
        (replace(FINE, percent=None, minutes=366 * 24 * 60 + 1), "percent", "terms.when"),
        (replace(FINE, role=None), "role", "terms.nobody"),
        (replace(FINE, user_id="w1"), "role", "terms.nobody"),
        (replace(FINE, channel=Channel.PHONE), "channel", "terms.not-by-mail"),
        (replace(FINE, service_type_id="other"), "service_type_id", "terms.unknown-service"),
    ],
)
def test_a_step_of_the_ladder_must_make_sense(step: EscalationStep, path: str, code: str) -> None:
    assert problems(replace(BASE, escalation=(step,))) == [(f"escalation.0.{path}", code)]


def test_a_level_stands_once_for_each_clock_and_service() -> None:
    other = replace(FINE, clock=Clock.RESPONSE)
    own = replace(FINE, service_type_id="s1")
    assert problems(replace(BASE, escalation=(FINE, other, own))) == []
    assert problems(replace(BASE, escalation=(FINE, replace(FINE, percent=90)))) == [
        ("escalation.1.level", "terms.duplicate")
    ]


def test_a_closed_day_stands_once() -> None:
    day = date(2026, 7, 14)
    calendar = Calendar(holidays=(day, day), optional=(OptionalDay.CARNIVAL, OptionalDay.CARNIVAL))
    assert problems(replace(BASE, calendar=calendar)) == [
        ("calendar.holidays.1", "terms.duplicate"),
        ("calendar.optional.1", "terms.duplicate"),
    ]


def test_the_text_says_which_days_are_closed_and_who_is_told() -> None:
    calendar = Calendar(company=False, holidays=(date(2026, 7, 14),), optional=(OptionalDay.CARNIVAL,))
    late = EscalationStep(2, Clock.RESPONSE, minutes=120, service_type_id="s1")
    early = EscalationStep(3, minutes=-30, role=None, user_id="w1")
    agreed = replace(BASE, calendar=calendar, escalation=(FINE, late, early))
    parties = Parties("Vértice", "11222333000181", None, "Ana", None, None)
    portuguese, english = (
        plain(contract_text.text_of(agreed, parties)),
        plain(contract_text_en.english_text(agreed, parties)),
    )
    for words in (
        "exceto feriados nacionais, feriados do estado (SP), Carnaval e 14/07/2026.",
        "Escalonamento 1: aviso por e-mail para o responsável pela solicitação aos 80 % do prazo de solução.",
        "Escalonamento 2 (Manutenção): aviso por e-mail para a gerência 2 h depois do prazo de resposta.",
        "Escalonamento 3: aviso por e-mail para a pessoa designada pela CONTRATADA 30 min antes do prazo de solução.",
    ):
        assert words in portuguese
    for words in (
        "except national holidays, holidays of the state (SP), Carnival and 14 July 2026.",
        "Escalation 1: whoever is assigned to the request is told by e-mail at 80 % of the time for resolution.",
        "Escalation 2 (Manutenção): the management is told by e-mail 2 h after the time for response is over.",
    ):
        assert words in english
