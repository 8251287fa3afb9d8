"""Finance bills over HTTP: a run is previewed, started, watched; balances as of a day and as they were believed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.system.house import House
from tests.system.running import wait_for
from tests.system.visitor import Problem


def test_a_run_is_previewed_and_bills_in_the_background_just_that(house: House) -> None:
    contract_id = house.contract()
    house.office.write("PUT", f"contracts/{contract_id}/tags", {"tags": ["corrida"]})
    house.settle()
    shown = house.office.post("billing/runs/preview", month=house.month, tags=["corrida"])
    (item,) = shown["items"]
    assert (item["contract_id"], item["amount"], item["lines"][0]["reasons"]) == (contract_id, "1000.00", ["new_line"])
    run = _finished(house, month=house.month, tags=["corrida"])
    assert (run["status"], run["contracts"], run["issued"], run["total"], run["failures"]) == (
        "finished", 1, 1, "1000.00", [],
    )  # fmt: skip
    house.settle()
    (receivable,) = house.customer.list("receivables", contract_id=contract_id)
    assert receivable["net"] == "1000.00"
    again = _finished(house, month=house.month, tags=["corrida"])
    assert (again["contracts"], again["issued"]) == (0, 0)
    assert {run["run_id"], again["run_id"]} <= {each["run_id"] for each in house.office.list("billing/runs")}
    assert house.office.post(f"billing/runs/{run['run_id']}/resume")["events"] == []


def test_a_month_or_a_day_is_needed_and_a_customer_starts_no_run(house: House) -> None:
    for body in ({}, {"month": house.month, "through": house.today.isoformat()}):
        with pytest.raises(Problem) as refused:
            house.office.post("billing/runs", **body)
        assert refused.value.status == 422
        assert "um dos dois" in str(refused.value.document)
    assert house.customer.status("POST", "billing/runs", {"month": house.month}) == 403
    assert house.office.status("GET", "billing/runs/none") == 404


def test_balances_as_of_a_day_and_as_known_then(house: House) -> None:
    contract_id = house.contract()
    house.bill(contract_id)
    house.office.post("payments", contract_id=contract_id, amount="400.00", method="pix")
    (receivable,) = house.office.list("receivables", contract_id=contract_id)
    path, today = f"receivables/{receivable['receivable_id']}", house.today.isoformat()
    yesterday = (house.today - timedelta(days=1)).isoformat()
    asked: dict[str, Any] = {"contract_id": contract_id, "as_of": today}
    assert house.office.get("reports/balance", **asked)["balance"] == "600.00"
    assert house.office.get("reports/balance", **asked, known_at=yesterday)["balance"] == "0.00"
    assert house.office.get(path, as_of=today)["as_of"]["balance"] == "600.00"
    assert house.office.get(path, as_of=today, known_at=yesterday)["as_of"]["balance"] == "0.00"
    statement = house.customer.get(f"contracts/{contract_id}/statement", known_at=yesterday)
    assert (statement["items"], statement["balance"]) == ([], "0.00")


def _finished(house: House, **asked: Any) -> dict[str, Any]:
    """Start a run, and wait until it is over."""
    run_id = house.office.make("billing/runs", **asked)
    shown: dict[str, Any] = {}

    def over() -> bool:
        shown.update(house.office.get(f"billing/runs/{run_id}"))
        return shown["status"] != "running"

    wait_for(over, "the run to finish")
    return shown


def test_a_contract_whose_charges_issue_themselves_is_billed_the_next_morning_without_a_run(house: House) -> None:
    contract_id = house.contract(billing={"due_days": 5, "issue": "automatic", "issue_hour": "00:00"})
    assert house.customer.list("receivables", contract_id=contract_id) == []
    tomorrow = house.in_days(1)
    for _ in range(2):
        house.office.post("operations/billing/due", until=tomorrow)
        house.settle()
    (receivable,) = house.customer.list("receivables", contract_id=contract_id)
    assert (receivable["net"], receivable["issued_on"]) == ("1000.00", (house.today + timedelta(days=1)).isoformat())
    assert house.bill(contract_id)["issued"] == 0


def test_one_payment_settles_receivables_of_two_contracts(house: House) -> None:
    first, second = house.contract(), house.contract()
    for contract_id in (first, second):
        house.bill(contract_id)
    body = {"amount": "1500.00", "method": "pix", "contract_ids": [first, second], "credit_to": second}
    answer = house.office.post(f"customers/{house.customer_id}/payments", key="one-payment-1", **body)
    again = house.office.post(f"customers/{house.customer_id}/payments", key="one-payment-1", **body)
    assert again["parts"] == answer["parts"]
    assert sorted(part["amount"] for part in answer["parts"]) == ["1000.00", "500.00"]
    house.settle()
    left = [house.office.get(f"contracts/{contract_id}/account")["balance"] for contract_id in (first, second)]
    assert sorted(left) == ["0.00", "500.00"]
    shown = house.office.get(f"shared-payments/{answer['payment_id']}")
    assert (shown["amount"], len(shown["parts"])) == ("1500.00", 2)
    house.office.post(f"shared-payments/{answer['payment_id']}/reverse", reason="devolvido pelo banco")
    house.settle()
    left = [house.office.get(f"contracts/{contract_id}/account")["balance"] for contract_id in (first, second)]
    assert left == ["1000.00", "1000.00"]
    with pytest.raises(Problem) as refused:
        house.office.post(f"customers/{house.customer_id}/payments", amount="10.00", contract_ids=["nobody"])
    assert refused.value.status == 422


def test_charges_are_added_corrected_and_withdrawn_and_credit_is_granted_and_paid_back(house: House) -> None:
    contract_id = house.contract()
    path, today = f"contracts/{contract_id}", house.today.isoformat()
    added = {"description": "Visita", "quantity": "3", "unit_price": "80.00", "occurred_on": today, "reason": "extra"}
    house.office.post(f"{path}/charges", **added)
    house.office.post(f"{path}/charges", **added)
    first, second = house.office.get(f"{path}/agenda", state="added")["items"]
    house.office.post(f"{path}/charges/correct", charge_id=first["charge_id"], quantity="2", reason="duas visitas")
    house.office.post(f"{path}/charges/withdraw", charge_id=second["charge_id"], reason="em dobro")
    (left,) = house.office.get(f"{path}/agenda", state="added")["items"]
    assert left["amount"] == "160.00"
    house.office.post(f"{path}/credits", amount="50.00", reason="cortesia")
    house.office.post(f"{path}/refunds", reason="a pedido", method="pix")
    account = house.office.get(f"{path}/account")
    assert (account["balance"], account["credit"]) == ("0.00", "0.00")
    with pytest.raises(Problem) as refused:
        house.office.post(f"{path}/refunds", reason="outra vez")
    assert refused.value.status == 422
    assert house.customer.status("POST", f"{path}/credits", {"amount": "1.00", "reason": "x"}) == 403
