"""What feedback does when a request is resolved, moves on, or a person is erased; by which rules; and its timers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feedback_service.domain.commands import ConfirmService, EraseTexts, ExpireEvaluation, RequestEvaluation, Rules
from feedback_service.domain.events import EvaluationContested, EvaluationExpired
from feedback_service.policies import POLICIES
from feedback_service.preparing import know_the_speaker
from feedback_service.tables import evaluations
from feedback_service.tests.unit.stories import (
    ABOUT,
    ANA,
    BRUNO,
    ID,
    REQUEST,
    RESOLVED,
    TECHNICIAN,
    asked,
    confirmed,
    hours,
    rated,
)
from feedback_service.views.contract_rules import ContractRulesView, may_answer, rules_of
from feedback_service.views.evaluations import EvaluationsView
from feedback_service.views.timers import TimersView
from services.codec import to_json_values
from services.component import Context, View
from services.errors import Refused
from services.events import Incoming
from services.store.tables import due
from services.testing.rows import MemoryRows

HANDLERS = {kind: fn for policy in POLICIES for kind, fn in policy.handles.items()}


def incoming(kind: str, data: Any, version: int = 1) -> Incoming:
    return Incoming(
        id=f"s@{version}",
        source=kind.split(".")[0],
        type=kind,
        schema=1,
        stream="s",
        version=version,
        at=RESOLVED,
        data=to_json_values(data),
        correlation="",
        causation="",
        actor="test",
        historical=False,
        depth=0,
    )


def fold(rows: MemoryRows, view: View, *events: Any) -> None:
    for version, event in enumerate(events, 1):
        kind, data = event if isinstance(event, tuple) else (event.EVENT_TYPE, event)
        view.fold(incoming(kind, data, version), rows)


def resolved(**changes: Any) -> Incoming:
    data = {
        "request_id": REQUEST,
        "contract_id": "contract-1",
        "customer_id": "customer-1",
        "contact_id": ANA,
        "at": RESOLVED,
        "resolution": 1,
        "resolved_by": TECHNICIAN,
        "evidence": [],
        "summary": "feito",
    }
    return incoming("tickets.request.resolved", {**data, **changes})


def terms(**rules: Any) -> dict[str, Any]:
    return {"time_zone": "America/Sao_Paulo", "evaluation": rules}


def test_a_resolution_asks_by_the_rules_of_its_day() -> None:
    rows = MemoryRows()
    fold(
        rows,
        ContractRulesView(),
        (
            "contracts.contract.activated",
            {"contract_id": "contract-1", "on": "2026-01-01", "terms": terms(tacit_days=5)},
        ),
        (
            "contracts.contract.amended",
            {"contract_id": "contract-1", "effective_on": "2026-03-03", "terms": terms(ask=False)},
        ),
    )
    [command] = HANDLERS["tickets.request.resolved"](resolved(), rows)
    assert isinstance(command, RequestEvaluation)
    assert (command.evaluation_id, command.contact_id, command.rules) == (ID, ANA, Rules(tacit_days=5))
    # 02:00 UTC of the 3rd is still the 2nd in São Paulo; from the local 3rd on, nobody is asked.
    assert list(HANDLERS["tickets.request.resolved"](resolved(at=datetime(2026, 3, 3, 2, tzinfo=UTC)), rows))
    assert not list(HANDLERS["tickets.request.resolved"](resolved(at=datetime(2026, 3, 3, 4, tzinfo=UTC)), rows))


def test_a_contract_that_is_not_known_yet_has_the_default_rules() -> None:
    assert rules_of(MemoryRows(), "contract-9", RESOLVED) == Rules()


def test_a_request_without_a_contact_asks_the_customer() -> None:
    [command] = HANDLERS["tickets.request.resolved"](resolved(contact_id=None), MemoryRows())
    assert command.contact_id == "customer-1"


def test_imported_history_asks_nobody() -> None:
    assert not any(policy.historical for policy in POLICIES)


def test_a_request_that_moves_on_ends_its_open_questions_only() -> None:
    rows = MemoryRows()
    other = replace(asked(), evaluation_id="other", request_id="another-request")
    fold(rows, EvaluationsView(), asked(), other)
    for cause in ("reopened", "cancelled", "closed"):
        moved = incoming(f"tickets.request.{cause}", {"request_id": REQUEST, "at": hours(1)})
        assert list(HANDLERS[moved.type](moved, rows)) == [ExpireEvaluation(ID, cause, hours(1))]
    fold(rows, EvaluationsView(), confirmed(hours(1)))
    assert not list(
        HANDLERS["tickets.request.closed"](incoming("tickets.request.closed", {"request_id": REQUEST}), rows)
    )


def test_an_erased_customer_s_texts_are_forgotten() -> None:
    rows = MemoryRows()
    fold(rows, EvaluationsView(), asked(), rated(5, hours(1), "muito bom"))
    erased = incoming("contracts.customer.erased", {"customer_id": "customer-1", "person_ids": [ANA]})
    assert list(HANDLERS["contracts.customer.erased"](erased, rows)) == [EraseTexts(ID, RESOLVED)]
    fold(rows, EvaluationsView(), ("feedback.evaluation.texts_erased", {"evaluation_id": ID}))
    assert rows.get(evaluations, evaluation_id=ID)["comment"] is None  # type: ignore[index]


def test_of_an_erased_contact_only_what_he_wrote_is_forgotten() -> None:
    rows = MemoryRows()
    fold(rows, EvaluationsView(), asked(), rated(5, hours(1), "muito bom"))
    kind = "contracts.customer.contact_erased"
    for person, forgotten in ((BRUNO, []), (ANA, [EraseTexts(ID, RESOLVED)])):
        said = {"customer_id": "customer-1", "contact_id": person, "person_ids": [person]}
        assert list(HANDLERS[kind](incoming(kind, said), rows)) == forgotten


def test_authorised_contacts_follow_contracts_events() -> None:
    rows, view = MemoryRows(), ContractRulesView()
    contact = {"customer_id": "customer-1", "contact_id": BRUNO}
    fold(rows, view, ("contracts.customer.contact_authorised", {**contact, "rights": ["money"]}))
    assert not may_answer(rows, "customer-1", BRUNO)
    fold(rows, view, ("contracts.customer.contact_authorised", {**contact, "rights": ["money", "requests"]}))
    assert may_answer(rows, "customer-1", BRUNO)
    assert not may_answer(rows, "customer-2", BRUNO)
    fold(rows, view, ("contracts.customer.contact_removed", contact))
    assert not may_answer(rows, "customer-1", BRUNO)


def context(actor: str) -> Context:
    return Context("feedback", RESOLVED, actor, "en", "c", False, vault=None)  # type: ignore[arg-type]


def test_nobody_speaks_in_anothers_name_and_staff_not_about_their_own_work() -> None:
    rows = MemoryRows()
    fold(rows, EvaluationsView(), asked())
    contact = {"customer_id": "customer-1", "contact_id": BRUNO, "rights": ["approval"]}
    fold(rows, ContractRulesView(), ("contracts.customer.contact_authorised", contact))
    said_by_bruno = ConfirmService(ID, BRUNO, hours(1))
    assert know_the_speaker(said_by_bruno, rows, context(f"contact:{BRUNO}")).authorised
    assert know_the_speaker(said_by_bruno, rows, context("user:attendant")).authorised
    assert not know_the_speaker(ConfirmService(ID, "x", hours(1), True), rows, context("user:attendant")).authorised
    for actor, code in (
        (f"contact:{ANA}", "evaluation.not-authorised"),
        (f"user:{TECHNICIAN}", "evaluation.resolver-may-not-answer"),
    ):
        with pytest.raises(Refused) as refused:
            know_the_speaker(said_by_bruno, rows, context(actor))
        assert refused.value.code == code


def timers(rows: MemoryRows) -> dict[str, datetime]:
    return {row["key"].split(":")[0]: row["at"] for row in rows.find(due)}


def test_timers_follow_the_evaluation() -> None:
    rows, view = MemoryRows(), TimersView()
    fold(rows, view, asked())
    assert timers(rows) == {"remind": hours(48), "tacit": hours(168)}
    fold(rows, view, confirmed(hours(1)))
    assert timers(rows) == {"expire": hours(1) + timedelta(days=7)}
    fold(rows, view, rated(5, hours(1)))
    assert timers(rows) == {}
    fold(rows, view, asked(remind_at=None), EvaluationContested(**ABOUT, contact_id=ANA, at=hours(1), reason="x"))
    assert timers(rows) == {}
    fold(rows, view, asked(), EvaluationExpired(**ABOUT, at=hours(1), cause="reopened"))
    assert timers(rows) == {}
