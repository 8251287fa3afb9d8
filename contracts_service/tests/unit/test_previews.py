"""Previews: what an adjustment or an addendum would do to a selection, decided by the rules, without an event."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contracts_service.domain.price_index import IndexValue, IndexValuesLoaded
from contracts_service.domain.terms import Adjusting, Index, Late
from contracts_service.patching import patched
from contracts_service.tests.samples import activated, day, drafted, line, suspended, terminated, terms
from contracts_service.tests.samples_events import PERSON
from contracts_service.tests.unit.folds import context, folded
from contracts_service.views.contract_tables import contracts
from contracts_service.views.previews import (
    AdjustmentPreviewQuestion,
    AmendmentPreviewQuestion,
    preview_adjustment,
    preview_amendment,
)
from contracts_service.views.selecting import Selection, state_of
from services.errors import Invalid
from services.testing.rows import MemoryRows

PUBLISHED = IndexValuesLoaded(
    Index.IPCA, tuple(IndexValue(date(2026, month, 1), Decimal("0.5")) for month in range(1, 13)), "IBGE"
)
BY_INDEX = terms(ends_on=day("2030-12-31"), adjustment=Adjusting(Index.IPCA))


def firm() -> MemoryRows:
    """c1 is adjusted by the IPCA, c2 began half a year later and has no index, c3 has ended."""
    young = replace(BY_INDEX, starts_on=day("2026-07-01"), adjustment=Adjusting())
    return folded(
        PERSON,
        PUBLISHED,
        drafted(terms=BY_INDEX),
        activated(terms=BY_INDEX),
        drafted(contract_id="c2", terms=young),
        activated(contract_id="c2", number="2026/000002", terms=young),
        drafted(contract_id="c3"),
        activated(contract_id="c3", number="2026/000003"),
        replace(terminated(), contract_id="c3"),
    )


def adjustment(rows: MemoryRows, **asked: Any) -> dict[str, Any]:
    return preview_adjustment(AdjustmentPreviewQuestion(**asked), rows, context())


def test_each_contract_shows_its_percentage_and_prices_or_why_it_cannot_be() -> None:
    answer = adjustment(firm(), effective_on=day("2027-01-01"))
    first, second = answer["items"]
    assert (first["percent"], first["index"]) == (Decimal("6.1678"), "ipca")
    assert first["lines"] == [
        {"line_id": "l1", "clause": "4.1", "before": Decimal("1500.00"), "after": Decimal("1592.52")}
    ]
    assert second["problem"]["code"] == "contract.index-not-agreed"
    assert (answer["possible"], answer["monthly_before"], answer["monthly_after"]) == (
        1,
        Decimal("1500.00"),
        Decimal("1592.52"),
    )


def test_without_a_day_each_contract_is_adjusted_on_its_earliest() -> None:
    items = adjustment(firm(), percent=Decimal("5"))["items"]
    assert [item["effective_on"] for item in items] == [date(2027, 1, 1), date(2027, 7, 1)]


def test_problems_are_told_in_the_readers_language() -> None:
    [item] = adjustment(firm(), selection=Selection(contract_ids=("c2",)), effective_on=day("2027-01-01"))["items"]
    assert item["problem"]["detail"] == "O contrato não prevê reajuste por índice de preços."


def test_a_selection_is_narrowed_and_comes_in_pages() -> None:
    rows = firm()
    assert [item["contract_id"] for item in adjustment(rows, selection=Selection(index=Index.IPCA))["items"]] == ["c1"]
    due = Selection(due_by=day("2027-01-01"))
    assert [item["contract_id"] for item in adjustment(rows, percent=Decimal("5"), selection=due)["items"]] == ["c1"]
    page = adjustment(rows, percent=Decimal("5"), selection=Selection(limit=1))
    assert (page["count"], page["next"]) == (1, "c1")
    assert adjustment(rows, selection=Selection(limit=1, after="c1"))["next"] is None


def test_an_addendum_shows_what_changes_in_each_contract() -> None:
    changes = {"late": {"fine_percent": "1"}, "lines": [{"line_id": "l1", "amount": "1600.00"}]}
    asked = AmendmentPreviewQuestion(day("2026-09-01"), changes, Selection(contract_ids=("c1",)))
    [item] = preview_amendment(asked, firm(), context())["items"]
    assert {change["path"]: (change["before"], change["after"]) for change in item["changes"]} == {
        "late.fine_percent": ("2", "1"),
        "lines.0.amount": ("1500.00", "1600.00"),
    }
    assert (item["monthly_before"], item["monthly_after"]) == (Decimal("1500.00"), Decimal("1600.00"))


def test_an_addendum_with_a_discount_shows_what_is_really_charged_and_the_sum_of_the_selection() -> None:
    """Two contracts of 1,500.00: less 10 % each, then within a minimum of 1,400.00."""
    off = {"percent": "10", "ends_on": "2026-12-31", "reason": "x"}
    for line_, after in (
        ({"line_id": "l1", "discounts": [off]}, "1350.00"),
        ({"line_id": "l1", "discounts": [off], "minimum": "1400.00"}, "1400.00"),
    ):
        asked = AmendmentPreviewQuestion(day("2026-09-01"), {"lines": [line_]})
        answer = preview_amendment(asked, firm(), context())
        shown = [(item["monthly_before"], item["monthly_after"]) for item in answer["items"]]
        assert shown == [(Decimal("1500.00"), Decimal(after))] * 2
        assert (answer["monthly_before"], answer["monthly_after"]) == (Decimal("3000.00"), 2 * Decimal(after))


def test_an_addendum_that_the_rules_refuse_says_so_for_each_contract() -> None:
    too_much = AmendmentPreviewQuestion(day("2026-09-01"), {"late": {"fine_percent": "10"}})
    problems = [item["problem"]["problems"] for item in preview_amendment(too_much, firm(), context())["items"]]
    assert [[each["path"] for each in found] for found in problems] == [["terms.late.fine_percent"]] * 2


def test_changes_are_merged_into_the_terms() -> None:
    new = {"line_id": "l2", "clause": "4.2", "description": "Plantão", "amount": "300.00"}
    after = patched(terms(), {"late": {"fine_percent": "1"}, "lines": [new]})
    assert after.late == Late(fine_percent=Decimal("1"))
    assert [each.line_id for each in after.lines] == ["l1", "l2"]
    assert after.lines[0] == line()
    with pytest.raises(Invalid) as caught:
        patched(terms(), {"late": {"typo": 1}})
    assert caught.value.problems[0]["path"] == "changes.late.typo"


def test_a_contract_is_read_back_as_its_events_made_it() -> None:
    rows = folded(drafted(), activated(), suspended())
    state = state_of(rows, rows.get(contracts, contract_id="c1") or {})
    assert (state.status, state.versions[0].terms, state.price_base_on) == ("suspended", terms(), date(2026, 1, 1))
    assert state.suspension is not None
