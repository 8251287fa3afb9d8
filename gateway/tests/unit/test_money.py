"""Finance over HTTP: the agenda, withholding, disputes of lines, renegotiation, reports reach billing as it names them."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.tests.unit.world import World

MARCH = {"line_id": "L1", "period_start": "2026-03-01", "reason": "em negociação"}
RATE = {"tax": "IRRF", "percent": "1.5", "valid_from": "2026-01-01"}
AGREED = {"receivable_ids": ["r-A"], "reason": "acordo", "count": 3, "first_due_on": "2026-04-10"}
WRITES: list[tuple[str, dict[str, Any], str]] = [
    ("contracts/c-A/agenda/hold", MARCH, "hold_charge"),
    ("contracts/c-A/agenda/release", MARCH, "release_charge"),
    ("contracts/c-A/agenda/move", {**MARCH, "bill_on": "2026-04-05"}, "move_charge"),
    ("contracts/c-A/agenda/due-day", {**MARCH, "due_on": None}, "change_charge_due_day"),
    ("contracts/c-A/renegotiations", AGREED, "renegotiate_receivables"),
    ("receivables/r-A/cancel", {"reason": "engano", "charges": "hold"}, "cancel_receivable"),
    ("receivables/r-A/nfse", {"number": "1", "link": "https://nfse.example/1"}, "note_nfse"),
    ("receivables/r-A/dispute", {"reason": "x", "charge_ids": ["k"]}, "dispute_receivable"),
    ("receivables/r-A/resolve-dispute", {"note": "x", "credit": True}, "resolve_dispute"),
    ("customers/A/withholding", {"valid_from": "2026-01-01", "taxes": ["ISS"]}, "set_customer_withholding"),
    ("withholding-rates", {"rates": [RATE], "source": "2026"}, "load_withholding_rates"),
]
READS = [
    ("reports/aging?by=contract&contract_id=c-A", "aging", {"by": "contract", "account_id": "c-A"}),
    ("reports/forecast?months=6", "forecast", {"months": 6}),
    ("reports/revenue?contract_id=c-A", "revenue", {"contract_id": "c-A"}),
    ("reports/recurring-revenue?since=2026-01", "mrr", {"since": "2026-01"}),
    ("customers/A/statement?since=2026-01-01", "customer_statement", {"customer_id": "A", "since": "2026-01-01"}),
    ("customers/A/withholding", "withholder", {"customer_id": "A"}),
    ("withholding-rates", "withholding_rates", {}),
    ("receivables/r-A/pix?on=2026-03-10", "pix", {"receivable_id": "r-A", "on": "2026-03-10"}),
]


@pytest.mark.parametrize(("path", "body", "command"), WRITES, ids=lambda value: value if isinstance(value, str) else "")
def test_what_finance_asks_reaches_billing(world: World, path: str, body: dict[str, Any], command: str) -> None:
    answer = world.client("finance").post(f"/api/v1/{path}", json=body)
    assert answer.status_code in (200, 201), answer.json
    (sent,) = world.services.commands()
    assert sent["command"] == command
    ids = {"account_id": "c-A"} if "withholding" not in path else {}
    assert {**sent["payload"], **ids, **body} == sent["payload"]


@pytest.mark.parametrize(("path", "query", "params"), READS, ids=lambda value: value if isinstance(value, str) else "")
def test_what_finance_wants_to_know_is_asked_of_billing(world: World, path: str, query: str, params: Any) -> None:
    assert world.client("finance").get(f"/api/v1/{path}").status_code == 200
    (asked,) = [
        payload for service, method, payload, _ in world.services.calls if (service, method) == ("billing", "ask")
    ]
    assert asked["query"] == query
    assert {key: value for key, value in asked["params"].items() if value is not None} == params


def test_a_decision_about_a_charge_needs_a_reason(world: World) -> None:
    answer = world.client("finance").post("/api/v1/contracts/c-A/agenda/hold", json={"line_id": "L1"})
    assert answer.status_code == 400
    assert world.services.commands() == []
