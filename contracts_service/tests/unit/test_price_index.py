"""Index values: taken from a file, known once, accumulated over twelve months; prices adjusted by them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contracts_service.domain import contract
from contracts_service.domain.contract_commands import AdjustByIndex
from contracts_service.domain.price_index import (
    DECIDER,
    IndexValue,
    IndexValuesCorrected,
    IndexValuesLoaded,
    LoadIndexValues,
    accumulated,
    read_table,
    twelve_months,
)
from contracts_service.domain.terms import Adjusting, Index
from contracts_service.tests.samples import active, day, line
from services.errors import Invalid
from services.testing.decider import DeciderSpec

index = DeciderSpec(DECIDER)
spec = DeciderSpec(contract.DECIDER)
JANUARY = IndexValue(day("2026-01-01"), Decimal("0.33"))
LOADED = IndexValuesLoaded(Index.IPCA, (JANUARY,), "IBGE")
# IPCA, January to December 2024 (IBGE, SIDRA table 1737): accumulated 4.83 %
IPCA_2024 = ["0.42", "0.83", "0.16", "0.38", "0.46", "0.21", "0.38", "-0.02", "0.44", "0.56", "0.39", "0.52"]


def year(values: list[str], first: int = 2024) -> tuple[IndexValue, ...]:
    return tuple(IndexValue(date(first, month, 1), Decimal(value)) for month, value in enumerate(values, 1))


# -- loading


def test_values_are_taken_from_a_list_or_a_files_text() -> None:
    index.when(LoadIndexValues(Index.IPCA, (JANUARY,), source="IBGE")).then(LOADED)
    index.when(LoadIndexValues(Index.IPCA, table="mês;variação\n01/2026;0,33\n", source="IBGE")).then(LOADED)


def test_only_months_that_were_not_known_are_recorded() -> None:
    february = IndexValue(day("2026-02-01"), Decimal("0.70"))
    index.given(LOADED).when(LoadIndexValues(Index.IPCA, (JANUARY,))).then_nothing()
    index.given(LOADED).when(LoadIndexValues(Index.IPCA, (february, JANUARY))).then(
        IndexValuesLoaded(Index.IPCA, (february,), "")
    )


def test_another_value_of_a_known_month_must_be_called_a_correction() -> None:
    other = replace(JANUARY, percent=Decimal("0.34"))
    index.given(LOADED).when(LoadIndexValues(Index.IPCA, (other,))).then_refused("index.value-differs")
    index.given(LOADED).when(LoadIndexValues(Index.IPCA, (other,), correct=True)).then(
        IndexValuesCorrected(Index.IPCA, (other,), "")
    )


def test_a_file_that_contradicts_itself_or_says_nothing_is_refused() -> None:
    index.when(LoadIndexValues(Index.IPCA, table="2026-01;1\n2026-01;2")).then_refused("index.month-twice")
    index.when(LoadIndexValues(Index.IPCA, table="mês;valor\n")).then_refused("index.empty")
    index.when(LoadIndexValues(Index.IPCA, table="2026-01;400")).then_refused("index.value-out-of-range")


@pytest.mark.parametrize(
    "text", ["2026-01;0,33", "01/2026\t0.33", '"01/01/2026";"0,33 %"', "\ufeff2026-01-01,0.33\r\n"]
)
def test_a_files_lines_may_be_written_as_the_institutes_do(text: str) -> None:
    assert read_table(text) == (JANUARY,)


def test_a_line_that_is_none_is_named() -> None:
    with pytest.raises(Invalid) as caught:
        read_table("mês;valor\n2026-01;0,33\n2026-13;1\nfoo 1")
    assert [problem["path"] for problem in caught.value.problems] == ["table.3", "table.4"]


# -- accumulating


def test_twelve_months_are_accumulated_as_the_institute_does() -> None:
    assert accumulated(year(IPCA_2024)) == Decimal("4.8313")


def test_the_twelve_months_end_as_many_before_as_the_contract_says() -> None:
    months = twelve_months(day("2027-01-15"), 1)
    assert (months[0], months[-1], len(months)) == (date(2026, 1, 1), date(2026, 12, 1), 12)
    assert twelve_months(day("2027-01-15"), 2)[-1] == date(2026, 11, 1)


# -- adjusting

IPCA = active(ends_on=day("2030-12-31"), adjustment=Adjusting(Index.IPCA))
VALUES = year(IPCA_2024, 2026)


def adjust(effective_on: str = "2027-01-01", **changes: Any) -> AdjustByIndex:
    return replace(AdjustByIndex("c1", day(effective_on), published=VALUES), **changes)


def test_prices_follow_the_contracts_index_and_the_event_says_how_much_of_what() -> None:
    [event] = spec.given(*IPCA).when(adjust()).events()
    assert (event.percent, event.index, event.addendum) == (Decimal("4.8313"), Index.IPCA, 1)
    assert event.published == VALUES
    assert event.terms.lines[0].amount == Decimal("1572.47")  # 1,500.00 × 1.048313 = 1,572.4695


def test_never_sooner_than_twelve_months_after_the_last() -> None:
    spec.given(*IPCA).when(adjust("2026-12-31")).then_refused("contract.adjusted-too-soon", earliest=date(2027, 1, 1))
    [event] = spec.given(*IPCA).when(adjust()).events()
    spec.given(*IPCA, event).when(adjust("2027-12-31")).then_refused("contract.adjusted-too-soon")
    spec.given(*IPCA, event).when(adjust()).then_nothing()
    other = (*VALUES[:-1], replace(VALUES[-1], percent=Decimal("0.6")))
    spec.given(*IPCA, event).when(adjust(published=other)).then_refused("contract.adjusted-too-soon")


def test_a_month_that_is_not_published_yet_is_named() -> None:
    spec.given(*IPCA).when(adjust(published=VALUES[:-1])).then_refused("contract.index-incomplete", missing="12/2026")


def test_prices_do_not_fall_unless_the_contract_says_so() -> None:
    falling = year(["-0.5"] * 12, 2026)
    spec.given(*IPCA).when(adjust(published=falling)).then_refused("contract.index-not-positive")
    may_fall = active(ends_on=day("2030-12-31"), adjustment=Adjusting(Index.IPCA, floor_zero=False))
    [event] = spec.given(*may_fall).when(adjust(published=falling)).events()
    assert event.terms.lines[0].amount < line().amount


def test_without_an_index_nothing_is_adjusted_by_one() -> None:
    spec.given(*active(ends_on=day("2030-12-31"))).when(adjust()).then_refused("contract.index-not-agreed")
    spec.given(*IPCA).when(adjust(index=Index.TAXA_LEGAL)).then_refused("contract.index-not-agreed")
    assert spec.given(*active(ends_on=day("2030-12-31"))).when(adjust(index=Index.IGPM)).events()
