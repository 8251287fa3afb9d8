"""Movements as debits and credits: each pair even, to the right accounts, closed by billing's totals."""

from __future__ import annotations

import csv
import io
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from gateway.exports.accounting import ROLES, closing, lines
from gateway.tests.unit.world import World

CODES = {role: code for role, (code, _) in ROLES.items()}


def entry(kind: str, amount: str, *, credit: bool = False, **more: Any) -> dict[str, Any]:
    return {
        "entry_id": f"{kind}/{amount}",
        "on": "2026-01-10",
        "kind": kind,
        "amount": amount,
        "credit": credit,
        **more,
    }


@pytest.mark.parametrize(
    ("movement", "debit", "credit"),
    [
        (entry("receivable", "100.00"), "receivables", "revenue"),
        (entry("receivable", "100.00", imported=True), "receivables", "opening"),
        (entry("receivable", "100.00", taken_over=True), "receivables", "opening"),
        (entry("cancellation", "-100.00", taken_over=True), "opening", "receivables"),
        (entry("receivable", "100.00", renegotiated=True), "receivables", "renegotiation"),
        (entry("renegotiation", "-100.00"), "renegotiation", "receivables"),
        (entry("cancellation", "-100.00"), "revenue", "receivables"),
        (entry("fine", "2.00"), "receivables", "late"),
        (entry("interest", "1.00"), "receivables", "late"),
        (entry("write_off", "-100.00"), "losses", "receivables"),
        (entry("payment", "-100.00"), "bank", "receivables"),
        (entry("payment", "-5.00", credit=True), "bank", "credits"),
        (entry("reversal", "100.00"), "receivables", "bank"),
        (entry("credit_note", "-10.00"), "deductions", "receivables"),
        (entry("credit_note", "-10.00", credit=True), "deductions", "credits"),
        (entry("grant", "-10.00", credit=True), "deductions", "credits"),
        (entry("refund", "10.00", credit=True), "credits", "bank"),
        (entry("credit", "-10.00"), "credits", "receivables"),
    ],
    ids=lambda value: f"{value['kind']}{value['amount']}" if isinstance(value, dict) else value,
)
def test_each_movement_goes_to_its_accounts(movement: dict[str, Any], debit: str, credit: str) -> None:
    first, second = lines([movement], ROLES, "en")
    assert (first["account"], second["account"]) == (CODES[debit], CODES[credit])
    assert first["debit"] == second["credit"] == movement["amount"].lstrip("-")


def test_withheld_taxes_are_revenue_that_the_tax_office_owes(world: World) -> None:
    made = list(lines([entry("receivable", "90.00", withheld="10.00")], ROLES, "pt-BR"))
    booked: Counter[str] = Counter()
    for line in made:
        booked[line["account"]] += Decimal(line.get("debit", "0")) - Decimal(line.get("credit", "0"))  # type: ignore[assignment]
    assert booked == {CODES["receivables"]: 90, CODES["withheld"]: 10, CODES["revenue"]: -100}
    back = [entry("cancellation", "-90.00", withheld="10.00")]
    for line in lines(back, ROLES, "pt-BR"):
        booked[line["account"]] += Decimal(line.get("debit", "0")) - Decimal(line.get("credit", "0"))  # type: ignore[assignment]
    assert set(booked.values()) == {0}


def test_a_use_of_credit_is_one_movement(world: World) -> None:
    both = [entry("credit", "-10.00"), entry("credit", "10.00", credit=True)]
    assert len(list(lines(both, ROLES, "en"))) == 2


def test_the_file_closes_with_billings_totals_and_adds_up(world: World) -> None:
    answer = {
        "items": [
            entry("receivable", "90.00", withheld="10.00", contract_number="N-1", number="7"),
            entry("payment", "-40.00", contract_number="N-1", number="7"),
            entry("credit", "-5.00"),
            entry("credit", "5.00", credit=True),
        ],
        "totals": {"moved": "135.00", "withheld": "10.00"},
        "next": None,
    }
    world.services.answers["billing.journal"] = answer
    path = "/api/v1/reports/accounting?since=2026-01-01&until=2026-01-31&format=csv"
    first, again = (world.client("finance", "pt-BR").get(path).data for _ in range(2))
    assert first == again
    *body, total = csv.DictReader(io.StringIO(first.decode("utf-8-sig")), delimiter=";")
    for side in ("Débito", "Crédito"):
        assert sum(Decimal(row[side].replace(",", ".") or "0") for row in body) == Decimal("145.00")
        assert total[side] == "145,00"
    assert (body[0]["Contrato"], body[0]["Documento"], body[0]["Histórico"]) == ("N-1", "7", "Cobrança emitida")


def test_only_the_last_page_closes(world: World) -> None:
    def page(payload: dict[str, Any]) -> dict[str, Any]:
        last = "after" in payload["params"]
        return {
            "items": [entry("payment", "-1.00")],
            "totals": {"moved": "2.00", "withheld": "0.00"},
            "next": None if last else "x",
        }

    world.services.answers["billing.journal"] = page
    data = world.client("finance").get("/api/v1/reports/accounting?since=2026-01-01&until=2026-01-31&format=csv").data
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    assert [row["History"] for row in rows] == [
        *["Payment received"] * 4,
        closing({"moved": 0, "withheld": 0}, "en")["history"],
    ]


def test_the_company_names_its_own_accounts(world: World) -> None:
    client = world.client("finance")
    changed = client.put("/api/v1/accounting/accounts/bank", json={"code": "11102", "name": "Itaú"})
    assert changed.json == {"role": "bank", "code": "11102", "name": "Itaú"}
    assert changed.json in client.get("/api/v1/accounting/accounts").json["items"]
    assert client.put("/api/v1/accounting/accounts/nothing", json={"code": "1", "name": "x"}).status_code == 404
    world.services.answers["billing.journal"] = {
        "items": [entry("payment", "-1.00")], "totals": {"moved": "1.00", "withheld": "0"}, "next": None,
    }  # fmt: skip
    items = client.get("/api/v1/reports/accounting?since=2026-01-01&until=2026-01-31").json["items"]
    assert items[0]["account"] == "11102"
