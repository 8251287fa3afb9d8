"""Every event version has a golden JSON; today's code reads each of them and writes the current ones the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.codec import from_json_values, personal_fields, to_json_values
from tickets_service.domain.request import EVENTS
from tickets_service.domain.visits import EVENTS as VISIT_EVENTS
from tickets_service.tests.unit.samples import SAMPLES, VISIT_SAMPLES
from tickets_service.upcasters import UPCASTERS

GOLDEN = Path(__file__).parent.parent / "golden"
CLASSES: dict[str, Any] = {cls.EVENT_TYPE: cls for cls in (*EVENTS, *VISIT_EVENTS)}  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_old_and_new_shapes_are_read(path: Path) -> None:
    kind, version, data = json.loads(path.read_text(encoding="utf-8")).values()
    current, original = version == CLASSES[kind].EVENT_VERSION, data
    while (step := UPCASTERS.get((kind, version))) is not None:
        data, version = step(data), version + 1
    event = from_json_values(data, CLASSES[kind])
    if current:
        assert json.loads(json.dumps(to_json_values(event))) == original


def test_each_event_has_a_golden_of_its_current_version_with_every_field() -> None:
    expected = {f"{kind}.v{cls.EVENT_VERSION}" for kind, cls in CLASSES.items()}
    assert expected <= {path.stem for path in GOLDEN.glob("*.json")}
    assert [type(sample) for sample in SAMPLES] == list(EVENTS)
    assert [type(sample) for sample in VISIT_SAMPLES] == list(VISIT_EVENTS)
    assert all(value is not None for sample in (*SAMPLES, *VISIT_SAMPLES) for value in to_json_values(sample).values())


def test_every_event_names_its_request_contract_and_customer() -> None:
    for sample in SAMPLES:
        assert {"request_id", "contract_id", "customer_id", "at"} <= to_json_values(sample).keys()


def test_free_text_is_personal_except_what_stands_on_a_charge() -> None:
    personal = {
        f"{name.removeprefix('tickets.')}.{field}" for name, cls in CLASSES.items() for field in personal_fields(cls)
    }
    assert personal == {
        "request.opened.description",
        "request.opened.override_reason",
        "request.completed.description_provider",
        "request.field_corrected.former_text",
        "request.field_corrected.reason",
        "request.field_corrected.text",
        "request.price_accepted.name",
        "request.price_declined.reason",
        "request.price_offered.reason",
        "request.price_waived.reason",
        "request.waiting.reason",
        "request.noted.text",
        "request.resolved.summary",
        "request.reopened.reason",
        "request.cancelled.reason",
        "visit.done.note",
    }
