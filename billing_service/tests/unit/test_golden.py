"""Every event version has a golden JSON; today's code reads each of them, and writes the current ones as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from billing_service.domain import account, bank_remittances, bank_row, billing_run, taxes
from billing_service.tests.unit.samples import life, one_of_each
from billing_service.upcasters import UPCASTERS
from services.codec import from_json_values, to_json_values

GOLDEN = Path(__file__).parent.parent / "golden"
EVENTS = (*account.EVENTS, *taxes.EVENTS, *billing_run.EVENTS, *bank_remittances.EVENTS, *bank_row.EVENTS)
CLASSES: dict[str, Any] = {cls.EVENT_TYPE: cls for cls in EVENTS}  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_old_and_new_shapes_are_read(path: Path) -> None:
    kind, version, data = json.loads(path.read_text(encoding="utf-8")).values()
    assert path.stem == f"{kind}.v{version}"
    original, current = data, version == CLASSES[kind].EVENT_VERSION
    while (step := UPCASTERS.get((kind, version))) is not None:
        data, version = step(data), version + 1
    event = from_json_values(data, CLASSES[kind])
    if current:
        assert json.dumps(to_json_values(event)) == json.dumps(original)


def test_each_event_has_a_golden_of_its_current_version() -> None:
    expected = {f"{kind}.v{cls.EVENT_VERSION}" for kind, cls in CLASSES.items()}
    assert expected <= {path.stem for path in GOLDEN.glob("*.json")}


def test_the_sample_life_has_every_event() -> None:
    assert set(one_of_each()) == set(CLASSES)


def test_events_come_back_from_json_as_they_were() -> None:
    for event in life():
        assert from_json_values(to_json_values(event), type(event)) == event
