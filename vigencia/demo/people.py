"""The company with its branch, its services, and its customers with their contacts, places and equipment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from vigencia.demo.steps import FINANCE, STAFF, Step, data, demo_id, local, month_first

PROVIDERS = {False: "provider", True: "branch"}
WITHHOLDS = "clinica"
RATES = (
    # tax, percent, minimum, law
    ("ISS", "2", "0", "LC 116/2003"),
    ("IRRF", "1", "10.00", "RIR/2018, art. 714"),
    ("PIS/COFINS/CSLL", "4.65", "10.00", "Lei 10.833/2003, art. 30"),
)


def steps(today: date) -> Iterator[Step]:
    at = local(month_first(today, -18), 7)
    company = data("company")
    first = {"provider_id": demo_id("provider")}
    made = {"provider": company["provider"], "branch": company["branch"] | {"branch_of": first["provider_id"]}}
    for key, facts in made.items():
        yield Step(key, "contracts", "register_provider", {"provider_id": demo_id(key), **facts}, STAFF, at)
    for code, (name, description) in company["services"].items():
        payload = {
            "service_type_id": demo_id(f"service/{code}"), "code": code, "name": name, "description": description,
        }  # fmt: skip
        yield Step(f"service/{code}", "contracts", "define_service_type", payload, STAFF, at)
    for customer in data("customers")["customer"]:
        for key, command, payload in _customer(customer):
            yield Step(key, "contracts", command, payload, STAFF, at)
    rates = [
        {"tax": tax, "percent": percent, "valid_from": "2020-01-01", "minimum": minimum, "law": law}
        for tax, percent, minimum, law in RATES
    ]
    yield Step("rates", "billing", "load_withholding_rates", {"rates": rates, "source": "tabela"}, FINANCE, at)
    withheld = {
        "customer_id": demo_id(f"customer/{WITHHOLDS}"), "valid_from": "2020-01-01", "taxes": [each[0] for each in RATES],
    }  # fmt: skip
    yield Step("withholder", "billing", "set_customer_withholding", withheld, FINANCE, at)


def _customer(facts: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    key = facts["key"]
    of = {"customer_id": demo_id(f"customer/{key}")}
    if facts["kind"] == "company":
        profile = {"kind": "company", "legal_name": facts["name"], "cnpj": facts["document"]}
    else:
        profile = {
            "kind": "person", "person_name": facts["name"], "cpf": facts["document"], "email": facts["contacts"][0][2],
            "phone": _phone(key), "address": f"{facts['address']}, {facts['city']}",
        }  # fmt: skip
    yield f"customer/{key}", "register_customer", of | profile
    for contact, name, email, role, rights in facts["contacts"]:
        payload = {
            **of, "contact_id": demo_id(f"contact/{contact}"), "name": name, "email": email, "phone": _phone(contact),
            "role": role, "rights": rights,
        }  # fmt: skip
        yield f"contact/{key}/{contact}", "authorise_contact", payload
    site = {**of, "site_id": demo_id(f"site/{key}"), "name": "Sede" if facts["kind"] == "company" else "Casa"}
    where = {"address": facts["address"], "city": facts["city"], "state": "SP"}
    yield f"site/{key}", "add_site", site | where
    for number, (label, description) in enumerate(EQUIPMENT.get(key, ()), 1):
        payload = {
            **of, "site_id": site["site_id"], "equipment_id": demo_id(f"equipment/{key}/{number}"),
            "description": description, "serial": label, "label": label,
        }  # fmt: skip
        yield f"equipment/{key}/{number}", "add_equipment", payload


EQUIPMENT = {
    "clinica": (("SP24-0001", "Split 24.000 BTU, sala de espera"), ("SP12-0017", "Split 12.000 BTU, consultório 3")),
    "padaria": (("QE-0201", "Quadro elétrico do forno"),),
    "edificio-mar": tuple((f"ELV-MA-{n}", f"Elevador {n}, torre única") for n in (1, 2, 3)),
    "edificio-porto": tuple((f"ELV-PV-{n}", f"Elevador {n}") for n in (1, 2)),
    "hotel": (("CHL-0301", "Chiller da cobertura"), ("ELV-HT-1", "Elevador de serviço")),
    "lab": (("NBK-0044", "No-break 20 kVA"), ("GER-0007", "Grupo gerador 55 kVA")),
    "mercado": (("CAM-0102", "Câmara fria 2"),),
    "tereza": (("CLD-0090", "Caldeira a gás"),),
}


def _phone(key: str) -> str:
    return f"+55 19 90000-{sum(map(ord, key)) % 10000:04}"
