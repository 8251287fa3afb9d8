"""The desk's home: what needs somebody now."""

from __future__ import annotations

from flask import Response

from gateway.pages.console.frame import blp, show


@blp.get("")
def console_home() -> Response:
    return show("console/home.html")
