"""The choreography's rows that end here: each as a policy over read models in memory."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from services.events import Incoming
from services.testing.rows import MemoryRows
from tickets_service.domain.calendar import local_date
from tickets_service.domain.commands import CloseRequest, HoldRequest, RecomputeDeadlines, ReleaseRequest, ReopenRequest
from tickets_service.policies import POLICIES
from tickets_service.tables import coverage_terms, requests
from tickets_service.tests.unit.kit import MONDAY_9, day, terms
from tickets_service.views.coverage import obeyed

AT = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
VERDICT = {"request_id": "r1", "resolution": 1, "contract_id": "c1", "customer_id": "u1", "at": "2026-03-05T15:00:00Z"}


def event(kind: str, **data: Any) -> Incoming:
    source = kind.partition(".")[0]
    return Incoming("e1", source, kind, 1, "s-1", 1, AT, data, "co", "ca", "test", False, 0)


def reactions(incoming: Incoming, rows: Any = None, *, visits: bool = False) -> list[Any]:
    known = [p for p in POLICIES if (p.name == "plan_visits") is visits]
    (policy,) = [p for p in known if p.source == incoming.source and incoming.type in p.handles]
    return list(policy.handles[incoming.type](incoming, rows or MemoryRows()))


@pytest.mark.parametrize(("tacit", "by"), [(False, "confirmation"), (True, "tacit")])
def test_a_confirmation_closes_the_request(tacit: bool, by: Any) -> None:
    said = event("feedback.evaluation.confirmed", **VERDICT, tacit=tacit)
    assert reactions(said) == [CloseRequest("r1", AT, by, 1)]


def test_a_contest_reopens_the_request_without_reading_its_sealed_reason() -> None:
    said = event("feedback.evaluation.contested", **VERDICT, reason={"sealed": "…", "person": "p1"})
    assert reactions(said) == [ReopenRequest("r1", AT, "contested", resolution=1)]


@pytest.mark.parametrize(
    ("low", "expected"), [(True, [ReopenRequest("r1", AT, "low_score", resolution=1)]), (False, [])]
)
def test_only_a_score_under_the_contracts_limit_reopens(low: bool, expected: list[Any]) -> None:
    assert reactions(event("feedback.evaluation.rated", **VERDICT, score=2, low=low)) == expected


def test_an_edited_score_reopens_when_it_became_low() -> None:
    edited = {**VERDICT, "score": 1, "low": True}
    assert len(reactions(event("feedback.evaluation.edited", **edited, became_low=True))) == 1
    assert reactions(event("feedback.evaluation.edited", **edited, became_low=False)) == []


def open_requests(rows: MemoryRows) -> MemoryRows:
    ids = {"contract_id": "c1", "customer_id": "u1", "service_type_id": "s1", "opened_at": MONDAY_9}
    for request_id, status in (("r1", "open"), ("r2", "waiting"), ("r3", "closed")):
        rows.put(requests, request_id=request_id, status=status, **ids)
    rows.put(requests, request_id="r9", status="open", **{**ids, "contract_id": "c9"})
    rows.put(coverage_terms, contract_id="c1", effective_on=day("2026-01-01"), terms=obeyed(terms()))
    return rows


def test_new_terms_recompute_the_deadlines_of_the_contracts_open_requests() -> None:
    rows = open_requests(MemoryRows())
    holiday = terms(calendar={**terms()["calendar"], "holidays": ["2026-03-02"]})
    amended = event(
        "contracts.contract.amended", contract_id="c1", customer_id="u1", effective_on="2026-03-01", terms=holiday
    )
    commands = reactions(amended, rows)
    assert [(type(each), each.request_id) for each in commands] == [
        (RecomputeDeadlines, "r1"),
        (RecomputeDeadlines, "r2"),
    ]
    agreement = commands[0].agreement
    assert agreement.business_calendar.is_holiday(day("2026-03-02"))
    assert agreement.minutes("response", "medium") == 120


def test_a_suspension_holds_open_requests_where_the_contract_says_so() -> None:
    rows = open_requests(MemoryRows())
    ids = {"contract_id": "c1", "customer_id": "u1", "on": "2026-03-03"}
    held = reactions(event("contracts.contract.suspended", **ids, requests="pause"), rows)
    assert [(type(each), each.request_id) for each in held] == [(HoldRequest, "r1"), (HoldRequest, "r2")]
    assert reactions(event("contracts.contract.suspended", **ids, requests="continue"), rows) == []


def test_only_what_was_held_is_released() -> None:
    rows = open_requests(MemoryRows())
    rows.put(requests, request_id="r2", held=True)
    resumed = event("contracts.contract.resumed", contract_id="c1", customer_id="u1", on="2026-03-03")
    assert [(type(each), each.request_id) for each in reactions(resumed, rows)] == [(ReleaseRequest, "r2")]


def test_an_addendum_after_the_opening_brings_its_calendar_but_not_its_targets() -> None:
    rows = open_requests(MemoryRows())
    later = terms(calendar={**terms()["calendar"], "holidays": ["2026-03-05"]}, services=[])
    amended = event(
        "contracts.contract.amended", contract_id="c1", customer_id="u1", effective_on="2026-03-04", terms=later
    )
    (first, _) = reactions(amended, rows)
    assert first.agreement.minutes("response", "medium") == 120
    assert first.agreement.business_calendar.is_holiday(day("2026-03-05"))


def test_terms_that_no_longer_name_the_service_leave_no_target() -> None:
    rows = open_requests(MemoryRows())
    amended = event(
        "contracts.contract.amended",
        contract_id="c1",
        customer_id="u1",
        effective_on="2026-01-01",
        terms=terms(services=[]),
    )
    (first, _) = reactions(amended, rows)
    assert first.agreement.targets == ()


PLAN = {"plan_id": "mensal", "service_type_id": "s1", "per_month": 1, "opens": "08:00", "closes": "12:00"}


def test_an_active_contract_plans_its_visits_from_today_on() -> None:
    activated = event(
        "contracts.contract.activated",
        contract_id="c1",
        customer_id="u1",
        on="2026-01-01",
        terms=terms(visit_plan=[PLAN]),
    )
    (command,) = reactions(activated, visits=True)
    assert (command.contract_id, command.cause) == ("c1", "activation")
    assert command.since == local_date(activated.at, "America/Sao_Paulo")
    assert [rule.plan_id for rule in command.facts.rules] == ["mensal"]
    assert reactions(event("contracts.contract.activated", **{**activated.data, "terms": terms()}), visits=True) == []


def test_a_contract_that_ends_has_no_visits_after_its_last_day() -> None:
    ids = {"contract_id": "c1", "customer_id": "u1", "on": "2026-03-31"}
    (ended,) = reactions(event("contracts.contract.terminated", **ids), visits=True)
    assert (ended.on, ended.cause) == (day("2026-04-01"), "termination")
    (suspended,) = reactions(event("contracts.contract.suspended", **ids, visits="cancel"), visits=True)
    assert (suspended.on, suspended.cause) == (day("2026-03-31"), "suspension")
    assert reactions(event("contracts.contract.suspended", **ids, visits="keep"), visits=True) == []
    (resumed,) = reactions(event("contracts.contract.resumed", **ids), visits=True)
    assert resumed.resumes
