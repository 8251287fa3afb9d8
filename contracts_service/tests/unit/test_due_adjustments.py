"""The month's work list of adjustments, the list of contracts that end, and the preview of a whole contract."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from contracts_service.domain.contract_events import PriceAdjusted
from contracts_service.domain.price_index import IndexValue, IndexValuesLoaded
from contracts_service.domain.terms import Adjusting, Index, Renewal
from contracts_service.domain.terms_changes import with_prices_adjusted
from contracts_service.tests.samples import activated, day, drafted, line, terms
from contracts_service.tests.samples_events import PERSON, PROVIDER
from contracts_service.tests.unit.folds import context, folded
from contracts_service.views.due_adjustments import DueAdjustmentsQuestion, list_due_adjustments
from contracts_service.views.whole_previews import PreviewQuestion, preview_contract
from contracts_service.views.work_lists import RenewalsQuestion, list_renewals
from services.errors import Invalid

VALUES = tuple(IndexValue(day(f"2026-{month:02}-01"), Decimal("0.50")) for month in range(1, 13))
PUBLISHED = IndexValuesLoaded(Index.IPCA, VALUES, "IBGE")


def signed(contract_id: str, **said: Any) -> tuple[Any, Any]:
    agreed = terms(ends_on=None, renewal=Renewal.NONE, **said)
    number = f"2026/{contract_id}"
    return (
        drafted(contract_id=contract_id, terms=agreed),
        activated(contract_id=contract_id, terms=agreed, number=number),
    )


def due(month: str, *events: Any) -> dict[str, dict[str, Any]]:
    rows = folded(PROVIDER, PERSON, PUBLISHED, *events)
    answer = list_due_adjustments(DueAdjustmentsQuestion(month=day(month)), rows, context())
    return {item["contract_id"]: item for item in answer["items"]}


def test_the_list_shows_what_the_contracts_own_index_would_do() -> None:
    found = due("2027-01-20", *signed("c1", adjustment=Adjusting(Index.IPCA)), *signed("c2"))
    assert found["c1"]["effective_on"] == day("2027-01-01")
    assert found["c1"]["percent"] == Decimal("6.1678")  # 1.005 to the twelfth
    assert found["c1"]["lines"][0]["after"] == Decimal("1592.52")
    assert (found["c2"]["by_agreement"], found["c2"]["index"]) == (True, None)


def test_nobody_is_on_the_list_sooner_than_the_law_allows_or_in_another_month() -> None:
    in_may = signed("c1", adjustment=Adjusting(Index.IPCA, month=5))
    assert due("2026-12-01", *in_may, *signed("c2")) == {}
    assert set(due("2027-01-01", *in_may, *signed("c2"))) == {"c2"}
    assert set(due("2027-05-01", *in_may, *signed("c2"))) == {"c1", "c2"}


def test_who_was_adjusted_is_not_on_the_list_for_twelve_months() -> None:
    first, second = signed("c1")
    after = with_prices_adjusted(second.terms, Decimal("5"), day("2027-02-01"))
    adjusted = PriceAdjusted("c1", "k1", 1, day("2027-02-01"), Decimal("5"), after)
    assert due("2027-03-01", first, second, adjusted) == {}
    assert set(due("2028-02-01", first, second, adjusted)) == {"c1"}


def test_expiring_are_those_that_end_and_do_so_by_then() -> None:
    ending = terms(renewal=Renewal.NONE)
    rows = folded(
        PROVIDER, PERSON, drafted(terms=ending), activated(terms=ending),
        drafted(contract_id="c2"), activated(contract_id="c2", number="2026/2"),
    )  # fmt: skip
    question = RenewalsQuestion(until=day("2026-12-31"), expiring=True)
    (item,) = list_renewals(question, rows, context())["items"]
    assert (item["contract_id"], item["decision"]) == ("c1", "ends")
    assert list_renewals(replace(question, until=day("2026-12-30")), rows, context())["items"] == []


def test_a_draft_is_previewed_with_its_text_and_each_problem_at_its_place() -> None:
    rows = folded(PROVIDER, PERSON)
    shown = preview_contract(PreviewQuestion(terms(), customer_id="k1", provider_id="p1"), rows, context())
    assert (shown["before"], shown["monthly_after"]) == (None, Decimal("1500.00"))
    assert "CONTRATANTE: Ana Lima" in shown["text"]
    with pytest.raises(Invalid):
        preview_contract(PreviewQuestion(terms(lines=(line(amount=Decimal("-1")),))), rows, context())


def test_an_addendum_is_previewed_by_the_rules_that_would_decide() -> None:
    rows = folded(PROVIDER, PERSON, drafted(), activated())
    asked = PreviewQuestion(contract_id="c1", changes={"notice_days": 60}, effective_on=day("2026-07-01"))
    shown = preview_contract(asked, rows, context())
    assert shown["changes"] == [{"path": "notice_days", "before": 30, "after": 60}]
    assert shown["before"]["notice_days"] == 30
