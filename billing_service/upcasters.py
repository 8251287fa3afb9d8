"""Old event shapes to today's. None yet: every event is at version 1 (see tests/golden)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
