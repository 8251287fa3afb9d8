"""Drafts from templates and copies: the same terms, moved to another beginning."""

from __future__ import annotations

from dataclasses import replace

from contracts_service.domain.copying import moved, without_places
from contracts_service.domain.template import (
    DECIDER,
    DefineTemplate,
    RetireTemplate,
    TemplateDefined,
    TemplateRetired,
)
from contracts_service.domain.terms import Adjusting, Billing, Late
from contracts_service.tests.samples import day, line, terms
from contracts_service.tests.unit.folds import context, folded
from contracts_service.views.templates import TemplatesQuestion, list_templates
from services.testing.decider import DeciderSpec

spec = DeciderSpec(DECIDER)
DEFINED = TemplateDefined("m1", "Mensal", "", terms())


def test_a_template_is_defined_changed_and_retired() -> None:
    spec.when(DefineTemplate("m1", " Mensal ", terms())).then(DEFINED)
    spec.given(DEFINED).when(DefineTemplate("m1", "Mensal", terms())).then_nothing()
    lenient = terms(late=Late())
    spec.given(DEFINED).when(DefineTemplate("m1", "Outro", lenient)).then(replace(DEFINED, name="Outro", terms=lenient))
    spec.given(DEFINED).when(RetireTemplate("m1")).then(TemplateRetired("m1"))
    spec.given(DEFINED, TemplateRetired("m1")).when(RetireTemplate("m1")).then_nothing()
    spec.given(DEFINED, TemplateRetired("m1")).when(DefineTemplate("m1", "Mensal", terms())).then(DEFINED)
    spec.when(DefineTemplate("m1", " ", terms())).then_refused("template.name-missing")


def test_retired_templates_are_listed_only_when_asked_for() -> None:
    rows = folded(DEFINED, TemplateRetired("m1"))
    assert list_templates(TemplatesQuestion(), rows, context())["items"] == []
    assert len(list_templates(TemplatesQuestion(include_retired=True), rows, context())["items"]) == 1


def test_terms_move_to_another_beginning_and_stay_as_long() -> None:
    later = moved(terms(), day("2027-03-15"))
    assert (later.starts_on, later.ends_on) == (day("2027-03-15"), day("2028-03-14"))
    assert moved(terms(ends_on=None), day("2027-03-15")).ends_on is None
    assert moved(terms(), day("2027-03-15"), day("2027-12-31")).ends_on == day("2027-12-31")


def test_what_another_system_billed_stays_with_the_contract_that_was_taken_over() -> None:
    taken_over = terms(
        adjustment=Adjusting(last_on=day("2026-02-01")),
        billing=Billing(due_days=5, billed_through=day("2026-03-31")),
        lines=(line(billed_through=day("2026-06-30")),),
    )
    assert moved(taken_over, day("2026-01-01")) == terms(billing=Billing(due_days=5), lines=(line(),))


def test_lines_keep_their_distance_from_the_beginning() -> None:
    quarter = line(starts_on=day("2026-02-01"), ends_on=day("2026-04-30"))
    [after] = moved(terms(lines=(quarter,)), day("2027-06-01")).lines
    assert (after.starts_on, after.ends_on) == (day("2027-07-01"), day("2027-09-30"))


def test_lines_that_fall_outside_are_left_out_and_none_ends_after_the_contract() -> None:
    late = line(line_id="l2", starts_on=day("2026-11-01"))
    whole = line(line_id="l3", ends_on=day("2026-12-31"))
    short = moved(terms(lines=(late, whole)), day("2027-01-01"), day("2027-06-30"))
    assert [(each.line_id, each.ends_on) for each in short.lines] == [("l3", None)]


def test_another_customer_gets_no_places_of_the_first() -> None:
    placed = terms(lines=(line(site_ids=("u1",), equipment_ids=("e1",)),))
    assert without_places(placed) == terms()
