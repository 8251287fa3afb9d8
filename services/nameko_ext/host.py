"""What a nameko service hosts: the application, built once per process, with its transport and its web server."""

from __future__ import annotations

import importlib
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from services import logs
from services.nameko_ext.wsgi import WebServer, WsgiApplication
from services.transport.port import Handler, Transport
from services.transport.rabbit.transport import RabbitTransport

_log = logs.get("nameko")


class Named(Protocol):
    """What the rim needs of a ``Component``."""

    @property
    def name(self) -> str: ...


class Application(Protocol):
    """What the rim needs of ``services.runtime.App``."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def handlers(self) -> Mapping[str, Handler]: ...

    def health(self) -> Mapping[str, Any]:
        """At least ``reasons``, a list of texts: why it is not ready; empty when it is."""


Build = Callable[[Any, Transport], Application]
MakeWsgi = Callable[[Any], WsgiApplication]


def default_build(component: Any, transport: Transport) -> Application:
    """The chassis's application, with its settings from the environment."""
    app: Application = importlib.import_module("services.runtime").App(component, transport)
    return app


class Host:
    """One application for all the nameko services of a component in this process: the first one to start starts it, the
    last one to stop stops it."""

    def __init__(self, component: Named, *, build: Build | None = None, wsgi: MakeWsgi | None = None) -> None:
        self.component = component
        self._build, self._wsgi = build or default_build, wsgi
        self._lock = threading.Lock()
        self._users = 0
        self._app: Application | None = None
        self._handlers: Mapping[str, Handler] = {}
        self._transport: RabbitTransport | None = None
        self._web: WebServer | None = None
        self._lanes: dict[str, bool] = {}  # nameko service → whether it listens for calls

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return self._handlers

    def acquire(self, lane: str, amqp_url: str) -> None:
        """``lane`` is the nameko service that needs the application."""
        with self._lock:
            self._lanes[lane] = False
            self._users += 1
            if self._users > 1:
                return
            self._transport = RabbitTransport(amqp_url, self.component.name)
            self._app = self._build(self.component, self._transport)
            self._app.start()
            self._handlers = self._app.handlers()
            if self._wsgi is not None:
                self._web = WebServer(self._wsgi(self._app), *web_address(), name=self.component.name)
                self._web.start()

    def release(self) -> None:
        """The web first, then what it asks, then what carries that."""
        with self._lock:
            self._users -= 1
            if self._users != 0 or self._transport is None:
                return
            if self._web is not None:
                self._web.stop()
            if self._app is not None:
                self._app.stop()
            self._transport.close()

    def listens(self, lane: str, up: bool) -> None:
        self._lanes[lane] = up

    def health(self) -> dict[str, Any]:
        """``{"service", "ready", "reasons", …}``: the application's own answer and that of the lanes."""
        answer = dict(self._app.health()) if self._app is not None and self._handlers else {"reasons": ["starting"]}
        lanes = sorted(self._lanes.items())
        reasons = [*_texts(answer.get("reasons", ())), *(f"{lane} does not listen" for lane, up in lanes if not up)]
        ready = not reasons and bool(answer.get("ready", True))
        return {**answer, "service": self.component.name, "ready": ready, "reasons": reasons}


def web_address() -> tuple[str, int]:
    """Where a service's own web server listens (the gateway's)."""
    return os.environ.get("VIGENCIA_HOST", "127.0.0.1"), int(os.environ.get("VIGENCIA_PORT", "8000"))


def _texts(reasons: Iterable[Any]) -> list[str]:
    return [str(reason) for reason in reasons]
