"""The ten lines of docs/webhooks.md do verify what is sent, and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.webhooks.domain.schedule import DELAYS, RESTS
from gateway.webhooks.domain.signing import headers
from gateway.webhooks.sealing import Seals

PAGE = Path(__file__).parents[3] / "docs" / "webhooks.md"
BODY = '{"type": "ação"}'.encode()


@pytest.fixture(scope="module")
def verified() -> Any:
    found = re.search(r"<!-- verify -->\s*```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    names: dict[str, Any] = {}
    exec(found[1], names)
    return names["verified"]


def test_it_verifies_by_each_secret_of_a_rotation(verified: Any) -> None:
    old, new, other = (Seals.fresh() for _ in range(3))
    told = headers([new, old], "msg_1", datetime.now(UTC), BODY)
    assert [verified(secret, told, BODY) for secret in (new, old, other)] == [True, True, False]
    assert not verified(new, told, BODY + b" ")
    assert not verified(new, {**told, "webhook-id": "msg_2"}, BODY)


def test_what_is_old_is_no_longer_good(verified: Any) -> None:
    secret = Seals.fresh()
    told = headers([secret], "msg_1", datetime.now(UTC) - timedelta(minutes=6), BODY)
    assert not verified(secret, told, BODY)


def test_the_schedule_is_the_one_that_is_documented() -> None:
    text = " ".join(PAGE.read_text("utf-8").split())
    assert "5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, 4 h, 6 h, and then every 6 h" in text
    assert [delay.total_seconds() for delay in DELAYS] == [5, 30, 120, 600, 1800, 3600, 7200, 14400, 21600]
    assert "30 s, 1, 2, 5, 10, then every 15 minutes" in text
    assert [rest.total_seconds() for rest in RESTS] == [30, 60, 120, 300, 600, 900]
