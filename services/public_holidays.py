"""Brazil's holidays by law: national ones, a state's own, and the optional days that a contract may choose.

From the library ``holidays``. Municipal holidays are in no library: they stand in the company's own table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

OPTIONAL = {
    "carnival": "Carnaval",
    "ash_wednesday": "Quarta-feira de Cinzas",
    "corpus_christi": "Corpus Christi",
    "christmas_eve": "Véspera de Natal",
    "new_years_eve": "Véspera de Ano-Novo",
}
"""Days on which nobody must close, by our name: the library's name in Portuguese begins with it."""


@lru_cache
def states() -> frozenset[str]:
    return frozenset(holidays.country_holidays("BR").subdivisions)


@lru_cache(maxsize=512)
def public_days(state: str, year: int) -> dict[date, str]:
    """National holidays of a year, and those of a state (none named: national only), with their names."""
    found = holidays.country_holidays("BR", subdiv=state if state in states() else None, years=[year], language="pt_BR")
    return dict(sorted(found.items()))


@lru_cache(maxsize=512)
def optional_days(year: int) -> dict[date, tuple[str, str]]:
    """Day → our name of the optional day, and what people call it."""
    found = holidays.country_holidays("BR", years=[year], categories=("optional",), language="pt_BR")
    named = {}
    for day, name in sorted(found.items()):
        for key, said in OPTIONAL.items():
            if name.startswith(said):
                named[day] = (key, name)
    return named


@lru_cache(maxsize=2048)
def observed(state: str | None, optional: tuple[str, ...], years: tuple[int, ...], national: bool) -> tuple[date, ...]:
    """All closed days of these years: national ones, those of ``state`` (None: of no state), the chosen optional ones."""
    days: set[date] = set()
    for year in years:
        country = public_days("", year)
        if national:
            days.update(country)
        if state:
            days.update(day for day in public_days(state, year) if day not in country)
        days.update(day for day, (key, _) in optional_days(year).items() if key in optional)
    return tuple(sorted(days))


@dataclass(frozen=True, slots=True)
class OwnDay:
    """An entry of the company's own table. ``removed``: taken off; from ``until`` on, or (none) it never was one."""

    on: date
    yearly: bool = False
    removed: bool = False
    until: date | None = None


def own_days(entries: Iterable[OwnDay], first: int, last: int) -> set[date]:
    """The closed days that the entries make in the years from ``first`` to ``last``."""
    found: set[date] = set()
    for each in entries:
        if each.removed and each.until is None:
            continue
        for year in range(max(first, each.on.year), last + 1) if each.yearly else (each.on.year,):
            try:
                day = each.on.replace(year=year)
            except ValueError:  # the 29th of February
                continue
            if not (each.removed and each.until is not None and day >= each.until):
                found.add(day)
    return found


def scopes_of(*, contract_id: str, state: str, provider_id: str | None) -> frozenset[str]:
    """Whom an entry of the own table may be for, that this contract is among: all, its state, its provider, itself."""
    return frozenset({"company", f"state:{state}", f"provider:{provider_id}", f"contract:{contract_id}"})


def is_public(day: date, state: str = "") -> bool:
    return day in public_days(state if state in states() else "", day.year)


def chosen(keys: Iterable[str]) -> tuple[str, ...]:
    """Our names of optional days, those that are none left out."""
    return tuple(key for key in OPTIONAL if key in set(keys))
