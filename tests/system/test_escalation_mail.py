"""The escalation ladder, from a due row's instant to the mail in somebody's box: the right people, at allowed hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from gateway.identity.roles import ATTENDANT, MANAGER, TECHNICIAN
from gateway.identity.users import UserStore
from gateway.mail.delivery import MailSettings
from gateway.mail.sender import MailSender
from gateway.tests.unit.world import PlainPasswords
from gateway.wiring import component, links
from tests.system.world import CONTACT, CONTRACT, CUSTOMER, SERVICE, ZONE, World, contract_terms

HOURS = [{"weekday": day, "opens": "08:00", "closes": "22:00"} for day in range(5)]
LADDER = [
    {"level": 1, "percent": 80, "role": "assignee"},
    {"level": 2, "percent": 100, "role": "manager"},
    {"level": 3, "minutes": 30, "role": None, "user_id": "u-diretora", "any_hour": True},
    {"level": 4, "minutes": 45, "role": "contact"},
]
"""Of the resolution, which is due at 21:00 on Monday: after the hours in which mail goes out."""


class Post:
    """The letter boxes: who got what, when."""

    repeatable = False

    def __init__(self) -> None:
        self.letters: list[tuple[str, EmailMessage]] = []

    def deliver(self, mail_id: str, message: EmailMessage, on_handing_over: Callable[[], None]) -> str:
        on_handing_over()
        self.letters.append((message["To"].addresses[0].addr_spec, message))
        return "250"

    def forget(self, mail_id: str) -> None: ...

    def kept(self, mail_id: str) -> str | None: ...


class Ladder:
    """Requests under a contract with a ladder, the gateway and its mail."""

    def __init__(self, store: Path) -> None:
        self.world = World(store, replace(component(), workers=()))  # the sender runs when the test says so
        app = self.world.system.apps["gateway"]
        users = UserStore(app.database, PlainPasswords())
        for login, roles, id_ in (
            ("bruno@horizonte.example", (TECHNICIAN,), "bruno"),
            ("gerente@horizonte.example", (MANAGER,), "u-gerente"),
            ("outra@horizonte.example", (ATTENDANT,), "u-outra"),
            ("diretora@horizonte.example", (ATTENDANT,), "u-diretora"),
        ):
            users.put(login, login.partition("@")[0], roles, user_id=id_, password="três palavras quaisquer")
        self.post, clock = Post(), lambda: self.world.now
        self.sender = MailSender(app.database, self.post, MailSettings(), app.call, clock, links(app))
        self.world.found_company()
        targets = [{"priority": "medium", "response_minutes": 240, "resolution_minutes": 720}]
        [service] = contract_terms()["services"]
        self.world.sign(
            services=[{**service, "targets": targets}], calendar={"intervals": HOURS}, escalation=LADDER, state="SP"
        )

    def at(self, text: str) -> list[str]:
        """Whose boxes have got something by that local time, since the last look."""
        until = datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)
        self.world.now = until
        self.world._run_due()
        self.post.letters.clear()
        self.sender.run()
        return sorted(to for to, _ in self.post.letters)

    def told(self, kind: str) -> list[tuple[int, str]]:
        """(level, local time) of the steps that tickets told."""
        found = self.world.told(f"tickets.request.{kind}", kind="resolution")
        return [(each["level"], f"{datetime.fromisoformat(each['at']).astimezone(ZONE):%H:%M}") for each in found]


@pytest.fixture
def ladder(tmp_path: Path) -> Iterator[Ladder]:
    made = Ladder(tmp_path / "store")
    try:
        yield made
    finally:
        made.world.close()


def start(ladder: Ladder) -> None:
    """Opened on Monday at 9, assigned and begun at once: only the resolution is still to come."""
    world = ladder.world
    world.open_request()
    world.do("tickets", "assign_request", request_id="req-1", assignee_id="bruno")
    world.do("tickets", "start_request", request_id="req-1")
    ladder.at("2026-03-02 09:00")  # that it was opened, was told


def test_each_step_reaches_its_people_at_allowed_hours(ladder: Ladder) -> None:
    start(ladder)
    assert ladder.at("2026-03-02 18:35") == []
    assert ladder.at("2026-03-02 18:40") == ["bruno@horizonte.example"]  # 80 % of twelve hours: 18:36
    [(_, letter)] = ladder.post.letters
    assert "perto do fim" in letter["Subject"]
    assert ladder.world.request("req-1")["protocol"] in letter["Subject"]
    assert "21:00" in letter.get_content()
    assert ladder.at("2026-03-02 21:05") == []  # due, and told by tickets: but it is night
    assert ladder.at("2026-03-02 21:35") == ["diretora@horizonte.example"]  # the contract says: at any hour
    assert ladder.at("2026-03-02 21:50") == []
    assert ladder.at("2026-03-03 07:59") == []
    assert ladder.at("2026-03-03 08:00") == ["gerente@horizonte.example", "otavio@exemplo.example"]
    assert ladder.at("2026-03-04 12:00") == []  # each level once
    assert ladder.told("warned") == [(1, "18:36")]
    assert ladder.told("escalated") == [(2, "21:00"), (3, "21:30"), (4, "21:45")]


def test_while_the_customer_is_waited_for_nobody_is_told_and_the_ladder_moves_with_the_clock(ladder: Ladder) -> None:
    start(ladder)
    ladder.at("2026-03-02 17:00")
    ladder.world.do("tickets", "wait_request", request_id="req-1", reason="Qual aparelho?")
    assert ladder.at("2026-03-03 10:00") == []
    ladder.world.do("tickets", "resume_request", request_id="req-1")
    assert ladder.at("2026-03-03 11:35") == []
    assert ladder.at("2026-03-03 11:40") == ["bruno@horizonte.example"]  # 7 h open hours were waited
    ladder.world.resolve()
    assert [each for each in ladder.at("2026-03-05 12:00") if each.endswith("horizonte.example")] == []


def test_after_days_of_being_down_each_level_is_told_once_in_order(ladder: Ladder) -> None:
    start(ladder)
    everybody = ["bruno@horizonte.example", "diretora@horizonte.example", "gerente@horizonte.example"]
    assert ladder.at("2026-03-06 10:00") == [*everybody, "otavio@exemplo.example"]
    assert [level for level, _ in (*ladder.told("warned"), *ladder.told("escalated"))] == [1, 2, 3, 4]
    assert ladder.at("2026-03-09 10:00") == []


def test_who_is_told_is_looked_up_when_it_is_time(ladder: Ladder) -> None:
    """Assigned anew at noon: the new one is told. Somebody without an address, or nobody: the managers are."""
    start(ladder)
    ladder.world.do("tickets", "assign_request", request_id="req-1", assignee_id="u-outra")
    assert ladder.at("2026-03-02 18:40") == ["outra@horizonte.example"]
    ladder.world.send(
        "tickets", "open_request", actor=f"contact:{CONTACT}", request_id="req-2", contract_id=CONTRACT,
        service_type_id=SERVICE, opened_by=CONTACT, description="Outro",
    )  # fmt: skip
    ladder.world.settle()
    assert ladder.world.request("req-2")["customer_id"] == CUSTOMER
    before: list[Any] = ladder.at("2026-03-02 19:00")
    assert before == ["otavio@exemplo.example"]  # that it was opened
    assert "gerente@horizonte.example" in ladder.at("2026-03-03 15:00")
