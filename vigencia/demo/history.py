"""The requests of the past months with their verdicts, and the visits that were made.

All of it is history: told to nobody, and what policies would have done at the time (ask, close, reopen) is told here at its own
instant. Phone calls become fewer month by month.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from vigencia.demo import contracts
from vigencia.demo.contracts import Row
from vigencia.demo.steps import (
    ATTENDANT,
    SEED,
    STAFF,
    Step,
    data,
    demo_id,
    evaluation_id,
    local,
    logins,
    month_first,
    staff,
    text,
    user_id,
    weight,
    working,
)

PHONE_OF_ALL = (
    (5, 6), (7, 10), (6, 9), (5, 8), (6, 10), (5, 9), (4, 8), (4, 9), (3, 7), (4, 10), (3, 8), (3, 9), (3, 10), (2, 7), (2, 8),
    (2, 9), (1, 5), (1, 6),
)  # fmt: skip
"""Of each month, the oldest first: requests by phone, and all. Their share falls each month."""
VERDICTS = ("5", "", "4", "tacit", "", "5", "", "3", "5", "", "tacit", "", "4", "5", "")
"""What came of a request, in turn: a score, silence that counts as a yes, or closed by the provider ("")."""
CONTESTED, LOW, CANCELLED = (31,), (64,), (20, 80, 120)
SYSTEM = "system:demo"
VISITED_MONTHS = 9


def steps(today: date) -> Iterator[Step]:
    luck = Random(SEED)
    known = [
        row for row in contracts.rows() if row["months"] >= 18 and not row.get("state") and not row.get("included")
    ]
    number = 0
    for month, (phone, count) in enumerate(PHONE_OF_ALL):
        first = month_first(today, month - len(PHONE_OF_ALL))
        for place in range(count):
            day = working(first + timedelta(days=1 + place * 17 // count))
            channel = "phone" if place < phone else ("email" if place % 4 == 0 else "portal")
            yield from _request(
                number, luck.choice(known), local(day, luck.randint(8, 15), luck.randint(0, 59)), channel, luck
            )
            number += 1
    yield from _visits(today)


class Told:
    """One request's steps: each with its instant, all of them history."""

    def __init__(self, number: int, row: Row, opened_at: datetime) -> None:
        self.key, self.row, self.at, self.resolution = f"h{number:03}", row, opened_at, 0
        self.request_id = demo_id(f"request/{self.key}")
        self.customer = next(each for each in data("customers")["customer"] if each["key"] == row["customer"])
        self.contact = demo_id(f"contact/{self.customer['contacts'][0][0]}")
        self.service = row["services"][number % len(row["services"])]
        self.technician = (names := logins("technician"))[number % len(names)]

    def ticket(self, name: str, command: str, actor: str = STAFF, **payload: Any) -> Step:
        given = {"request_id": self.request_id, **payload, "at": text(self.at)}
        return Step(f"{name}/{self.key}", "tickets", command, given, actor, self.at, historical=True)

    def verdict(self, name: str, command: str, actor: str = "", **payload: Any) -> Step:
        given = {"evaluation_id": evaluation_id(self.request_id, self.resolution), **payload, "at": text(self.at)}
        key = f"{name}/{self.key}/{self.resolution}"
        return Step(key, "feedback", command, given, actor or f"contact:{self.contact}", self.at, historical=True)

    def resolve(self, summary: str, ask: bool) -> Iterator[Step]:
        self.resolution += 1
        who = user_id(self.technician)
        yield self.ticket(f"resolve-{self.resolution}", "resolve_request", summary=summary, resolved_by=who)
        if ask:
            asked = {
                "request_id": self.request_id, "resolution": self.resolution, "contact_id": self.contact,
                "contract_id": demo_id(f"contract/{self.row['key']}"), "resolved_by": who,
                "customer_id": demo_id(f"customer/{self.row['customer']}"),
                "service_type_id": demo_id(f"service/{self.service}"),
            }  # fmt: skip
            yield self.verdict("ask", "request_evaluation", SYSTEM, **asked)


def _request(number: int, row: Row, at: datetime, channel: str, luck: Random) -> Iterator[Step]:
    told = Told(number, row, at)
    words, summary = luck.choice(data("requests")["words"][told.service])
    asked = {
        "contract_id": demo_id(f"contract/{row['key']}"), "service_type_id": demo_id(f"service/{told.service}"),
        "site_id": demo_id(f"site/{row['customer']}"), "opened_by": told.contact, "description": words, "channel": channel,
        **weight(luck.choice(("low", "medium", "medium", "high"))),
    }  # fmt: skip
    yield told.ticket("open", "open_request", f"contact:{told.contact}" if channel == "portal" else ATTENDANT, **asked)
    told.at += timedelta(minutes=luck.randint(10, 50))
    yield told.ticket("assign", "assign_request", ATTENDANT, assignee_id=user_id(told.technician))
    if number in CANCELLED:
        yield told.ticket("cancel", "cancel_request", ATTENDANT, reason="O cliente resolveu sozinho.")
        return
    told.at += timedelta(minutes=luck.randint(30, 200))
    yield told.ticket("start", "start_request", staff(told.technician))
    told.at += timedelta(hours=luck.choice((1, 2, 3, 20, 26, 70)))
    verdict = "contested" if number in CONTESTED else "low" if number in LOW else VERDICTS[number % len(VERDICTS)]
    yield from told.resolve(summary, bool(verdict))
    yield from _answered(told, verdict, luck)


def _answered(told: Told, verdict: str, luck: Random) -> Iterator[Step]:
    if not verdict:
        told.at += timedelta(hours=20)
        yield told.ticket("close", "close_request", SYSTEM, by="tacit", resolution=1)
        return
    if verdict == "tacit":
        told.at += timedelta(days=7)
        yield told.verdict("tacit", "confirm_tacitly", SYSTEM)
        yield told.ticket("close", "close_request", SYSTEM, by="tacit", resolution=1)
        return
    told.at += timedelta(hours=luck.randint(2, 30))
    if verdict in ("contested", "low"):
        yield from _again(told, verdict)
        verdict = "4"
    said = luck.choice(data("requests")["comments"][verdict]) if luck.random() < 0.6 else None
    yield told.verdict("rate", "rate_service", by=told.contact, score=int(verdict), comment=said)
    yield told.ticket("close", "close_request", SYSTEM, by="confirmation", resolution=told.resolution)


def _again(told: Told, verdict: str) -> Iterator[Step]:
    """The customer was not content: somebody answers him, and the work is done once more."""
    if verdict == "contested":
        yield told.verdict("contest", "contest_service", by=told.contact, reason="O defeito voltou no dia seguinte.")
    else:
        words = "Esperei dois dias e ninguém avisou."
        yield told.verdict("rate", "rate_service", by=told.contact, score=2, comment=words)
    cause = "contested" if verdict == "contested" else "low_score"
    yield told.ticket("reopen", "reopen_request", SYSTEM, cause=cause, resolution=1)
    told.at += timedelta(hours=3)
    manager = user_id("gerente")
    if verdict == "low":
        reply = {"reply_id": demo_id(f"reply/{told.key}"), "by": manager}
        sorry = "A senhora tem razão: avisamos agora sempre que um horário muda. Obrigado por dizer."
        yield told.verdict("reply", "reply_to_evaluation", STAFF, text=sorry, **reply)
    yield told.verdict(
        "finish", "finish_follow_up", STAFF, by=manager, outcome="Ligamos, pedimos desculpas e voltamos no mesmo dia."
    )
    told.at += timedelta(hours=2)
    yield from told.resolve("Refeito e testado com o cliente.", ask=True)
    told.at += timedelta(hours=5)


def _visits(today: date) -> Iterator[Step]:
    """Each month's preventive visit, made and signed."""
    technicians = logins("technician")
    for place, row in enumerate(each for each in contracts.rows() if each.get("visits")):
        for back in range(VISITED_MONTHS, 0, -1):
            day = working(month_first(today, -back) + timedelta(days=3 + place * 3))
            yield from visit(f"visit/{row['key']}/{back}", row, day, technicians[(place + back) % len(technicians)])


def visit(key: str, row: Row, day: date, technician: str, done: bool = True) -> Iterator[Step]:
    of = {"contract_id": demo_id(f"contract/{row['key']}"), "visit_id": demo_id(key)}
    planned = {
        **of, "on": day.isoformat(), "service_type_id": demo_id(f"service/{row['services'][0]}"),
        "site_id": demo_id(f"site/{row['customer']}"), "technician_id": user_id(technician), "description": "Visita preventiva",
    }  # fmt: skip
    yield Step(key, "tickets", "schedule_visit", planned, ATTENDANT, local(day - timedelta(days=5)), historical=True)
    if done:
        payload = {**of, "performed_on": day.isoformat(), "technician_id": user_id(technician), "signed_by": "Portaria"}
        at = local(day, 11)
        yield Step(f"{key}/done", "tickets", "finish_visit", payload, staff(technician), at, historical=True)
