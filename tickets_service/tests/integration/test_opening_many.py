"""Many requests opened at once: each has a protocol number of its own, and a chunk that lost a race begins again as a whole."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from services.application import Request
from services.batches import Batches
from services.component import Batch, Context, Execute
from tickets_service.tests.integration.conftest import MigratedApp
from tickets_service.tests.unit.kit import MONDAY_9, OPEN

EACH = 60


def opened(record: Mapping[str, Any], execute: Execute, context: Context) -> dict[str, Any]:
    wish = replace(OPEN, customer_id=None, protocol=None, coverage=None, agreement=None)
    execute(replace(wish, request_id=record["request_id"]))
    return {"status": "opened"}


def test_two_chunks_at_once_share_the_year_s_numbers(app: MigratedApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither finds the year's row at first; the one that comes second begins again, and none goes one by one."""
    alone: list[str] = []
    monkeypatch.setattr(Batches, "_single", lambda _, item: alone.append(item.id) or {"status": "failed"})
    application = app.app
    application._batches["open"] = Batch("open", opened)
    request = Request("", "open", {}, actor="contact:p1", at=MONDAY_9)
    answers: dict[int, list[dict[str, Any]]] = {}

    def open_some(part: int) -> None:
        records = [{"request_id": f"r{part}-{number}"} for number in range(EACH)]
        answers[part] = application.batch("open", records, request)

    threads = [threading.Thread(target=open_some, args=(part,)) for part in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [answer["status"] for part in range(2) for answer in answers[part]] == ["opened"] * 2 * EACH
    assert alone == []
    found = app.query("requests", limit=200)["requests"]
    assert sorted(row["protocol"] for row in found) == [f"2026-{number:06d}" for number in range(1, 2 * EACH + 1)]
