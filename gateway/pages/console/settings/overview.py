"""The settings' first page: the way to each register, for those who may read it."""

from __future__ import annotations

from flask import Response

from gateway.pages.console.frame import blp, show


@blp.get("/settings")
def console_settings() -> Response:
    return show("console/settings/overview.html")
