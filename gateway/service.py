"""The gateway as nameko runs it: no rule lives here."""

from __future__ import annotations

from typing import Any

from gateway.wiring import component, create_app, ensure_first_user
from services.nameko_ext.service import nameko_service
from services.nameko_ext.threads import native


def web(app: Any) -> Any:
    """The HTTP interface, with somebody who can log in."""
    ensure_first_user(app, run=native)
    return create_app(app, run=native)


GatewayService, GatewayFeedService = nameko_service(component, wsgi=web)

__all__ = ["GatewayFeedService", "GatewayService"]
