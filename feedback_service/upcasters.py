"""Old event shapes → today's: ``{(event type, from version): fn(data) -> data}``. None has changed yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
