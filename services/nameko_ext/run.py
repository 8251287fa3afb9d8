"""Runs one service in a process of its own: ``python -m services.nameko_ext.run contracts``.

Environment:
    VIGENCIA_AMQP_URL       amqp://user:password@host:port/vhost
    VIGENCIA_HTTP_HOST, _HTTP_PORT   health and metrics, default 127.0.0.1 and none (no port: none served)
    VIGENCIA_HOST, _PORT    the gateway's own web server, default 127.0.0.1 and 8000
    VIGENCIA_RPC_WORKERS    calls answered at a time, default 10; VIGENCIA_FEED_WORKERS: feeds and heads, default 4
    OTEL_EXPORTER_OTLP_ENDPOINT and the other standard variables: traces are sent there (services/otlp.py)
    VIGENCIA_STOP_SECONDS   patience with what is being done when SIGTERM comes, default 20

SIGTERM and SIGINT: takes no more, finishes what is being done, exits with 0.
"""

from __future__ import annotations

import os
import warnings

warnings.filterwarnings("ignore", message=r"(?s).*Eventlet is deprecated")
# psycopg's own way of waiting blocks every green thread; this one waits by the patched selectors.
os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"

import eventlet

eventlet.monkey_patch()

import argparse
import importlib
import importlib.util
import logging
import signal
import sys
import threading
import time
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from nameko.constants import AMQP_URI_CONFIG_KEY, HEARTBEAT_CONFIG_KEY, MAX_WORKERS_CONFIG_KEY
from nameko.containers import ServiceContainer
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR
from nameko.runners import ServiceRunner

from services import logs, tracing
from services.collecting import keep_what_is_loaded
from services.nameko_ext import waiting
from services.nameko_ext.health import health_app
from services.nameko_ext.wsgi import WebServer
from services.transport.rabbit.calls import FEED_SUFFIX
from services.transport.rabbit.link import HEARTBEAT

_log = logs.get("run")
waiting.install()


def module_name(service: str) -> str:
    """Where a service's nameko classes are: ``contracts`` → ``contracts_service.service``; a dotted name is itself."""
    if "." in service:
        return service
    package = f"{service}_service"
    return f"{package if importlib.util.find_spec(package) else service}.service"


def service_classes(module: ModuleType) -> list[type]:
    """The nameko services of a module: classes with a name and at least one entrypoint."""
    return [
        each
        for each in vars(module).values()
        if isinstance(each, type)
        and isinstance(getattr(each, "name", None), str)
        and any(hasattr(member, ENTRYPOINT_EXTENSIONS_ATTR) for member in vars(each).values())
    ]


class Runner(ServiceRunner):
    """nameko's runner, with a number of workers of its own for each service."""

    def add_service(self, cls: type) -> None:
        feed = cls.name.endswith(FEED_SUFFIX)  # type: ignore[attr-defined]
        workers = os.environ.get("VIGENCIA_FEED_WORKERS", "4") if feed else os.environ.get("VIGENCIA_RPC_WORKERS", "10")
        config = {**self.config, MAX_WORKERS_CONFIG_KEY: int(workers)}
        self.service_map[cls.name] = ServiceContainer(cls, config)  # type: ignore[attr-defined]


def run(module: ModuleType, amqp_url: str) -> int:
    """Serve until a signal comes. The process's exit code."""
    classes = service_classes(module)
    if not classes:
        raise SystemExit(f"{module.__name__} has no nameko service")
    runner = Runner({AMQP_URI_CONFIG_KEY: amqp_url, HEARTBEAT_CONFIG_KEY: HEARTBEAT})
    for each in classes:
        runner.add_service(each)
    host = classes[0].host  # type: ignore[attr-defined]
    health = _health_server(host.health)
    stopping = threading.Event()
    stopped: list[int] = []

    def stop() -> None:
        patience = float(os.environ.get("VIGENCIA_STOP_SECONDS", "20"))
        with eventlet.Timeout(patience, False):
            runner.stop()
            stopped.append(0)
        if not stopped:
            _log.error("not stopped in time", seconds=patience)
            os._exit(1)

    def on_signal(number: int, _frame: Any) -> None:
        # Within a signal handler nothing may wait: the stopping itself is a green thread.
        if not stopping.is_set():
            eventlet.spawn_n(stopping.set)
            eventlet.spawn_n(stop)

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    try:
        runner.start()
        keep_what_is_loaded()
        _log.info("serving", services=sorted(runner.service_names))
        _wait(runner)
    except Exception:
        if not stopping.is_set():
            _log.exception("the service failed")
            return 1
    while stopping.is_set() and not stopped:  # the containers are done, the stopping itself not quite
        time.sleep(0.01)
    if health is not None:
        health.stop(grace=0.5)
    return 0


def _wait(runner: ServiceRunner) -> None:
    """``runner.wait``, on a green thread of its own: a signal interrupts the main one's wait (EINTR), not that."""
    waiting = eventlet.spawn(runner.wait)
    while True:
        try:
            waiting.wait()
        except InterruptedError:
            continue
        return


def _health_server(health: Any) -> WebServer | None:
    port = os.environ.get("VIGENCIA_HTTP_PORT")
    if not port:
        return None
    server = WebServer(health_app(health), os.environ.get("VIGENCIA_HTTP_HOST", "127.0.0.1"), int(port), name="health")
    server.start()
    return server


def main(arguments: list[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    parser = argparse.ArgumentParser(prog="python -m services.nameko_ext.run", description="Runs one service.")
    parser.add_argument("service", help="contracts, billing, tickets, feedback, gateway, or a module with services")
    service = parser.parse_args(arguments).service
    url = environ.get("VIGENCIA_AMQP_URL")
    if not url:
        parser.error("VIGENCIA_AMQP_URL is not set")
    logs.configure(service=service.split(".")[0])
    # A refused command is an answer, not a warning with a traceback.
    logging.getLogger("nameko.containers").setLevel(logging.ERROR)
    tracing.configure()
    try:
        return run(importlib.import_module(module_name(service)), url)
    finally:
        tracing.close()


if __name__ == "__main__":
    sys.exit(main())
