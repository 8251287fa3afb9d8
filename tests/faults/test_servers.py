"""RabbitMQ and PostgreSQL go away and come back, with or without what they held, while commands flow."""

from __future__ import annotations

from tests.faults.conftest import World


def test_a_restart_of_the_broker_loses_and_doubles_nothing(world: World) -> None:
    """Stopped in order and started again; meanwhile commands are refused as unavailable, not lost."""
    driver = world.driver()
    with world.flow(driver) as flow:
        flow.more(25)
        world.full.restart_broker()
        flow.more(25)
    assert driver.faults["unavailable"] > 0
    world.prove(driver)


def test_a_wiped_broker_loses_and_doubles_nothing(world: World) -> None:
    """Killed, and its data directory deleted: queues, messages and users are gone, and come back by themselves."""
    driver = world.driver()
    with world.flow(driver) as flow:
        flow.more(25)
        world.full.wipe_broker()
        flow.more(25)
    world.prove(driver)


def test_a_restart_of_the_database_loses_and_doubles_nothing(world: World) -> None:
    """Every service's sessions are ended in the middle of their transactions."""
    driver = world.driver()
    with world.flow(driver) as flow:
        flow.more(25)
        world.full.restart_postgres()
        flow.more(25)
    world.prove(driver)


def test_a_killed_database_loses_and_doubles_nothing(world: World) -> None:
    """kill −9: commits whose answer never came; it recovers from its log."""
    driver = world.driver()
    with world.flow(driver) as flow:
        flow.more(25)
        world.full.kill_postgres()
        flow.more(25)
    world.prove(driver)


def test_everything_is_killed_at_once(world: World) -> None:
    """As by a power cut: all services, the broker and the database; they come back in any order."""
    driver = world.driver()
    full = world.full
    with world.flow(driver) as flow:
        flow.more(25)
        full.kill_broker()
        full.kill_postgres()
        full.kill_and_wait(*full.instances)
        flow.more(25)
    world.prove(driver)
