"""A running service: application, relay, subscriptions, due runner and watch over one transport.

``App`` is what the rim hosts (``services.nameko_ext`` in full mode, ``vigencia.embedded`` in one process).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from services import logs, tracing
from services.application import Application
from services.component import Component, Worker
from services.consumer import Reader
from services.due import DueRunner
from services.handlers import Handlers
from services.parking import listing
from services.rebuilding import Rebuilds
from services.relay import Relay
from services.settings import Settings, from_environment
from services.store.database import Database, is_passing
from services.subscriptions import start_checkpoints, subscriptions_of
from services.transport.port import Handler, Subscribed, Transport
from services.vault import Vault
from services.watching import compare_all, watch

WATCH_SECONDS = 10.0
DUE_SECONDS = 1.0
WORK_PAUSE_SECONDS = 5.0
STARTING_LOCK = 7_309_003
log = logs.get("runtime")


class App:
    """One service, ready to be started. ``settings`` default to the environment's."""

    def __init__(
        self, component: Component, transport: Transport, settings: Settings | None = None, *, due_runs: bool = True
    ) -> None:
        self.component = component
        self.settings = settings or from_environment(component.name)
        self.transport = transport
        self.database = Database(self.settings.database_url)
        schema = None if self.database.sqlite else "vault"
        self._vault_database = Database(self.settings.vault_url, pool_size=4, schema=schema)
        self.vault = Vault(self._vault_database, secret=self.settings.secret, service=component.name)
        self.application = Application(component, self.database, self.vault, partitions=self.settings.partitions)
        self.relay: Relay | None = None
        self.readers: list[Reader] = []
        self.due = DueRunner(self.application)
        self.rebuilds = Rebuilds()
        self._due_runs = due_runs
        self.due_held_until = 0.0
        """Monotonic: until then nothing runs by itself, because an operator brings in what is past, in its own order."""
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._subscribed: list[Subscribed] = []
        self._started = False
        self._handlers = Handlers(self)

    def create(self) -> None:
        """Migrate the store to today's shape (idempotent; of several instances one at a time)."""
        from services.migrations import upgrade

        with self.database.alone(STARTING_LOCK):
            upgrade(self.component, self.database)
            self.vault.create()
            self.application.store.create(tables=False)
            start_checkpoints(self.application, subscriptions_of(self.component), self.settings.partitions)

    def start(self) -> None:
        """Migrate, then start relay, subscriptions, due runner and watch. Returns without waiting for other services."""
        self.create()
        sender = self.transport.sender(self.component.name)
        self.relay = Relay(self.application, sender)
        if self.component.aggregates:
            self._thread("relay", lambda: self.relay.run(self._stop))  # type: ignore[union-attr]
        self._subscribe()
        self._thread("watch", self._watch)
        if self._due_runs and self.component.aggregates:
            self._thread("due", self._run_due)
        for worker in self.component.workers if self._due_runs else ():
            self._thread(worker.name, lambda worker=worker: self._work(worker))  # type: ignore[misc]
        self._started = True

    def stop(self) -> None:
        """Take no more, finish what is being done, let go of the store."""
        self._stop.set()
        self.application.appended.set()
        for subscribed in self._subscribed:
            subscribed.ask_to_stop()  # all at once, so that they finish side by side
        for subscribed in self._subscribed:
            subscribed.close()
        for thread in self._threads:
            thread.join(timeout=10)
        if self.relay is not None:
            self.relay.close()
        self.database.dispose()
        self._vault_database.dispose()

    @property
    def stopping(self) -> threading.Event:
        """Set when the service is to end: for workers that do one thing for long."""
        return self._stop

    def handlers(self) -> Mapping[str, Handler]:
        """The methods that the transport serves."""
        return self._handlers.table()

    def call(
        self, service: str, method: str, payload: Mapping[str, Any], *, timeout: float = 10.0, **options: Any
    ) -> Any:
        """Ask a service; what this process serves itself is answered without the transport."""
        if service == self.component.name and method in ("feed", "heads"):
            # through JSON all the same: a feed's events are bytes that only the wire makes into values
            return msgspec.json.decode(msgspec.json.encode(self.handlers()[method](dict(payload), {})))
        headers = options.pop("headers", None)
        name = f"{service} {tracing.call_name(method, payload)}"
        with tracing.span(self.component.name, name, "client", rpc__method=method, server__address=service):
            carried = tracing.carried(logs.carried(headers))
            return self.transport.call(service, method, payload, timeout=timeout, headers=carried, **options)

    # -- health ----------------------------------------------------------------------------------------------------

    def health(self) -> dict[str, Any]:
        """``{"service", "ready", "reasons", "relay", "subscriptions", "due", "parked"}``"""
        reasons: list[str] = [] if self._started else ["starting"]
        report: dict[str, Any] = {"service": self.component.name, "mode": self.settings.mode}
        try:
            with self.database.read() as conn:
                report["parked"] = len(listing(conn, self.component.name))
            report["due"] = self.due.waiting() | {"held": time.monotonic() < self.due_held_until}
            if self.relay is not None and self.component.aggregates:
                report["relay"] = self.relay.lag()
                if report["relay"]["broker"].startswith("down"):
                    reasons.append(f"broker {report['relay']['broker']}")
            report["database"] = "up"
        except Exception as error:
            report["database"] = f"down: {type(error).__name__}"
            reasons.append("database down")
        positions = [position for reader in self.readers for position in reader.positions()]
        report["subscriptions"] = positions
        report["stopped"] = sorted({p["subscription"] for p in positions if not p["running"]})
        return {**report, "ready": not reasons, "reasons": reasons}

    # -- threads ---------------------------------------------------------------------------------------------------

    def beside(self, name: str, work: Callable[[], None]) -> None:
        """Do it in a thread of its own; what it raises is logged."""
        self._thread(name, work)

    def _subscribe(self) -> None:
        subscriptions = subscriptions_of(self.component)
        by_source: dict[str, list[Any]] = {}
        for subscription in subscriptions:
            by_source.setdefault(subscription.source, []).append(subscription)
        for source, group in by_source.items():
            for partition in range(self.settings.partitions):
                reader = Reader(self.application, source, partition, group, self.call)
                self.readers.append(reader)
                name, types = self.component.name, reader.types
                self._subscribed.append(self.transport.subscribe(name, source, partition, reader, types))

    def _watch(self) -> None:
        watch(self.readers, self.call, self._stop, every=WATCH_SECONDS)

    def compare_now(self) -> None:
        """Compare every checkpoint with its source's heads at once."""
        compare_all(self.readers, self.call)

    def _run_due(self) -> None:
        while not self._stop.wait(DUE_SECONDS):
            if time.monotonic() < self.due_held_until:
                continue
            try:
                self.due.run(self.application.clock(), limit=500)
            except Exception as error:
                if not is_passing(error):
                    log.exception("due runner failed")
                self._stop.wait(5.0)

    def _work(self, worker: Worker) -> None:
        do = worker.make(self)
        while not self._stop.wait(worker.seconds):
            try:
                do()
            except Exception as error:
                if not is_passing(error):
                    log.exception("work failed", worker=worker.name)
                self._stop.wait(WORK_PAUSE_SECONDS)

    def _thread(self, name: str, work: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                work()
            except Exception:
                log.exception("thread ended", thread=name)

        thread = threading.Thread(target=guarded, name=f"{self.component.name}.{name}", daemon=True)
        self._threads.append(thread)
        thread.start()
