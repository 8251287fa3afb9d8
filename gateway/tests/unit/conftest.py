"""A furnished gateway for each test."""

from __future__ import annotations

import pytest

from gateway.tests.unit.world import World


@pytest.fixture
def world() -> World:
    return World().furnish()
