"""Who is where on which day: visits by technician, a week or a month; moved and assigned by forms, what was missed stands out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask import Response, current_app, request

from gateway.api import scope
from gateway.api.calls import local
from gateway.calendars import link_of
from gateway.identity.roles import TECHNICIAN
from gateway.pages.console.frame import asked_day, blp, local_today, may, show
from gateway.pages.live import watching
from services.public_holidays import public_days

WEEK = timedelta(days=7)
NOBODY = ""
SATURDAY = 5


@blp.get("/visits")
def console_visits() -> Response:
    """``view``: week or month; ``on``: a day in it; ``technician``: one alone, ``none``: those without one."""
    watching("visits")
    today = local_today()
    on = asked_day() or today
    month = request.args.get("view") == "month"
    first, days = span(on, month=month)
    chosen = request.args.get("technician", "")
    rows = [row for row in _visits(first, first + timedelta(days=days - 1)) if _wanted(row, chosen)]
    people = {each["user_id"]: each["name"] for each in local("staff")["items"] if TECHNICIAN in each["roles"]}
    gone = [row["technician_id"] for row in rows if row["technician_id"] and row["technician_id"] not in people]
    names = people | local("names", kind="technician", ids=gone)["names"]
    back = request.full_path.rstrip("?")
    return show(
        "console/visits.html",
        days=[first + timedelta(days=each) for each in range(days)],
        closed=closed_days(first, days),
        lanes=lanes(rows, names, chosen),
        by_day=_by_day(rows),
        names=names,
        people=people,
        month=month,
        on=on,
        today=today,
        chosen=chosen,
        before=_before(on, month=month),
        after=_after(on, month=month),
        back=back,
        missed=sum(row["status"] == "missed" for row in rows),
        feed=_feed() if may("make_calendar_link") else "",
        total=len(rows),
    )


def span(on: date, *, month: bool) -> tuple[date, int]:
    """First day and number of days of whole weeks, Mondays first."""
    if not month:
        return on - timedelta(days=on.weekday()), 7
    first = on.replace(day=1)
    start = first - timedelta(days=first.weekday())
    last = _after(on, month=True) - timedelta(days=1)
    return start, ((last - start).days // 7 + 1) * 7


def lanes(rows: list[dict[str, Any]], names: dict[str, str], chosen: str = "") -> list[dict[str, Any]]:
    """Who has no technician first, then everybody by name: ``{id, name, days: {day: visits}, visits, hours}``."""
    ids = (
        [chosen]
        if chosen and chosen != "none"
        else []
        if chosen == "none"
        else sorted(names, key=lambda id_: names[id_])
    )
    found = []
    for id_ in [*([] if ids == [chosen] and chosen else [NOBODY]), *ids]:
        own = [row for row in rows if (row["technician_id"] or NOBODY) == id_]
        work = [row for row in own if row["status"] != "missed"]
        found.append(
            {
                "id": id_,
                "name": names.get(id_),
                "days": _by_day(own),
                "visits": len(work),
                "hours": round(sum(map(_hours, work)), 1),
            }
        )
    return found


def closed_days(first: date, days: int) -> dict[date, str]:
    """Weekends and national holidays, with the holiday's name; a contract's own calendar may differ."""
    holidays = {
        day: name
        for year in {first.year, (first + timedelta(days=days)).year}
        for day, name in public_days("", year).items()
    }
    all_days = (first + timedelta(days=each) for each in range(days))
    return {day: holidays.get(day, "") for day in all_days if day.weekday() >= SATURDAY or day in holidays}


def _visits(since: date, until: date) -> Iterator[dict[str, Any]]:
    """All of these days; cancelled ones are not shown."""
    after = None
    while True:
        page = local("visits", customers=None, since=since, until=until, limit=200, after=after)
        yield from (row for row in page["items"] if row["status"] != "cancelled")
        after = page.get("next")
        if not after:
            return


def _wanted(row: dict[str, Any], chosen: str) -> bool:
    return not chosen or (row["technician_id"] or "none") == chosen


def _by_day(rows: list[dict[str, Any]]) -> dict[date, list[dict[str, Any]]]:
    found: dict[date, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: row["opens"] or ""):
        on = row["on"] if isinstance(row["on"], date) else date.fromisoformat(row["on"])
        found.setdefault(on, []).append(row)
    return found


def _hours(row: dict[str, Any]) -> float:
    """Length of the window; without one it does not count."""
    if not row["opens"] or not row["closes"]:
        return 0.0
    opens, closes = (int(at[:2]) + int(at[3:]) / 60 for at in (row["opens"], row["closes"]))
    return max(0.0, closes - opens)


def _before(on: date, *, month: bool) -> date:
    return (on.replace(day=1) - timedelta(days=1)).replace(day=1) if month else on - WEEK


def _after(on: date, *, month: bool) -> date:
    return (on.replace(day=28) + timedelta(days=4)).replace(day=1) if month else on + WEEK


def _feed() -> str:
    """The reader's own calendar, as ``POST /visits/calendar-link`` names it."""
    secret = current_app.extensions["vigencia"].seal_secret
    return f"{request.host_url}api/v1/calendars/{link_of(secret, scope.caller().user.user_id)}.ics"
