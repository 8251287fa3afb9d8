"""A provider, its customers and a contract, all made over HTTP; and the steps of a service that tests walk through."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.system.running import System, wait_for
from tests.system.visitor import Visitor

ZONE = ZoneInfo("America/Sao_Paulo")
RIGHTS = ["requests", "money", "approval"]


class House:
    """``office`` manages, ``technician`` does the work, ``customer`` and ``neighbour`` are two customers' contacts."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.today = datetime.now(ZONE).date()
        self.month = f"{self.today:%Y-%m}"
        self.office = Visitor(system.url, system.admin)
        self.provider_id = self.office.make(
            "providers", legal_name="Horizonte Manutenção Ltda.", cnpj="33.014.556/0001-96", trade_name="Horizonte",
            city="São Paulo", state="SP", pix_key="pix@horizonte.example", number_prefix="HZ-",
        )  # fmt: skip
        self.service_id = self.office.make("service-types", code="AC", name="Ar-condicionado")
        self.customer_id, self.contact_id = self._customer(
            "Otávio Barreto", kind="company", legal_name="Clínica Boa Vista Ltda.", cnpj="12.ABC.345/01DE-35"
        )
        self.neighbour_id, neighbour_contact = self._customer(
            "Maria Helena Souza", kind="person", person_name="Maria Helena Souza", cpf="529.982.247-25"
        )
        self.site_id = self.office.make(f"customers/{self.customer_id}/sites", name="Unidade Centro", state="SP")
        self.equipment_id = self.office.make(
            f"customers/{self.customer_id}/equipment", site_id=self.site_id, description="Split 24.000 BTU",
            serial="SP24-0001", label="SP24-0001",
        )  # fmt: skip
        self.technician = self._login("bruno", "technician")
        self.customer = self._login("otavio", "contact", (self.customer_id, self.contact_id))
        self.neighbour = self._login("helena", "contact", (self.neighbour_id, neighbour_contact))
        self.settle()

    def close(self) -> None:
        for visitor in (self.office, self.technician, self.customer, self.neighbour):
            visitor.http.close()

    def _customer(self, contact: str, **profile: Any) -> tuple[str, str]:
        customer_id = self.office.make("customers", **profile)
        person = {"name": contact, "email": "contato@exemplo.example", "role": "Titular", "rights": RIGHTS}
        return customer_id, self.office.make(f"customers/{customer_id}/contacts", **person)

    def _login(self, login: str, role: str, speaks: tuple[str, str] | None = None) -> Visitor:
        contacts = [dict(zip(("customer_id", "contact_id"), speaks, strict=True))] if speaks else []
        self.settle()  # a customer's user is let in for whom the gateway knows
        return Visitor(self.system.url, self.system.add_user(login, role, contacts=contacts))

    # -- waiting -------------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Until nothing is under way anywhere."""
        wait_for(self._quiet, "everybody to know everything")

    def _quiet(self) -> bool:
        return not any(self.office.get("operations/lag")["lag"].values())

    def run_due(self, *services: str, days: int) -> None:
        """What falls due in these days is done now, each on its day; one service after the other hears of it."""
        until = self.in_days(days)
        for service in services:
            self.office.post(f"operations/{service}/due", until=until)
            self.settle()

    def in_days(self, days: int) -> str:
        """Noon of a day to come, in UTC."""
        noon = datetime.combine(self.today + timedelta(days=days), datetime.min.time(), ZONE).replace(hour=12)
        return noon.astimezone(UTC).isoformat().replace("+00:00", "Z")

    # -- steps ---------------------------------------------------------------------------------------------------------

    def terms(self, **changes: Any) -> dict[str, Any]:
        """1,000.00 a month; 2 hours included, 120.00 beyond; a photo proves the service; suspended after default."""
        first: date = self.today.replace(day=1)
        return {
            "starts_on": first.isoformat(),
            "services": [
                {
                    "service_type_id": self.service_id, "code": "AC", "name": "Ar-condicionado",
                    "targets": [{"priority": "medium", "response_minutes": 240, "resolution_minutes": 960}],
                    "included_quantity": "2", "unit": "hour", "overage_unit_price": "120.00", "evidence": ["photo"],
                }
            ],
            "lines": [
                {"line_id": "line-1", "clause": "4.1", "description": "Manutenção mensal", "amount": "1000.00"}
            ],
            "billing": {"due_days": 0, "business_day_rule": "none"},
            "default": {"days": 5, "suspend": True, "notice_days": 5},
            **changes,
        }  # fmt: skip

    def contract(self, **changes: Any) -> str:
        """A signed contract of the customer, known everywhere; its id."""
        contract_id = self.office.make(
            "contracts", customer_id=self.customer_id, provider_id=self.provider_id, terms=self.terms(**changes)
        )
        first = self.today.replace(day=1)
        self.office.post(f"contracts/{contract_id}/activate", on=first.isoformat())
        self.settle()
        return contract_id

    def bill(self, contract_id: str) -> dict[str, Any]:
        run = self.office.post("billing-runs", month=self.month, account_ids=[contract_id])
        self.settle()
        return run

    def open_request(self, contract_id: str, description: str = "O ar da sala de espera pinga.") -> str:
        """By the customer himself."""
        return self.customer.make(
            "requests", contract_id=contract_id, service_type_id=self.service_id, site_id=self.site_id,
            equipment_id=self.equipment_id, description=description,
        )  # fmt: skip

    def attach_photo(self, request_id: str) -> str:
        content = b"\xff\xd8\xff\xe0" + bytes(996)
        file = self.technician.http.post(
            "/api/v1/files", content=content, headers={"Content-Type": "image/jpeg"}
        ).json()
        photo = {"name": "foto.jpg", "media_type": "image/jpeg", "sha256": file["sha256"]}
        return self.technician.make(f"requests/{request_id}/documents", kind="photo", **photo)

    def resolve(self, request_id: str) -> dict[str, Any]:
        """Proved and done; the evaluation that the customer is asked for."""
        self.office.post(f"requests/{request_id}/assign", assignee_id=self.technician.me["user_id"])
        self.technician.post(f"requests/{request_id}/start")
        self.attach_photo(request_id)
        self.technician.post(f"requests/{request_id}/resolve", summary="Dreno limpo.")
        self.settle()
        (evaluation,) = self.customer.list("evaluations", request_id=request_id)
        return evaluation

    def coverage(self, contract_id: str, days: int = 0) -> str:
        """What the customer is told when he asks, for a day to come."""
        asked = {"service_type_id": self.service_id} | ({"at": self.in_days(days)} if days else {})
        return str(self.customer.get(f"contracts/{contract_id}/coverage", **asked)["status"])
