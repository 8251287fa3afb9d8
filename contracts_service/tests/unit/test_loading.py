"""Contracts' payloads are loaded at once, and as marshmallow loads them."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts_service.importing import TERMS
from contracts_service.schemas import COMMANDS, ImportRecord
from services.loading import quick
from services.testing.payloads import assert_loads_alike, payloads


def test_every_command_can_be_loaded_at_once() -> None:
    assert not [name for name, schema in COMMANDS.items() if quick(schema()) is None]


@given(data=st.data())
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_terms_are_loaded_as_marshmallow_loads_them(data: st.DataObject) -> None:
    assert_loads_alike(TERMS, data.draw(payloads(TERMS(), 200)))


@given(data=st.data())
def test_import_records_are_loaded_as_marshmallow_loads_them(data: st.DataObject) -> None:
    assert_loads_alike(ImportRecord, data.draw(payloads(ImportRecord())))
