"""A small demo company, so that a first look finds something: customers, contracts, money, requests, verdicts.

Pure: which commands in which order, for a given day. Ids are made of names, so that running it again changes nothing.
All goes through the services' ordinary commands; what follows (default → suspension, resolution → evaluation) is done
by the choreography itself. Persons and companies are invented; their CPF and CNPJ have right check digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

NAMESPACE = UUID("0f7d7a1c-5b1e-5d3b-9c62-0d9f5a0e6b11")
ZONE = ZoneInfo("America/Sao_Paulo")
STAFF = "user:demo-staff"
ENGINEER = "demo-engineer"


@dataclass(frozen=True)
class Step:
    """One command to a service. ``key`` names it within the demo: the same key is the same command."""

    key: str
    service: str
    command: str
    payload: dict[str, Any] = field(default_factory=dict)
    actor: str = STAFF

    @property
    def id(self) -> str:
        return demo_id(f"command/{self.key}")


def demo_id(name: str) -> str:
    return str(uuid5(NAMESPACE, name))


def phases(today: date) -> list[list[Step]]:
    """The commands, in phases: before the next one begins, every service knows what happened in the one before."""
    return [
        list(_people()),
        list(_contracts(today)),
        list(_money(today)),
        list(_requests(today)),
        list(_afterwards(today)),
        list(_verdicts(today)),
    ]


# -- who and what ----------------------------------------------------------------------------------------------------

PROVIDER = {
    "legal_name": "Horizonte Manutenção e TI Ltda.",
    "trade_name": "Horizonte",
    "cnpj": "33.014.556/0001-96",
    "address": "Av. Paulista, 1000, conj. 51",
    "city": "São Paulo",
    "state": "SP",
    "pix_key": "financeiro@horizonte.example",
    "time_zone": "America/Sao_Paulo",
    "number_prefix": "HZ-",
}
SERVICE_TYPES = {
    "AC": ("Manutenção de ar-condicionado", "Preventiva e corretiva, com limpeza de filtros e carga de gás"),
    "TI": ("Suporte de TI", "Atendimento remoto e no local, estações e rede"),
    "ELE": ("Manutenção elétrica", "Quadros, iluminação e tomadas"),
    "SEG": ("Segurança eletrônica", "Câmeras, alarmes e controle de acesso"),
}
COMPANIES = {
    "clinica": ("Clínica Boa Vista Ltda.", "11.222.333/0001-81"),
    "padaria": ("Padaria Sol Nascente Ltda.", "45.997.418/0001-53"),
    "andrade": ("Andrade Contabilidade Ltda.", "12.ABC.345/01DE-35"),
}
CONTACTS = {
    # contact: (customer, name, e-mail, role, rights)
    "marina": ("clinica", "Marina Prado", "marina@boavista.example", "Diretora", ("requests", "money", "approval")),
    "joao": ("clinica", "João Lima", "joao@boavista.example", "Recepção", ("requests",)),
    "cecilia": ("padaria", "Cecília Rocha", "cecilia@solnascente.example", "Sócia", ("requests", "money", "approval")),
    "paulo": ("andrade", "Paulo Andrade", "paulo@andrade.example", "Sócio", ("requests", "money", "approval")),
    "helena": ("helena", "Maria Helena Souza", "helena@exemplo.example", "Titular", ("requests", "money", "approval")),
}
SITES = {
    "clinica-centro": ("clinica", "Unidade Centro", "Rua das Acácias, 100", "São Paulo"),
    "clinica-norte": ("clinica", "Unidade Norte", "Av. dos Ipês, 2500", "Guarulhos"),
    "padaria-loja": ("padaria", "Loja", "Rua do Sol, 45", "São Paulo"),
    "andrade-sede": ("andrade", "Escritório", "Rua Direita, 12, 4º andar", "São Paulo"),
}
EQUIPMENT = {
    "split-1": ("clinica", "clinica-centro", "Split 24.000 BTU, sala de espera", "SP24-0001"),
    "split-2": ("clinica", "clinica-norte", "Split 12.000 BTU, consultório 3", "SP12-0017"),
    "forno": ("padaria", "padaria-loja", "Quadro elétrico do forno", "QE-0201"),
}


def _people() -> Iterator[Step]:
    payload: dict[str, Any]
    yield Step("provider", "contracts", "register_provider", {"provider_id": demo_id("provider"), **PROVIDER})
    for code, (name, description) in SERVICE_TYPES.items():
        payload = {
            "service_type_id": demo_id(f"service/{code}"),
            "code": code,
            "name": name,
            "description": description,
        }
        yield Step(f"service/{code}", "contracts", "define_service_type", payload)
    for key, (name, cnpj) in COMPANIES.items():
        payload = {"customer_id": demo_id(f"customer/{key}"), "kind": "company", "legal_name": name, "cnpj": cnpj}
        yield Step(f"customer/{key}", "contracts", "register_customer", payload)
    yield Step(
        "customer/helena", "contracts", "register_customer",
        {
            "customer_id": demo_id("customer/helena"), "kind": "person", "person_name": "Maria Helena Souza",
            "cpf": "529.982.247-25", "email": "helena@exemplo.example", "phone": "+55 11 90000-0004",
            "address": "Rua das Flores, 8, São Paulo",
        },
    )  # fmt: skip
    for key, (customer, name, email, role, rights) in CONTACTS.items():
        payload = {
            "customer_id": demo_id(f"customer/{customer}"), "contact_id": demo_id(f"contact/{key}"), "name": name,
            "email": email, "role": role, "rights": list(rights),
        }  # fmt: skip
        yield Step(f"contact/{key}", "contracts", "authorise_contact", payload)
    for key, (customer, name, address, city) in SITES.items():
        payload = {
            "customer_id": demo_id(f"customer/{customer}"), "site_id": demo_id(f"site/{key}"), "name": name,
            "address": address, "city": city, "state": "SP",
        }  # fmt: skip
        yield Step(f"site/{key}", "contracts", "add_site", payload)
    for key, (customer, site, description, serial) in EQUIPMENT.items():
        payload = {
            "customer_id": demo_id(f"customer/{customer}"), "site_id": demo_id(f"site/{site}"),
            "equipment_id": demo_id(f"equipment/{key}"), "description": description, "serial": serial, "label": serial,
        }  # fmt: skip
        yield Step(f"equipment/{key}", "contracts", "add_equipment", payload)


# -- contracts -------------------------------------------------------------------------------------------------------


def _contracts(today: date) -> Iterator[Step]:
    start = _month(today, -2)
    drafts: dict[str, tuple[str, list[Any], list[Any], dict[str, Any]]] = {
        "clinica-tudo": ("clinica", [_service("AC"), _service("TI", included="4", beyond="120.00")],
                         [_line("1", "Manutenção de ar-condicionado", "1250.00", start),
                          _line("2", "Suporte de TI, 4 horas por mês", "600.00", start)], {}),
        "clinica-alarme": ("clinica", [_service("SEG", calendar="24x7")],
                           [_line("1", "Monitoramento de alarme", "890.00", start, rule="quarterly")], {}),
        "padaria-eletrica": ("padaria", [_service("ELE", included="2", unit="visit", beyond="180.00")],
                             [_line("1", "Manutenção elétrica", "420.00", start, mode="arrears")], {}),
        "padaria-alarme": (
            "padaria",
            [_service("SEG", calendar="24x7")],
            [_line("1", "Monitoramento de alarme", "310.00", start)],
            {},
        ),
        "andrade-ti": ("andrade", [_service("TI")], [_line("1", "Suporte de TI", "980.00", start)],
                       {"default": {"days": 20, "suspend": True, "notice_days": 5}}),
        "helena-ac": ("helena", [_service("AC")],
                      [_line("1", "Manutenção residencial", "95.00", _month(today, 1))], {"state": "SP"}),
    }  # fmt: skip
    for key, (customer, services, lines, more) in drafts.items():
        terms = {
            "starts_on": lines[0]["starts_on"],
            "services": services,
            "lines": lines,
            "billing": {"due_days": 10, "business_day_rule": "next"},
            "dunning": [{"level": 1, "days": 3, "channel": "email"}, {"level": 2, "days": 10, "channel": "email"}],
            "default": {"days": 90, "suspend": True, "notice_days": 10},
            **more,
        }
        payload = {
            "contract_id": demo_id(f"contract/{key}"), "customer_id": demo_id(f"customer/{customer}"),
            "provider_id": demo_id("provider"), "terms": terms,
        }  # fmt: skip
        yield Step(f"draft/{key}", "contracts", "draft_contract", payload)
    for key in drafts:
        if key != "helena-ac":  # hers waits for a signature
            payload = {"contract_id": demo_id(f"contract/{key}"), "on": start.isoformat()}
            yield Step(f"activate/{key}", "contracts", "activate_contract", payload)


def _service(
    code: str, *, calendar: str = "business", included: str | None = None, unit: str = "hour", beyond: str | None = None
) -> dict[str, Any]:
    hours = {"critical": (2, 8), "high": (4, 16), "medium": (8, 24), "low": (16, 48)}
    return {
        "service_type_id": demo_id(f"service/{code}"),
        "code": code,
        "name": SERVICE_TYPES[code][0],
        "calendar": calendar,
        "channels": ["portal", "phone", "email"],
        "targets": [
            {"priority": priority, "response_minutes": response * 60, "resolution_minutes": resolution * 60}
            for priority, (response, resolution) in hours.items()
        ],
        "included_quantity": included,
        "unit": unit,
        "overage_unit_price": beyond,
        "evidence": ["signed_order", "photo", "portal_confirmation"],
    }


def _line(
    clause: str, description: str, amount: str, start: date, *, rule: str = "monthly", mode: str = "advance"
) -> dict[str, Any]:
    return {
        "line_id": f"line-{clause}", "clause": f"4.{clause}", "description": description, "kind": "recurring",
        "amount": amount, "rule": rule, "mode": mode, "starts_on": start.isoformat(),
    }  # fmt: skip


# -- money -----------------------------------------------------------------------------------------------------------


def _money(today: date) -> Iterator[Step]:
    """Two months and the current one are billed. The clinic pays in time, the bakery late, Andrade not at all."""
    accounts = ("clinica-tudo", "clinica-alarme", "padaria-eletrica", "padaria-alarme", "andrade-ti")
    paid = {
        # account, months back: day of the month, amount
        ("clinica-tudo", -2): (9, "1850.00"),
        ("clinica-tudo", -1): (8, "1850.00"),
        ("clinica-alarme", -2): (10, "890.00"),
        ("padaria-eletrica", -1): (17, "420.00"),
        ("padaria-alarme", -2): (11, "310.00"),
        ("padaria-alarme", -1): (11, "310.00"),
    }
    for back in (-2, -1, 0):
        month = _month(today, back)
        for key in accounts:
            account = demo_id(f"contract/{key}")
            payload = {"account_id": account, "month": month.strftime("%Y-%m"), "on": month.isoformat()}
            yield Step(f"bill/{key}/{back}", "billing", "bill_month", payload)
            if (key, back) in paid:
                day, amount = paid[key, back]
                payload = {
                    "account_id": account, "payment_id": demo_id(f"payment/{key}/{back}"), "amount": amount,
                    "on": (month + timedelta(days=day - 1)).isoformat(), "method": "pix",
                }  # fmt: skip
                yield Step(f"payment/{key}/{back}", "billing", "record_payment", payload)


# -- requests --------------------------------------------------------------------------------------------------------


def _requests(today: date) -> Iterator[Step]:
    """One new, one at work, one waiting for the customer, three resolved (their verdicts: the next phase)."""
    asked = (
        # key, contact, contract, service, site, equipment, days ago, priority, words
        ("nova", "joao", "clinica-tudo", "AC", "clinica-centro", "split-1", 0, "high", "O ar da sala de espera pinga."),
        ("rede", "marina", "clinica-tudo", "TI", "clinica-norte", None, 1, "medium", "A rede cai no fim da tarde."),
        ("quadro", "cecilia", "padaria-eletrica", "ELE", "padaria-loja", "forno", 3, "critical",
         "O disjuntor do forno desarma."),
        ("filtro", "joao", "clinica-tudo", "AC", "clinica-norte", "split-2", 6, "low", "Está na hora da limpeza."),
        ("senha", "marina", "clinica-tudo", "TI", "clinica-centro", None, 8, "medium", "Preciso de um novo acesso."),
        ("camera", "joao", "clinica-alarme", "SEG", "clinica-centro", None, 9, "medium", "A câmera 2 está sem imagem."),
    )  # fmt: skip
    for key, contact, contract, service, site, equipment, days, priority, words in asked:
        payload = {
            "request_id": demo_id(f"request/{key}"), "contract_id": demo_id(f"contract/{contract}"),
            "service_type_id": demo_id(f"service/{service}"), "site_id": demo_id(f"site/{site}"),
            "equipment_id": demo_id(f"equipment/{equipment}") if equipment else None,
            "opened_by": demo_id(f"contact/{contact}"), "description": words, "channel": "portal",
            "priority": priority, "at": _at(today, days, 9),
        }  # fmt: skip
        yield Step(f"open/{key}", "tickets", "open_request", payload, f"contact:{demo_id(f'contact/{contact}')}")
    for key, days in (("rede", 1), ("quadro", 3), ("filtro", 6), ("senha", 8), ("camera", 9)):
        yield _ticket(f"assign/{key}", "assign_request", key, at=_at(today, days, 10), assignee_id=ENGINEER)
        yield _ticket(f"start/{key}", "start_request", key, at=_at(today, days, 11))
    yield _ticket(
        "wait/quadro", "wait_request", "quadro", at=_at(today, 2, 14), author_id=ENGINEER,
        reason="Aguardando a autorização para trocar o disjuntor.",
    )  # fmt: skip
    yield _ticket(
        "work/senha", "record_work", "senha", at=_at(today, 7, 15), work_id=demo_id("work/senha"), quantity="5.5",
        performed_on=_day(today, 7).isoformat(), technician_id=ENGINEER, description="Novo acesso e troca de roteador",
    )  # fmt: skip
    for key, days, summary in (
        ("filtro", 5, "Filtros limpos e gás conferido."),
        ("senha", 7, "Acesso criado e testado."),
        ("camera", 8, "Cabo refeito."),
    ):
        yield _ticket(
            f"resolve/{key}", "resolve_request", key, at=_at(today, days, 16), summary=summary, resolved_by=ENGINEER
        )


def _ticket(key: str, command: str, request: str, **payload: Any) -> Step:
    return Step(key, "tickets", command, {"request_id": demo_id(f"request/{request}"), **payload})


def _afterwards(today: date) -> Iterator[Step]:
    """The bakery closes for a refit: its alarm rests by agreement. The clinic's hours beyond the included are billed."""
    payload = {
        "contract_id": demo_id("contract/padaria-alarme"), "reason": "agreement", "on": _day(today, 2).isoformat(),
        "note": "Loja fechada para reforma.",
    }  # fmt: skip
    yield Step("suspend/padaria-alarme", "contracts", "suspend_contract", payload)
    payload = {
        "account_id": demo_id("contract/clinica-tudo"), "month": today.strftime("%Y-%m"), "on": today.isoformat(),
    }  # fmt: skip
    yield Step("bill-work", "billing", "bill_month", payload)


# -- verdicts --------------------------------------------------------------------------------------------------------


def _verdicts(today: date) -> Iterator[Step]:
    """One confirmed with a good score, one contested; the third still waits for the customer's word."""
    yield _verdict("confirm/senha", "confirm_service", "senha", "marina")
    yield _verdict("rate/senha", "rate_service", "senha", "marina", score=5, comment="Rápido e atencioso.")
    yield _verdict("contest/camera", "contest_service", "camera", "joao", reason="A imagem ainda some à noite.")


def _verdict(key: str, command: str, request: str, contact: str, **payload: Any) -> Step:
    who = demo_id(f"contact/{contact}")
    given = {"evaluation_id": evaluation_id(demo_id(f"request/{request}"), 1), "by": who, **payload}
    return Step(key, "feedback", command, given, f"contact:{who}")


def evaluation_id(request_id: str, resolution: int) -> str:
    """The id that feedback gives to the evaluation of a resolution."""
    from feedback_service.domain.ids import evaluation_id as made

    return str(made(request_id, resolution))


# -- days ------------------------------------------------------------------------------------------------------------


def _month(today: date, months: int) -> date:
    return today.replace(day=1) + relativedelta(months=months)


def _day(today: date, days_ago: int) -> date:
    return today - timedelta(days=days_ago)


def _at(today: date, days_ago: int, hour: int) -> str:
    """An instant so many days ago, local time; for today an early one, so that it is never ahead of the clock."""
    local = datetime.combine(_day(today, days_ago), time(0 if days_ago == 0 else hour), ZONE)
    return local.astimezone(UTC).isoformat().replace("+00:00", "Z")
