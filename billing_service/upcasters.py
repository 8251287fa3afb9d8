"""Old event shapes to today's: ``{(event type, from_version): fn}``.

None is needed yet. Seven events are at version 2 (tests/golden has both shapes): they got fields that have defaults, so their
first shape is read as it stands. An event whose fields change otherwise gets its function here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
