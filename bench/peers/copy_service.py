"""A service with a view of the source's events. After each commit it writes the time and every event's age to a file.

BENCH_TRACE names the file; a line is ``<time of the commit> <age in seconds> …``.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import Any

from services import effects
from services.nameko_ext.service import nameko_service
from services.tests import sample

_trace = open(os.environ["BENCH_TRACE"], "a", buffering=1)  # noqa: SIM115
_moved = effects.Effects._moved


def moved(self: Any, place: Any, envelopes: list[Any]) -> None:
    now = time.time()
    _moved(self, place, envelopes)
    _trace.write(f"{now} {' '.join(f'{now - envelope.time.timestamp():.6f}' for envelope in envelopes)}\n")


effects.Effects._moved = moved  # type: ignore[method-assign]

component = replace(sample.component("copy", "sample"), aggregates=(), policies=(), views=(), batches=())
CopyService, CopyFeedService = nameko_service(component)
