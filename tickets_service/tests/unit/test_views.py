"""Folds over rows in memory: coverage from contracts' events, usage, the list's row, timers."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from services.codec import to_json_values
from services.events import Incoming
from services.store.tables import due
from services.testing.rows import MemoryRows
from tickets_service.domain.coverage import ContactFacts
from tickets_service.domain.events import RequestNoted
from tickets_service.tables import coverage_contracts, coverage_places, requests
from tickets_service.tests.unit.kit import AGREEMENT, IDS, MONDAY_9, OPENED, SET, at, day, hours, terms
from tickets_service.tests.unit.samples import SAMPLES
from tickets_service.views.coverage import (
    CoverageView,
    agreement_of,
    belongs,
    contact_facts,
    contract_facts,
    terms_by_day,
    terms_on,
)
from tickets_service.views.requests import RequestsView, next_protocol
from tickets_service.views.timers import TimersView
from tickets_service.views.usage import UsageView, worked

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CONTRACT = {"contract_id": "c1", "customer_id": "u1"}


def incoming(kind: str, data: dict[str, Any], *, historical: bool = False) -> Incoming:
    return Incoming("e1", kind.split(".")[0], kind, 1, "s-1", 1, NOW, data, "co", "ca", "test", historical, 0)


def fold(view: Any, rows: MemoryRows, *events: Any, historical: bool = False) -> MemoryRows:
    """Events of ours, or ``(type, data)`` of others."""
    for each in events:
        kind, data = each if isinstance(each, tuple) else (each.EVENT_TYPE, to_json_values(each))
        view.fold(incoming(kind, data, historical=historical), rows)
    return rows


@pytest.fixture
def rows() -> MemoryRows:
    return MemoryRows()


def activated(**changes: Any) -> tuple[str, dict[str, Any]]:
    data = {**CONTRACT, "number": "2026/1", "on": "2026-01-01", "terms": terms(**changes)}
    return "contracts.contract.activated", data


# -- coverage


def test_the_contracts_life_is_known(rows: MemoryRows) -> None:
    def status(on: str = "2027-01-01") -> Any:
        facts = contract_facts(rows, "c1", None, day(on))
        return None if facts is None else (facts.status, facts.suspension_reason)

    view = CoverageView()
    assert status() is None
    fold(view, rows, activated())
    assert status() == ("active", None)
    fold(
        view, rows, ("contracts.contract.suspended", {**CONTRACT, "on": "2026-02-01", "reason": "default", "note": ""})
    )
    assert status() == ("suspended", "default")
    assert status("2026-01-31") == ("active", "default")
    fold(view, rows, ("contracts.contract.resumed", {**CONTRACT, "on": "2026-02-10"}))
    assert status() == ("active", None)
    fold(view, rows, ("contracts.contract.expired", {**CONTRACT, "on": "2026-12-31"}))
    assert [status(on) for on in ("2026-12-31", "2027-01-01")] == [("active", None), ("expired", None)]


def test_terms_hold_from_their_day(rows: MemoryRows) -> None:
    faster = [
        {
            **terms()["services"][0],
            "targets": [{"priority": "medium", "response_minutes": 30, "resolution_minutes": 60}],
        }
    ]
    amended = {**CONTRACT, "addendum": 1, "effective_on": "2026-06-01", "terms": terms(services=faster), "reason": "x"}
    fold(CoverageView(), rows, activated(), ("contracts.contract.amended", amended))
    known = terms_by_day(rows, "c1")

    def response(opened: str) -> int | None:
        agreement = agreement_of(
            known, "s1", at(opened), at("2026-06-02 12:00"), (), contract_id="c1", provider_id=None
        )
        return agreement.minutes("response", "medium") if agreement else None

    assert [response(when) for when in ("2026-05-31 23:59", "2026-06-01 00:00")] == [120, 30]
    assert terms_on(known, day("2025-01-01")) == known[0][1]
    assert terms_on([], day("2025-01-01")) is None


def test_a_renewal_moves_the_end_of_the_terms_that_it_prolongs(rows: MemoryRows) -> None:
    prolonged = {"ends_on": "2027-12-31", "effective_on": "2026-01-01", "terms": terms(ends_on="2027-12-31")}
    renewed = ("contracts.contract.renewed", {**CONTRACT, **prolonged})
    fold(CoverageView(), rows, activated(ends_on="2026-12-31"), renewed)
    assert [effective for effective, _ in terms_by_day(rows, "c1")] == [day("2026-01-01")]
    facts = contract_facts(rows, "c1", None, day("2027-12-31"))
    assert facts is not None
    assert facts.ends_on == day("2027-12-31")


def test_what_comes_before_the_activation_is_kept(rows: MemoryRows) -> None:
    suspended = ("contracts.contract.suspended", {**CONTRACT, "on": "2026-02-01", "reason": "default", "note": ""})
    fold(CoverageView(), rows, suspended)
    assert (rows.get(coverage_contracts, contract_id="c1") or {})["status"] == "suspended"


def test_contacts_are_known_by_id_and_rights_until_removed_or_erased(rows: MemoryRows) -> None:
    view = CoverageView()
    sealed = {"sealed": "…", "person": "p1"}
    authorised = {"customer_id": "u1", "contact_id": "p1", "rights": ["requests"], "name": sealed, "role": "síndica"}
    fold(view, rows, ("contracts.customer.contact_authorised", authorised))
    assert contact_facts(rows, "u1", "p1") == ContactFacts("p1", ("requests",))
    assert contact_facts(rows, "u2", "p1") == ContactFacts("p1", known=False)
    fold(view, rows, ("contracts.customer.contact_removed", {"customer_id": "u1", "contact_id": "p1"}))
    assert contact_facts(rows, "u1", "p1") == ContactFacts("p1", known=False)
    fold(view, rows, ("contracts.customer.contact_authorised", authorised))
    fold(view, rows, ("contracts.customer.erased", {"customer_id": "u1", "person_ids": ["u1", "p1"]}))
    assert contact_facts(rows, "u1", "p1") == ContactFacts("p1", known=False)


def test_a_customer_who_is_a_person_speaks_for_himself_but_a_company_does_not(rows: MemoryRows) -> None:
    fold(CoverageView(), rows, ("contracts.customer.registered", {"customer_id": "u1", "kind": "person"}))
    fold(CoverageView(), rows, ("contracts.customer.registered", {"customer_id": "u2", "kind": "company"}))
    assert contact_facts(rows, "u1", "u1") == ContactFacts("u1", is_customer=True)
    assert contact_facts(rows, "u2", "u2") == ContactFacts("u2", is_customer=False)


def test_sites_and_equipment_belong_to_their_customer(rows: MemoryRows) -> None:
    site = {"customer_id": "u1", "site_id": "s1"}
    fold(
        CoverageView(),
        rows,
        ("contracts.customer.equipment_added", {**site, "equipment_id": "e1"}),
        ("contracts.customer.site_added", site),
    )
    assert belongs(rows, "u1", "s1")
    assert belongs(rows, "u1", "e1")
    assert not belongs(rows, "u2", "e1")
    assert not belongs(rows, "u1", "e9")
    assert (rows.get(coverage_places, place_id="e1") or {})["site_id"] == "s1"


def test_unknown_events_are_passed_over(rows: MemoryRows) -> None:
    for view in (CoverageView(), RequestsView(), UsageView(), TimersView()):
        fold(view, rows, ("contracts.contract.painted_green", CONTRACT), ("tickets.request.sung", {"request_id": "r1"}))
    assert rows.get(requests, request_id="r1") is None


# -- the list


def test_the_row_follows_the_request(rows: MemoryRows) -> None:
    fold(RequestsView(), rows, *SAMPLES)
    row = rows.get(requests, request_id=SAMPLES[0].request_id)
    assert row is not None
    assert (row["status"], row["priority"], row["assignee_id"], row["category"]) == (
        "closed",  # the last sample marks it as a duplicate
        "critical",
        "tecnico-7",
        "Refrigeração",
    )
    assert (row["waitings"], row["reopenings"], row["resolution"], row["works"]) == (1, 1, 1, 1)
    assert (row["response_outcome"], row["resolution_outcome"]) == ("met", "breached")


def test_a_row_holds_no_words_of_persons(rows: MemoryRows) -> None:
    fold(RequestsView(), rows, *SAMPLES)
    texts = {"Ar-condicionado da recepção pingando.", "Levar escada.", "Dreno entupido.", "Voltou a pingar."}
    row = rows.get(requests, request_id=SAMPLES[0].request_id) or {}
    assert not texts & {value for value in row.values() if isinstance(value, str)}


def test_protocol_numbers_run_on_by_year(rows: MemoryRows) -> None:
    assert next_protocol(rows, 2026) == "2026-000001"
    fold(RequestsView(), rows, OPENED)
    assert next_protocol(rows, 2026) == "2026-000002"
    assert next_protocol(rows, 2027) == "2027-000001"


def test_the_first_public_answer_is_the_response_whatever_follows(rows: MemoryRows) -> None:
    def note(id_: str, side: str, visibility: str, hour: float) -> RequestNoted:
        return RequestNoted(*IDS, id_, "t1", side, visibility, "…", MONDAY_9 + hours(hour))

    view = RequestsView()
    fold(view, rows, OPENED, note("n1", "provider", "internal", 1), note("n2", "customer", "public", 2))
    assert (rows.get(requests, request_id="r1") or {})["responded_at"] is None
    fold(view, rows, note("n3", "provider", "public", 3), note("n4", "provider", "public", 4))
    assert (rows.get(requests, request_id="r1") or {})["responded_at"] == MONDAY_9 + hours(3)


# -- usage and timers


def test_usage_adds_up_by_month(rows: MemoryRows) -> None:
    work = next(each for each in SAMPLES if each.EVENT_TYPE.endswith("work_recorded"))
    fold(UsageView(), rows, work, work)
    contract, service = work.contract_id, work.service_type_id
    assert worked(rows, contract, service, day("2026-03-31")) == Decimal("5.0")
    assert worked(rows, contract, service, day("2026-04-01")) == 0


def timers(rows: MemoryRows) -> dict[str, Any]:
    return {row["key"]: row["at"] for row in rows.find(due)}


def test_deadlines_are_scheduled_moved_and_forgotten(rows: MemoryRows) -> None:
    view = TimersView()
    fold(view, rows, *SET)
    assert timers(rows) == {
        "warn:r1:response": MONDAY_9 + hours(1.6),
        "breach:r1:response": MONDAY_9 + hours(2),
        "warn:r1:resolution": MONDAY_9 + hours(6.4),
        "breach:r1:resolution": MONDAY_9 + hours(8),
    }
    moved = {**to_json_values(SET[1]), "due_at": "2026-03-09T12:00:00Z", "warn_at": None}
    met = {**to_json_values(SET[0]), "due_at": "2026-03-02T14:00:00Z"}
    fold(view, rows, ("tickets.deadline.set", moved), ("tickets.deadline.met", met))
    assert timers(rows) == {"breach:r1:resolution": datetime(2026, 3, 9, 12, 0, tzinfo=UTC)}
    stopped = {**moved, "due_at": None}
    assert timers(fold(view, rows, ("tickets.deadline.set", stopped))) == {}


def test_history_schedules_nothing(rows: MemoryRows) -> None:
    rows.create(due)
    assert timers(fold(TimersView(), rows, *SET, historical=True)) == {}


def test_the_kits_agreement_is_what_its_terms_say() -> None:
    known = [(day("2026-01-01"), terms())]
    agreement = agreement_of(known, "s1", MONDAY_9, MONDAY_9, (), contract_id="c1", provider_id=None)
    assert agreement is not None
    assert (agreement.clause, agreement.evidence) == (AGREEMENT.clause, AGREEMENT.evidence)
