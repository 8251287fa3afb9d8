"""A service's process is killed in the middle of its work and started again."""

from __future__ import annotations

import pytest

from tests.faults.conftest import World
from tests.faults.harness import SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_a_killed_service_loses_and_doubles_nothing(world: World, service: str) -> None:
    """kill −9 while commands flow; a supervisor starts it again."""
    driver = world.driver()
    with world.flow(driver) as flow:
        flow.more(25)
        world.full.kill(service)
        world.full.start_instances(service)
        flow.more(25)
    world.prove(driver)
