"""Filling a system with the demo company, whole even when it is interrupted: the day it began is kept beside the store."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from services.errors import Conflict, Refused, VigenciaError
from vigencia import demo

MARK = "demo.json"


class System(Protocol):
    """What the demo needs: a running composition, or a client of one."""

    def execute(self, service: str, command: str, payload: dict[str, Any], *, id: str, actor: str) -> Any: ...

    def settle(self, seconds: float = 60.0) -> None: ...

    def is_empty(self) -> bool: ...


def fill_when_empty(system: System, store: Path, note: Callable[[str], None] = lambda _: None) -> bool:
    """Fill an empty system, or one whose filling was interrupted. Whether the demo company is there."""
    mark = _read(store / MARK)
    if mark is None and not system.is_empty():
        return False
    if mark is not None and mark["done"]:
        return True
    today = date.fromisoformat(mark["today"]) if mark else datetime.now(demo.ZONE).date()
    _write(store / MARK, {"today": today.isoformat(), "done": False})
    fill(system, today, note)
    _write(store / MARK, {"today": today.isoformat(), "done": True})
    return True


def fill(system: System, today: date, note: Callable[[str], None] = lambda _: None) -> None:
    """Every command of the demo, phase by phase. A rule that says no to one of them is told, and the rest goes on."""
    for phase in demo.phases(today):
        for step in phase:
            try:
                system.execute(step.service, step.command, step.payload, id=step.id, actor=step.actor)
            except (Refused, Conflict) as error:
                note(f"{step.key}: {error}")
            except VigenciaError as error:
                raise RuntimeError(f"demo: {step.key}: {error}") from error
        system.settle()


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _write(path: Path, values: dict[str, Any]) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(values) + "\n", "utf-8")
    part.replace(path)
