"""The only place where the gateway's parts are put together."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask

from gateway.api.app import Parts, build
from gateway.api.pace import Pace, calls_per_minute
from gateway.backend import AppBackend
from gateway.exports.plan import PlanOfAccounts
from gateway.identity import forgetting
from gateway.identity.accounts import Accounts
from gateway.identity.attempts import Attempts
from gateway.identity.erasures import Erasures
from gateway.identity.files import FileUploads
from gateway.identity.keys import ApiKeys
from gateway.identity.onetime import OneTimeLinks
from gateway.identity.passwords import Argon2Passwords, RunElsewhere
from gateway.identity.roles import ATTENDANT, FINANCE, MANAGER, OPERATOR
from gateway.identity.sessions import Sessions
from gateway.identity.signing import Secrets
from gateway.identity.tokens import Tokens
from gateway.identity.users import UserStore
from gateway.live import LOOKS, Key, LiveWatch
from gateway.mail.accounts import AccountMail
from gateway.mail.channels import messenger_of
from gateway.mail.declining import Declined
from gateway.mail.delivery import delivery_of, mail_settings
from gateway.mail.keeping import Mail
from gateway.mail.queueing import policies
from gateway.mail.sender import MailSender
from gateway.operating.sampling import EVERY, Watchtower
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
from gateway.webhooks.delivering import Deliverer, Runner
from gateway.webhooks.keeping import Webhooks
from gateway.webhooks.sealing import Seals
from gateway.webhooks.settings import webhook_settings
from services.blobs import FolderBlobs
from services.component import Component, Worker
from services.figures import figures
from services.runtime import App
from services.settings import secret_for, secrets_of

FIRST_USER = "admin"
HEADS_SECONDS = 5.0
FIGURES_SECONDS = 3.0
_TOWERS: weakref.WeakKeyDictionary[App, Watchtower] = weakref.WeakKeyDictionary()
_TOWERS_LOCK = threading.Lock()


def component() -> Component:
    return Component(
        name="gateway",
        remote_views=(CustomersView(), ContractsView(), MoneyView(), RequestsView(), VisitsView(), EvaluationsView()),
        policies=(*policies(), forgetting.policy()),
        workers=(
            Worker("accounts", _account_work, seconds=2.0),
            Worker("mail", _mail_work),
            Worker("watchtower", _watch_work, seconds=EVERY),
            Worker("webhooks", _webhook_work, seconds=1.0),
        ),
        queries=QUERIES,
        metadata=METADATA,
        records_applied=True,
    )


def _mail_work(app: App) -> Callable[[], object]:
    settings = mail_settings()
    delivery = delivery_of(settings, app.settings.var)
    known = accounts(app)
    of_accounts = AccountMail(app.database, known.links, known.sessions, settings.public_url)
    clock, messenger = app.application.clock, messenger_of()
    return MailSender(app.database, delivery, settings, app.call, clock, links(app), of_accounts, messenger).run


def _account_work(app: App) -> Callable[[], object]:
    return accounts(app).work


def _webhook_work(app: App) -> Callable[[], object]:
    """One call of it lasts as long as the service."""
    settings = webhook_settings()
    seals, clock = Seals(app.settings.secret), app.application.clock
    deliverer = Deliverer(app.database, seals, settings, app.call, clock, stopping=app.stopping)
    return Runner(deliverer, app.stopping)


def _watch_work(app: App) -> Callable[[], object]:
    return tower_of(app).look


def tower_of(app: App) -> Watchtower:
    """One for each running gateway: what its worker sees is what its pages show."""
    with _TOWERS_LOCK:
        if app not in _TOWERS:
            own = app.component.name
            # a weak hold: the table forgets a gateway that nobody runs any more
            held = weakref.ref(app)

            def ask(service: str) -> dict[str, Any]:
                running = held()
                if running is None or running.stopping.is_set():
                    return {}
                if service == own:
                    return figures(running)
                return dict(running.call(service, "operate", {"action": "figures"}, timeout=FIGURES_SECONDS))

            _TOWERS[app] = Watchtower(ask, app.application.clock)
        return _TOWERS[app]


def passwords(run: RunElsewhere | None = None) -> Argon2Passwords:
    """``run`` brings hashing to a native thread where the process is green (``services.nameko_ext.threads.native``)."""
    return Argon2Passwords(run) if run else Argon2Passwords()


def user_store(app: App, run: RunElsewhere | None = None) -> UserStore:
    """The gateway's users in the store of its application."""
    return UserStore(app.database, passwords(run))


def signing(app: App) -> Secrets:
    """All gateways of an installation share the tokens' secrets."""
    return secrets_of(app.settings.var, "tokens")


def links(app: App) -> Links:
    """Mailed addresses, good at every gateway of the installation."""
    return Links(signing(app))


def accounts(app: App, run: RunElsewhere | None = None) -> Accounts:
    """The ways in, and what they write down."""
    clock, hasher = app.application.clock, passwords(run)
    return Accounts(
        app.database,
        UserStore(app.database, hasher),
        hasher,
        Sessions(app.database, clock=clock),
        OneTimeLinks(app.database, signing(app), clock=clock),
        Attempts(app.database, clock=clock),
        clock=clock,
    )


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
    known, backend, tower = accounts(app, run), AppBackend(app), tower_of(app)
    return build(
        Parts(
            backend,
            UserStore(app.database, hasher),
            hasher,
            Tokens(signing(app)),
            accounts=known,
            uploads=FileUploads(app.database),
            erasures=Erasures(app.database),
            pace=Pace(known.attempts, calls_per_minute()),
            blobs=files,
            mail=Mail(app.database),
            kept_mail=kept,
            plan=PlanOfAccounts(app.database),
            keys=ApiKeys(app.database),
            feeds=FeedWatch(lambda service: app.call(service, "heads", {}, timeout=HEADS_SECONDS)),
            live=LiveWatch(lambda keys: {**backend.marks(keys), **_of_tower(tower, keys)}),
            tower=tower,
            seal_secret=secret_for(app.settings.var, "seals"),
            links=links(app),
            declined=Declined(app.database),
            webhooks=Webhooks(app.database, Seals(app.settings.secret), webhook_settings(), app.call),
        )
    )


def _of_tower(tower: Watchtower, keys: Sequence[Key]) -> dict[Key, int]:
    """What moves with each look, and in no store."""
    return {key: tower.mark() for key in keys if key == LOOKS}


wsgi = create_app
"""What serves the web (the rim's name for it)."""
