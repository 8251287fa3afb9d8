"""The OpenAPI document, and the page on which the API can be tried."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, redirect, send_from_directory
from werkzeug.wrappers import Response as Redirection

from gateway.identity.roles import CONTACT

blp = Blueprint("docs", __name__)
PAGE = Path(__file__).parents[2] / "static" / "docs"


@blp.get("/")
def front_page() -> Redirection:
    """Customers find their portal, staff the console."""
    from gateway.pages.session import reader

    user = reader()
    if user is None:
        return redirect("/login")
    return redirect("/portal" if set(user.roles) <= {CONTACT} else "/console")


@blp.get("/api/openapi.json")
def openapi_document() -> Response:
    return jsonify(current_app.extensions["vigencia"].document)


@blp.get("/api/docs")
def docs_page() -> Response:
    return send_from_directory(PAGE, "index.html")
