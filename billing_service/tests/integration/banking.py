"""What the bank's tests share: a provider with an account at Itaú, and return files made line by line."""

from __future__ import annotations

import base64
from datetime import date
from decimal import Decimal
from typing import Any

from billing_service.tests.integration.steps import bill
from billing_service.tests.integration.store import StoreApp

BANK = {
    "bank_code": "341",
    "branch": "0057",
    "account": "12345",
    "account_digit": "7",
    "wallet": "109",
    "agreement": "",
    "instructions": ["Dúvidas: (19) 3232-1000"],
}
PROVIDER = {
    "provider_id": "p1",
    "legal_name": "Clima Bom Serviços Ltda",
    "trade_name": "Clima Bom",
    "cnpj": "12345678000195",
    "address": "Rua das Oficinas, 120, Campinas",
    "city": "Campinas",
    "state": "SP",
    "pix_key": "12345678000195",
    "time_zone": "America/Sao_Paulo",
    "bank": BANK,
}
PAYERS = {
    "k1": {
        "name": "Padaria Pão Quente Ltda",
        "document": "11222333000181",
        "address": "Av. Brasil, 1500, Centro, 13010-000 Campinas/SP",
    },
    "k2": {"name": "José da Silva", "document": "52998224725", "address": "Rua B, 3, Santos/SP"},
}


def with_bank(app: StoreApp, **changes: Any) -> None:
    told = ("contracts.provider.registered", {**PROVIDER, **changes})
    app.deliver([told], source="contracts", stream=f"provider-{changes.get('provider_id', 'p1')}")


def receivable(app: StoreApp, month: str = "2026-01", account_id: str = "c1") -> dict[str, Any]:
    bill(app, month, account_id=account_id)
    (row,) = [
        each for each in app.query("receivables", account_id=account_id, month=month)["items"] if each["balance"] != "0"
    ]
    return row


def remit(app: StoreApp, id_: str, **changes: Any) -> dict[str, Any]:
    record = {"provider_id": "p1", "remittance_id": id_, "payers": PAYERS, **changes}
    (answer,) = app.batch("make_remittance", [record])
    return answer


def returned(*movements: tuple[str, int, str, str], fee: str = "0.00", reasons: str = "") -> str:
    """A return file: (movement, nosso número, amount paid, day DDMMYYYY) each."""
    lines = ["34100000" + " " * 134 + "2" + " " * 97, "34100011T01" + " " * 229]
    for movement, number, paid, on in movements:
        t = list(f"3410001300000T {movement}" + " " * 223)
        put(t, 18, "00057" + "0" * 8 + "12345")
        put(t, 38, f"109{number:08}0")
        put(t, 59, "C-7")
        put(t, 133, "2" + "011222333000181" + "PADARIA PAO QUENTE")
        put(t, 199, f"{cents(fee):015}")
        put(t, 214, reasons.ljust(10))
        u = list(f"3410001300000U {movement}" + " " * 223)
        put(u, 18, "0" * 60)
        put(u, 78, f"{cents(paid):015}{cents(paid):015}" + "0" * 30)
        put(u, 138, on + on)
        lines += ["".join(t), "".join(u)]
    return "\r\n".join([*lines, "34100015".ljust(240), "34199999".ljust(240)]) + "\r\n"


def put(line: list[str], first: int, text: str) -> None:
    line[first - 1 : first - 1 + len(text)] = text


def cents(amount: str) -> int:
    return int(Decimal(amount) * 100)


def take(app: StoreApp, content: str, *, customer_id: str | None = None, **options: Any) -> list[dict[str, Any]]:
    """Read a file and import its rows, as the gateway does."""
    encoded = base64.b64encode(content.encode("cp1252")).decode()
    read = app.query("read_bank_file", content=encoded, **options)
    assert read["problems"] == []
    rows = [{key: value for key, value in row.items() if key != "known"} for row in read["rows"]]
    return app.batch("import_bank_rows", [{**row, "customer_id": customer_id} for row in rows])


def statement(*rows: tuple[str, str, str]) -> str:
    """A CSV as banks make it: (day, text, amount) each."""
    lines = ["Extrato;Conta 12345-7", "Data;Histórico;Valor (R$)", *(";".join(row) for row in rows)]
    return "\n".join(lines)


def day(text: str) -> date:
    return date.fromisoformat(text)
