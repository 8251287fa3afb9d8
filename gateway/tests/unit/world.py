"""A gateway without services: its own read models on a throw-away store, and a stand-in that answers for the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table

from gateway.api.app import Parts, build
from gateway.api.pace import PER_MINUTE, Pace
from gateway.exports.plan import PlanOfAccounts
from gateway.identity.accounts import Accounts
from gateway.identity.attempts import Attempts
from gateway.identity.erasures import Erasures
from gateway.identity.files import FileUploads
from gateway.identity.keys import ApiKeys
from gateway.identity.onetime import OneTimeLinks
from gateway.identity.sessions import STAYING, Sessions
from gateway.identity.tokens import Tokens
from gateway.identity.users import UserStore
from gateway.live import LiveWatch
from gateway.mail.declining import Declined
from gateway.mail.keeping import Mail
from gateway.operating.sampling import Watchtower
from gateway.pages.links import Links
from gateway.ports import Waited
from gateway.waiting import FeedWatch
from gateway.webhooks.keeping import Webhooks
from gateway.webhooks.sealing import Seals
from gateway.webhooks.settings import WebhookSettings
from services.codec import to_json_values
from services.events import Incoming
from services.rows import Rows
from services.testing.app import MemoryApp

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECRET = b"a secret of more than thirty-two bytes"
NAMES = {"person-a": "Ana Azevedo", "ana": "Ana", "bea": "Bea", "bob": "Bob"}


class PlainPasswords:
    """Stands for argon2id, which is slow on purpose."""

    def hash(self, password: str) -> str:
        return f"plain:{password}"

    def verify(self, hashed: str | None, password: str) -> bool:
        return hashed == f"plain:{password}"


@dataclass
class StandIn:
    """The services' side: what was asked, and what is answered. An answer that is an error is raised."""

    app: MemoryApp
    calls: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    waited: list[tuple[str, str, int]] = field(default_factory=list)
    waits: Waited = "applied"
    marked: dict[tuple[str, str | None], int] = field(default_factory=dict)
    healthy: bool = True

    def query(self, name: str, params: Mapping[str, Any]) -> Any:
        return self.app.query(name, **params)

    def call(
        self, service: str, method: str, payload: Mapping[str, Any], *, timeout: float, headers: Mapping[str, str]
    ) -> Any:
        self.calls.append((service, method, dict(payload), {"timeout": timeout, **headers}))
        named = payload.get("command") or payload.get("query") or payload.get("name") or payload.get("action") or method
        answer = self.answers.get(f"{service}.{named}", self.answers.get(method))
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            return answer(payload)
        if answer is None and method == "execute":
            return {"source": service, "stream": f"{named}-stream", "version": 1, "events": [f"{service}.x.happened"]}
        return {} if answer is None else answer

    def wait(self, source: str, stream: str, version: int, timeout: float) -> Waited:
        self.waited.append((source, stream, version))
        return self.waits

    def as_of(self, sources: Sequence[str]) -> datetime | None:
        return NOW if self.healthy else None

    def marks(self, keys: Sequence[tuple[str, str | None]]) -> dict[tuple[str, str | None], int]:
        return {key: self.marked.get(key, 0) for key in keys}

    def health(self) -> Mapping[str, Any]:
        reasons = [] if self.healthy else ["billing: no answer"]
        return {"ready": self.healthy, "reasons": reasons, "parts": {"gateway": {"ready": True}}}

    def commands(self) -> list[dict[str, Any]]:
        """The commands that reached the services."""
        return [payload for _, method, payload, _ in self.calls if method == "execute"]


@cache
def flask_application() -> Flask:
    """Built once: a test gives it its own parts."""
    nothing: Any = None
    app = build(Parts(nothing, nothing, nothing, nothing))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


class World:
    """Customers A (contact ana) and B (contact bob, and bea without the right to money), and their things."""

    def __init__(self, app: MemoryApp, *, users: bool = True) -> None:
        self.app = app
        self.services = StandIn(self.app)
        self.users = UserStore(self.app.database, PlainPasswords())
        self.now = NOW
        self.tokens = Tokens(SECRET, clock=self._clock)
        database = self.app.database
        self.accounts = Accounts(
            database,
            self.users,
            PlainPasswords(),
            Sessions(database, clock=self._clock),
            OneTimeLinks(database, SECRET, clock=self._clock),
            Attempts(database, clock=self._clock),
            clock=self._clock,
        )
        self.flask = flask_application()
        document = self.flask.extensions["vigencia"].document
        self.flask.extensions["vigencia"] = Parts(
            self.services,
            self.users,
            PlainPasswords(),
            self.tokens,
            document,
            mail=Mail(self.app.database),
            declined=Declined(self.app.database),
            plan=PlanOfAccounts(self.app.database),
            clock=self._clock,
            accounts=self.accounts,
            uploads=FileUploads(database, clock=self._clock),
            erasures=Erasures(database, clock=self._clock),
            pace=Pace(self.accounts.attempts, PER_MINUTE),
            seal_secret=SECRET,
            links=Links(SECRET, clock=self._clock),
            keys=ApiKeys(self.app.database),
            live=LiveWatch(self.services.marks, every=0.0),
            tower=Watchtower(self._figures, self._clock),
            webhooks=Webhooks(self.app.database, Seals(b"test"), WebhookSettings(), self._asked),
            feeds=FeedWatch(lambda service: self.services.call(service, "heads", {}, timeout=1, headers={}), every=0.0),
        )
        self._versions: dict[str, int] = {}
        for login, roles, contacts in USERS if users else ():
            self.users.put(login, login.title(), roles, password="secret", contacts=contacts, user_id=f"u-{login}")

    def _figures(self, service: str) -> Any:
        return self.services.call(service, "operate", {"action": "figures"}, timeout=1, headers={})

    def _asked(self, service: str, method: str, payload: dict[str, Any], *, timeout: float) -> Any:
        return self.services.call(service, method, payload, timeout=timeout, headers={})

    def close(self) -> None:
        self.app.close()

    def row(self, table: Table, **key: Any) -> dict[str, Any] | None:
        with self.app.database.read() as conn:
            return Rows(conn, lock=False).get(table, **key)

    def _clock(self) -> datetime:
        return self.now

    def token(self, login: str) -> str:
        return self.token_of(f"u-{login}")

    def token_of(self, user_id: str) -> str:
        """Of a session that begins with it, as after a login."""
        opened = self.accounts.sessions.open(
            user_id, kind="api", how="password", agent=None, address="192.0.2.1", lasts=STAYING
        )
        return self.tokens.issue(user_id, opened.session.session_id)[0]

    def client(self, login: str | None = None, lang: str = "en") -> FlaskClient:
        client = self.flask.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = lang
        if login is not None:
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.token(login)}"
        return client

    def happened(self, kind: str, data: Mapping[str, Any], *, stream: str = "s", at: datetime = NOW) -> None:
        """An event of another service, folded into the gateway's views."""
        self._versions[stream] = self._versions.get(stream, 0) + 1
        source = kind.split(".")[0]
        event = Incoming(
            id=f"{stream}@{self._versions[stream]}",
            source=source,
            type=kind,
            schema=1,
            stream=stream,
            version=self._versions[stream],
            at=at,
            data=to_json_values(dict(data)),
            correlation="",
            causation="",
            actor="test",
            historical=False,
            depth=0,
        )
        with self.app.database.write() as conn:
            for view in self.app.component.remote_views:
                if view.source == source:
                    prepare: Callable[..., Any] | None = getattr(view, "prepare", None)
                    prepared = (prepare([event], self._people),) if prepare else ()
                    rows = Rows(conn)
                    view.prefetch([event], rows)
                    view.fold(event, rows, *prepared)
                    rows.flush()

    @staticmethod
    def _people(service: str, method: str, payload: Mapping[str, Any]) -> Any:
        assert (service, method, payload["query"]) == ("contracts", "ask", "people")
        return {"people": {id_: {"name": NAMES[id_]} for id_ in payload["params"]["ids"] if id_ in NAMES}}

    def furnish(self) -> World:
        """Two customers with a contract, a receivable, a payment, a request and an evaluation each."""
        for customer, contacts in (("A", {"ana": ALL}), ("B", {"bob": ALL, "bea": ["requests"]})):
            name = f"Companhia {customer}"
            registered = {"customer_id": customer, "kind": "company", "legal_name": name, "cnpj": "11222333000181"}
            self.happened("contracts.customer.registered", registered)
            site = {"customer_id": customer, "site_id": f"l-{customer}", "name": "Matriz", "city": "São Paulo"}
            self.happened("contracts.customer.site_added", site)
            label = {"equipment_id": f"x-{customer}", "label": f"QR-{customer}", "description": "Split"}
            self.happened("contracts.customer.equipment_added", {**site, **label})
            for contact, rights in contacts.items():
                authorised = {"customer_id": customer, "contact_id": contact, "name": SEALED, "rights": rights}
                self.happened("contracts.customer.contact_authorised", authorised)
            self._things(customer, f"c-{customer}")
        return self

    def _things(self, customer: str, contract: str) -> None:
        of = {"contract_id": contract, "customer_id": customer}
        terms = {"starts_on": "2026-01-01", "ends_on": None, "services": [], "lines": [LINE]}
        self.happened("contracts.contract.drafted", {**of, "provider_id": "p", "terms": terms})
        self.happened(
            "contracts.contract.activated",
            {**of, "provider_id": "p", "number": f"N-{customer}", "on": "2026-01-01", "terms": terms},
        )
        self.happened("billing.account.opened", {**of, "account_id": contract, "on": "2026-01-01"})
        self.happened("billing.receivable.issued", {**of, **RECEIVABLE, "receivable_id": f"r-{customer}"})
        paid = [{"receivable_id": f"r-{customer}", "amount": "40.00"}]
        payment = {"payment_id": f"p-{customer}", "amount": "40.00", "on": "2026-01-20", "method": "pix"}
        self.happened("billing.payment.received", {**of, **payment, "allocations": paid, "unallocated": "0.00"})
        request = {**of, "request_id": f"q-{customer}", "at": NOW}
        opened = {"protocol": f"2026-{customer}", "channel": "portal", "priority": "high", "description": SEALED}
        self.happened(
            "tickets.request.opened", {**request, **opened, "opened_by": None, "coverage": {"status": "covered"}}
        )
        visit = {
            **of,
            "visit_id": f"v-{customer}",
            "kind": "preventive",
            "on": "2026-03-10",
            "opens": "08:00",
            "at": NOW,
        }
        planned = {
            "closes": "12:00",
            "time_zone": "America/Sao_Paulo",
            "description": "Preventiva",
            "equipment_ids": [],
        }
        self.happened("tickets.visit.planned", {**visit, **planned, "technician_id": "technician"})
        evaluation = {**of, "evaluation_id": f"e-{customer}", "request_id": f"q-{customer}", "resolution": 1}
        asked = {"contact_id": "ana" if customer == "A" else "bob", "at": NOW, "tacit_at": NOW}
        self.happened("feedback.evaluation.requested", {**evaluation, **asked})


USERS: tuple[tuple[str, list[str], list[dict[str, str]]], ...] = (
    ("manager", ["manager"], []),
    ("attendant", ["attendant"], []),
    ("technician", ["technician"], []),
    ("finance", ["finance"], []),
    ("operator", ["operator"], []),
    ("ana", ["contact"], [{"customer_id": "A", "contact_id": "ana"}]),
    ("bob", ["contact"], [{"customer_id": "B", "contact_id": "bob"}]),
    ("bea", ["contact"], [{"customer_id": "B", "contact_id": "bea"}]),
)
ALL = ["requests", "money", "approval"]
SEALED = {"sealed": "…"}
LINE = {"line_id": "l", "clause": "4.1", "description": "x", "amount": "100.00", "kind": "recurring", "rule": "monthly"}
RECEIVABLE = {
    "number": "1",
    "month": "2026-01",
    "issued_on": "2026-01-01",
    "due_on": "2026-01-10",
    "payable_on": "2026-01-12",
    "gross": "100.00",
    "withheld": "0.00",
    "net": "100.00",
}
