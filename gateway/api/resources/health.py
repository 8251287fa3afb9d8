"""Is all well: for people, supervisors and Prometheus. No log-in, no secret."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from gateway.api.calls import backend

blp = Blueprint("health", __name__)


@blp.get("/health")
def health() -> Response:
    """200 with the state of every part when all is ready; 503 with the reasons otherwise."""
    try:
        state = dict(backend().health())
    except Exception as error:  # a probe must always get its answer
        state = {"ready": False, "reasons": [f"{type(error).__name__}: {error}"], "parts": {}}
    return _json(state, 200 if state.get("ready") else 503)


@blp.get("/health/live")
def health_live() -> Response:
    """The process serves."""
    return _json({"live": True}, 200)


@blp.get("/health/ready")
def health_ready() -> Response:
    """The same as ``/health``."""
    return health()


@blp.get("/metrics")
def metrics() -> Response:
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _json(value: dict[str, Any], status: int) -> Response:
    return Response(json.dumps(value, ensure_ascii=False, default=str), status, mimetype="application/json")
