"""A source comes back from an older backup: its subscribers say so and take nothing, until a person decides."""

from __future__ import annotations

from typing import Any

from services.testing.running import wait_for
from tests.faults.backups import dump, restore
from tests.faults.books import COMPONENTS, subscriptions
from tests.faults.conftest import World
from tests.faults.driver import Driver
from tests.faults.harness import SERVICES, WITNESS
from tests.faults.journeys import made_id

SOURCE = "contracts"
NOTICED_SECONDS = 30.0  # the comparison with the heads comes every ten


def test_a_source_restored_from_an_older_backup_is_noticed_by_every_subscriber(world: World) -> None:
    """Other events stand at offsets that are known already: nobody takes them. With the right backup all goes on."""
    full, books, driver = world.full, world.books, world.driver()
    with world.flow(driver) as flow:
        flow.more(10)
        older = dump(full.postgres, SOURCE, full.folder / "older.dump")
        offsets = heads(world)
        flow.more(10)
        wait_for(lambda: all(head > offsets[p] for p, head in heads(world).items()), "newer events everywhere", 60)
    books.wait_for_rest()
    newest, known = heads(world), what_they_know(world)

    full.end(SOURCE)
    newer = dump(full.postgres, SOURCE, full.folder / "newer.dump")
    restore(full.postgres, SOURCE, older)
    full.resume(SOURCE)
    full.wait_ready(SOURCE)
    write_another_history(world, newest)
    wait_for(lambda: diverged(world) == subscribers(), "every subscriber to notice", NOTICED_SECONDS)

    assert what_they_know(world) == known  # nothing was taken of the other history
    for service, subscription in subscribers():
        wait_for(lambda a=service, b=subscription: running(world, a, b) == {0.0}, "the metric", NOTICED_SECONDS)
        states = driver.operate(service, "subscriptions")
        assert all(s["reason"] for s in states if s["subscription"] == subscription and s["source"] == SOURCE)

    accept_and_rebuild(world, driver)

    full.end(SOURCE)
    restore(full.postgres, SOURCE, newer)
    full.resume(SOURCE)
    full.wait_ready(SOURCE)
    wait_for(lambda: ("tickets", "view.coverage") in diverged(world), "the rebuilt view to notice", NOTICED_SECONDS)
    for service, subscription in subscribers():
        accept = (service, subscription) == ("tickets", "view.coverage")
        driver.operate(service, "resume", subscription=subscription, source=SOURCE, accept=accept)
    with world.flow(driver) as flow:
        flow.more(25)
    world.prove(driver)


def accept_and_rebuild(world: World, driver: Driver) -> None:
    """Where the restored source is the truth now, a view is told so: it begins again with its first event."""
    driver.operate("tickets", "resume", subscription="view.coverage", source=SOURCE, accept=True)
    activated = sorted(each["contract_id"] for each in world.books.told("contracts.contract.activated"))
    query = "SELECT contract_id FROM coverage_contracts"

    def rebuilt() -> bool:
        return sorted(row["contract_id"] for row in world.books.rows("tickets", query)) == activated

    wait_for(rebuilt, "the view of the restored source", NOTICED_SECONDS)


def write_another_history(world: World, beyond: dict[int, int]) -> None:
    """Commands to the restored source until each partition is longer than it was before: all offsets are in use again."""
    driver = world.driver()
    number = 0
    while any(head <= beyond[partition] for partition, head in heads(world).items()):
        for _ in range(10):
            number += 1
            customer = made_id("another history", number)
            company = {"customer_id": customer, "kind": "company", "legal_name": f"Outra {number} Ltda."}
            driver.send("contracts", "register_customer", company, id=made_id(customer, "c"), actor="user:staff")
        assert number < 2000


def heads(world: World) -> dict[int, int]:
    return {partition: head["offset"] for partition, head in world.books.heads(SOURCE).items()}


def subscribers() -> set[tuple[str, str]]:
    """Every other service's subscriptions to the source: its service and name. (Its own came back with it.)"""
    return {
        (service, subscription.name)
        for service in SERVICES
        if service != SOURCE
        for subscription, _ in subscriptions(service)
        if subscription.source == SOURCE
    }


def diverged(world: World) -> set[tuple[str, str]]:
    query = "SELECT subscription FROM subscription_states WHERE state = 'diverged' AND source = %s"
    return {(service, row["subscription"]) for service in SERVICES for row in world.books.rows(service, query, SOURCE)}


def what_they_know(world: World) -> dict[str, Any]:
    """Checkpoints and rows that come from the source, of every subscriber."""
    found: dict[str, Any] = {}
    for service in {service for service, _ in subscribers()}:
        checkpoints = world.books.checkpoints(service).items()
        found[service] = {key: (row["offset"], row["chain"]) for key, row in checkpoints if key[1] == SOURCE}
        for view in COMPONENTS[service].remote_views:
            for table in view.tables if view.source == SOURCE and service != WITNESS else ():
                found[f"{service}.{table.name}"] = sorted(map(str, world.books.rows(service, f"SELECT * FROM {table}")))
    found["seen"] = world.books.rows(WITNESS, "SELECT * FROM seen WHERE source = %s ORDER BY event", SOURCE)
    found["accounts"] = world.books.rows("billing", "SELECT * FROM accounts ORDER BY account_id")
    return found


def running(world: World, service: str, subscription: str) -> set[float]:
    """What Prometheus hears of its partitions: 1 it runs, 0 it does not."""
    ours = (f'subscription="{subscription}"', f'source="{SOURCE}"')
    lines = [
        line
        for line in world.full.metrics(service)
        if line.startswith("vigencia_subscription_running{") and all(label in line for label in ours)
    ]
    return {float(line.split()[-1]) for line in lines}
