"""What requests do when others did something: closed or reopened by the customer's verdict, deadlines by new terms,
held while the contract is suspended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal

from services.component import Policy
from services.events import Incoming
from services.rows import Rows
from tickets_service.domain.calendar import local_date
from tickets_service.domain.commands import (
    CloseRequest,
    HoldRequest,
    RecomputeDeadlines,
    ReleaseRequest,
    ReopenRequest,
)
from tickets_service.domain.state import ACTIVE
from tickets_service.domain.visit_messages import PlanVisits, StopVisits
from tickets_service.recalculating import UNFINISHED, note_change
from tickets_service.tables import requests
from tickets_service.views.closed_days import all_entries
from tickets_service.views.coverage import agreement_at, facts_of, obeyed, provider_of, terms_by_day


def close_confirmed(event: Incoming, rows: Rows) -> Iterable[CloseRequest]:
    """The customer confirmed the service, or his time to contest it passed."""
    by: Literal["tacit", "confirmation"] = "tacit" if event.data.get("tacit") else "confirmation"
    yield CloseRequest(event.data["request_id"], _at(event), by, event.data.get("resolution"))


def reopen_contested(event: Incoming, rows: Rows) -> Iterable[ReopenRequest]:
    """The customer says that it was not done. His reason stays sealed in his evaluation."""
    yield _reopen(event, "contested")


def reopen_low_score(event: Incoming, rows: Rows) -> Iterable[ReopenRequest]:
    """The score is under the contract's limit."""
    if event.data.get("became_low", event.data.get("low")):
        yield _reopen(event, "low_score")


def recompute_deadlines(event: Incoming, rows: Rows) -> Iterable[RecomputeDeadlines]:
    """The contract's terms changed: each of its open requests gets the deadlines that follow from them.

    The new terms are read from the event, since our own view may not know them yet.
    """
    contract = event.data["contract_id"]
    known = _with_new_terms(terms_by_day(rows, contract), event.data, event.at)
    for row in _active(rows, contract, UNFINISHED):
        agreement = agreement_at(rows, known, contract, row["service_type_id"], row["opened_at"], event.at)
        yield RecomputeDeadlines(row["request_id"], event.at, agreement)


def hold(event: Incoming, rows: Rows) -> Iterable[HoldRequest]:
    """The contract is suspended: its open requests pause, where it says so."""
    if event.data.get("requests", "pause") == "pause":
        for row in _active(rows, event.data["contract_id"]):
            yield HoldRequest(row["request_id"], event.at)


def release(event: Incoming, rows: Rows) -> Iterable[ReleaseRequest]:
    """It goes on, or has ended."""
    for row in _active(rows, event.data["contract_id"]):
        if row["held"]:
            yield ReleaseRequest(row["request_id"], event.at)


def plan_visits(event: Incoming, rows: Rows) -> Iterable[PlanVisits]:
    """The contract begins, or its terms changed: visits follow its plans from then on."""
    data = event.data
    contract = data["contract_id"]
    provider = data.get("provider_id") or provider_of(rows, contract)
    facts = facts_of(
        data["terms"],
        data["customer_id"],
        event.at.date(),
        all_entries(rows),
        contract_id=contract,
        provider_id=provider,
    )
    activated = event.type.endswith(".activated")
    if not facts.rules and activated:
        return
    day = max(
        date.fromisoformat(data["on" if activated else "effective_on"]), local_date(event.at, facts.calendar.time_zone)
    )
    yield PlanVisits(data["contract_id"], day, event.at, "activation" if activated else "terms", facts=facts)


def stop_visits(event: Incoming, rows: Rows) -> Iterable[StopVisits]:
    """A suspension's day is the first without services; an end's day the last with them."""
    data, day = event.data, date.fromisoformat(event.data["on"])
    kind = event.type.rpartition(".")[2]
    if kind in ("suspended", "resumption_undone"):
        if data.get("visits", "cancel") == "cancel":
            yield StopVisits(data["contract_id"], day, "suspension", event.at)
    else:
        cause = "termination" if kind == "terminated" else "expiry"
        yield StopVisits(data["contract_id"], day + timedelta(days=1), cause, event.at)


def resume_visits(event: Incoming, rows: Rows) -> Iterable[PlanVisits]:
    """The contract goes on."""
    day = max(date.fromisoformat(event.data["on"]), event.at.date())
    yield PlanVisits(event.data["contract_id"], day, event.at, "resumption", resumes=True)


def _active(rows: Rows, contract_id: str, states: tuple[str, ...] = ACTIVE) -> list[dict[str, Any]]:
    active = requests.c.status.in_(states)
    return rows.find(requests, active, contract_id=contract_id, order_by=(requests.c.request_id,))


def _reopen(event: Incoming, cause: Literal["contested", "low_score"]) -> ReopenRequest:
    resolution = event.data.get("resolution")
    return ReopenRequest(event.data["request_id"], _at(event), cause, resolution=resolution)


def _with_new_terms(
    known: list[tuple[date, Mapping[str, Any]]], data: Mapping[str, Any], at: datetime
) -> list[tuple[date, Mapping[str, Any]]]:
    effective_on = date.fromisoformat(data["effective_on"]) if "effective_on" in data else at.date()
    others = [each for each in known if each[0] != effective_on]
    return sorted([*others, (effective_on, obeyed(data["terms"]))], key=lambda each: each[0])


def _at(event: Incoming) -> datetime:
    """When it happened; the instant of the record, where the event names none."""
    at = event.data.get("at")
    return datetime.fromisoformat(at) if at else event.at


POLICIES = (
    # One policy, so that verdicts on a request are taken in the order of the evaluation's stream.
    Policy(
        "obey_verdict",
        source="feedback",
        handles={
            "feedback.evaluation.confirmed": close_confirmed,
            "feedback.evaluation.contested": reopen_contested,
            "feedback.evaluation.rated": reopen_low_score,
            "feedback.evaluation.edited": reopen_low_score,
        },
    ),
    # One policy here, too: what a suspension held, the resumption that follows it must find held.
    Policy(
        "plan_visits",
        source="contracts",
        handles={
            "contracts.contract.activated": plan_visits,
            "contracts.contract.amended": plan_visits,
            "contracts.contract.renewed": plan_visits,
            "contracts.contract.suspended": stop_visits,
            "contracts.contract.resumption_undone": stop_visits,
            "contracts.contract.terminated": stop_visits,
            "contracts.contract.expired": stop_visits,
            "contracts.contract.resumed": resume_visits,
            "contracts.contract.suspension_undone": resume_visits,
            "contracts.contract.termination_undone": resume_visits,
            "contracts.contract.expiry_undone": resume_visits,
        },
        historical=True,
    ),
    Policy(
        "obey_contracts",
        source="contracts",
        handles={
            "contracts.contract.amended": recompute_deadlines,
            "contracts.contract.renewed": recompute_deadlines,
            "contracts.contract.suspended": hold,
            "contracts.contract.resumption_undone": hold,
            "contracts.contract.resumed": release,
            "contracts.contract.suspension_undone": release,
            "contracts.contract.terminated": release,
            "contracts.contract.expired": release,
        },
    ),
    # Writes no command: a worker computes, part by part.
    Policy(
        "obey_calendar",
        source="contracts",
        handles={"contracts.holiday.added": note_change, "contracts.holiday.removed": note_change},
    ),
)
