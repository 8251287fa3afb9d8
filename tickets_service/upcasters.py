"""Old shapes of our events → today's. None has changed yet."""

from __future__ import annotations

from services.codec import Upcaster

UPCASTERS: dict[tuple[str, int], Upcaster] = {}
