"""A small company in one process: the four services on SQLite over the local transport, with a calendar of its own.

Commands are the real ones, by name and with JSON values, and what follows from them is really propagated. The clock
stands still until the test moves it; whatever is due until then is done, each on its day.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import inspect, text

from services.component import Component
from vigencia.composition import Composition

MORNING = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # Monday, 9 o'clock in São Paulo
ZONE = ZoneInfo("America/Sao_Paulo")
STAFF = "user:ana"
TECHNICIAN = "bruno"

PROVIDER, SERVICE, CUSTOMER, CONTACT, SITE = "prov-1", "serv-ac", "cust-1", "cont-1", "site-1"
CONTRACT = "contract-1"
INCLUDED, BEYOND = "2", "120.00"


def parts() -> dict[str, Component]:
    """The four services that own something; the gateway is not needed for the choreography."""
    from billing_service.wiring import component as billing
    from contracts_service.wiring import component as contracts
    from feedback_service.wiring import component as feedback
    from tickets_service.wiring import component as tickets

    return {made.name: made for made in (contracts(), billing(), tickets(), feedback())}


class World:
    """The running services. ``do`` sends a command, ``ask`` a question, ``settle`` waits until everybody knows."""

    def __init__(self, store: Path, *more: Component) -> None:
        """``more``: services beside the four."""
        self.now = MORNING
        self.system = Composition(store, parts={**parts(), **{made.name: made for made in more}})
        for app in self.system.apps.values():
            app.application.clock = lambda: self.now
        self.system.start()

    def close(self) -> None:
        self.system.stop()

    # -- acting --------------------------------------------------------------------------------------------------------

    def do(self, service: str, command: str, *, actor: str = STAFF, **payload: Any) -> Any:
        """One command, as it comes over the wire; then everybody takes in what follows."""
        answer = self.send(service, command, actor=actor, **payload)
        self.settle()
        return answer

    def send(self, service: str, command: str, *, actor: str = STAFF, **payload: Any) -> Any:
        """One command, without waiting for anybody."""
        return self.system.execute(service, command, payload, id=str(uuid.uuid4()), actor=actor)

    def batch(self, service: str, name: str, *records: dict[str, Any], historical: bool) -> list[str]:
        """Records of another system; their statuses."""
        payload = {"name": name, "records": list(records), "actor": STAFF, "historical": historical}
        answers = self.system.call(service, "batch", payload)
        self.settle()
        return [answer["status"] for answer in answers]

    def settle(self) -> None:
        self.system.settle()

    def go_to(self, day: str, hour: int = 9) -> None:
        """Let the days pass until ``day``, local time; what falls due is done on its day, and everybody hears of it."""
        until = datetime.combine(date.fromisoformat(day), time(hour), ZONE).astimezone(UTC)
        while self.now < until:
            self.now = min(until, self.now + timedelta(days=1))
            self._run_due()

    def pass_hours(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self._run_due()

    def _run_due(self) -> None:
        for service in self.system.apps:
            self.system.call(service, "operate", {"action": "due", "until": self.now.isoformat()})
        self.settle()

    # -- looking -------------------------------------------------------------------------------------------------------

    def ask(self, service: str, query: str, **params: Any) -> Any:
        return self.system.call(service, "ask", {"query": query, "params": params, "actor": STAFF})

    def feed(self, service: str) -> list[dict[str, Any]]:
        """Everything that a service ever told, as others read it."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.system.call(service, "feed", {"partition": 0, "after": len(found) - 1, "limit": 500})["events"]
            found += page
            if not page:
                return found

    def told(self, type_: str, **data: Any) -> list[dict[str, Any]]:
        """The data of the events of one type, in order; only those that hold ``data``."""
        return [
            event["data"]
            for event in self.feed(type_.partition(".")[0])
            if event["type"] == type_ and all(event["data"].get(key) == value for key, value in data.items())
        ]

    def types(self, service: str) -> list[str]:
        return [event["type"] for event in self.feed(service)]

    def caused(self, type_: str) -> list[tuple[str, str]]:
        """Who told the events of one type: ``(actor, causing event)``."""
        events = self.feed(type_.partition(".")[0])
        return [(event["actor"], event["causationid"]) for event in events if event["type"] == type_]

    def health(self) -> dict[str, Any]:
        return self.system.health()

    def cells(self) -> Iterator[tuple[str, str]]:
        """Every value of every table in every store and vault: ``(service.table.column, text)``."""
        for name, app in self.system.apps.items():
            for engine in (app.database.engine, app._vault_database.engine):
                with engine.connect() as conn:
                    for table in inspect(engine).get_table_names():
                        for row in conn.execute(text(f'SELECT * FROM "{table}"')).mappings():
                            for column, value in row.items():
                                yield f"{name}.{table}.{column}", str(value)

    # -- the company ---------------------------------------------------------------------------------------------------

    def found_company(self) -> None:
        """A provider, a service type, and a customer with an authorised contact and a site."""
        self.send(
            "contracts", "register_provider", provider_id=PROVIDER, legal_name="Horizonte Manutenção Ltda.",
            trade_name="Horizonte", cnpj="33.014.556/0001-96", address="Av. Paulista, 1000", city="São Paulo",
            state="SP", pix_key="financeiro@horizonte.example", time_zone="America/Sao_Paulo", number_prefix="HZ-",
        )  # fmt: skip
        self.send(
            "contracts", "define_service_type", service_type_id=SERVICE, code="AC",
            name="Manutenção de ar-condicionado", description="Preventiva e corretiva",
        )  # fmt: skip
        self.send(
            "contracts", "register_customer", customer_id=CUSTOMER, kind="person", person_name="Maria Helena Souza",
            cpf="529.982.247-25", email="helena@exemplo.example", phone="+55 11 90000-0004",
            address="Rua das Flores, 8",
        )  # fmt: skip
        self.send(
            "contracts", "authorise_contact", customer_id=CUSTOMER, contact_id=CONTACT, name="Otávio Barreto",
            email="otavio@exemplo.example", role="Síndico", rights=["requests", "money", "approval"],
        )  # fmt: skip
        self.do(
            "contracts", "add_site", customer_id=CUSTOMER, site_id=SITE, name="Casa", address="Rua das Flores, 8",
            city="São Paulo", state="SP",
        )  # fmt: skip

    def sign(self, contract_id: str = CONTRACT, *, on: str = "2026-03-01", **terms: Any) -> None:
        """A contract for 1,000.00 a month, in force from ``on``."""
        self.send(
            "contracts", "draft_contract", contract_id=contract_id, customer_id=CUSTOMER, provider_id=PROVIDER,
            terms=contract_terms(**{"starts_on": on, **terms}),
        )  # fmt: skip
        self.do("contracts", "activate_contract", contract_id=contract_id, on=on)

    def planned(self, contract_id: str = CONTRACT) -> list[tuple[str, str]]:
        """What is to be billed: first day of the period and amount."""
        items = self.ask("billing", "agenda", account_id=contract_id, limit=200)["items"]
        return [(item["period_start"], item["amount"]) for item in items]

    def receivables(self, contract_id: str = CONTRACT) -> list[dict[str, Any]]:
        """In full, by due day."""
        items = self.ask("billing", "receivables", account_id=contract_id)["items"]
        return [self.ask("billing", "receivable", receivable_id=item["receivable_id"]) for item in reversed(items)]

    def coverage(self, contract_id: str = CONTRACT, contact_id: str = CONTACT) -> str:
        answer = self.ask(
            "tickets", "coverage", contract_id=contract_id, service_type_id=SERVICE, contact_id=contact_id
        )
        return str(answer["status"])

    def request(self, request_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("tickets", "request", request_id=request_id)
        return found

    def open_request(self, request_id: str = "req-1", description: str = "O aparelho da sala pinga.") -> None:
        """The customer's contact asks for a service."""
        self.do(
            "tickets", "open_request", actor=f"contact:{CONTACT}", request_id=request_id, contract_id=CONTRACT,
            service_type_id=SERVICE, site_id=SITE, opened_by=CONTACT, description=description,
        )  # fmt: skip

    def resolve(self, request_id: str = "req-1") -> str:
        """Somebody does the work and proves it; the id of the evaluation that is asked for."""
        from feedback_service.domain.ids import evaluation_id

        if self.request(request_id)["status"] == "open":
            self.do("tickets", "assign_request", request_id=request_id, assignee_id=TECHNICIAN)
            self.do("tickets", "start_request", request_id=request_id)
        self.attach(request_id)
        self.do("tickets", "resolve_request", request_id=request_id, resolved_by=TECHNICIAN, summary="Dreno limpo.")
        return str(evaluation_id(request_id, self.request(request_id)["resolution"]))

    def attach(self, request_id: str) -> None:
        """A photo: one of the proofs that the contract accepts."""
        self.do(
            "tickets", "attach_document", request_id=request_id, document_id=str(uuid.uuid4()), kind="photo",
            sha256="0" * 64, name="foto.jpg", size=1000, media_type="image/jpeg",
        )  # fmt: skip

    def evaluation(self, evaluation_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("feedback", "evaluation", evaluation_id=evaluation_id)
        return found


def contract_terms(**changes: Any) -> dict[str, Any]:
    """1,000.00 a month in advance; 2 hours of service included, 120.00 for each beyond; a photo proves the service."""
    terms: dict[str, Any] = {
        "starts_on": "2026-03-01",
        "services": [
            {
                "service_type_id": SERVICE, "code": "AC", "name": "Manutenção de ar-condicionado",
                "targets": [{"priority": "medium", "response_minutes": 240, "resolution_minutes": 960}],
                "included_quantity": INCLUDED, "unit": "hour", "overage_unit_price": BEYOND, "evidence": ["photo"],
            }
        ],
        "lines": [line("1000.00")],
        "billing": {"due_days": 10, "business_day_rule": "next"},
        "default": {"days": 30, "suspend": True, "notice_days": 5},
    }  # fmt: skip
    return {**terms, **changes}


def line(amount: str, **changes: Any) -> dict[str, Any]:
    return {
        "line_id": "line-1", "clause": "4.1", "description": "Manutenção de ar-condicionado", "kind": "recurring",
        "amount": amount, "rule": "monthly", "mode": "advance", **changes,
    }  # fmt: skip
