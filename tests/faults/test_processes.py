"""Services' processes are killed in the middle of their work; their keepers start them again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.faults.conftest import World
from tests.faults.harness import SERVICES


def test_killed_services_lose_and_double_nothing(world: World) -> None:
    """kill −9 of each service in turn, while commands flow."""
    driver = world.driver()
    with world.flow(driver) as flow:
        for service in SERVICES:
            flow.more(15)
            world.full.kill_and_wait(service)
        flow.more(15)
    world.prove(driver)


def test_services_that_are_ended_in_order_lose_and_double_nothing(world: World) -> None:
    """SIGTERM, as at an upgrade: what was begun is finished, or is not begun."""
    driver = world.driver()
    with world.flow(driver) as flow:
        flow.more(15)
        with ThreadPoolExecutor() as pool:
            list(pool.map(world.full.end, SERVICES))
        for service in SERVICES:
            world.full.resume(service)
        world.full.wait_ready()
        flow.more(15)
    world.prove(driver)
