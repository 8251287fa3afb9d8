"""Closed days of a year: by law, and those of the company's own table; and what their changes did to deadlines."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, request

from gateway.api.calls import ask, local
from gateway.api.schemas.holidays import HolidayRemoval, NewHoliday
from gateway.pages.console.forms import given
from gateway.pages.console.frame import Answer, blp, loaded, local_today, may, written
from gateway.pages.console.settings.forms import NOTHING, Action, Again, named, shown
from gateway.pages.console.workbench import known

STATES = ("AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA", "PB", "PE", "PI", "PR", "RJ",
          "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO")  # fmt: skip
EARLIEST, LATEST = 1900, 2200
BY_LAW = {"holiday_id": None, "yearly": False, "scope": ""}
"""What a day by law does not have."""


@blp.get("/settings/holidays")
def console_holidays() -> Response:
    return _page(NOTHING)


def _page(again: Again) -> Response:
    year, state = _year(), _state()
    days = ask("contracts", "holidays", year=year, state=state or None).get("items", [])
    companies = local("providers", limit=100)["items"]
    return shown(
        "holidays",
        again,
        year=year,
        state=state,
        states=STATES,
        days=[{**BY_LAW, **each, "of": _whose(each, companies)} for each in days],
        companies=companies,
        recalculations=known("tickets", "recalculations").get("items") or [] if may("list_recalculations") else [],
    )


def _year() -> int:
    asked = request.values.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else 0
    return year if EARLIEST <= year <= LATEST else local_today().year


def _state() -> str:
    """As asked; else that of the company."""
    if (asked := request.values.get("state")) is not None:
        return asked if asked in STATES else ""
    companies = local("providers", limit=1)["items"]
    return str(companies[0].get("state") or "") if companies else ""


def _whose(day: dict[str, Any], companies: list[dict[str, Any]]) -> str:
    """Name of the company, or id of the contract, for which alone the day is closed."""
    kind, _, id_ = str(day.get("scope") or "").partition(":")
    if kind == "provider":
        return next((each["trade_name"] or each["legal_name"] for each in companies if each["provider_id"] == id_), id_)
    return id_


def _add() -> Answer:
    values: dict[str, Any] = {**given("on", "name", "scope"), "yearly": request.form.get("yearly") == "1"}
    return written("contracts", "add_holiday", loaded(NewHoliday, values), made="holiday")


def _remove() -> Answer:
    data = loaded(HolidayRemoval, given("effective_on", "reason"))
    return written("contracts", "remove_holiday", {**data, "holiday_id": named("holiday_id")})


def _to() -> str:
    """The year in which the new day is; of one that was taken off, the one that was looked at."""
    try:
        year = date.fromisoformat(request.form.get("on", "")).year
    except ValueError:
        year = _year()
    return f"/console/settings/holidays?year={year}&state={_state()}"


ACTIONS = {"add_holiday": Action(_add, _page, _to), "remove_holiday": Action(_remove, _page, _to)}
