"""One payment for several contracts, on both stores: wholly or not at all, once, each account's books in order."""

from __future__ import annotations

from typing import Any

import pytest

from billing_service.domain import commands as c
from billing_service.tests.integration.store import StoreApp, line, terms
from billing_service.views.payments import payments
from billing_service.views.receivables import receivables


@pytest.fixture
def house(bare: StoreApp) -> StoreApp:
    """c1 owes 100.00 since January, c2 50.00 since February; both the same customer's. Today: 1 March."""
    quiet = {"dunning": [], "default": {"days": None}, "late": {"fine_percent": "0", "interest_percent_month": "0"}}
    for name, price, starts_on in (("c1", "100.00", "2026-01-01"), ("c2", "50.00", "2026-02-01")):
        agreed = terms(line(price), starts_on=starts_on, **quiet)
        bare.hear("activated", name, number=name, on=starts_on, terms=agreed)
    bare.batch("bill", [{"account_id": "c1", "month": "2026-01", "on": "2026-01-01"}])
    bare.batch("bill", [{"account_id": "c2", "month": "2026-02", "on": "2026-02-01"}])
    bare.today("2026-03-01")
    return bare


def pay(app: StoreApp, amount: str, key: str = "P1", **more: Any) -> dict[str, Any]:
    said = {"id": f"cmd-{key}", "payment_id": key, "customer_id": "k1", "amount": amount, "method": "pix", **more}
    (answer,) = app.batch("record_shared_payment", [said])
    return answer


def balances(app: StoreApp) -> list[str]:
    return [app.query("account", account_id=name)["balance"] for name in ("c1", "c2")]


def test_the_oldest_of_all_contracts_is_paid_first_and_the_rest_is_credit(house: StoreApp) -> None:
    answer = pay(house, "170.00", credit_to="c2")
    shown = [(p["contract_id"], p["amount"], p["unallocated"]) for p in answer["parts"]]
    assert (answer["status"], shown) == ("recorded", [("c1", "100.00", "0.00"), ("c2", "70.00", "20.00")])
    assert balances(house) == ["0.00", "-20.00"]
    parts = house.query("payment_parts", payment_id="P1")
    assert (parts["amount"], [p["contract_id"] for p in parts["parts"]]) == ("170.00", ["c1", "c2"])


def test_the_same_payment_again_is_recorded_once_and_another_amount_refused(house: StoreApp) -> None:
    first = pay(house, "120.00")
    assert pay(house, "120.00")["parts"] == first["parts"]  # the same command
    (again,) = house.batch("record_shared_payment", [{"payment_id": "P1", "customer_id": "k1", "amount": "120.00"}])
    assert (again["status"], again["parts"]) == ("unchanged", first["parts"])
    (other,) = house.batch("record_shared_payment", [{"payment_id": "P1", "customer_id": "k1", "amount": "130.00"}])
    assert (other["status"], other["error"]["code"]) == ("rejected", "payment.id-in-use")
    assert balances(house) == ["0.00", "30.00"]


def test_chosen_receivables_of_several_contracts(house: StoreApp) -> None:
    ids = {row["account_id"]: row["receivable_id"] for row in house.find(receivables)}
    chosen = [{"receivable_id": ids["c2"], "amount": "50.00"}, {"receivable_id": ids["c1"], "amount": "10.00"}]
    pay(house, "65.00", allocations=chosen, credit_to="c1")
    assert balances(house) == ["85.00", "0.00"]
    assert house.query("balance_on", on="2026-03-01", account_id="c1")["credit"] == "5.00"


def test_all_or_nothing(house: StoreApp) -> None:
    """The second allocation is more than is owed: nothing at all is recorded."""
    ids = {row["account_id"]: row["receivable_id"] for row in house.find(receivables)}
    chosen = [{"receivable_id": ids["c1"], "amount": "100.00"}, {"receivable_id": ids["c2"], "amount": "50.01"}]
    answer = pay(house, "150.01", allocations=chosen)
    assert (answer["status"], answer["error"]["code"]) == ("rejected", "payment.allocation-exceeds-balance")
    assert house.find(payments) == []
    assert balances(house) == ["100.00", "50.00"]


def test_reversed_it_is_reversed_on_every_account(house: StoreApp) -> None:
    pay(house, "170.00", credit_to="c2")
    for _ in range(2):
        (answer,) = house.batch("reverse_shared_payment", [{"payment_id": "P1", "reason": "devolvido"}])
        assert answer["status"] == "reversed"
    assert balances(house) == ["100.00", "50.00"]


def test_foreign_contracts_are_not_paid(house: StoreApp) -> None:
    house.hear("activated", "x1", number="x1", customer_id="k2", on="2026-01-01", terms=terms())
    house.batch("bill", [{"account_id": "x1", "month": "2026-03"}])
    assert pay(house, "10.00", contract_ids=["x1"])["error"]["code"] == "payment.account-unknown"
    pay(house, "150.00")
    assert house.query("account", account_id="x1")["balance"] == "900.00"


def test_late_charges_of_what_it_pays_off_late_are_taken_from_what_is_left(bare: StoreApp) -> None:
    """Due on 11 January, paid on 10 February: 30 days, 2 % and 1 %."""
    for name in ("c1", "c2"):
        bare.hear("activated", name, number=name, on="2026-01-01", terms=terms(line("100.00"), ends_on="2026-01-31"))
    bare.batch("bill", [{"account_id": name, "month": "2026-01", "on": "2026-01-01"} for name in ("c1", "c2")])
    bare.today("2026-02-10")
    answer = pay(bare, "206.00")
    assert [(p["amount"], p["unallocated"]) for p in answer["parts"]] == [("103.00", "0.00"), ("103.00", "0.00")]
    assert balances(bare) == ["0.00", "0.00"]


def test_a_part_that_waits_as_credit_pays_the_next_receivable(house: StoreApp) -> None:
    pay(house, "170.00", credit_to="c2")
    house.batch("bill", [{"account_id": "c2", "month": "2026-03"}])
    assert house.query("account", account_id="c2")["open"] == "30.00"
    house.execute(c.AllocateCredit("c2"))
    assert balances(house)[1] == "30.00"
