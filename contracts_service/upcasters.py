"""Old event shapes → today's: ``{(event type, from_version): fn}``. Every event still has its first shape."""

from __future__ import annotations

from services.codec import Upcaster

UPCASTERS: dict[tuple[str, int], Upcaster] = {}
