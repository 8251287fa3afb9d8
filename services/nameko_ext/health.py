"""The small HTTP port of every service: ``/health/live``, ``/health/ready`` and ``/metrics``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.nameko_ext.wsgi import WsgiApplication


def health_app(health: Callable[[], Mapping[str, Any]]) -> WsgiApplication:
    """``health`` gives ``{"ready": bool, "reasons": […], …}``; a failing one is not ready, for that reason."""

    def answer(path: str) -> tuple[str, str, bytes]:
        match path:
            case "/health/live":
                return "200 OK", "application/json", b'{"live": true}'
            case "/health" | "/health/ready":
                try:
                    state = dict(health())
                except Exception as error:  # a probe must always get its answer
                    state = {"ready": False, "reasons": [f"{type(error).__name__}: {error}"]}
                status = "200 OK" if state.get("ready") else "503 Service Unavailable"
                return status, "application/json", json.dumps(state, ensure_ascii=False, default=str).encode()
            case "/metrics":
                return "200 OK", CONTENT_TYPE_LATEST, generate_latest()
        return "404 Not Found", "text/plain; charset=utf-8", b"/health/live /health/ready /metrics\n"

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        status, content_type, body = answer(environ.get("PATH_INFO", "/"))
        start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body)))])
        return [body]

    return app
