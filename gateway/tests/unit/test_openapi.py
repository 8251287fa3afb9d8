"""The OpenAPI document: of version 3.1, whole, and true about security and errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.api import glossary
from gateway.identity.permissions import PERMISSIONS, PUBLIC
from gateway.tests.unit.world import World


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from (each for each in methods.values() if isinstance(each, dict))


def parameters(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each parameter of a path or an operation, named by where it stands."""
    for path, methods in document["paths"].items():
        for parameter in methods.get("parameters", ()):
            yield f"{path}?{parameter['name']}", parameter
    for operation in operations(document):
        for parameter in operation["parameters"]:
            yield f"{operation['operationId']}?{parameter['name']}", parameter


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


def test_every_field_and_parameter_says_what_it_means(world: World) -> None:
    """In its schema, or for the whole API in gateway/api/glossary.toml."""
    document = world.client().get("/api/openapi.json").json
    fields = [
        (f"{schema}.{name}", field)
        for schema, shape in document["components"]["schemas"].items()
        for name, field in shape.get("properties", {}).items()
        if "$ref" not in field
    ]
    unexplained = [name for name, field in [*fields, *parameters(document)] if not field.get("description")]
    assert not unexplained, "\n".join(unexplained)


def test_every_field_of_a_body_has_an_example_or_says_its_values(world: World) -> None:
    document = world.client().get("/api/openapi.json").json
    shapes = document["components"]["schemas"]
    lacking = []
    for operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            schema = content["schema"].get("$ref", "").removeprefix("#/components/schemas/")
            for name, field in shapes.get(schema, {}).get("properties", {}).items():
                kinds = field.get("type", "")
                composed = {"$ref", "allOf", "anyOf"} & set(field) or "array" in kinds or "object" in kinds
                if not composed and "example" not in field:
                    lacking.append(f"{schema}.{name}")
    assert not lacking, "\n".join(sorted(set(lacking)))


def test_the_glossary_explains_only_what_there_is(world: World) -> None:
    document = world.client().get("/api/openapi.json").json
    names = {parameter["name"] for _, parameter in parameters(document)}
    for schema, shape in document["components"]["schemas"].items():
        names |= {name for field in shape.get("properties", {}) for name in (field, f"{schema}.{field}")}
    assert set(glossary.words()) <= names, set(glossary.words()) - names


def test_an_example_of_a_field_is_one_of_its_values(world: World) -> None:
    document = world.client().get("/api/openapi.json").json
    for schema, shape in document["components"]["schemas"].items():
        for name, field in shape.get("properties", {}).items():
            if "enum" in field and "example" in field:
                assert field["example"] in field["enum"], f"{schema}.{name}"
