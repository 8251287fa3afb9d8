"""The read models: what lists say after each story, children before parents, names of persons and their erasure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from gateway.identity.passwords import Argon2Passwords
from gateway.tables import contacts, contracts, customers, evaluations, receivables, requests
from gateway.tests.unit.world import ALL, LINE, NOW, RECEIVABLE, SEALED, World
from gateway.views.contracts import monthly_amount
from gateway.wiring import component
from services.migrations import upgrade
from services.store.database import Database

OF = {"contract_id": "c-1", "customer_id": "1", "account_id": "c-1"}


@pytest.fixture
def world(empty: World) -> World:
    return empty


def row(world: World, table: Any, **key: Any) -> dict[str, Any]:
    found = world.row(table, **key)
    assert found is not None
    return found


def test_money_follows_payments_late_charges_credits_and_reversal(world: World) -> None:
    def receivable() -> dict[str, Any]:
        return row(world, receivables, receivable_id="r")

    def paid(id_: str, amount: str) -> dict[str, Any]:
        parts = [{"receivable_id": "r", "amount": amount}]
        return {**OF, "payment_id": id_, "amount": amount, "on": "2026-02-01", "method": "pix", "allocations": parts}

    world.happened("billing.receivable.issued", {**OF, **RECEIVABLE, "receivable_id": "r"})
    assert (receivable()["status"], receivable()["balance"]) == ("open", Decimal("100.00"))
    world.happened("billing.receivable.overdue", {**OF, "receivable_id": "r", "on": "2026-01-13", "days": 3})
    world.happened(
        "billing.receivable.late_charges_accrued", {**OF, "receivable_id": "r", "fine": "2.00", "interest": "0.73"}
    )
    assert (receivable()["status"], receivable()["balance"]) == ("overdue", Decimal("102.73"))
    world.happened("billing.payment.received", paid("p1", "50.00"))
    world.happened("billing.creditnote.issued", {**OF, "receivable_id": "r", "amount": "12.00", "applied": "2.73"})
    assert receivable()["balance"] == Decimal("50.00")
    world.happened("billing.payment.received", paid("p2", "50.00"))
    world.happened("billing.receivable.settled", {**OF, "receivable_id": "r", "on": "2026-02-01", "days_late": 22})
    assert (receivable()["status"], receivable()["balance"], receivable()["days_late"]) == (
        "settled",
        Decimal("0.00"),
        22,
    )
    world.happened("billing.payment.reversed", {**OF, **paid("p2", "50.00"), "credit": "0.00", "reason": "x"})
    assert (receivable()["status"], receivable()["balance"]) == ("overdue", Decimal("50.00"))
    world.happened(
        "billing.receivable.written_off", {**OF, "receivable_id": "r", "on": "2026-05-01", "amount": "50.00"}
    )
    assert receivable()["status"] == "written_off"


def test_a_payment_may_come_before_its_receivable(world: World) -> None:
    parts = [{"receivable_id": "r", "amount": "100.00"}]
    world.happened(
        "billing.payment.received",
        {**OF, "payment_id": "p", "amount": "100.00", "on": "2026-01-05", "allocations": parts},
    )
    assert world.client("finance").get("/api/v1/receivables").json["items"] == []
    world.happened("billing.receivable.issued", {**OF, **RECEIVABLE, "receivable_id": "r"})
    assert row(world, receivables, receivable_id="r")["balance"] == Decimal("0.00")


def test_a_contract_s_life(world: World) -> None:
    def contract() -> dict[str, Any]:
        return row(world, contracts, contract_id="c-1")

    of = {"contract_id": "c-1", "customer_id": "1"}
    terms = {"starts_on": "2026-01-01", "ends_on": "2026-12-31", "services": [], "lines": [LINE]}
    world.happened("contracts.contract.suspension_notified", {**of, "on": "2026-02-01", "suspend_on": "2026-02-06"})
    world.happened("contracts.contract.drafted", {**of, "provider_id": "p", "terms": terms})
    assert (contract()["status"], contract()["suspend_on"]) == ("draft", date(2026, 2, 6))
    world.happened(
        "contracts.contract.activated", {**of, "provider_id": "p", "number": "1/26", "on": "2026-01-01", "terms": terms}
    )
    world.happened("contracts.contract.suspended", {**of, "on": "2026-02-06", "reason": "default"})
    assert (contract()["status"], contract()["suspension_reason"], contract()["suspend_on"]) == (
        "suspended",
        "default",
        None,
    )
    world.happened("contracts.contract.resumed", {**of, "on": "2026-02-10"})
    doubled = {**terms, "lines": [LINE, {**LINE, "line_id": "m"}]}
    world.happened("contracts.contract.amended", {**of, "addendum": 1, "effective_on": "2026-03-01", "terms": doubled})
    assert (contract()["status"], contract()["addenda"], contract()["monthly_amount"]) == (
        "active",
        1,
        Decimal("200.00"),
    )
    world.happened("contracts.contract.terminated", {**of, "on": "2026-06-30", "reason": "x"})
    assert (contract()["status"], contract()["ended_on"]) == ("terminated", date(2026, 6, 30))
    world.happened("contracts.contract.termination_undone", {**of, "on": "2026-06-30", "status": "active"})
    assert (contract()["status"], contract()["ended_on"]) == ("active", None)
    world.happened("contracts.contract.something_new", {**of})


def test_the_monthly_amount_counts_recurring_lines_by_their_rule() -> None:
    lines = [
        {"amount": "1200.00", "rule": "yearly"},
        {"amount": "300.00", "rule": "quarterly"},
        {"amount": "200.00", "rule": "monthly", "interval": 2},
        {"amount": "999.00", "kind": "one_off"},
        {"amount": "50.00", "kind": "per_use"},
    ]
    assert monthly_amount(lines) == Decimal("300.00")


def test_a_request_s_life_and_its_deadlines(world: World) -> None:
    of = {"request_id": "q", "contract_id": "c-1", "customer_id": "1", "at": NOW}
    deadline = {**of, "kind": "response", "due_at": NOW}

    def request() -> dict[str, Any]:
        return row(world, requests, request_id="q")

    world.happened("tickets.deadline.set", deadline)
    world.happened(
        "tickets.request.opened",
        {**of, "protocol": "2026-1", "opened_by": "ana", "priority": "low", "description": SEALED},
    )
    assert (request()["status"], request()["response_state"]) == ("open", "running")
    for kind, status in (("started", "in_progress"), ("waiting", "waiting"), ("resumed", "in_progress")):
        world.happened(f"tickets.request.{kind}", {**of, "reason": SEALED})
        assert request()["status"] == status
    world.happened("tickets.request.assigned", {**of, "assignee_id": "u", "group": "g"})
    world.happened("tickets.request.noted", {**of, "note_id": "n", "text": SEALED})
    world.happened("tickets.request.document_attached", {**of, "document_id": "d"})
    world.happened("tickets.deadline.breached", deadline)
    world.happened("tickets.request.resolved", {**of, "resolution": 1})
    assert request()["status"] == "resolved"
    world.happened("tickets.request.resolved", {**of, "resolution": 1, "awaiting_confirmation": True})
    assert request()["status"] == "awaiting_confirmation"
    world.happened("tickets.request.closed", {**of, "by": "tacit"})
    closed = {
        "status": "closed",
        "closed_by": "tacit",
        "notes": 1,
        "documents": 1,
        "assignee_id": "u",
        "response_state": "breached",
    }
    assert {name: request()[name] for name in closed} == closed
    world.happened("tickets.request.reopened", {**of, "cause": "contested"})
    assert (request()["status"], request()["reopened"], request()["closed_at"]) == ("in_progress", 1, None)


def test_an_evaluation_that_is_scored_low_instead_of_confirmed_is_unsatisfied(world: World) -> None:
    of = {"evaluation_id": "e", "request_id": "q", "resolution": 1, "contract_id": "c-1", "customer_id": "1", "at": NOW}
    world.happened("feedback.evaluation.requested", {**of, "contact_id": "ana", "tacit_at": NOW})
    world.happened("feedback.evaluation.rated", {**of, "contact_id": "ana", "score": 1, "low": True, "comment": SEALED})
    world.happened("feedback.evaluation.follow_up_started", {**of, "cause": "low_score"})
    found = row(world, evaluations, evaluation_id="e")
    assert (found["status"], found["score"], found["low"], found["follow_up"]) == ("unsatisfied", 1, True, "open")


def test_names_of_persons_are_asked_for_and_go_when_they_are_erased(world: World) -> None:
    person = {"customer_id": "person-a", "kind": "person", "legal_name": None, "person_name": SEALED, "cpf": SEALED}
    world.happened("contracts.customer.registered", person)
    world.happened(
        "contracts.customer.contact_authorised",
        {"customer_id": "person-a", "contact_id": "ana", "name": SEALED, "rights": ALL},
    )
    assert row(world, customers, customer_id="person-a")["name"] == "Ana Azevedo"
    assert row(world, contacts, customer_id="person-a", contact_id="ana")["name"] == "Ana"
    world.happened("contracts.customer.erased", {"customer_id": "person-a", "person_ids": ["person-a", "ana"]})
    assert row(world, customers, customer_id="person-a")["name"] is None
    assert world.row(contacts, customer_id="person-a", contact_id="ana") is None
    assert world.client("manager").get("/api/v1/customers").json["items"] == []


def test_a_company_keeps_its_name_after_its_people_were_erased(world: World) -> None:
    world.happened(
        "contracts.customer.registered", {"customer_id": "1", "kind": "company", "legal_name": "Clínica", "cnpj": "1"}
    )
    world.happened("contracts.customer.erased", {"customer_id": "1", "person_ids": ["1"]})
    assert row(world, customers, customer_id="1")["name"] == "Clínica"


def test_argon2_tells_passwords_apart_and_runs_where_it_is_told() -> None:
    from argon2 import PasswordHasher

    ran: list[str] = []

    def elsewhere(fn: Any, *args: Any) -> Any:
        ran.append(fn.__name__)
        return fn(*args)

    passwords = Argon2Passwords(elsewhere, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    hashed = passwords.hash("correct horse")
    assert hashed.startswith("$argon2id$")
    assert passwords.verify(hashed, "correct horse")
    assert not passwords.verify(hashed, "wrong")
    assert not passwords.verify("no hash", "wrong")
    assert not passwords.verify(None, "wrong")
    assert ran.count("_matches") == 4


def test_migrations_make_the_tables_of_the_views(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/gateway.db")
    upgrade(component(), database)
    found = inspect(database.engine)
    for table in component().metadata.sorted_tables:
        assert {c["name"] for c in found.get_columns(table.name)} == {c.name for c in table.columns}
        assert {i["name"] for i in found.get_indexes(table.name)} == {i.name for i in table.indexes}
    database.dispose()
