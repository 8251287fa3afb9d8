"""What the driver does: one customer's whole journey with one contract, in three kinds, each with a known result.

paid       three months billed and paid, the service confirmed and well rated
late       nothing paid: default, notice of suspension; then all is paid and the notice withdrawn; service contested
unhappy    three months billed, one paid; a low score reopens the request, which is resolved again and confirmed
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from contracts_service.domain.documents import cpf_check_digits
from feedback_service.domain.ids import evaluation_id
from services.testing.running import wait_for
from tests.faults.driver import Driver

NAMESPACE = UUID("5b0f4a4e-6c2f-5d1a-9a53-3d8c4b1f7a10")
STAFF, ENGINEER = "user:staff", "user:engineer"
BEYOND, BEYOND_PRICE = Decimal("1.5"), Decimal("80.00")  # hours over the included ones, and what each costs
PERSONS = ("Maria Souza", "João Lima")  # whose names no log may tell
KINDS = ("paid", "late", "unhappy")


def made_id(*names: object) -> str:
    return str(uuid5(NAMESPACE, "/".join(map(str, names))))


PROVIDER, SERVICE_TYPE = made_id("provider"), made_id("service")


@dataclass(frozen=True)
class Journey:
    """A finished journey and what must be true because of it."""

    number: int
    kind: str
    amount: Decimal  # a month

    @property
    def contract_id(self) -> str:
        return made_id(self.number, "contract")

    @property
    def billed(self) -> Decimal:
        return 3 * self.amount + BEYOND * BEYOND_PRICE

    @property
    def paid(self) -> Decimal:
        return self.amount if self.kind == "unhappy" else self.billed


@dataclass
class Journeys:
    """Makes journeys, one after the other and from many threads; ``finished`` are done from end to end."""

    finished: list[Journey] = field(default_factory=list)
    _numbers: Any = field(default_factory=itertools.count)

    def found_company(self, driver: Driver) -> None:
        provider = {
            "provider_id": PROVIDER, "legal_name": "Horizonte Manutenção Ltda.", "trade_name": "Horizonte",
            "cnpj": "33.014.556/0001-96", "address": "Av. Paulista, 1000", "city": "São Paulo", "state": "SP",
            "pix_key": "financeiro@horizonte.example", "time_zone": "America/Sao_Paulo", "number_prefix": "HZ-",
        }  # fmt: skip
        driver.send("contracts", "register_provider", provider, id=made_id("c", "provider"), actor=STAFF)
        service = {"service_type_id": SERVICE_TYPE, "code": "AC", "name": "Ar-condicionado", "description": "Corretiva"}
        driver.send("contracts", "define_service_type", service, id=made_id("c", "service"), actor=STAFF)

    def reserve(self) -> int:
        """The number of a journey that begins later; ``made_id(number, "contract")`` is its contract."""
        return int(next(self._numbers))

    def one(self, driver: Driver) -> None:
        """The next journey, from end to end."""
        self.run(self.reserve(), driver)

    def run(self, number: int, driver: Driver) -> None:
        journey = Journey(number, KINDS[number % 3], Decimal(100 + number % 50) + Decimal(number % 97) / 100)
        _Walk(journey, driver).walk()
        self.finished.append(journey)


class _Walk:
    def __init__(self, journey: Journey, driver: Driver) -> None:
        self.journey, self.driver = journey, driver
        self.today = datetime.now(ZoneInfo("America/Sao_Paulo")).date()
        self.months = [self.today.replace(day=1) - relativedelta(months=back) for back in (2, 1, 0)]
        self.customer, self.contact = self._id("customer"), self._id("contact")
        self.contract, self.request = journey.contract_id, self._id("request")

    def walk(self) -> None:
        self._sign()
        for month in self.months[:2]:
            self._bill(month)
        if self.journey.kind == "late":
            self._wait_for_notice()
        self._open_and_work()
        self._resolve(1)
        self._verdict()
        wait_for(self._work_is_charged, "the charge for work", 60)
        self._bill(self.months[2])
        self._pay()

    def _id(self, name: str) -> str:
        return made_id(self.journey.number, name)

    def _do(
        self, service: str, command: str, key: str = "", *, actor: str = STAFF, patient: bool = False, **payload: Any
    ) -> None:
        id = self._id(f"command/{command}/{key}")
        self.driver.send(service, command, payload, id=id, actor=actor, patient=patient)

    def _sign(self) -> None:
        nine = f"{100_000_001 + self.journey.number}"
        self._do(
            "contracts", "register_customer", customer_id=self.customer, kind="person", person_name=PERSONS[0],
            cpf=nine + cpf_check_digits(nine), email="maria@exemplo.example", phone="+55 11 90000-0004",
            address="Rua das Flores, 8",
        )  # fmt: skip
        self._do(
            "contracts", "authorise_contact", customer_id=self.customer, contact_id=self.contact, name=PERSONS[1],
            email="joao@exemplo.example", role="Titular", rights=["requests", "money", "approval"],
        )  # fmt: skip
        self._do(
            "contracts", "draft_contract", contract_id=self.contract, customer_id=self.customer, provider_id=PROVIDER,
            terms=_terms(self.months[0], self.journey),
        )  # fmt: skip
        self._do("contracts", "activate_contract", contract_id=self.contract, on=self.months[0].isoformat())

    def _bill(self, month: date) -> None:
        """The account is opened by what contracts told, so billing may not know it yet."""
        name = month.strftime("%Y-%m")
        self._do(
            "billing", "bill_month", name, patient=True, account_id=self.contract, month=name, on=month.isoformat()
        )  # fmt: skip

    def _open_and_work(self) -> None:
        self._do(
            "tickets", "open_request", actor=f"contact:{self.contact}", patient=True, request_id=self.request,
            contract_id=self.contract, service_type_id=SERVICE_TYPE, opened_by=self.contact,
            description="O aparelho da sala pinga.",
        )  # fmt: skip
        self._do("tickets", "start_request", request_id=self.request)
        hours = Decimal(2) + BEYOND
        self._do(
            "tickets", "record_work", request_id=self.request, work_id=self._id("work"), quantity=str(hours),
            performed_on=self.today.isoformat(), description="Troca do dreno",
        )  # fmt: skip

    def _resolve(self, resolution: int) -> None:
        """The second time, the request must have been reopened by the verdict before."""
        self._do(
            "tickets", "resolve_request", f"{resolution}", actor=ENGINEER, patient=resolution > 1,
            request_id=self.request, summary="Dreno limpo.",
        )  # fmt: skip

    def _verdict(self) -> None:
        match self.journey.kind:
            case "paid":
                self._answer(1, "confirm_service")
                self._answer(1, "rate_service", score=5, comment="Rápido.")
                return
            case "late":
                self._answer(1, "contest_service", reason="Ainda pinga.")
            case "unhappy":
                self._answer(1, "rate_service", score=1, comment="Ainda pinga.")
        wait_for(self._work_is_held, "the hold of contested work", 60)
        self._resolve(2)
        self._answer(2, "confirm_service")

    def _answer(self, resolution: int, command: str, **payload: Any) -> None:
        evaluation = evaluation_id(self.request, resolution)
        self._do(
            "feedback", command, f"{resolution}", actor=f"contact:{self.contact}", patient=True,
            evaluation_id=evaluation, by=self.contact, **payload,
        )  # fmt: skip

    def _work_is_charged(self) -> bool:
        """And not held: a contested one is free again when the request is closed."""
        return any(not item["held"] for item in self._work())

    def _work_is_held(self) -> bool:
        return any(item["held"] for item in self._work())

    def _work(self) -> list[dict[str, Any]]:
        items = self.driver.ask("billing", "agenda", account_id=self.contract, limit=200)["items"]
        return [item for item in items if not item["planned"]]

    def _wait_for_notice(self) -> None:
        """Two months late: billing notices it by itself, and contracts gives notice."""
        noticed = lambda: self.driver.ask("contracts", "contract", contract_id=self.contract)["notice"]  # noqa: E731
        wait_for(noticed, "the notice of suspension", 60)

    def _pay(self) -> None:
        amounts = [self.journey.amount] if self.journey.kind == "unhappy" else [
            self.journey.amount, self.journey.billed - self.journey.amount,
        ]  # fmt: skip
        for number, amount in enumerate(amounts):
            self._do(
                "billing", "record_payment", f"{number}", account_id=self.contract, amount=str(amount), method="pix",
                payment_id=self._id(f"payment/{number}"), on=self.today.isoformat(),
            )  # fmt: skip
        if self.journey.kind == "late":
            gone = lambda: not self.driver.ask("contracts", "contract", contract_id=self.contract)["notice"]  # noqa: E731
            wait_for(gone, "the notice's withdrawal", 60)


def _terms(start: date, journey: Journey) -> dict[str, Any]:
    service = {
        "service_type_id": SERVICE_TYPE, "code": "AC", "name": "Ar-condicionado", "calendar": "24x7",
        "targets": [{"priority": "medium", "response_minutes": 480, "resolution_minutes": 1440}],
        "included_quantity": "2", "unit": "hour", "overage_unit_price": str(BEYOND_PRICE),
        "evidence": ["photo", "portal_confirmation"],
    }  # fmt: skip
    line = {
        "line_id": "line-1", "clause": "4.1", "description": "Manutenção", "kind": "recurring",
        "amount": str(journey.amount), "rule": "monthly", "mode": "advance", "starts_on": start.isoformat(),
    }  # fmt: skip
    late = journey.kind == "late"
    return {
        "starts_on": start.isoformat(),
        "services": [service],
        "lines": [line],
        "billing": {"due_days": 10, "business_day_rule": "next"},
        "dunning": [{"level": 1, "days": 3, "channel": "email"}] if late else [],
        "default": {"days": 15 if late else None, "suspend": True, "notice_days": 5},
    }


__all__ = ["BEYOND", "BEYOND_PRICE", "Journey", "Journeys", "made_id"]
