"""Finding the system that a command talks to: the one that runs, or an embedded one started for the command's time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vigencia import places
from vigencia.client import Client
from vigencia.console import Voice
from vigencia.exits import Exit, Failure
from vigencia.places import Running
from vigencia.words import say

START_SECONDS = 60.0
COMMAND_LINE = "command-line"
"""Whom the gateway knows the command line as; the same as there (importing it from there would load Flask)."""


@contextmanager
def connected(voice: Voice, *, store: Path | None = None, url: str | None = None) -> Iterator[Client]:
    """A client of the system: at ``url``; else the one that runs on ``store``; else one that runs on a usual store.

    When none runs, an embedded one is started on ``store`` (default ``var/embedded``) and ended with the block.
    """
    url = url or os.environ.get("VIGENCIA_URL")
    if url:
        with client(url, store, voice) as asked:
            yield asked
        return
    place, system = find(store)
    if system is not None:
        voice.note("using", url=system.url, mode=system.mode)
        with client(system.url, place, voice, where=lambda: _address(place)) as asked:
            yield asked
        return
    if is_full(place):
        raise Failure(Exit.UNREACHABLE, say("system.full-not-running", voice.lang, store=place))
    with started(place, voice) as system, client(system.url, place, voice) as asked:
        yield asked


def find(store: Path | None) -> tuple[Path, Running | None]:
    """The store that is meant, and what runs on it. A store just being started is waited for."""
    if store is not None:
        return store, places.running(store) or _being_started(store)
    for usual in (places.EMBEDDED, places.STACK):
        if (found := places.running(usual)) is not None:
            return usual, found
    return places.EMBEDDED, _being_started(places.EMBEDDED)


def is_full(store: Path) -> bool:
    """Whether the store is one of the full mode, whose servers a command does not start."""
    return (store / "postgres").exists()


def _being_started(store: Path) -> Running | None:
    end = time.monotonic() + START_SECONDS
    while places.is_owned(store) and time.monotonic() < end:
        if (found := places.running(store)) is not None:
            return found
        time.sleep(0.05)
    return None


@contextmanager
def started(store: Path, voice: Voice, *, mode: str = "embedded") -> Iterator[Running]:
    """A system of its own process on ``store``. It ends with the block, or with us, however we end."""
    voice.note("starting", store=store)
    log = store / "command.log"
    store.mkdir(parents=True, exist_ok=True)
    module = {"embedded": "vigencia.embedded", "full": "vigencia.full"}[mode]
    options = ["--store", str(store), "--port", "0", "--no-demo", "--attached"]
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *options], stdin=subprocess.PIPE, stdout=output, stderr=output
        )
    try:
        yield _when_ready(process, store, log, voice)
    finally:
        with suppress(BrokenPipeError, OSError):
            process.stdin.close()  # type: ignore[union-attr]  # its signal to end
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _when_ready(process: subprocess.Popen[bytes], store: Path, log: Path, voice: Voice) -> Running:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        found = places.running(store)
        if found is not None and found.pid == process.pid:
            return found
        time.sleep(0.02)
    last_words = log.read_text("utf-8", "replace").strip()[-1500:]
    raise Failure(Exit.UNREACHABLE, say("system.not-started", voice.lang, store=store, reason=last_words))


def _address(store: Path) -> str | None:
    """Where the store's system runs now."""
    found = places.running(store)
    return found.url if found else None


@contextmanager
def client(
    url: str, store: Path | None, voice: Voice, *, where: Callable[[], str | None] = lambda: None
) -> Iterator[Client]:
    """A client of a system that answers. Raises ``Failure`` (unreachable) when it does not."""
    asked = Client(url, _token(url, store, voice), voice.lang, where=where)
    try:
        if not asked.lives():
            raise Failure(Exit.UNREACHABLE, say("system.none", voice.lang, url=url))
        yield asked
    finally:
        asked.close()


def _token(url: str, store: Path | None, voice: Voice) -> Callable[[], str]:
    """What the command line identifies itself with: a given token, or one made with the installation's secret."""
    if given := os.environ.get("VIGENCIA_TOKEN"):
        return lambda: given
    from gateway.identity.tokens import Tokens
    from services.settings import secret_for

    place = store or places.EMBEDDED
    if not (place / "secrets.json").exists() and "VIGENCIA_SECRET_TOKENS" not in os.environ:
        raise Failure(Exit.UNREACHABLE, say("system.no-secret", voice.lang, store=place, url=url))
    tokens = Tokens(secret_for(place, "tokens"))
    return lambda: tokens.issue(COMMAND_LINE)[0]


__all__ = ["Running", "client", "connected", "find", "is_full", "started"]
