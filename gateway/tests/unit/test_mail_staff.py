"""Steps of the escalation ladder as mail: the right people of staff, at allowed hours, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from gateway.tables import users
from gateway.tests.unit.test_mail import MONDAY, Office
from gateway.tests.unit.world import World

STEP = {
    "request_id": "q-A",
    "contract_id": "c-A",
    "customer_id": "A",
    "kind": "resolution",
    "level": 2,
    "due_at": "2026-01-12T15:00:00Z",
    "role": "manager",
    "user_id": None,
    "assignee_id": None,
    "contact_id": "ana",
    "any_hour": False,
    "at": "2026-01-12T15:00:00Z",
    "next_at": None,
}


@pytest.fixture
def office(world: World) -> Office:
    made = Office(world)
    people: list[tuple[str, list[str], str | None, bool]] = [
        ("w1", ["manager"], "chefe@vertice.example", True),
        ("w2", ["technician"], "tec@vertice.example", True),
        ("w3", ["attendant"], None, True),
        ("w4", ["manager"], "ex@vertice.example", False),
        ("w5@vertice.example", ["attendant"], None, True),
    ]
    with made.app.database.write() as conn:
        for id_, roles, email, active in people:
            row: dict[str, Any] = {"login": id_, "name": f"Nome de {id_}", "roles": roles, "contacts": []}
            conn.execute(
                insert(users).values(
                    user_id=id_, **row, password_hash="x", active=active, created_at=MONDAY, email=email
                )
            )
    return made


def told(office: Office, kind: str = "escalated", **changes: Any) -> list[str]:
    office.happens(f"tickets.request.{kind}", {**STEP, **changes})
    office.sender.run()
    return sorted(message["To"].addresses[0].addr_spec for _, message in office.post.sent)


def test_a_role_is_all_its_active_users(office: Office) -> None:
    assert told(office) == ["chefe@vertice.example"]


def test_the_assignee_is_told_and_without_one_the_managers(office: Office) -> None:
    assert told(office, role="assignee", assignee_id="w2") == ["tec@vertice.example"]


def test_without_an_assignee_the_managers_are_told(office: Office) -> None:
    assert told(office, role="assignee", assignee_id=None) == ["chefe@vertice.example"]


def test_an_assignee_without_an_address_leaves_nobody_untold(office: Office) -> None:
    assert told(office, role="assignee", assignee_id="w3") == ["chefe@vertice.example"]


def test_one_user_may_be_named(office: Office) -> None:
    assert told(office, role=None, user_id="w2") == ["tec@vertice.example"]


def test_a_login_that_is_an_address_is_one(office: Office) -> None:
    assert told(office, role="attendant") == ["w5@vertice.example"]


def test_the_contact_who_asked_is_told_where_the_step_says_so(office: Office) -> None:
    assert told(office, role="contact") == ["ana@a.example"]


def test_the_same_step_is_told_once(office: Office) -> None:
    told(office)
    office.sender.run()
    assert len(office.post.sent) == 1


def test_the_words_say_what_is_due_when_and_at_which_level(office: Office) -> None:
    told(office, "warned")
    [(_, message)] = office.post.sent
    assert message["Subject"].startswith("Prazo de solução perto do fim: ")
    assert "termina em 12/01/2026 12:00." in message.get_content()
    assert "nível 2" in message.get_content()


def test_at_night_staff_are_told_in_the_morning_unless_the_step_says_at_once(office: Office) -> None:
    """As in zammad 4432 and 5177: no reminder at midnight."""
    office.now = MONDAY.replace(hour=3)  # midnight in São Paulo
    assert told(office) == []
    assert told(office, any_hour=True) == ["chefe@vertice.example"]
    office.now += timedelta(hours=9)
    office.sender.run()
    assert len(office.post.sent) == 2
