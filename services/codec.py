"""Events and commands to bytes and back: one registry per service, personal fields sealed on the way.

The store's codec is msgspec (decimals as strings, ISO dates, instants in UTC); marshmallow stands at the borders.
See docs/adr/0003-codecs.md for the measurement.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from services.errors import Invalid
from services.vault import Vault

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class Codec:
    """What one service's events look like in bytes.

    ``encode`` gives the readable JSON values and the sealed text that is hashed and stored; ``decode`` opens what can
    still be opened, brings old shapes to today's with the upcasters, and makes the event again.
    """

    def __init__(self, events: Iterable[type], upcasters: Mapping[tuple[str, int], Upcaster], vault: Vault) -> None:
        self._classes: dict[str, type] = {cls.EVENT_TYPE: cls for cls in events}  # type: ignore[attr-defined]
        self._personal = {name: personal_fields(cls) for name, cls in self._classes.items()}
        self._decoders: dict[str, msgspec.json.Decoder[Any]] = {
            name: msgspec.json.Decoder(cls) for name, cls in self._classes.items()
        }
        self._upcasters = dict(upcasters)
        self._vault = vault

    @property
    def classes(self) -> Mapping[str, type]:
        """Event type → class."""
        return self._classes

    def encode(self, event: Any) -> tuple[dict[str, Any], str]:
        """``(readable JSON values, stored text)``. Raises ``Refused`` if a personal field's person was erased."""
        readable, plain = self.plain(event)
        return readable, self.sealed(event.EVENT_TYPE, plain)

    def plain(self, event: Any) -> tuple[dict[str, Any], str]:
        """``(readable JSON values, their text)``, nothing sealed: never to be stored or sent."""
        text = _encode(event)
        readable: dict[str, Any] = _decode(text)  # just what a rebuild or another service will read: no tuples
        return readable, text.decode()

    def sealed(self, type_name: str, plain: str) -> str:
        """The text to store. Raises ``Refused`` if a personal field's person was erased."""
        personal = self._personal[type_name]
        if not personal:
            return plain
        values: dict[str, Any] = _decode(plain)
        sealed = dict(values)
        for field, of in personal.items():
            if sealed[field] is not None:
                sealed[field] = self._vault.seal(str(values[of]), sealed[field])
        return _encode(sealed).decode()

    def make_keys(self, events: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """See to it that the persons of these (type, readable values) have keys, all by one transaction."""
        persons: dict[str, None] = {}
        for type_name, readable in events:
            for field, of in self._personal[type_name].items():
                if readable[field] is not None:
                    persons[str(readable[of])] = None
        self._vault.make(list(persons))

    def open(self, type_name: str, schema: int, data: str | bytes | dict[str, Any]) -> dict[str, Any]:
        """Stored text to readable JSON values in today's shape."""
        values: dict[str, Any] = data if isinstance(data, dict) else _decode(data)
        values = self.upcast(type_name, schema, values)
        for field in self._personal.get(type_name, ()):
            if isinstance(values.get(field), dict):
                values[field] = self._vault.open(values[field])
        return values

    def upcast(self, type_name: str, schema: int, values: dict[str, Any]) -> dict[str, Any]:
        """Bring an old shape to today's, step by step."""
        while (step := self._upcasters.get((type_name, schema))) is not None:
            values, schema = step(values), schema + 1
        return values

    def is_current(self, type_name: str, schema: int) -> bool:
        return (type_name, schema) not in self._upcasters

    def decode(self, type_name: str, schema: int, data: str | bytes) -> Any:
        """Stored text to the event. Raises ``KeyError`` for a type that this service does not have."""
        cls = self._classes[type_name]
        if not self._personal[type_name] and self.is_current(type_name, schema):
            return self._decoders[type_name].decode(data)
        return msgspec.convert(self.open(type_name, schema, data), cls)


def personal_fields(cls: type) -> dict[str, str]:
    """Field name → name of the sibling field that holds the person's id."""
    marked = {f.name: f.metadata["personal"] for f in dataclasses.fields(cls) if "personal" in f.metadata}
    names = {f.name for f in dataclasses.fields(cls)}
    for field, of in marked.items():
        if of not in names:
            raise TypeError(f"{cls.__name__}.{field} is personal of {of!r}, which is no field of it")
    return marked


def to_json_values(value: Any) -> Any:
    """Any dataclass, Decimal, date or container of them as JSON values (decimals as strings)."""
    return msgspec.to_builtins(value)


def from_json_values(values: Any, cls: type) -> Any:
    """JSON values to a dataclass. Raises ``Invalid`` that names the path."""
    try:
        return msgspec.convert(values, cls)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise Invalid(problems=[{"path": path.strip("`").lstrip("."), "code": "shape", "message": message}]) from None


def event_hash(previous: str, stream: str, version: int, kind: str, schema: int, at: str, meta: str, data: str) -> str:
    """SHA-256, hex, over the previous event's hash of the stream and everything that is stored of this one."""
    parts = (previous, stream, str(version), kind, str(schema), at, meta, data)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def chain_hash(previous: str, event: str) -> str:
    """The feed's chain at one offset: SHA-256, hex, over the chain before it and the event's hash."""
    return hashlib.sha256(f"{previous}{event}".encode()).hexdigest()


def iso(instant: datetime) -> str:
    """An instant as ISO 8601 in UTC with microseconds and a Z, the form that is hashed and sent."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
