"""docker-compose.yml as a whole: the journey through it, what a wiped broker costs, and what it keeps to itself."""

from __future__ import annotations

import json

import httpx

from services.settings import SERVICES
from tests.compose.conftest import Containers
from tests.system.house import House
from tests.system.running import wait_for
from tests.system.test_journey_http import test_the_whole_journey

__all__ = ["test_the_whole_journey"]  # the same journey as in the other ways to run


def test_every_part_is_ready(system: Containers) -> None:
    state = httpx.get(f"{system.url}/health", timeout=30)
    assert (state.status_code, state.json()["ready"]) == (200, True)
    assert set(SERVICES) - {"gateway"} <= set(state.json()["parts"])


def test_no_service_runs_as_root_or_holds_anothers_password(system: Containers) -> None:
    for service in SERVICES:
        assert system.inside(service, "id", "-u").strip() == "10001"
        urls = system.inside(service, "cat", "/var/lib/vigencia/env")
        assert f"//{service}:" in urls
        assert not [other for other in SERVICES if other != service and f"//{other}:" in urls]


def test_no_password_is_in_the_image_or_the_file(system: Containers) -> None:
    told = json.loads(system.compose("config", "--format", "json"))
    for service in SERVICES:
        assert not [name for name in told["services"][service]["environment"] if "PASSWORD" in name or "SECRET" in name]
    assert "postgresql+psycopg://" not in system.compose("config")


def test_a_wiped_broker_comes_back_and_work_goes_on(system: Containers, house: House) -> None:
    """The container is made anew without its data: users come from the definitions file, events from the feeds."""
    contract_id = house.contract()
    system.compose("rm", "--stop", "--force", "rabbitmq")
    system.docker("volume", "rm", f"{system.project}_rabbitmq-data")
    system.compose("up", "-d", "--no-build", "--no-deps", "--wait", "rabbitmq")
    wait_for(lambda: httpx.get(f"{system.url}/health", timeout=30).status_code == 200, "all to be connected again")
    request_id = house.open_request(contract_id)
    house.settle()
    assert house.office.get(f"requests/{request_id}")["status"] == "open"
