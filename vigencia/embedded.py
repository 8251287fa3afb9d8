"""The process of the embedded mode: ``python -m vigencia.embedded`` (``vigencia run`` becomes it).

Everything in one process on SQLite files, served until a signal comes. The run file is written when all is ready, and
removed at the end. Killed with -9 and started again, it goes on where it was.
"""
# ruff: noqa: E402 - patched before anything else is imported

from __future__ import annotations

import warnings

warnings.filterwarnings("ignore", message=r"(?s).*Eventlet is deprecated")

import eventlet

eventlet.monkey_patch()

import argparse
import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services import logs, tracing
from services.collecting import keep_what_is_loaded
from vigencia import places
from vigencia.exits import Exit
from vigencia.places import Running, StoreInUse
from vigencia.words import reader_language, say

if TYPE_CHECKING:
    from vigencia.composition import Composition


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m vigencia.embedded")
    parser.add_argument("--store", type=Path, default=places.EMBEDDED)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--no-demo", dest="demo", action="store_false")
    parser.add_argument("--attached", action="store_true", help="end when standard input closes")
    parser.add_argument("--lang", default=None)
    options = parser.parse_args(arguments)
    lang = reader_language(options.lang)
    os.umask(0o077)  # the store holds customers' data and keys: for its owner's eyes
    logs.configure(service="embedded", level=os.environ.get("VIGENCIA_LOG_LEVEL", "WARNING"))
    tracing.configure()
    try:
        with places.owned(options.store):
            code = _serve(options, lang)
    except StoreInUse as used:
        return _complain(say("system.store-in-use", lang, store=used.store, pid=used.pid or "?"), Exit.UNREACHABLE)
    tracing.close()
    if options.attached:  # all is stopped; the thread that still reads standard input would keep the process
        sys.stdout.flush()
        os._exit(code)
    return code


def _serve(options: argparse.Namespace, lang: str) -> int:
    from eventlet import tpool

    from gateway.wiring import create_app, ensure_first_user, user_store
    from services.nameko_ext.wsgi import WebServer
    from vigencia import company
    from vigencia.backup_mail import MAIL, WEBHOOKS, bring_mail_back
    from vigencia.composition import Composition

    stopping = threading.Event()
    _on_signals(stopping)
    system = Composition(options.store, port=options.port)
    try:
        server = WebServer(create_app(system.apps["gateway"], run=tpool.execute), options.host, options.port)
    except OSError as error:
        told = say("system.port-taken", lang, host=options.host, port=options.port, reason=error.strerror)
        return _complain(told, Exit.UNREACHABLE)
    shown = "127.0.0.1" if options.host in ("0.0.0.0", "::", "") else options.host
    url = f"http://{shown}:{server.port}"
    os.environ.setdefault("VIGENCIA_PUBLIC_URL", url)  # mailed addresses begin with it
    if any(
        (options.store / name).exists() for name in (MAIL, WEBHOOKS)
    ):  # before it reads events again, or it would tell people a second time
        system.create()
        bring_mail_back(options.store, system.apps["gateway"].database)
    system.start()
    server.start()
    keep_what_is_loaded()
    try:
        filled = False
        if options.demo:
            filled = _fill(system, options.store)
        gateway = system.apps["gateway"]
        if (options.store / "users.json").exists():
            from vigencia.backup import bring_users_back

            bring_users_back(options.store, gateway.database)
        ensure_first_user(gateway, run=tpool.execute)
        users = user_store(gateway, tpool.execute)
        logins = company.demo_users(users) if filled else []
        admin = company.first_user(users, options.store)
        places.announce(options.store, Running(url, os.getpid(), "embedded", datetime.now(UTC).isoformat()))
        print("\n".join(company.ready_lines(url, options.store, logins, admin, lang)), flush=True)
        if options.attached:
            eventlet.spawn(_watch_input, stopping)
        stopping.wait()
    finally:
        places.withdraw(options.store, os.getpid())
        server.stop()
        system.stop()
    return Exit.FINE


def _fill(system: Composition, store: Path) -> bool:
    """The demo company; what is wrong with it is told, and keeps nobody from working."""
    from vigencia import company

    try:
        return company.fill_when_empty(system, store, lambda text: print(text, file=sys.stderr))
    except Exception as error:
        logs.get("embedded").exception("the demo company is not complete; the next start goes on", error=str(error))
        return True


def _on_signals(stopping: threading.Event) -> None:
    def stop(number: int, _frame: Any) -> None:
        # Within a signal handler nothing may wait: the event is set by a green thread.
        eventlet.spawn_n(stopping.set)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _watch_input(stopping: threading.Event) -> None:
    """Whoever started us holds the other end: when it closes, we end."""
    from eventlet import tpool

    tpool.execute(sys.stdin.buffer.read)
    stopping.set()


def _complain(text: str, code: Exit) -> int:
    print(text, file=sys.stderr, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
