"""The OpenAPI document, and the page on which the API can be tried."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, redirect, send_from_directory
from werkzeug.wrappers import Response as Redirection

blp = Blueprint("docs", __name__)
PAGE = Path(__file__).parents[2] / "static" / "docs"


@blp.get("/")
def front_page() -> Redirection:
    """As long as there is no portal, whoever comes to the front door finds the page on which the API can be tried."""
    return redirect("/api/docs")


@blp.get("/api/openapi.json")
def openapi_document() -> Response:
    return jsonify(current_app.extensions["vigencia"].document)


@blp.get("/api/docs")
def docs_page() -> Response:
    return send_from_directory(PAGE, "index.html")
