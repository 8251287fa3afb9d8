"""An event that a handler cannot take: it parks with the later ones of its stream, the others flow, a redrive heals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from dateutil.relativedelta import relativedelta

from services.testing.running import wait_for
from tests.faults.conftest import World
from tests.faults.driver import Driver
from tests.faults.journeys import made_id

# Who cannot take the contract's activation, and the table that refuses its row: a policy and three views.
PLACES = (
    ("billing", "policy.follow_contracts", "accounts"),
    ("tickets", "view.coverage", "coverage_contracts"),
    ("feedback", "view.contract_rules", "contract_rules"),
    ("gateway", "view.contracts", "contracts"),
)


def test_a_poison_event_parks_its_stream_only_and_a_redrive_heals(world: World) -> None:
    """Four tables refuse one contract: nothing else waits for it, and once they are mended nothing is missing."""
    driver = world.driver()
    number = world.journeys.reserve()
    contract = made_id(number, "contract")
    stream = f"contract-{contract}"
    for service, _, table in PLACES:
        world.books.change(service, f"ALTER TABLE {table} ADD CONSTRAINT poison CHECK (contract_id <> '{contract}')")
    with ThreadPoolExecutor(1) as pool, world.flow(driver) as flow:
        victim = pool.submit(world.journeys.run, number, driver)
        for service, subscription, _ in PLACES:
            wait_for(lambda s=service, n=subscription: parked(world, s, n), f"the parked event of {service}")
        amend(world, driver, contract)
        wait_for(lambda: len(parked(world, "tickets", "view.coverage")) > 1, "the one behind it")

        flow.more(50)
        for service, subscription, _ in PLACES:
            assert {row["stream"] for row in parked(world, service, subscription)} == {stream}
            assert retry(driver, service, subscription, stream)["failed"]  # not mended yet: it stays
        assert not victim.done()

        for service, subscription, table in PLACES:
            world.books.change(service, f"ALTER TABLE {table} DROP CONSTRAINT poison")
            assert retry(driver, service, subscription, stream)["failed"] is None
        victim.result(timeout=90)
    world.prove(driver)


def amend(world: World, driver: Driver, contract: str) -> None:
    """An addendum, which billing cannot take before it has the account. It changes no amount."""
    asked = driver.ask("contracts", "contract", contract_id=contract)
    terms = {**asked["terms"], "evaluation": {**asked["terms"]["evaluation"], "remind_hours": 24}}
    next_month = datetime.now(UTC).date().replace(day=1) + relativedelta(months=1)
    payload = {"contract_id": contract, "effective_on": next_month.isoformat(), "terms": terms, "reason": "aditivo"}
    driver.send("contracts", "amend_contract", payload, id=made_id(contract, "amend"), actor="user:staff")


def parked(world: World, service: str, subscription: str) -> list[dict[str, Any]]:
    return world.books.rows(service, "SELECT * FROM parked_events WHERE subscription = %s", subscription)


def retry(driver: Driver, service: str, subscription: str, stream: str) -> dict[str, Any]:
    found: dict[str, Any] = driver.operate(service, "retry", subscription=subscription, stream=stream)
    return found
