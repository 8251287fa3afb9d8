"""The process of the full mode on one machine: ``python -m vigencia.full`` (``vigencia stack``).

Private RabbitMQ and PostgreSQL and one supervised process a service (``deploy.local``); the demo company through the
same commands as everything else.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local.stack import Stack
from deploy.local.stack import serve as serve_stack
from deploy.local.system import ServerFailed, ServersMissing
from vigencia import company, places
from vigencia.calls import Calls
from vigencia.exits import Exit
from vigencia.words import reader_language, say

if TYPE_CHECKING:
    from gateway.identity.users import UserStore


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m vigencia.full")
    parser.add_argument("--store", type=Path, default=places.STACK)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--no-demo", dest="demo", action="store_false")
    parser.add_argument("--attached", action="store_true", help="end when standard input closes")
    parser.add_argument("--lang", default=None)
    options = parser.parse_args(arguments)
    if options.attached:
        threading.Thread(target=_watch_input, daemon=True).start()
    return serve(options.store, port=options.port, demo=options.demo, lang=reader_language(options.lang))


def serve(store: Path, *, port: int, demo: bool, lang: str) -> int:
    """Start everything and serve until a signal comes."""

    def ready(stack: Stack) -> None:
        with _users(stack) as users:
            logins = company.demo_users(users) if demo and _fill(stack, lang) else []
            admin = company.first_user(users, stack.folder)
        print("\n".join(company.ready_lines(stack.gateway_url, store, logins, admin, lang)), flush=True)

    def tell(text: str) -> None:
        print(text, flush=True)

    try:
        with places.owned(store):
            serve_stack(store, port, tell, ready)
    except places.StoreInUse as used:
        print(say("system.store-in-use", lang, store=store, pid=used.pid or "?"), file=sys.stderr)
        return Exit.UNREACHABLE
    except (ServerFailed, ServersMissing) as problem:
        print(problem, file=sys.stderr)
        return Exit.UNREACHABLE
    return Exit.FINE


def _fill(stack: Stack, lang: str) -> bool:
    """Whether the demo company is there: not when the system holds something else already."""
    from services.transport.rabbit.transport import RabbitTransport

    transport = RabbitTransport(stack.amqp_url("gateway"), "demo")
    try:
        print(say("demo.filling", lang), flush=True)
        return company.fill_when_empty(Calls(transport), stack.folder, lambda text: print(text, file=sys.stderr))
    finally:
        transport.close()


@contextmanager
def _users(stack: Stack) -> Iterator[UserStore]:
    """The gateway's users, in its own database."""
    from gateway.identity.passwords import Argon2Passwords
    from gateway.identity.users import UserStore
    from services.store.database import Database

    database = Database(stack.database_url("gateway"))
    try:
        yield UserStore(database, Argon2Passwords())
    finally:
        database.dispose()


def _watch_input() -> None:
    """Whoever started us holds the other end: when it closes, we end."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
