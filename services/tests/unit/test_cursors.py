"""Cursors: the last row's place comes back as it went out; anything else is the asker's error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.cursors import day_place, instant_place
from services.errors import Invalid


def test_the_last_rows_place() -> None:
    assert day_place("2026-03-01/payment/1") == (date(2026, 3, 1), "payment/1")
    assert instant_place("2026-03-01T12:00:00+00:00|ev-1") == (datetime(2026, 3, 1, 12, tzinfo=UTC), "ev-1")


@pytest.mark.parametrize(
    ("read", "cursor"),
    [
        (day_place, "0193a1b2-7c44-7d2e-9f00-5a6b7c8d9e0f"),
        (day_place, ""),
        (instant_place, "yesterday|ev-1"),
        (instant_place, "2026-03-01T12:00:00|ev-1"),
    ],
)
def test_what_is_no_place_of_the_list_is_refused(read: Callable[[str], Any], cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(cursor)
    assert (refused.value.code, refused.value.status) == ("cursor.invalid", 400)
