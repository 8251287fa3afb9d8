"""Work that tickets tell: what goes beyond the included quantity is charged, once, and points to its work."""

from __future__ import annotations

from typing import Any

from billing_service.domain.commands import (
    DisputeReceivable,
)
from billing_service.tests.integration.steps import bill
from billing_service.tests.integration.store import StoreApp, line, terms
from services.store.tables import refusals


def work(app: StoreApp, beyond: str, work_id: str = "W1", contract_id: str = "c1", **more: str) -> None:
    data = {
        "request_id": "r1",
        "contract_id": contract_id,
        "customer_id": "k1",
        "work_id": work_id,
        "service_type_id": "s1",
        "performed_on": "2026-01-20",
        "quantity": "3",
        "unit": "hour",
        "included_quantity": "1",
        "beyond_quantity": beyond,
        "unit_price": "120.00",
        "description": "Troca de peça",
        **more,
    }
    app.deliver([("tickets.request.work_recorded", data)], source="tickets", stream="request-r1")


def test_work_beyond_what_is_included_is_charged_and_points_to_it(app: StoreApp) -> None:
    work(app, "2")
    work(app, "0", "W2")
    assert bill(app, "2026-01")["amount"] == "540.00"
    (shown,) = app.query("receivables", account_id="c1")["items"]
    lines = app.query("receivable", receivable_id=shown["receivable_id"])["lines"]
    assert (lines[1]["explanation"]["source_ref"], lines[1]["amount"]) == ("W1", "240.00")
    assert lines[1]["why"]["en"] == "Extra charge: work of 2026-01-20 (W1): (3 − 1 included) × R$ 120.00 = R$ 240.00."


def test_what_is_charged_for_a_request_names_its_receivable_once_it_is_billed(app: StoreApp) -> None:
    work(app, "2")
    work(app, "1", "W2", request_id="r2")

    def charges() -> list[dict[str, Any]]:
        return list(app.query("charges_of_request", account_id="c1", request_id="r1")["items"])

    (waiting,) = charges()
    assert (waiting["state"], waiting["amount"], waiting["receivable"]) == ("added", "240.00", None)
    bill(app, "2026-01")
    (billed,) = charges()
    assert (billed["state"], billed["charge_id"]) == ("billed", waiting["charge_id"])
    (shown,) = app.query("receivables", account_id="c1")["items"]
    assert billed["receivable"] == {
        "receivable_id": shown["receivable_id"], "number": shown["number"], "issued_on": shown["issued_on"],
        "due_on": shown["due_on"], "payable_on": shown["payable_on"], "net": shown["net"], "balance": shown["balance"],
        "status": "open", "disputed": False,
    }  # fmt: skip
    lines = [billed["charge_id"]]
    app.execute(DisputeReceivable("c1", shown["receivable_id"], "não foi feito", charge_ids=tuple(lines)))
    assert charges()[0]["receivable"]["disputed"] is True


def part(app: StoreApp, happened: str = "part_used", **more: Any) -> None:
    data = {
        "request_id": "r1", "contract_id": "c1", "customer_id": "k1", "part_id": "P1", "name": "Correia", "quantity": "2",
        "unit": "piece", "unit_price": "80.00", "charge": "accepted", "charge_limit": None, "line_id": None,
        "used_on": "2026-01-20", "protocol": "2026-000007", **more,
    }  # fmt: skip
    app.deliver([(f"tickets.request.{happened}", data)], source="tickets", stream="request-r1")


def test_a_part_is_charged_points_to_its_request_and_follows_its_correction(app: StoreApp) -> None:
    part(app)
    part(app, part_id="P2", charge="none", uncharged_because="price-not-accepted")
    part(app, part_id="P3", charge_limit="100.00")

    def charges() -> list[tuple[str, str, str]]:
        found = app.query("charges_of_request", account_id="c1", request_id="r1")["items"]
        return [(each["explanation"]["source_ref"], each["amount"], each["why"]["pt-BR"]) for each in found]

    why = "Cobrança avulsa: peça de 20/01/2026 (2026-000007): 2 × R$ 80,00 = R$ 160,00."
    assert sorted(charges())[0] == ("P1", "160.00", why)
    assert sorted(charges())[1][:2] == ("P3", "100.00")
    part(app, "part_corrected", former_quantity="2", quantity="1", reason="Sobrou uma")
    part(app, "part_corrected", part_id="P2", former_quantity="2", quantity="2", reason="Preço combinado")
    assert [each[:2] for each in sorted(charges())] == [("P1", "80.00"), ("P2", "160.00"), ("P3", "100.00")]


def test_a_part_of_a_per_use_line_obeys_what_the_line_includes(bare: StoreApp) -> None:
    belt = line("80.00", "belt", kind="per_use", clause="4.3", description="Correia", included_quantity="1")
    bare.hear("activated", provider_id="p1", number="1", on="2026-01-01", terms=terms(line(), belt))
    part(bare, charge="contract", line_id="belt", quantity="3")
    (charge,) = bare.query("charges_of_request", account_id="c1", request_id="r1")["items"]
    assert (charge["clause"], charge["amount"]) == ("4.3", "160.00")  # the first one of the month is included
    part(bare, "part_corrected", charge="contract", line_id="belt", former_quantity="3", quantity="2", reason="Sobrou")
    (charge,) = bare.query("charges_of_request", account_id="c1", request_id="r1")["items"]
    assert charge["amount"] == "80.00"


def test_a_part_of_a_planned_visit_is_charged_by_the_contracts_line(bare: StoreApp) -> None:
    belt = line("80.00", "belt", kind="per_use", clause="4.3", description="Correia")
    bare.hear("activated", provider_id="p1", number="1", on="2026-01-01", terms=terms(line(), belt))
    used = {
        "contract_id": "c1", "customer_id": "k1", "visit_id": "v1", "part_id": "P1", "description": "Correia A-36",
        "quantity": "2", "unit": "piece", "technician_id": "t1", "request_id": None, "line_id": "belt", "clause": "4.3",
        "unit_price": "80.00", "charge": "contract", "charge_limit": None, "used_on": "2026-01-20",
    }  # fmt: skip
    bare.deliver([("tickets.visit.part_used", used)], source="tickets", stream="visits-c1")
    old = {name: used[name] for name in ("contract_id", "customer_id", "visit_id", "description", "quantity", "unit")}
    bare.deliver([("tickets.visit.part_used", {**old, "part_id": "P2"})], source="tickets", stream="visits-c1")
    added = [each for each in bare.query("agenda", account_id="c1")["items"] if each["state"] == "added"]
    assert [(each["description"], each["clause"], each["amount"]) for each in added] == [
        ("Correia A-36", "4.3", "160.00")
    ]


def test_work_whose_price_nobody_accepted_is_not_charged(app: StoreApp) -> None:
    """Without an acceptance, and without the contract's emergency clause, there is no charge; the event says why."""
    work(app, "2", charge="none", uncharged_because="price-not-accepted")
    work(app, "2", "W2", charge="accepted", charge_limit="150.00")
    assert bill(app, "2026-01")["amount"] == "450.00"
    (shown,) = app.query("receivables", account_id="c1")["items"]
    lines = app.query("receivable", receivable_id=shown["receivable_id"])["lines"]
    assert [(line["explanation"]["source_ref"], line["amount"]) for line in lines[1:]] == [("W2", "150.00")]
    assert "150.00" in lines[1]["why"]["en"]


def test_work_that_is_told_before_the_contract_is_not_lost(bare: StoreApp) -> None:
    work(bare, "2")
    bare.hear("activated", number="7", on="2026-01-01", terms=terms())
    assert bill(bare, "2026-01")["amount"] == "540.00"
    assert bare.find(refusals) == []
