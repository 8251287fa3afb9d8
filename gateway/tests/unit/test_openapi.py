"""The OpenAPI document: of version 3.1, whole, and true about security and errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.identity.permissions import PERMISSIONS, PUBLIC
from gateway.tests.unit.world import World


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from (each for each in methods.values() if isinstance(each, dict))


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_every_operation_is_described_and_every_reference_leads_somewhere(world: World) -> None:
    document = world.client().get("/api/openapi.json").json
    assert document["openapi"] == "3.1.0"
    described = {operation["operationId"]: operation for operation in operations(document)}
    assert set(PERMISSIONS) <= set(described) <= set(PERMISSIONS) | PUBLIC
    assert all(operation["summary"] for operation in described.values())
    for reference in references(document):
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
        assert place


def test_errors_are_problem_documents_and_public_operations_need_no_token(world: World) -> None:
    document = world.client().get("/api/openapi.json").json
    assert document["security"] == [{"bearer": []}]
    for operation in operations(document):
        errors = {code: answer for code, answer in operation["responses"].items() if not code.startswith("2")}
        assert all(list(answer["content"]) == ["application/problem+json"] for answer in errors.values())
        if operation["operationId"] in PUBLIC:
            assert operation["security"] == []
        else:
            assert {"400", "401", "403", "503"} <= set(errors)
            assert "Roles:" in operation["description"]


def test_writes_take_a_key_and_reads_take_a_token_to_wait_for(world: World) -> None:
    document = world.client().get("/api/openapi.json").json
    for methods in document["paths"].values():
        for method, operation in methods.items():
            if isinstance(operation, dict) and operation["operationId"] in PERMISSIONS:
                names = {parameter["name"] for parameter in operation["parameters"]}
                assert ("wait" if method == "get" else "Idempotency-Key") in names
