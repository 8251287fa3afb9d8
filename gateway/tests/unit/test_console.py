"""The console: who gets in, what he is shown and may do; every page by every role."""

from __future__ import annotations

import pytest

from gateway.tests.unit.test_portal import browser
from gateway.tests.unit.world import World

STAFF = ("manager", "attendant", "technician", "finance", "operator")


@pytest.mark.parametrize("role", STAFF)
def test_staff_who_log_in_find_the_console(world: World, role: str) -> None:
    client = browser(world, role)
    assert client.get("/").headers["Location"] == "/console"
    page = client.get("/console")
    assert page.status_code == 200
    assert 'aria-current="page"' in page.text


def test_customers_are_not_led_into_the_console(world: World) -> None:
    assert browser(world, "ana").get("/console").headers["Location"] == "/"


def test_an_unknown_path_and_a_refusal_stand_within_the_frame(world: World) -> None:
    page = browser(world, "attendant").get("/console?wait=nonsense")
    assert page.status_code == 400
    assert 'class="c-nav"' in page.text
