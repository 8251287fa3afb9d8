"""The event catalogue as an AsyncAPI 3 document: every event type with its schema, routing key, example and history.

    document({"billing": component, …}, {"billing.receivable.issued": {1: {…}}})

``goldens`` hold an example of ``data`` for each version that ever was, with personal fields in the clear: here they stand
sealed, as on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.codec import personal_fields
from services.component import Component
from services.event_schema import SEALED, Schemas, meaning
from services.events import routing_key

Goldens = Mapping[str, Mapping[int, Mapping[str, Any]]]
EXCHANGE = "events"

DESCRIPTION = """
What happens in Vigência, as CloudEvents 1.0 documents on the topic exchange `events`, and in each service's feed over HTTP
(`GET /api/v1/feeds/{service}`).

* *RabbitMQ pushes; the feed proves.* `offset` counts without gaps per `feed` and `partition`, from 0: at or below your
  checkpoint a duplicate, one further new, more than that a gap, to be read from the feed first.
* Fields are added, also without a new version. What would break a reader gets a new version (`dataschema`), and old events
  are brought to it when they are read: `data` always fits the schema given here.
* Decimals are text, days `YYYY-MM-DD`, instants ISO 8601 in UTC, amounts in BRL.
* Personal fields (`x-personal`: the field with the person's id) are sealed; only the services can open them, until the
  person is erased.
""".strip()

_TEXT, _NUMBER = {"type": "string"}, {"type": "integer", "minimum": 0}
ENVELOPE: dict[str, Any] = {
    "type": "object",
    "description": "CloudEvents 1.0 (JSON), with extensions. More attributes may come.",
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {**_TEXT, "description": "`<stream>@<version>`: the same event always has the same id"},
        "source": {**_TEXT, "description": "`/vigencia/<service>`"},
        "type": _TEXT,
        "subject": {**_TEXT, "description": "the stream"},
        "time": {**_TEXT, "format": "date-time", "description": "when it was recorded, UTC"},
        "datacontenttype": {"const": "application/json"},
        "dataschema": {**_TEXT, "description": "`urn:vigencia:<type>:<version>`"},
        "feed": {**_TEXT, "description": "the feed's id: another one is another history"},
        "partition": _NUMBER,
        "offset": {**_NUMBER, "description": "place in the partition: without gaps, from 0"},
        "chain": {**_TEXT, "description": "SHA-256 over the chain before and this event's `hash`"},
        "hash": {**_TEXT, "description": "over the event and the one before it in its stream"},
        "streamversion": {"type": "integer", "minimum": 1, "description": "the event's place in its stream"},
        "correlationid": {**_TEXT, "description": "what the caller named, else the first command of the whole story"},
        "causationid": {**_TEXT, "description": "the event that a policy reacted to, or the command"},
        "actor": _TEXT,
        "historical": {"type": "boolean", "description": "imported: nothing is to be done because of it"},
        "depth": {**_NUMBER, "description": "policies between the first cause and this event"},
        "traceparent": {**_TEXT, "description": "W3C trace context; only where a trace was recorded or brought along"},
        "data": {"type": "object"},
    },
    "required": [
        *("specversion", "id", "source", "type", "subject", "time", "dataschema", "feed", "partition", "offset"),
        *("chain", "hash", "streamversion", "data"),
    ],
}
SEALED_SHAPE: dict[str, Any] = {
    "type": "object",
    "description": "A personal field: nobody but the services can read it, and nobody at all once the person is erased.",
    "properties": {"sealed": _TEXT, "person": {**_TEXT, "description": "the person's id"}},
    "required": ["sealed", "person"],
}


def document(
    components: Mapping[str, Component], goldens: Goldens, meanings: Mapping[str, str], version: str
) -> dict[str, Any]:
    """The whole document. ``meanings``: of event types whose class says none."""
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    schemas: dict[str, Any] = {"Envelope": ENVELOPE, SEALED: SEALED_SHAPE}
    for service, component in components.items():
        shapes = Schemas(service)
        classes: list[Any] = [cls for aggregate in component.aggregates for cls in aggregate.events]
        for cls in sorted(classes, key=lambda each: each.EVENT_TYPE):
            kind, number = cls.EVENT_TYPE, cls.EVENT_VERSION
            said = meaning(cls) or meanings.get(kind, "")
            name = f"{kind}.v{number}"
            schemas[name] = {**shapes.of(cls), **({"description": said} if said else {})}
            messages[kind] = _message(service, cls, said, goldens.get(kind, {}))
            channels[kind] = _channel(service, kind)
            operations[kind] = {
                "action": "send",
                "channel": {"$ref": f"#/channels/{kind}"},
                "messages": [{"$ref": f"#/channels/{kind}/messages/event"}],
            }
        schemas |= shapes.found
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Vigência: events",
            "version": version,
            "description": DESCRIPTION,
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas},
    }


def _channel(service: str, kind: str) -> dict[str, Any]:
    exchange = {"name": EXCHANGE, "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": routing_key(service, 0, kind).replace(".0.", ".{partition}.", 1),
        "parameters": {"partition": {"description": "of the service's feed: 0, 1, …"}},
        "messages": {"event": {"$ref": f"#/components/messages/{kind}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}},
    }


def _message(service: str, cls: Any, said: str, versions: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    kind, number = cls.EVENT_TYPE, cls.EVENT_VERSION
    personal = personal_fields(cls)
    fixed = {
        "type": {"const": kind},
        # an old one that needed no upcaster, only fields that were added, keeps its number
        "dataschema": {"enum": [f"urn:vigencia:{kind}:{each}" for each in sorted({*versions, number})]},
        "data": {"$ref": f"#/components/schemas/{kind}.v{number}"},
    }
    made: dict[str, Any] = {
        "name": kind,
        "title": kind,
        "summary": said.split("\n\n")[0].replace("\n", " "),
        "contentType": "application/json",
        "payload": {"allOf": [{"$ref": "#/components/schemas/Envelope"}, {"type": "object", "properties": fixed}]},
        "x-version": number,
        "x-personal": sorted(personal),
        "x-versions": sorted({*versions, number}),
    }
    if number in versions:
        made["examples"] = [{"payload": _example(service, kind, number, versions[number], personal)}]
    return made


def _example(
    service: str, kind: str, number: int, data: Mapping[str, Any], personal: Mapping[str, str]
) -> dict[str, Any]:
    sealed = {
        name: value if name not in personal or value is None else {"sealed": "…", "person": str(data[personal[name]])}
        for name, value in data.items()
    }
    subject = f"{kind.split('.')[1]}-0193a1b2-7c44-7d2e-9f00-5a6b7c8d9e0f"
    at = next((value for name, value in data.items() if name == "at" and _is_instant(value)), "2026-11-24T12:00:00Z")
    return {
        "specversion": "1.0", "id": f"{subject}@1", "source": f"/vigencia/{service}", "type": kind, "subject": subject,
        "time": at, "datacontenttype": "application/json", "dataschema": f"urn:vigencia:{kind}:{number}",
        "feed": "5f0c2a9e", "partition": 0, "offset": 41, "chain": "9c1e…", "hash": "07ab…", "streamversion": 1,
        "correlationid": "0193a1b2-0009", "causationid": "0193a1b2-0009", "actor": "user:joana", "historical": False,
        "depth": 0, "data": sealed,
    }  # fmt: skip


def _is_instant(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False
