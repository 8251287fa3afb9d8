"""The only place where the gateway's parts are put together."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from gateway.api.app import Parts, build
from gateway.backend import AppBackend
from gateway.exports.plan import PlanOfAccounts
from gateway.identity.keys import ApiKeys
from gateway.identity.passwords import Argon2Passwords, RunElsewhere
from gateway.identity.roles import ATTENDANT, FINANCE, MANAGER, OPERATOR
from gateway.identity.tokens import Tokens
from gateway.identity.users import UserStore
from gateway.live import LiveWatch
from gateway.mail.delivery import delivery_of, mail_settings
from gateway.mail.keeping import Mail
from gateway.mail.queueing import policies
from gateway.mail.sender import MailSender
from gateway.pages.links import Links
from gateway.queries.lists import QUERIES
from gateway.tables import METADATA
from gateway.views.contracts import ContractsView
from gateway.views.customers import CustomersView
from gateway.views.evaluations import EvaluationsView
from gateway.views.money import MoneyView
from gateway.views.requests import RequestsView
from gateway.views.visits import VisitsView
from gateway.waiting import FeedWatch
from services.blobs import FolderBlobs
from services.component import Component, Worker
from services.runtime import App
from services.settings import secret_for

FIRST_USER = "admin"
HEADS_SECONDS = 5.0


def component() -> Component:
    return Component(
        name="gateway",
        remote_views=(CustomersView(), ContractsView(), MoneyView(), RequestsView(), VisitsView(), EvaluationsView()),
        policies=policies(),
        workers=(Worker("mail", _mail_work),),
        queries=QUERIES,
        metadata=METADATA,
        records_applied=True,
    )


def _mail_work(app: App) -> Callable[[], object]:
    settings = mail_settings()
    delivery = delivery_of(settings, app.settings.var)
    return MailSender(app.database, delivery, settings, app.call, app.application.clock, links(app)).run


def passwords(run: RunElsewhere | None = None) -> Argon2Passwords:
    """``run`` brings hashing to a native thread where the process is green (``services.nameko_ext.threads.native``)."""
    return Argon2Passwords(run) if run else Argon2Passwords()


def user_store(app: App, run: RunElsewhere | None = None) -> UserStore:
    """The gateway's users in the store of its application."""
    return UserStore(app.database, passwords(run))


def tokens(app: App) -> Tokens:
    """All gateways of an installation share the tokens' secret."""
    return Tokens(secret_for(app.settings.var, "tokens"))


def links(app: App) -> Links:
    """Mailed addresses, good at every gateway of the installation."""
    return Links(secret_for(app.settings.var, "tokens"))


def ensure_first_user(app: App, *, run: RunElsewhere | None = None) -> None:
    """Where nobody can log in yet: ``admin``, whose password is the secret ``admin`` (``VIGENCIA_SECRET_ADMIN``, or the
    secrets file, where it is made at the first start)."""
    store = user_store(app, run)
    if store.count() == 0:
        password = secret_for(app.settings.var, "admin").decode()
        store.put(FIRST_USER, "Administração", (ATTENDANT, FINANCE, MANAGER, OPERATOR), password=password)


def create_app(app: App, *, run: RunElsewhere | None = None) -> Flask:
    """The HTTP interface over a gateway's application (``run``: see ``passwords``)."""
    hasher = passwords(run)
    files = FolderBlobs(app.settings.var / "blobs")
    kept = delivery_of(mail_settings(), app.settings.var).kept
    users = UserStore(app.database, hasher)
    backend = AppBackend(app)
    return build(
        Parts(
            backend,
            users,
            hasher,
            tokens(app),
            blobs=files,
            mail=Mail(app.database),
            kept_mail=kept,
            plan=PlanOfAccounts(app.database),
            keys=ApiKeys(app.database),
            feeds=FeedWatch(lambda service: app.call(service, "heads", {}, timeout=HEADS_SECONDS)),
            live=LiveWatch(backend.marks),
            calendar_secret=secret_for(app.settings.var, "tokens"),
            links=links(app),
        )
    )


wsgi = create_app
"""What serves the web (the rim's name for it)."""
