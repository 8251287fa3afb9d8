"""Every event version has a golden JSON; today's code reads each of them, and writes the current ones as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contracts_service.domain import contract, customer, holiday, price_index, provider, service_type, template
from contracts_service.domain.terms import ContractTerms
from contracts_service.tests.samples_events import EVENTS, FULL_TERMS
from contracts_service.upcasters import UPCASTERS
from services.codec import from_json_values, to_json_values

GOLDEN = Path(__file__).parent.parent / "golden"
CLASSES: dict[str, Any] = {
    cls.EVENT_TYPE: cls  # type: ignore[attr-defined]
    for cls in (
        *provider.EVENTS,
        *customer.EVENTS,
        *service_type.EVENTS,
        *template.EVENTS,
        *price_index.EVENTS,
        *holiday.EVENTS,
        *contract.EVENTS,
    )
}

LATER = {
    "lines": (
        *("site_ids", "equipment_ids", "discounts", "minimum", "ceiling"),
        *("included_quantity", "offset_days", "align", "billed_through"),
    ),
    "billing": ("billed_through",),
    "services": ("tacit_confirmation",),
    "calendar": ("national", "of_state", "company", "optional"),
    "dunning": ("text",),
    "communication": ("notices", "opens", "closes", "language"),
    "evaluation": ("channel", "expiry_days", "comment_below"),
}
"""Fields that parts of terms got later."""


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


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.EVENT_TYPE)
def test_an_event_comes_back_from_json_as_it_was(event: Any) -> None:
    assert from_json_values(to_json_values(event), type(event)) == event


def test_there_is_a_sample_of_every_event() -> None:
    assert {type(event) for event in EVENTS} == set(CLASSES.values())


def test_what_was_recorded_before_a_field_existed_is_read_with_its_default() -> None:
    terms = json.loads((GOLDEN / "contracts.contract.activated.v1.json").read_text(encoding="utf-8"))["data"]["terms"]
    for later in ("offer_days", "suspension", "leaving", "adjustment", "visit_plan", "requests", "escalation"):
        del terms[later]
    del terms["default"]["approval"]
    for part, names in LATER.items():
        for each in terms[part] if isinstance(terms[part], list) else [terms[part]]:
            for name in names:
                del each[name]
    assert from_json_values(terms, ContractTerms) == FULL_TERMS
