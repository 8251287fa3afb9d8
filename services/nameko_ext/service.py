"""Makes the nameko services of a component.

    # contracts_service/service.py
    from contracts_service.wiring import component
    from services.nameko_ext.service import nameko_service

    ContractsService, ContractsFeedService = nameko_service(component)

The first answers ``execute``, ``ask``, ``batch`` and ``operate``; the second, ``<name>-feed``, answers ``feed`` and
``heads`` with workers of its own. Both share one application. The gateway gives ``wsgi=``, a function that makes its
WSGI callable from the application; it is served on VIGENCIA_HOST and VIGENCIA_PORT.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nameko.constants import AMQP_URI_CONFIG_KEY
from nameko.extensions import DependencyProvider

from services.errors import NotFound
from services.nameko_ext.host import Build, Host, MakeWsgi, Named
from services.nameko_ext.rpc import call
from services.transport.port import COMMAND_LANE, FEED_LANE
from services.transport.rabbit.calls import FEED_SUFFIX


class HostProvider(DependencyProvider):
    """Ties the application's life to the container's: started before any call comes, stopped after the last ended."""

    def __init__(self, host: Host) -> None:
        self.host = host

    def setup(self) -> None:
        self.host.acquire(self.container.service_name, self.container.config[AMQP_URI_CONFIG_KEY])

    def stop(self) -> None:
        self.host.release()

    def get_dependency(self, worker_ctx: Any) -> Host:
        return self.host


def nameko_service(
    component: Named | Callable[[], Named], *, build: Build | None = None, wsgi: MakeWsgi | None = None
) -> tuple[type, type]:
    """The two nameko service classes of ``component`` (or of what it returns when called)."""
    built: Named = component() if callable(component) else component
    host = Host(built, build=build, wsgi=wsgi)
    title = "".join(part.capitalize() for part in built.name.replace("-", "_").split("_"))
    return (
        _service_class(f"{title}Service", built.name, COMMAND_LANE, host),
        _service_class(f"{title}FeedService", built.name + FEED_SUFFIX, FEED_LANE, host),
    )


def _service_class(class_name: str, name: str, methods: frozenset[str], host: Host) -> type:
    members = {method: call(_method(method)) for method in methods}
    return type(class_name, (), {"name": name, "host": host, "application": HostProvider(host), **members})


def _method(name: str) -> Callable[..., Any]:
    def method(self: Any, payload: dict[str, Any], headers: dict[str, str]) -> Any:
        handler = self.application.handlers.get(name)
        if handler is None:
            raise NotFound("rpc.no-such-method", method=name)
        return handler(payload, headers)

    method.__name__ = method.__qualname__ = name
    return method
