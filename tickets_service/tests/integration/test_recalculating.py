"""A closed day that is entered late: open requests' deadlines follow, the former answers stay, in parts that resume."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.rows import Rows
from tickets_service import avoiding
from tickets_service.domain.commands import CloseRequest, ResolveRequest, StartRequest, WaitRequest
from tickets_service.recalculating import Recalculator
from tickets_service.tables import closed_days, recalculation_parts
from tickets_service.tests.integration.conftest import MigratedApp
from tickets_service.tests.unit.kit import MONDAY_9, OPEN, at, terms

CALENDAR = {**terms()["calendar"], "national": True, "of_state": True, "company": True, "optional": ["carnival"]}
HOLIDAY = {"holiday_id": "h1", "on": "2026-03-02", "name": "Aniversário", "scope": "company", "yearly": False}


@pytest.fixture
def office(app: MigratedApp) -> MigratedApp:
    """The contract observes the company's table, and asks for no evidence."""
    service = {**terms()["services"][0], "evidence": []}
    amended = terms(calendar=CALENDAR, state="SP", services=[service])
    amendment = {"contract_id": "c1", "customer_id": "u1", "effective_on": "2026-01-01", "terms": amended}
    app.deliver([("contracts.contract.amended", amendment)], source="contracts", stream="contract-c1")
    return app


def open_requests(app: MigratedApp, count: int) -> list[str]:
    ids = [f"r{number}" for number in range(count)]
    for id_ in ids:
        wish = replace(OPEN, request_id=id_, customer_id=None, protocol=None, coverage=None, agreement=None)
        app.execute(wish, actor="contact:p1")
    return ids


def enter(app: MigratedApp, kind: str = "added", **changes: Any) -> None:
    app.deliver([(f"contracts.holiday.{kind}", {**HOLIDAY, **changes})], source="contracts", stream="holiday-h1")


def due_of(app: MigratedApp, id_: str) -> tuple[str, str]:
    row = app.query("request", request_id=id_, audience="provider")
    return row["response_due_at"], row["resolution_due_at"]


def iso(text: str) -> str:
    return at(text).isoformat().replace("+00:00", "Z")


def test_a_late_closed_day_moves_deadlines_and_the_former_ones_stay_visible(office: MigratedApp) -> None:
    (id_,) = open_requests(office, 1)
    assert due_of(office, id_) == (iso("2026-03-02 11:00"), iso("2026-03-02 17:00"))
    enter(office)
    assert Recalculator(office.app).run() == {"parts": 1, "requests": 1, "changed": 1}
    assert due_of(office, id_) == (iso("2026-03-03 10:00"), iso("2026-03-03 16:00"))
    said = office.query("request", request_id=id_, audience="customer")["deadlines"]
    last = {key: said[-1][key] for key in ("kind", "due_at", "former_due_at", "cause", "why")}
    assert last == {
        "kind": "resolution",
        "due_at": iso("2026-03-03 16:00"),
        "former_due_at": iso("2026-03-02 17:00"),
        "cause": "calendar",
        "why": "Aniversário, 2026-03-02",
    }


def test_taken_off_again_the_deadlines_are_as_before(office: MigratedApp) -> None:
    (id_,) = open_requests(office, 1)
    before = due_of(office, id_)
    enter(office)
    Recalculator(office.app).run()
    enter(office, "removed", effective_on=None, reason="Engano")
    assert Recalculator(office.app).run()["changed"] == 1
    assert due_of(office, id_) == before
    (latest, first) = office.query("recalculations")["items"]
    assert (first["change"], first["done"], first["changed"], first["requests"]) == ("added", 1, 1, 1)
    assert (latest["change"], latest["finished_at"] is not None) == ("removed", True)


def test_a_step_after_the_change_counts_with_it_whoever_is_first(office: MigratedApp) -> None:
    (id_,) = open_requests(office, 1)
    enter(office)
    office.execute(WaitRequest(id_, at("2026-03-03 09:00")), actor="user:t1")
    assert Recalculator(office.app).run()["requests"] == 1
    assert office.query("request", request_id=id_, audience="provider")["response_due_at"] == iso("2026-03-03 10:00")


def test_the_verdict_on_a_resolved_request_follows_and_on_a_closed_one_it_stays(office: MigratedApp) -> None:
    """Both resolved on Tuesday at 9:00, 2 h too late; a closed Monday makes it 6 h early."""
    ids = open_requests(office, 2)
    for id_ in ids:
        office.execute(StartRequest(id_, at("2026-03-02 10:00")), actor="user:t1")
        office.execute(ResolveRequest(id_, at("2026-03-03 09:00"), resolved_by="t1"), actor="user:t1")
    office.execute(CloseRequest(ids[1], at("2026-03-03 09:30")), actor="user:t1")
    enter(office)
    Recalculator(office.app).run()
    outcomes = [office.query("request", request_id=id_, audience="provider")["resolution_outcome"] for id_ in ids]
    assert outcomes == ["met", "breached"]


def test_parts_are_shared_resumed_after_a_crash_and_done_once(office: MigratedApp, monkeypatch: Any) -> None:
    ids = open_requests(office, 5)
    enter(office)
    first, second = Recalculator(office.app, part=2), Recalculator(office.app, part=2)
    for waiting in first._unplanned():
        first._plan(waiting)
        second._plan(waiting)
    crashed = first._claim()  # and is never heard of again
    assert crashed is not None
    assert second.run() == {"parts": 2, "requests": 3, "changed": 3}
    assert office.query("recalculations")["items"][0]["done"] == 3
    assert second.run()["parts"] == 0
    monkeypatch.setattr(office, "now", lambda: MONDAY_9 + timedelta(minutes=6))
    assert second.run() == {"parts": 1, "requests": 2, "changed": 2}
    assert first._do(*crashed)["changed"] in (0, 2)  # the crashed one comes back: the same answers
    for id_ in ids:
        assert [each.type for each in office.events(f"request-{id_}")].count("tickets.deadline.set") == 4
    assert {row["failed"] for row in office.rows().find(recalculation_parts)} == {0}


def test_a_day_of_another_contract_or_time_touches_nothing(office: MigratedApp) -> None:
    open_requests(office, 1)
    enter(office, scope="contract:c2")
    assert Recalculator(office.app).run()["requests"] == 0
    enter(office, on="2026-08-03")
    assert Recalculator(office.app).run()["requests"] == 0
    enter(office, on="2020-03-02", yearly=True)
    assert Recalculator(office.app).run() == {"parts": 1, "requests": 1, "changed": 1}


PLANS = [{"plan_id": "p1", "service_type_id": "s1", "per_month": 2, "opens": "08:00", "closes": "12:00"}]


def test_planned_visits_leave_a_closed_day_and_return_with_their_reason(office: MigratedApp) -> None:
    service = {**terms()["services"][0], "evidence": []}
    planned = terms(calendar=CALENDAR, state="SP", services=[service], visit_plan=PLANS)
    told = {"contract_id": "c1", "customer_id": "u1", "effective_on": "2026-03-01", "terms": planned}
    office.deliver([("contracts.contract.amended", told)], source="contracts", stream="contract-c1")
    first, *others = office.query("visits", contract_id="c1")["items"]
    enter(office, on=first["on"], yearly=True)
    assert avoiding.run(office.app) == 1
    moved = office.query("visit", visit_id=first["visit_id"])
    assert (moved["former_on"], moved["moved_by"]) == (first["on"], "contract")
    assert moved["on"] > first["on"]
    assert moved["reason"] == f"Aniversário, {first['on']}"
    assert avoiding.run(office.app) == 0
    enter(office, "removed", on=first["on"], yearly=True, effective_on=None, reason="Engano")
    assert avoiding.run(office.app) == 1
    assert office.query("visit", visit_id=first["visit_id"])["on"] == first["on"]
    assert office.query("visits", contract_id="c1")["items"][1:] == others
    assert [each["visits"] for each in office.query("recalculations")["items"]] == [1, 1]


def test_nothing_is_computed_before_the_table_knows_the_change(office: MigratedApp) -> None:
    """View and policy read the same feed, each at its own pace: the policy alone is not enough."""
    open_requests(office, 1)
    enter(office)
    behind = office.app
    with office.database.write() as conn:
        rows = Rows(conn)
        rows.put(closed_days, holiday_id="h1", version=0)
        rows.flush()
    assert Recalculator(behind).run() == {"parts": 0, "requests": 0, "changed": 0}


def test_national_state_and_optional_days_are_closed_where_the_contract_says_so(office: MigratedApp) -> None:
    """Opened on Friday before Carnival at 17:00: 2 h later is Wednesday 9:00; on the eve of 9 July, Friday."""
    for id_, opened, due in (
        ("a", "2026-02-13 17:00", "2026-02-18 09:00"),
        ("b", "2026-07-08 17:00", "2026-07-10 09:00"),
        ("c", "2026-04-02 17:00", "2026-04-06 09:00"),
        ("d", "2026-06-03 17:00", "2026-06-04 09:00"),
    ):
        wish = replace(OPEN, request_id=id_, at=at(opened), customer_id=None, coverage=None, agreement=None)
        office.execute(wish, actor="contact:p1")
        assert due_of(office, id_)[0] == iso(due), id_
