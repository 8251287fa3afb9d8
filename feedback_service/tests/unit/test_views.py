"""The evaluations' rows and what is answered from them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from feedback_service import queries, satisfaction
from feedback_service.domain.events import (
    EvaluationContested,
    EvaluationEdited,
    EvaluationFollowedUp,
    EvaluationReminded,
    FollowUpStarted,
)
from feedback_service.tables import evaluations
from feedback_service.tests.unit.stories import ABOUT, ANA, ID, REQUEST, asked, confirmed, hours, rated
from feedback_service.tests.unit.test_policies import context, fold
from feedback_service.views.evaluations import EvaluationsView
from services.errors import NotFound
from services.testing.rows import MemoryRows

CTX = context("user:1")


def test_the_row_tells_the_whole_story_and_the_detail_has_the_words() -> None:
    rows = MemoryRows()
    fold(
        rows,
        EvaluationsView(),
        asked(),
        EvaluationReminded(**ABOUT, contact_id=ANA, at=hours(48)),
        confirmed(hours(50)),
        rated(4, hours(50), "bom"),
        EvaluationEdited(
            **ABOUT, contact_id=ANA, at=hours(51), score=2, low=True, became_low=True, comment="parou de novo"
        ),
        FollowUpStarted(**ABOUT, at=hours(51), cause="low_score"),
        EvaluationFollowedUp(**ABOUT, contact_id=ANA, at=hours(60), by="user-1", outcome="trocado"),
    )
    row = queries.evaluation({"request_id": REQUEST}, rows, CTX)
    expected = {
        "status": "confirmed",
        "reminded_at": hours(48),
        "answered_by": ANA,
        "tacit": False,
        "score": 2,
        "low": True,
        "comment": "parou de novo",
        "follow_up": "done",
        "outcome": "trocado",
    }
    assert {name: row[name] for name in expected} == expected
    assert row == queries.evaluation({"evaluation_id": ID}, rows, CTX)
    [item] = queries.evaluations_list({}, rows, CTX)["items"]
    assert not {"comment", "reason", "outcome"} & set(item)
    with pytest.raises(NotFound):
        queries.evaluation({"evaluation_id": "nothing"}, rows, CTX)


def test_lists_are_filtered_and_paged_without_gaps() -> None:
    rows = MemoryRows()
    made = [
        replace(asked(), evaluation_id=f"e{n}", request_id=f"r{n}", contract_id=f"c{n % 2}", at=hours(n // 2))
        for n in range(7)
    ]
    fold(rows, EvaluationsView(), *made)
    seen: list[str] = []
    after: str | None = None
    while True:
        page = queries.evaluations_list({"limit": 2, "after": after}, rows, CTX)
        seen += [item["evaluation_id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == ["e6", "e5", "e4", "e3", "e2", "e1", "e0"]
    only = queries.evaluations_list({"contract_id": "c1", "status": "asked"}, rows, CTX)["items"]
    assert [item["evaluation_id"] for item in only] == ["e5", "e3", "e1"]


def test_csat_counts_what_was_asked_answered_and_scored() -> None:
    rows, view = MemoryRows(), EvaluationsView()

    def of(name: str, event: Any) -> Any:
        return replace(event, evaluation_id=name)

    rows.create(evaluations)
    assert satisfaction.csat({}, rows, CTX)["average"] is None
    for name, answers in {
        "good": [confirmed(hours(1)), rated(5, hours(1))],
        "fair": [confirmed(hours(1)), rated(4, hours(2))],
        "low": [rated(1, hours(1), "ruim", low=True), FollowUpStarted(**ABOUT, at=hours(1), cause="low_score")],
        "contested": [EvaluationContested(**ABOUT, contact_id=ANA, at=hours(1), reason="não")],
        "silent": [confirmed(hours(168), tacit=True)],
        "open": [],
    }.items():
        fold(rows, view, *(of(name, event) for event in [asked(), *answers]))
    assert satisfaction.csat({"contract_id": "contract-1"}, rows, CTX) == {
        "asked": 6,
        "answered": 4,
        "confirmed": 2,
        "tacit": 1,
        "contested": 1,
        "low": 1,
        "follow_ups_open": 1,
        "rated": 3,
        "scores": {"1": 1, "2": 0, "3": 0, "4": 1, "5": 1},
        "average": Decimal("3.33"),
        "csat_percent": Decimal("66.67"),
        "response_percent": Decimal("66.67"),
    }
    assert satisfaction.csat({"contract_id": "contract-2"}, rows, CTX)["asked"] == 0
    assert satisfaction.csat({"since": hours(1)}, rows, CTX)["asked"] == 0
    assert satisfaction.csat({"until": hours(1)}, rows, CTX)["asked"] == 6
