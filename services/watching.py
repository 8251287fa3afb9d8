"""Looking every few seconds whether the subscriptions have all that their sources' feeds have."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from services import logs
from services.consumer import Reader
from services.places import Call, ask_source

log = logs.get("watching")


def watch(readers: Sequence[Reader], call: Call, stop: threading.Event, *, every: float = 10.0) -> None:
    """Until ``stop``: compare all checkpoints with the sources' heads, so that a lost tail is found by itself."""
    while not stop.wait(every):
        compare_all(readers, call)


def compare_all(readers: Sequence[Reader], call: Call) -> None:
    """One comparison of every reader with its source's heads."""
    for source in dict.fromkeys(reader.source for reader in readers):
        started = time.monotonic()
        try:
            heads = ask_source(call, source, "heads", {})
        except Exception as error:
            log.info("heads not to be had", source=source, error=str(error)[:200], after=time.monotonic() - started)
            continue
        for reader in readers:
            if reader.source == source:
                try:
                    reader.compare(heads)
                except Exception as error:
                    log.warning("catching up failed", source=source, error=str(error)[:300])
