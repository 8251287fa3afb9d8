"""The event catalogue in docs/events and at the gateway is what the code says, and no event changed incompatibly."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from vigencia.catalogue import DOCUMENT, FOLDER, asyncapi, goldens, meanings, pages, written
from vigencia.composition import components

AGAIN = "run `make catalogue`"


@cache
def document() -> dict[str, Any]:
    return asyncapi()


def closed(value: Any) -> Any:
    """The schemas, but with no other fields than those that are described."""
    if isinstance(value, dict):
        made = {key: closed(each) for key, each in value.items()}
        return {**made, "additionalProperties": False} if value.get("properties") and "type" in value else made
    return [closed(each) for each in value] if isinstance(value, list) else value


@cache
def data_schemas() -> dict[str, Any]:
    return dict(closed(copy.deepcopy(document()["components"]["schemas"])))


def problems(schema: dict[str, Any], schemas: dict[str, Any], value: Any) -> list[str]:
    validator = Draft202012Validator({**schema, "components": {"schemas": schemas}})
    return [f"{'.'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(value)]


def sealed(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """As on the wire: goldens hold personal fields in the clear."""
    personal = document()["components"]["messages"][kind]["x-personal"]
    return {
        name: {"sealed": "x", "person": "p"} if name in personal and value is not None else value
        for name, value in data.items()
    }


def test_catalogue_pages_equal_the_event_classes() -> None:
    """A change of an event's shape shows in the catalogue: run `make catalogue`."""
    assert {name: (FOLDER / name).read_text() for name in pages()} == pages(), AGAIN


def test_the_asyncapi_document_equals_the_event_classes() -> None:
    assert DOCUMENT.read_text("utf-8") == written(document()), AGAIN


def test_every_event_has_a_meaning_an_example_and_its_own_channel() -> None:
    messages = document()["components"]["messages"]
    for kind, message in messages.items():
        assert message["summary"], f"{kind}: say what happened, in the class's docstring"
        assert message["examples"], f"{kind} has no golden of its version"
        service, _, name = kind.partition(".")
        assert document()["channels"][kind]["address"] == f"{service}.{{partition}}.{name}"
    assert set(meanings()) <= set(messages), "a meaning of an event that does not exist"


def test_every_reference_leads_somewhere() -> None:
    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [each for inner in value.values() for each in references(inner)]
        return [each for inner in value for each in references(inner)] if isinstance(value, list) else []

    found = references(document())
    for reference in found:
        place: Any = document()
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
    assert len(found) > len(document()["channels"])


def test_examples_are_valid_envelopes() -> None:
    schemas = document()["components"]["schemas"]
    for kind, message in document()["components"]["messages"].items():
        for example in message["examples"]:
            assert problems(message["payload"], schemas, example["payload"]) == [], kind


def test_every_version_that_ever_was_still_fits_today(subtests: Any) -> None:
    """An incompatible change (a field gone, renamed, of another type, or suddenly needed) does not fit the goldens of
    the versions before: it needs a new version and an upcaster that brings them to it."""
    upcasters = {step: fn for each in components().values() for step, fn in each.upcasters.items()}
    messages = document()["components"]["messages"]
    for kind, versions in goldens().items():
        for version, data in versions.items():
            with subtests.test(f"{kind}.v{version}"):
                today = version
                while (kind, today) in upcasters:
                    data, today = upcasters[(kind, today)](data), today + 1
                name = f"{kind}.v{messages[kind]['x-version']}"
                assert problems(data_schemas()[name], data_schemas(), sealed(kind, data)) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda shape: shape["properties"].pop("due_on"), "'due_on' was unexpected"),
        (lambda shape: shape["properties"].update(due_on={"type": "integer"}), "is not of type 'integer'"),
        (lambda shape: shape["required"].append("new_one"), "'new_one' is a required property"),
    ],
    ids=["taken away", "another type", "suddenly needed"],
)
def test_an_incompatible_change_is_noticed(change: Any, told: str) -> None:
    schemas = copy.deepcopy(data_schemas())
    kind = "billing.receivable.issued"
    name = f"{kind}.v{document()['components']['messages'][kind]['x-version']}"
    data = sealed(kind, goldens()[kind][1])
    assert problems(schemas[name], schemas, data) == []
    change(schemas[name])
    assert told in " ".join(problems(schemas[name], schemas, data))


def test_the_document_is_json_that_does_not_depend_on_the_run() -> None:
    assert json.loads(written(asyncapi())) == document()
