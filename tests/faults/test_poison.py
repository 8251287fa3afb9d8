"""An event that a handler cannot take: it parks with the later ones of its stream, the others flow, a redrive heals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from dateutil.relativedelta import relativedelta

from services.testing.running import wait_for
from tests.faults.conftest import World
from tests.faults.driver import Driver
from tests.faults.journeys import PERSONS, made_id

# Who cannot take an event of which stream, and the table that refuses its row: a policy and four views.
PLACES = (
    ("billing", "policy.follow_contracts", "contract", "accounts.contract_id"),
    ("tickets", "view.coverage", "contract", "coverage_contracts.contract_id"),
    ("feedback", "view.contract_rules", "contract", "contract_rules.contract_id"),
    ("gateway", "view.contracts", "contract", "contracts.contract_id"),
    ("gateway", "view.customers", "customer", "contacts.customer_id"),
)


def test_a_poison_event_parks_its_stream_only_and_a_redrive_heals(world: World) -> None:
    """Tables refuse one contract and one contact: nothing else waits for them, and once mended nothing is missing."""
    driver = world.driver()
    number = world.journeys.reserve()
    refused = {kind: made_id(number, kind) for kind in ("contract", "customer")}
    for service, _, kind, place in PLACES:
        table, _, column = place.partition(".")
        world.books.change(service, f"ALTER TABLE {table} ADD CONSTRAINT poison CHECK ({column} <> '{refused[kind]}')")
    with ThreadPoolExecutor(1) as pool, world.flow(driver) as flow:
        victim = pool.submit(world.journeys.run, number, driver)
        for service, subscription, *_ in PLACES:
            wait_for(lambda s=service, n=subscription: parked(world, s, n), f"the parked event of {subscription}")
        amend(driver, refused["contract"])
        wait_for(lambda: len(parked(world, "tickets", "view.coverage")) > 1, "the one behind it")

        flow.more(50)
        for service, subscription, kind, _ in PLACES:
            rows = parked(world, service, subscription)
            assert {row["stream"] for row in rows} == {f"{kind}-{refused[kind]}"}
            assert retry(driver, service, subscription, rows[0]["stream"])["failed"]  # not mended yet: it stays
            assert not any(person in row["error"] for row in rows for person in PERSONS)
        assert not victim.done()

        for service, subscription, kind, place in PLACES:
            world.books.change(service, f"ALTER TABLE {place.partition('.')[0]} DROP CONSTRAINT poison")
            assert retry(driver, service, subscription, f"{kind}-{refused[kind]}")["failed"] is None
        victim.result(timeout=90)
    world.prove(driver)


def amend(driver: Driver, contract: str) -> None:
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
