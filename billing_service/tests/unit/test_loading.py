"""Billing's payloads are loaded at once, and as marshmallow loads them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_service.schemas import COMMANDS, BillRecord
from services.loading import quick
from services.testing.payloads import assert_loads_alike, payloads


def test_every_command_can_be_loaded_at_once() -> None:
    assert not [name for name, schema in COMMANDS.items() if quick(schema()) is None]


@pytest.mark.parametrize("name", ["record_payment", "open_account", "issue_credit_note"])
@given(data=st.data())
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_commands_are_loaded_as_marshmallow_loads_them(name: str, data: st.DataObject) -> None:
    assert_loads_alike(COMMANDS[name], data.draw(payloads(COMMANDS[name](), 100)))


@given(data=st.data())
def test_a_runs_records_are_loaded_as_marshmallow_loads_them(data: st.DataObject) -> None:
    assert_loads_alike(BillRecord, data.draw(payloads(BillRecord())))
