"""Every event version has a golden JSON; today's code reads each of them and writes the current ones byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from feedback_service.domain import comments, evaluation
from feedback_service.upcasters import UPCASTERS
from services.codec import from_json_values, to_json_values

GOLDEN = Path(__file__).parent.parent / "golden"
CLASSES: dict[str, Any] = {cls.EVENT_TYPE: cls for cls in (*evaluation.EVENTS, *comments.EVENTS)}  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_old_and_new_shapes_are_read(path: Path) -> None:
    kind, version, data = json.loads(path.read_text()).values()
    current = version == CLASSES[kind].EVENT_VERSION
    original = data
    while (step := UPCASTERS.get((kind, version))) is not None:
        data, version = step(data), version + 1
    event = from_json_values(data, CLASSES[kind])
    if current:
        assert to_json_values(event) == original


def test_each_event_has_a_golden_of_its_current_version() -> None:
    expected = {f"{kind}.v{cls.EVENT_VERSION}" for kind, cls in CLASSES.items()}
    assert expected <= {path.stem for path in GOLDEN.glob("*.json")}
