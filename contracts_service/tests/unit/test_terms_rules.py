"""Discounts, bounds, bill days, visits, notices and windows of terms: what makes sense, how prices move, what is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contracts_service.domain.adjusting import earliest_adjustment
from contracts_service.domain.contract_text import Parties, plain, text_of
from contracts_service.domain.copying import moved, without_places
from contracts_service.domain.terms import Adjusting, Communication, DunningLevel, Evaluation, Line, LineKind
from contracts_service.domain.terms_changes import with_prices_adjusted
from contracts_service.domain.terms_check import MESSAGES, problems
from contracts_service.domain.terms_rules import (
    Align,
    Discount,
    NoticeRule,
    PriorityRule,
    RequestRules,
    Topic,
    VisitPlan,
)
from contracts_service.tests.samples import day, line, terms
from contracts_service.tests.samples_events import RICH_TERMS

PLAN = VisitPlan("v1", "s1")


def per_use(**changes: Any) -> Line:
    return line(kind=LineKind.PER_USE, service_type_id="s1", **changes)


def test_everything_that_terms_can_say_is_sensible_together() -> None:
    assert problems(RICH_TERMS) == []


@pytest.mark.parametrize(
    ("wrong", "path", "code"),
    [
        ({"discounts": (Discount(Decimal("101")),)}, "discounts.0.percent", "terms.percent"),
        ({"discounts": (Discount(),)}, "discounts.0.percent", "terms.discount-empty"),
        ({"discounts": (Discount(amount=Decimal("-1")),)}, "discounts.0.amount", "terms.negative"),
        ({"discounts": (Discount(amount=Decimal("1.001")),)}, "discounts.0.amount", "terms.cents"),
        (
            {"discounts": (Discount(Decimal("1"), starts_on=day("2026-02-01"), ends_on=day("2026-01-01")),)},
            "discounts.0.ends_on",
            "terms.period",
        ),
        ({"minimum": Decimal("-1")}, "minimum", "terms.negative"),
        ({"ceiling": Decimal("1.234")}, "ceiling", "terms.cents"),
        ({"minimum": Decimal("2"), "ceiling": Decimal("1")}, "minimum", "terms.minimum-over-ceiling"),
        ({"included_quantity": Decimal("1")}, "included_quantity", "terms.only-per-use"),
        ({"kind": LineKind.ONE_OFF, "discounts": (Discount(Decimal("1")),)}, "discounts", "terms.only-recurring"),
        ({"kind": LineKind.ONE_OFF, "billed_through": date(2026, 1, 31)}, "billed_through", "terms.only-recurring"),
        ({"kind": LineKind.ONE_OFF, "minimum": Decimal("1")}, "minimum", "terms.only-recurring"),
        ({"kind": LineKind.ONE_OFF, "offset_days": 1}, "offset_days", "terms.only-recurring"),
        ({"kind": LineKind.ONE_OFF, "ceiling": Decimal("1")}, "ceiling", "terms.not-one-off"),
        ({"align": Align.CALENDAR, "anchor_day": 5}, "anchor_day", "terms.anchor-with-calendar"),
        ({"offset_days": 91}, "offset_days", "terms.offset"),
    ],
)
def test_a_lines_problem_stands_at_its_field(wrong: dict[str, Any], path: str, code: str) -> None:
    assert (f"lines.0.{path}", code) in problems(terms(lines=(line(**wrong),)))


def test_a_line_per_use_without_a_service_prices_a_part() -> None:
    assert problems(terms(lines=(replace(per_use(), service_type_id=None, description="Correia"),))) == []


def test_a_line_per_use_may_include_a_quantity_that_is_not_negative() -> None:
    assert problems(terms(lines=(per_use(included_quantity=Decimal("2"), ceiling=Decimal("9.00")),))) == []
    assert ("lines.0.included_quantity", "terms.negative") in problems(
        terms(lines=(per_use(included_quantity=Decimal("-1")),))
    )


@pytest.mark.parametrize(
    ("wrong", "path", "code"),
    [
        ({"visit_plan": (replace(PLAN, plan_id=" "),)}, "visit_plan.0.plan_id", "terms.blank"),
        ({"visit_plan": (PLAN, PLAN)}, "visit_plan.1.plan_id", "terms.duplicate"),
        (
            {"visit_plan": (replace(PLAN, service_type_id="x"),)},
            "visit_plan.0.service_type_id",
            "terms.unknown-service",
        ),
        ({"visit_plan": (replace(PLAN, per_month=0),)}, "visit_plan.0.per_month", "terms.not-positive"),
        ({"visit_plan": (replace(PLAN, per_month=32),)}, "visit_plan.0.per_month", "terms.too-many"),
        ({"visit_plan": (replace(PLAN, weekdays=(7,)),)}, "visit_plan.0.weekdays.0", "terms.weekday"),
        ({"visit_plan": (replace(PLAN, weekdays=(1, 1)),)}, "visit_plan.0.weekdays.1", "terms.duplicate"),
        ({"visit_plan": (replace(PLAN, opens="8"),)}, "visit_plan.0.opens", "terms.clock"),
        ({"visit_plan": (replace(PLAN, closes="07:00"),)}, "visit_plan.0.closes", "terms.period"),
        ({"communication": Communication(closes="25:00")}, "communication.closes", "terms.clock"),
        (
            {"communication": Communication(notices=(NoticeRule(Topic.VISIT), NoticeRule(Topic.VISIT)))},
            "communication.notices.1",
            "terms.duplicate",
        ),
        (
            {"communication": Communication(notices=(NoticeRule(Topic.VISIT, rights=("all",)),))},
            "communication.notices.0.rights.0",
            "terms.unknown-right",
        ),
        ({"dunning": (DunningLevel(1, 3, text="a" * 2001),)}, "dunning.0.text", "terms.too-long"),
        ({"requests": RequestRules(reopen_days=-1)}, "requests.reopen_days", "terms.negative"),
        ({"requests": RequestRules(emergency_limit=Decimal("-1"))}, "requests.emergency_limit", "terms.negative"),
        ({"requests": RequestRules(document_mb=26)}, "requests.document_mb", "terms.document-size"),
        (
            {"requests": RequestRules(priorities=(PriorityRule("huge", "low", "low"),))},
            "requests.priorities.0.impact",
            "terms.unknown-level",
        ),
        (
            {"requests": RequestRules(priorities=(PriorityRule("low", "low", "high"),) * 2)},
            "requests.priorities.1",
            "terms.duplicate",
        ),
        ({"adjustment": Adjusting(month=13)}, "adjustment.month", "terms.month"),
        ({"evaluation": Evaluation(expiry_days=0)}, "evaluation.expiry_days", "terms.not-positive"),
        ({"evaluation": Evaluation(expiry_days=3)}, "evaluation.expiry_days", "terms.before-tacit"),
        ({"evaluation": Evaluation(comment_below=7)}, "evaluation.comment_below", "terms.score-limit"),
    ],
)
def test_a_problem_of_the_terms_stands_at_its_field(wrong: dict[str, Any], path: str, code: str) -> None:
    found = problems(terms(**wrong))
    assert (path, code) in found
    assert all(code in MESSAGES for _, code in found)


def test_an_adjustment_moves_bounds_and_discounts_in_money_with_the_price_and_leaves_what_is_over() -> None:
    over = Discount(amount=Decimal("10.00"), ends_on=day("2026-06-30"))
    lasting = Discount(Decimal("5"), Decimal("10.00"))
    before = line(minimum=Decimal("100.00"), ceiling=Decimal("2000.00"), discounts=(over, lasting))
    (after,) = with_prices_adjusted(terms(lines=(before,)), Decimal("10"), day("2027-01-01")).lines
    assert (after.amount, after.minimum, after.ceiling) == (Decimal("1650.00"), Decimal("110.00"), Decimal("2200.00"))
    assert after.discounts == (over, replace(lasting, amount=Decimal("11.00")))


def test_an_adjustment_leaves_included_quantities() -> None:
    use = per_use(included_quantity=Decimal("2"), ceiling=Decimal("100.00"))
    (after,) = with_prices_adjusted(terms(lines=(use,)), Decimal("10"), day("2027-01-01")).lines
    assert (after.included_quantity, after.ceiling) == (Decimal("2"), Decimal("110.00"))


def test_a_price_revision_leaves_ended_lines() -> None:
    """OCA/contract 467: a price revision touched lines that had ended."""
    ended = line(line_id="old", ends_on=day("2026-06-30"), minimum=Decimal("1.00"))
    after = with_prices_adjusted(terms(lines=(line(), ended)), Decimal("10"), day("2027-01-01"))
    assert after.lines[1] == ended
    assert after.lines[0].amount == Decimal("1650.00")


@pytest.mark.parametrize(
    ("last", "month", "expected"),
    [
        ("2026-01-01", None, "2027-01-01"),
        ("2026-01-01", 1, "2027-01-01"),
        ("2026-01-02", 1, "2028-01-01"),
        ("2026-03-15", 5, "2027-05-01"),
        ("2026-05-15", 5, "2028-05-01"),
        ("2026-11-10", 2, "2028-02-01"),
    ],
)
def test_the_named_month_is_never_sooner_than_the_law_allows(last: str, month: int | None, expected: str) -> None:
    assert earliest_adjustment(date.fromisoformat(last), month) == date.fromisoformat(expected)


def test_a_copy_takes_discounts_to_the_new_beginning_and_leaves_those_that_were_over() -> None:
    first_half = Discount(Decimal("10"), starts_on=day("2026-01-01"), ends_on=day("2026-06-30"))
    over = Discount(Decimal("5"), ends_on=day("2025-12-31"))
    (copied,) = moved(terms(lines=(line(discounts=(first_half, over)),)), day("2027-03-01")).lines
    assert copied.discounts == (replace(first_half, starts_on=day("2027-03-01"), ends_on=day("2027-08-31")),)


def test_another_customers_copy_has_none_of_the_places() -> None:
    (plan,) = without_places(RICH_TERMS).visit_plan
    assert (plan.site_id, plan.equipment_ids) == (None, ())


def test_the_contracts_text_says_all_of_it() -> None:
    said = plain(text_of(RICH_TERMS, Parties("V", "", places={"u1": "Matriz", "e1": "Split 3"})))
    for words in (
        "por mês, cobrado antecipadamente, em períodos do calendário civil, com emissão 5 dias depois do início",
        "Desconto de 10 % mais R$ 25,00 de 01/01/2026 a 30/06/2026 (Boas-vindas). Desconto de 5 %.",
        "Valor mínimo por período: R$ 900,00. Teto por período: R$ 1.400,00.",
        "por unidade usada. Incluídas por período: 2 unidades. Teto dos usos de cada período: R$ 2.000,00.",
        "O silêncio da CONTRATANTE não vale como confirmação deste serviço.",
        "Preventiva: 2 visitas por mês, de preferência terça e quinta, das 08:00 às 12:00 (em: Matriz e Split 3).",
        "reajustados a cada doze meses, no mês de maio, pela variação",
        "lembra do pagamento 3 dias antes do vencimento por e-mail e 10 dias depois do vencimento por telefone.",
        "Sobre cobranças são avisados os contatos com direito a financeiro, por e-mail.",
        "Sobre visitas são avisados todos os contatos, por e-mail.",
        "escreve à CONTRATANTE em português, das 08:00 às 20:00.",
        "pode ser reaberto em até 10 dias.",
        "antes da aprovação do preço, até R$ 500,00.",
        "O pedido de confirmação vai por portal e pode ser respondido por 30 dias.",
        "Uma nota menor que 3 pede um comentário.",
    ):
        assert words in said


def test_a_contract_without_planned_visits_has_no_clause_of_them() -> None:
    said = plain(text_of(terms(), Parties("V", "")))
    assert "visitas programadas" not in said
    assert "Cláusula 3ª – Da vigência" in said
