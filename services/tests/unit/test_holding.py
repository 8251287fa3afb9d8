"""While an operator holds what is due, it does not run by itself; afterwards it does."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from services.operations import MOST_HELD_SECONDS, operate
from services.runtime import App


def running(rounds: int) -> Any:
    """As much of an app as the loop needs; it ends after so many rounds."""
    left = iter([False] * rounds + [True])
    ran: list[Any] = []
    due = SimpleNamespace(run=lambda until, limit: ran.append(until))
    stop = SimpleNamespace(wait=lambda seconds: next(left))
    application = SimpleNamespace(clock=lambda: "now")
    return SimpleNamespace(_stop=stop, due=due, application=application, due_held_until=0.0, ran=ran)


@pytest.mark.parametrize(("seconds", "runs"), [(60, 0), (0, 2)])
def test_what_is_due_runs_by_itself_unless_it_is_held(seconds: int, runs: int) -> None:
    app = running(rounds=2)
    assert operate(app, {"action": "hold_due", "seconds": seconds}) == {"held": seconds}
    App._run_due(app)
    assert len(app.ran) == runs


def test_nobody_holds_it_for_ever() -> None:
    assert operate(running(0), {"action": "hold_due", "seconds": 1e9}) == {"held": MOST_HELD_SECONDS}
