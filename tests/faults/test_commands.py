"""A caller who does not learn the outcome asks again with the same id: it takes effect once.

The commands go to the witness, whose rule is not idempotent: only the id keeps it from counting twice.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest

from services.errors import OutcomeUnknown, Unavailable
from services.testing.proxy import TcpProxy
from services.testing.running import wait_for
from services.transport.port import Transport
from services.transport.rabbit.transport import RabbitTransport
from tests.faults.conftest import World
from tests.faults.journeys import made_id


def test_an_answer_that_was_lost_is_given_again(world: World) -> None:
    """The caller's connection breaks while the command runs; the service commits it, and nobody hears."""
    url = urlsplit(world.full.broker.url())
    with TcpProxy("127.0.0.1", world.full.broker.port) as proxy:
        transport = RabbitTransport(
            url._replace(netloc=f"{url.username}:{url.password}@127.0.0.1:{proxy.port}").geturl(), "cut"
        )
        with ThreadPoolExecutor(1) as pool:
            with world.books.locked("witness", "commands", "EXCLUSIVE"):
                call = pool.submit(count, transport, "lost", seconds=30)
                wait_for(lambda: waits_to_commit(world), "the command to be in the middle")
                proxy.cut()
                with pytest.raises(OutcomeUnknown):
                    call.result(timeout=10)
            wait_for(lambda: counted(world, "lost") == 1, "the command to be done all the same")
            assert count(transport, "lost")["version"] == 1
        transport.close()
    assert counted(world, "lost") == 1
    world.prove(world.driver())


def test_a_command_that_nobody_took_in_time_is_not_done_late(world: World) -> None:
    """The service is frozen, the deadline passes, the service wakes: nothing happens until it is asked again."""
    world.full.pause("witness")
    with pytest.raises((OutcomeUnknown, Unavailable)):
        count(world.full.transport, "late", seconds=1)
    world.full.go_on("witness")
    assert count_patiently(world, "sentinel")["version"] == 1  # whatever lay in the queue before it has been looked at
    assert counted(world, "late") == 0
    assert count_patiently(world, "late")["version"] == 1
    assert counted(world, "late") == 1


def test_the_same_command_from_many_callers_at_once_takes_effect_once(world: World) -> None:
    """All get the same answer, whoever of them was first; over two instances."""
    second = world.full.add_instances("witness")[0]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: count_patiently(world, "many"), range(48)))
    assert {answer["version"] for answer in answers} == {1}
    assert counted(world, "many") == 1
    world.full.remove_instance(second)
    world.prove(world.driver())


def count(transport: Transport, name: str, seconds: float = 10.0) -> dict[str, Any]:
    """The command ``count_one`` of one tally, always with the same id."""
    request = {
        "id": made_id("count", name),
        "command": "count_one",
        "payload": {"tally_id": name},
        "actor": "user:driver",
    }
    answer: dict[str, Any] = transport.call("witness", "execute", request, timeout=seconds)
    return answer


def count_patiently(world: World, name: str) -> dict[str, Any]:
    return world.driver().send(
        "witness", "count_one", {"tally_id": name}, id=made_id("count", name), actor="user:driver"
    )  # fmt: skip


def counted(world: World, name: str) -> int:
    """How often a tally was counted, by the events."""
    return sum(each["tally_id"] == name for each in world.books.told("witness.tally.counted"))


def waits_to_commit(world: World) -> bool:
    query = "SELECT 1 FROM pg_locks WHERE relation = 'commands'::regclass AND NOT granted"
    return bool(world.books.rows("witness", query))
