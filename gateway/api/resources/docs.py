"""The OpenAPI document, and the page on which the API can be tried."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, send_from_directory

blp = Blueprint("docs", __name__)
PAGE = Path(__file__).parents[2] / "static" / "docs"


@blp.get("/api/openapi.json")
def openapi_document() -> Response:
    return jsonify(current_app.extensions["vigencia"].document)


@blp.get("/api/docs")
def docs_page() -> Response:
    return send_from_directory(PAGE, "index.html")
