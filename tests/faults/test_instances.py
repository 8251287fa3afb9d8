"""Several processes of a service over one database: none needs to know of the others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

from services.relay import Relay
from services.runtime import App
from services.settings import Settings, secret_for
from services.testing.running import wait_for
from services.transport.rabbit.transport import RabbitTransport
from tests.faults.books import COMPONENTS, WRITERS
from tests.faults.conftest import World
from tests.faults.harness import SERVICES, WITNESS, FullMode

FROZEN_SECONDS = 75.0  # until another instance has taken over from a frozen one


def test_two_instances_of_every_service_and_two_relays_at_once(world: World) -> None:
    """Each twice, with a third relay that heeds no lease; then the first of some are killed."""
    driver = world.driver()
    full = world.full
    seconds = full.add_instances(*SERVICES)
    with relays_without_lease(full), world.flow(driver) as flow:
        flow.more(50)
        full.kill_and_wait("contracts", "billing", WITNESS)
        flow.more(25)
    world.prove(driver)
    for name in seconds:
        full.remove_instance(name)


def test_a_frozen_instance_is_overtaken_and_then_fenced(world: World) -> None:
    """It stops in the middle of a transaction, another one takes its place, it wakes and does not know."""
    driver = world.driver(call_seconds=1.0)  # half of the calls go to the frozen one
    full, books = world.full, world.books
    tables = {"witness": "seen", "billing": "accounts"}  # who is frozen, and where it is held up before
    seconds = full.add_instances(*tables)
    with ThreadPoolExecutor(1) as pool, world.flow(driver) as flow:
        flow.more(25)
        with ExitStack() as locks:
            for service, table in tables.items():
                locks.enter_context(books.locked(service, table))
            newcomer = pool.submit(world.journeys.one, driver)  # the others may all wait for these services
            for service in tables:
                wait_for(lambda s=service: checkpoint_is_held(world, s), f"{service} to be within a transaction")
                full.pause(service)
        heads = {source: books.heads(source) for source in WRITERS}
        for service in tables:
            wait_for(lambda s=service: has_reached(world, s, heads), "the other instance to go on", FROZEN_SECONDS)
        flow.more(25)
        for service in tables:
            full.go_on(service)
        flow.more(25)
        newcomer.result(timeout=90)
    world.prove(driver)
    for service in tables:
        assert "checkpoint moved by another instance" in full.log_of(service)
    for name in seconds:
        full.remove_instance(name)


def test_a_subscription_that_one_instance_stopped_stands_still_in_all(world: World) -> None:
    """Its state stands in the database; no instance needs to have heard of it. Resumed, it misses nothing."""
    driver = world.driver()
    stopped = {"subscription": "view.seen_tickets", "source": "tickets"}
    with world.flow(driver) as flow:
        values = ", ".join(f"'{value}'" for value in (*stopped.values(), "stopped", "by hand"))
        with world.books.locked("witness", "checkpoints", "EXCLUSIVE"):  # not while one is being moved
            world.books.change("witness", f"INSERT INTO subscription_states VALUES ({values}, now())")
            before = places(world, stopped["subscription"])
        flow.more(50)
        assert places(world, stopped["subscription"]) == before
    driver.operate("witness", "resume", **stopped)
    world.prove(driver)


@contextmanager
def relays_without_lease(full: FullMode) -> Iterator[None]:
    """One more relay for each service, in this process: it numbers and publishes as if it were alone."""
    stop = threading.Event()
    errors: list[BaseException] = []
    transports, apps, threads = [], [], []

    def run(relay: Relay) -> None:
        try:
            while not stop.is_set():
                relay.step()
        except BaseException as error:
            errors.append(error)

    for service in WRITERS:
        url = full.postgres.url(service)
        settings = Settings(service, url, url, 4, secret_for(full.folder, service), full.folder)
        transports.append(RabbitTransport(full.broker.url(service), f"{service}.third"))
        apps.append(App(COMPONENTS[service], transports[-1], settings))
        apps[-1].application.store.create(tables=False)
        relay = Relay(apps[-1].application, transports[-1].sender(service))
        threads.append(threading.Thread(target=run, args=(relay,), daemon=True))
        threads[-1].start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
        for transport, app in zip(transports, apps, strict=True):
            transport.close()
            app.stop()
    assert errors == []


def checkpoint_is_held(world: World, service: str) -> bool:
    """Whether a transaction of the service's first process has moved a checkpoint and waits for something else."""
    query = (
        "SELECT 1 FROM pg_stat_activity a JOIN pg_locks l USING (pid) WHERE a.application_name = %s AND l.granted"
        " AND a.wait_event_type = 'Lock' AND l.relation = 'checkpoints'::regclass AND l.mode = 'RowExclusiveLock'"
    )
    return bool(world.books.rows(service, query, world.full.session_name(service)))


def has_reached(world: World, service: str, heads: dict[str, dict[int, dict[str, Any]]]) -> bool:
    """Whether all checkpoints of the service stand where its sources stood then, or further."""
    return all(
        row["offset"] >= heads[source][partition]["offset"]
        for (_, source, partition), row in world.books.checkpoints(service).items()
        if source in heads
    )


def places(world: World, subscription: str) -> dict[int, int]:
    """Where a subscription of the witness stands, by partition."""
    checkpoints = world.books.checkpoints("witness").items()
    return {partition: row["offset"] for (name, _, partition), row in checkpoints if name == subscription}
