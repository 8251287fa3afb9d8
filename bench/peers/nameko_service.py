"""nameko as it comes: an event handler, with or without the view's row written, and an RPC method.

BENCH_TRACE names a file; a line is the time after each event. BENCH_DATABASE_URL: where the view's row is written; none:
the handler only takes note of the time.
"""

# ruff: noqa: E402 - the standard library is patched before anything else is imported

from __future__ import annotations

import os
import warnings

os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"

warnings.filterwarnings("ignore", message=r"(?s).*Eventlet is deprecated")
import eventlet

eventlet.monkey_patch()

import sys
import time
from typing import Any

from nameko.events import SERVICE_POOL, event_handler
from nameko.rpc import rpc
from nameko.runners import ServiceRunner

from services.rows import Rows
from services.store.database import Database
from services.tests import sample

_trace = open(os.environ["BENCH_TRACE"], "a", buffering=1)  # noqa: SIM115
_url = os.environ.get("BENCH_DATABASE_URL")
_database = Database(_url) if _url else None
if _database is not None:
    sample.METADATA.create_all(_database.engine)


class Peer:
    name = "peer"

    @event_handler("source", "added", handler_type=SERVICE_POOL)
    def added(self, data: dict[str, Any]) -> None:
        if _database is not None:
            with _database.write() as conn:
                rows = Rows(conn)
                key = {"source": "source", "counter_id": data["counter_id"]}
                row = rows.get(sample.copies, **key) or {"total": 0, "count": 0}
                total, count = row["total"] + data["amount"], row["count"] + 1
                rows.put(sample.copies, **key, total=total, count=count)
                rows.flush()
        _trace.write(f"{time.time()}\n")

    @rpc
    def ask(self, payload: dict[str, Any]) -> Any:
        return payload.get("value")


if __name__ == "__main__":
    runner = ServiceRunner({"AMQP_URI": os.environ["VIGENCIA_AMQP_URL"]})
    runner.add_service(Peer)
    runner.start()
    print("serving", flush=True)
    try:
        runner.wait()
    except KeyboardInterrupt:
        runner.stop()
    sys.exit(0)
