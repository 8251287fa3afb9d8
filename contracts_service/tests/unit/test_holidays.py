"""The company's own table of closed days, and the whole year's by law."""

from __future__ import annotations

from datetime import date

import pytest

from contracts_service.domain.holiday import DECIDER, AddHoliday, HolidayAdded, HolidayRemoved, RemoveHoliday
from contracts_service.wiring import component
from services.errors import NotFound
from services.testing.app import memory_app
from services.testing.decider import DeciderSpec

spec = DeciderSpec(DECIDER)
DAY = date(2026, 7, 14)
ADDED = HolidayAdded("h1", DAY, "Aniversário", "company", True)
REMOVED = HolidayRemoved("h1", DAY, "Aniversário", "company", True, None, "Engano")


def test_a_day_is_entered_once_and_not_changed_under_its_id() -> None:
    spec.when(AddHoliday("h1", DAY, " Aniversário ", yearly=True)).then(ADDED)
    spec.given(ADDED).when(AddHoliday("h1", DAY, "Aniversário", yearly=True)).then_nothing()
    spec.given(ADDED).when(AddHoliday("h1", DAY, "Outro")).then_refused("holiday.exists")


@pytest.mark.parametrize("scope", ["company", "state:SP", "provider:p1", "contract:c1"])
def test_a_day_is_for_the_company_a_state_a_branch_or_a_contract(scope: str) -> None:
    spec.when(AddHoliday("h1", DAY, "Aniversário", scope)).then(HolidayAdded("h1", DAY, "Aniversário", scope, False))


@pytest.mark.parametrize("scope", ["", "city", "state:XX", "contract:", "company:1"])
def test_another_scope_is_refused(scope: str) -> None:
    spec.when(AddHoliday("h1", DAY, "Aniversário", scope)).then_refused("holiday.scope-unknown")


def test_a_day_without_a_name_is_refused() -> None:
    spec.when(AddHoliday("h1", DAY, " ")).then_refused("holiday.name-missing")


def test_a_day_is_taken_off_altogether_or_from_a_day_on_and_comes_back() -> None:
    spec.given(ADDED).when(RemoveHoliday("h1", reason="Engano")).then(REMOVED)
    later = HolidayRemoved("h1", DAY, "Aniversário", "company", True, date(2027, 1, 1), "")
    spec.given(ADDED).when(RemoveHoliday("h1", date(2027, 1, 1))).then(later)
    spec.given(ADDED, REMOVED).when(RemoveHoliday("h1", reason="Engano")).then_nothing()
    spec.given(ADDED, REMOVED).when(AddHoliday("h1", DAY, "Aniversário", yearly=True)).then(ADDED)
    with pytest.raises(NotFound, match=r"holiday\.unknown"):
        spec.when(RemoveHoliday("h1")).events()


def test_the_year_shows_days_by_law_and_those_of_the_table() -> None:
    with memory_app(component()) as app:
        app.execute(AddHoliday("h1", date(2024, 7, 14), "Aniversário de Campinas", yearly=True))
        app.execute(AddHoliday("h2", date(2026, 3, 19), "São José", "state:CE"))
        app.execute(AddHoliday("h3", date(2024, 2, 29), "Bissexto", yearly=True))
        app.execute(AddHoliday("h4", date(2024, 5, 5), "Até 2025", yearly=True))
        app.execute(RemoveHoliday("h4", date(2026, 1, 1)))
        answer = app.query("holidays", year=2026, state="SP")
        table = app.query("holidays")["items"]
    found = {(each["on"], each["source"]) for each in answer["items"]}
    assert {("2026-04-03", "national"), ("2026-07-09", "state"), ("2026-06-04", "optional")} <= found
    assert {on for on, source in found if source == "company"} == {"2026-07-14", "2026-03-19"}
    assert [row["holiday_id"] for row in table] == ["h3", "h4", "h1", "h2"]
