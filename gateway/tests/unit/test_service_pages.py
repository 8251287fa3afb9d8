"""Visits, evaluations and the service's figures at the desk: what they show; their forms are the API's operations."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gateway.identity.permissions import PERMISSIONS
from gateway.pages.console import evaluations
from gateway.pages.console.visits_calendar import closed_days, lanes, span
from gateway.tests.unit.test_portal import KEY, browser
from gateway.tests.unit.world import World

AT = "2026-03-02T12:00:00Z"
SCORES = {"1": 0, "2": 1, "3": 0, "4": 0, "5": 3}
GROUP: dict[str, Any] = {
    "asked": 8, "answered": 4, "confirmed": 3, "tacit": 2, "contested": 1, "low": 1, "follow_ups_open": 1, "rated": 4,
    "scores": SCORES, "average": "4.25", "csat_percent": "75.00", "response_percent": "50.00",
}  # fmt: skip
FIGURES: dict[str, Any] = {
    "key": "c-A", "requests": 9, "left_out": 1, "reopened": 2, "response_met_percent": 90.0, "resolution_met_percent": 80.5,
    "response_average_minutes": 45.0, "resolution_average_minutes": 240.0,
}  # fmt: skip
EVALUATION: dict[str, Any] = {
    "evaluation_id": "e-A", "request_id": "q-A", "customer_id": "A", "status": "unsatisfied", "score": 2, "low": True,
    "follow_up": "open", "asked_at": AT, "answered_at": AT, "tacit": False, "resolved_by": "u-technician", "reason": None,
    "outcome": None, "comment": "Ainda <pinga>", "hidden": False, "replies": [{"text": "Voltamos amanhã."}],
    "followed_up_by": None,
}  # fmt: skip
COMMENT = {
    "comment_id": "k-A",
    "contract_id": "c-A",
    "made_at": AT,
    "text": "Tudo certo",
    "hidden": False,
    "replies": [],
}


@pytest.fixture
def desk(world: World) -> World:
    def satisfaction(asked: dict[str, Any]) -> dict[str, Any]:
        by = asked["params"]["by"]
        return {"items": [{**GROUP, "key": "2026-03" if by == "month" else "c-A"}, {**GROUP, "key": None}]}

    world.services.answers |= {
        "feedback.csat": GROUP,
        "feedback.satisfaction": satisfaction,
        "feedback.evaluation": EVALUATION,
        "feedback.comments": {"items": [COMMENT], "next": None},
        "tickets.figures": lambda asked: {
            "items": [{**FIGURES, "key": "2026-03" if asked["params"]["by"] == "month" else "c-A"}]
        },
        "tickets.channels": {"items": [{"month": "2026-03", "phone_share": "25.0"}]},
    }
    return world


PAGES = ("/console/visits", "/console/visits?view=month&on=2026-02-10", "/console/visits?technician=none",
         "/console/evaluations", "/console/evaluations?by=technician&low=1&follow_up=open&status=contested&contract=c-A",
         "/console/evaluations/e-A", "/console/service-figures", "/console/service-figures?by=month")  # fmt: skip


@pytest.mark.parametrize("lang", ["pt-BR", "en"])
@pytest.mark.parametrize("role", ["manager", "attendant"])
def test_every_page_is_whole_in_each_language(desk: World, role: str, lang: str) -> None:
    for path in PAGES:
        page = browser(desk, role, lang).get(path)
        assert (path, page.status_code) == (path, 200)
        assert page.text.rstrip().endswith("</html>")


def test_evaluations_say_how_it_goes_and_what_was_written(desk: World) -> None:
    client = browser(desk, "manager")
    page = client.get("/console/evaluations").text
    for said in ("75 %", "50 %", "N-A", "Tudo certo", 'class="chart"', "0 · 1 · 0 · 0 · 3"):
        assert said in page
    one = client.get("/console/evaluations/e-A").text
    for said in ("Ainda &lt;pinga&gt;", "Voltamos amanhã.", "finish_follow_up", "moderate_evaluation"):
        assert said in one
    assert "moderate_evaluation" not in browser(desk, "attendant").get("/console/evaluations/e-A").text


@pytest.mark.parametrize("role", ["manager", "attendant", "finance", "technician", "operator"])
def test_each_form_is_let_in_as_the_api_s_operation(desk: World, role: str) -> None:
    client = browser(desk, role)
    form = {"key": KEY, "outcome": "x", "reason": "x", "text": "x", "hidden": "1"}
    for root, actions in (("evaluations/e-A", evaluations.ACTIONS), ("comments/k-A", evaluations.COMMENT_ACTIONS)):
        for operation in actions:
            before = len(desk.services.commands())
            answer = client.post(f"/console/{root}/{operation}", data=form)
            allowed = role in PERMISSIONS[operation].roles
            assert (operation, answer.status_code) == (operation, 303 if allowed else 403)
            assert len(desk.services.commands()) == before + allowed


def test_a_reply_is_sent_once_however_often_the_form_is(desk: World) -> None:
    client = browser(desk, "attendant")
    for _ in range(2):
        client.post("/console/evaluations/e-A/reply_to_evaluation", data={"key": KEY, "text": "Obrigado"})
    one, other = desk.services.commands()
    assert one["id"] == other["id"]
    assert one["payload"] == other["payload"]
    assert (one["command"], one["payload"]["text"]) == ("reply_to_evaluation", "Obrigado")


def test_figures_of_the_service(desk: World) -> None:
    page = browser(desk, "manager").get("/console/service-figures").text
    for said in ("N-A", "90 %", "80,5 %", "45 min", "4 h", "25 %"):
        assert said in page


def test_a_month_is_whole_weeks_and_a_week_begins_on_monday() -> None:
    assert span(date(2026, 3, 5), month=False) == (date(2026, 3, 2), 7)
    assert span(date(2026, 2, 10), month=True) == (date(2026, 1, 26), 35)
    assert span(date(2026, 3, 31), month=True) == (date(2026, 2, 23), 42)


def test_weekends_and_holidays_are_closed() -> None:
    closed = closed_days(date(2026, 4, 20), 7)
    assert sorted(closed) == [date(2026, 4, 21), date(2026, 4, 25), date(2026, 4, 26)]
    assert closed[date(2026, 4, 21)] == "Tiradentes"


def test_who_has_nobody_stands_first_and_the_load_is_counted() -> None:
    row = {"status": "planned", "on": date(2026, 3, 3), "opens": "08:00", "closes": "09:30"}
    rows = [{**row, "technician_id": "t"}, {**row, "technician_id": "t", "status": "missed"},
            {**row, "technician_id": None, "opens": None}]  # fmt: skip
    first, second = lanes(rows, {"t": "Bruno"})
    assert (first["id"], first["visits"], first["hours"]) == ("", 1, 0)
    assert (second["name"], second["visits"], second["hours"]) == ("Bruno", 1, 1.5)
    assert [lane["id"] for lane in lanes(rows, {"t": "Bruno"}, "none")] == [""]
    assert [lane["id"] for lane in lanes(rows, {"t": "Bruno"}, "t")] == ["t"]
