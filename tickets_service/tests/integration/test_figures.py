"""The statistics of deadlines against figures that were computed by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tickets_service.domain.commands import (
    AssignRequest,
    CancelRequest,
    ReopenRequest,
    ResolveRequest,
    ResumeRequest,
    StartRequest,
    WaitRequest,
)
from tickets_service.domain.document_commands import MarkDuplicate
from tickets_service.tests.integration.conftest import MigratedApp
from tickets_service.tests.unit.kit import OPEN, at, terms


@pytest.fixture
def office(app: MigratedApp) -> MigratedApp:
    """Targets: answer in 2 h, resolution in 8 h, week of 8-18 h. All opened on a day at 9:00:

    a  Mon  2 Mar: answered 10:00, resolved 15:00                        1 h, 6 h: both met
    b  Tue  3 Mar: answered 12:00, resolved Wed 10:00                    3 h, 11 h: both breached; reopened
    c  Wed  4 Mar: asked the customer 10:00, went on 13:00, done 17:00   1 h, 5 h, waited 3 h: both met
    d  Thu  5 Mar: nothing, on Fri 6 Mar at 12:00 both are overdue       both breached
    e  Mon  2 Mar: cancelled;  f  Mon  2 Mar: a duplicate of a           left out
    g  Wed  1 Apr: answered 9:30                                         0.5 h met, resolution running
    """
    service = {**terms()["services"][0], "evidence": []}
    amendment = {
        "contract_id": "c1",
        "customer_id": "u1",
        "effective_on": "2026-01-01",
        "terms": terms(services=[service]),
    }
    app.deliver([("contracts.contract.amended", amendment)], source="contracts", stream="contract-c1")
    days = {"a": "03-02", "b": "03-03", "c": "03-04", "d": "03-05", "e": "03-02", "f": "03-02", "g": "04-01"}
    for id_, day in days.items():
        wish = replace(
            OPEN, request_id=id_, at=at(f"2026-{day} 09:00"), customer_id=None, coverage=None, agreement=None
        )
        app.execute(wish, actor="contact:p1")
    steps: list[Any] = [
        StartRequest("a", at("2026-03-02 10:00")),
        AssignRequest("a", "t1", at("2026-03-02 10:00")),
        ResolveRequest("a", at("2026-03-02 15:00")),
        StartRequest("b", at("2026-03-03 12:00")),
        AssignRequest("b", "t2", at("2026-03-03 12:00")),
        ResolveRequest("b", at("2026-03-03 18:00")),
        ReopenRequest("b", at("2026-03-03 18:00"), "provider"),
        ResolveRequest("b", at("2026-03-04 10:00")),
        WaitRequest("c", at("2026-03-04 10:00")),
        ResumeRequest("c", at("2026-03-04 13:00")),
        AssignRequest("c", "t1", at("2026-03-04 13:00")),
        ResolveRequest("c", at("2026-03-04 17:00")),
        CancelRequest("e", at("2026-03-02 09:30"), reason="Engano"),
        MarkDuplicate("f", "a", at("2026-03-02 09:30")),
        StartRequest("g", at("2026-04-01 09:30")),
    ]
    for step in steps:
        app.execute(step, actor="user:t9")
    return app


def items(app: MigratedApp, now: str, **asked: Any) -> dict[str, dict[str, Any]]:
    app.now = lambda: at(now)
    return {row["key"]: row for row in app.query("figures", **asked)["items"]}


def test_a_month_as_computed_by_hand(office: MigratedApp) -> None:
    months = items(office, "2026-04-01 10:00", by="month")
    march = months["2026-03"]
    assert {name: march[name] for name in ("requests", "left_out", "active", "reopened", "waited")} == {
        "requests": 4, "left_out": 2, "active": 1, "reopened": 1, "waited": 1,
    }  # fmt: skip
    assert (march["response_met"], march["response_breached"], march["response_running"]) == (2, 2, 0)
    assert (march["resolution_met"], march["resolution_breached"], march["resolution_running"]) == (2, 2, 0)
    assert march["response_met_percent"] == march["resolution_met_percent"] == 50.0
    assert march["response_average_minutes"] == pytest.approx((60 + 180 + 60) / 3, abs=0.1)
    assert march["resolution_average_minutes"] == pytest.approx((360 + 660 + 300) / 3, abs=0.1)
    assert (march["response_longest_minutes"], march["resolution_longest_minutes"]) == (180.0, 660.0)
    assert march["waited_minutes"] == 180.0
    april = months["2026-04"]
    assert (april["requests"], april["response_met"], april["resolution_running"]) == (1, 1, 1)
    assert april["resolution_average_minutes"] is None


def test_by_person_contract_and_service(office: MigratedApp) -> None:
    people = items(office, "2026-03-06 12:00", by="person", since="2026-03", until="2026-03")
    assert {key: (row["requests"], row["resolution_met"], row["resolution_breached"]) for key, row in people.items()} == {
        "t1": (2, 2, 0), "t2": (1, 0, 1), None: (1, 0, 1),
    }  # fmt: skip
    for by, key in (("contract", "c1"), ("service_type", "s1"), ("customer", "u1"), ("priority", "medium")):
        (row,) = items(office, "2026-03-06 12:00", by=by).values()
        assert (row["key"], row["requests"], row["left_out"]) == (key, 5, 2)


def test_another_customer_sees_none_of_it(office: MigratedApp) -> None:
    assert items(office, "2026-03-06 12:00", customer_id=["u2"]) == {}
    assert items(office, "2026-03-06 12:00", assignee_id="t2")["2026-03"]["requests"] == 1
