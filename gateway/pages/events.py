"""The event catalogue for people: searchable by a form, so that it needs no script. For programs: /api/asyncapi.json."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request, send_file

from gateway.pages.frame import page

blp = Blueprint("events", __name__)
DOCUMENT = Path(__file__).parents[1] / "static" / "events" / "asyncapi.json"
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Field:
    """``kind`` in words; ``anchor``: of the shape that it holds, which stands on the page of its service."""

    name: str
    kind: str
    about: str
    personal: bool
    anchor: str | None


@dataclass(frozen=True, slots=True)
class Event:
    type: str
    service: str
    summary: str
    address: str
    version: int
    before: tuple[int, ...]
    fields: tuple[Field, ...]
    example: str
    haystack: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What stands inside events of a service."""

    anchor: str
    name: str
    about: str
    fields: tuple[Field, ...]


@blp.get("/api/asyncapi.json")
def asyncapi_document() -> Response:
    return send_file(DOCUMENT, mimetype="application/json", conditional=True, max_age=0)


@blp.get("/api/events")
def events_page() -> Response:
    """All events, those of a service, or those that speak of all words of ``q``."""
    wanted = request.args.get("q", "")[:LONGEST_SEARCH].strip()
    service = request.args.get("service", "")
    events, shapes = catalogue()
    services = sorted({event.service for event in events}, key=("contracts", "billing", "tickets", "feedback").index)
    found = [event for event in events if event.service == service or not service]
    words = wanted.lower().split()
    found = [event for event in found if all(word in event.haystack for word in words)]
    inner = [shape for shape in shapes if shape.anchor.split(".")[0] in ({service} if service else services)]
    return page(
        "events.html", events=found, shapes=inner if not words else _needed(found, shapes), q=wanted,
        service=service, services=services, total=len(events),
    )  # fmt: skip


@cache
def catalogue() -> tuple[tuple[Event, ...], tuple[Shape, ...]]:
    """Read once: the document is part of the release."""
    document = json.loads(DOCUMENT.read_text("utf-8"))
    schemas = document["components"]["schemas"]
    messages = document["components"]["messages"]
    events = tuple(_event(kind, document["channels"][kind], told, schemas) for kind, told in messages.items())
    known = {f"{event.type}.v{event.version}" for event in events}
    inner = {name: shape for name, shape in schemas.items() if name not in known and "." in name}
    shapes = tuple(
        Shape(name, name.split(".", 1)[1], shape.get("description", ""), tuple(_fields(shape)))
        for name, shape in sorted(inner.items())
    )
    return events, shapes


def _event(kind: str, channel: Mapping[str, Any], told: Mapping[str, Any], schemas: Mapping[str, Any]) -> Event:
    version = told["x-version"]
    fields = tuple(_fields(schemas[f"{kind}.v{version}"]))
    examples = told.get("examples") or [{"payload": {}}]
    about = schemas[f"{kind}.v{version}"].get("description", "")
    return Event(
        type=kind,
        service=kind.split(".")[0],
        summary=about,
        address=channel["address"].replace("{partition}", "<partition>"),
        version=version,
        before=tuple(number for number in told["x-versions"] if number < version),
        fields=fields,
        example=json.dumps(examples[0]["payload"], ensure_ascii=False, indent=2),
        haystack=" ".join((kind, about, *(f"{field.name} {field.about}" for field in fields))).lower(),
    )


def _fields(shape: Mapping[str, Any]) -> Iterator[Field]:
    always = set(shape.get("required", ()))
    for name, schema in shape.get("properties", {}).items():
        kind, anchor = _kind(schema)
        unit = schema.get("x-unit")
        about = "; ".join(part for part in (schema.get("description", ""), f"({unit})" if unit else "") if part)
        yield Field(name, kind if name in always else f"{kind}, optional", about, "x-personal" in schema, anchor)


def _kind(schema: Mapping[str, Any]) -> tuple[str, str | None]:
    """A schema in words, and the shape that it holds."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return (name.split(".", 1)[-1], name if "." in name else None)
    for joined in ("anyOf", "allOf"):
        if joined in schema:
            parts = [_kind(each) for each in schema[joined]]
            return " or ".join(kind for kind, _ in parts), next((anchor for _, anchor in parts if anchor), None)
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"]), None
    if schema.get("type") == "array":
        kind, anchor = _kind(schema["items"])
        return f"list of {kind}", anchor
    return schema.get("x-type") or schema.get("format") or schema.get("type") or "any", None


def _needed(events: list[Event], shapes: tuple[Shape, ...]) -> list[Shape]:
    """The shapes that these events hold, at any depth."""
    by_anchor = {shape.anchor: shape for shape in shapes}
    waiting = [field.anchor for event in events for field in event.fields if field.anchor]
    found: dict[str, Shape] = {}
    while waiting:
        anchor = waiting.pop()
        if anchor not in found and anchor in by_anchor:
            found[anchor] = by_anchor[anchor]
            waiting += [field.anchor for field in by_anchor[anchor].fields if field.anchor]
    return [found[anchor] for anchor in sorted(found)]
