"""Builds the Flask application from its parts. No I/O, no global."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from environs import Env
from flask import Flask
from flask_smorest import Api
from werkzeug.middleware.proxy_fix import ProxyFix

from gateway.api import around, documents, gate, problems
from gateway.api.pace import Pace
from gateway.api.resources import RESOURCES, docs, health
from gateway.exports.plan import PlanOfAccounts
from gateway.identity.accounts import Accounts
from gateway.identity.erasures import Erasures
from gateway.identity.files import FileUploads
from gateway.identity.keys import ApiKeys
from gateway.identity.passwords import Passwords
from gateway.identity.tokens import Tokens
from gateway.identity.users import Users
from gateway.live import LiveWatch
from gateway.mail.declining import Declined
from gateway.mail.keeping import Mail
from gateway.operating.sampling import Watchtower
from gateway.pages import account, console, declining, entrance, events, live, mailed, portal, session
from gateway.pages.links import Links
from gateway.ports import Backend
from gateway.waiting import FeedWatch
from gateway.webhooks.keeping import Webhooks
from services.blobs import BlobStore, MemoryBlobs

LARGEST_BODY = 16 * 1024 * 1024
STATIC = Path(__file__).parents[1] / "static"


@dataclass
class Parts:
    """What the requests find at ``app.extensions["vigencia"]``."""

    backend: Backend
    users: Users
    passwords: Passwords
    tokens: Tokens
    document: dict[str, Any] = field(default_factory=dict)
    blobs: BlobStore = field(default_factory=MemoryBlobs)
    mail: Mail | None = None
    plan: PlanOfAccounts | None = None
    keys: ApiKeys | None = None
    feeds: FeedWatch | None = None
    live: LiveWatch | None = None
    seal_secret: bytes = b""  # of dossiers, and of the addresses under which calendars are read
    accounts: Accounts | None = None
    pace: Pace | None = None
    erasures: Erasures | None = None
    uploads: FileUploads | None = None
    links: Links | None = None
    declined: Declined | None = None
    webhooks: Webhooks | None = None
    tower: Watchtower | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    kept_mail: Callable[[str], str | None] = lambda _mail_id: None


def proxies_in_front() -> int:
    """``VIGENCIA_PROXIES``: how many proxies of the house stand before the gateway, and are believed about the client's
    address, scheme and host."""
    with (env := Env()).prefixed("VIGENCIA_"):
        return int(env.int("PROXIES", 0))


def build(parts: Parts) -> Flask:
    with _without_collection():
        return _build(parts)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Werkzeug compiles every route through ``ast``, and CPython 3.11's ``ast`` fails with "recursion depth mismatch"
    when the garbage collection runs finalizers in between (python/cpython 106905)."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _build(parts: Parts) -> Flask:
    app = Flask("gateway", static_folder=str(STATIC), static_url_path="/static")
    app.config.update(documents.settings())
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["vigencia"] = parts
    api = Api(app)
    api.spec.components.schema("Problem", schema=problems.Problem)
    for blueprint in RESOURCES:
        api.register_blueprint(blueprint, url_prefix="/api/v1")
    app.register_blueprint(health.blp)
    app.register_blueprint(docs.blp)
    for pages in (
        events.blp,
        mailed.blp,
        declining.blp,
        session.blp,
        entrance.blp,
        portal.blp,
        account.blp,
        console.blp,
        live.blp,
    ):
        app.register_blueprint(pages)
    problems.install(app)
    around.install(app)
    gate.install(app)
    if proxies := proxies_in_front():
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    parts.document = documents.document(api)
    return app
