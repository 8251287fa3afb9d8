"""marshmallow schemas made from dataclasses: the shapes that cross a border, with clear errors.

``schema_of(SomeCommand)`` gives a Schema class whose ``load`` gives the dataclass. A field named ``at`` is optional on
the way in: the chassis fills it with the command's instant. Unknown fields are refused, so that a typo is no silence.
"""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from services.errors import Invalid
from services.loading import Convert, InstantField, frozen, quick


def schema_of(cls: type, **overrides: fields.Field[Any]) -> type[Schema]:
    """The Schema class of a dataclass; ``overrides`` replace single fields where more is validated."""
    return _made(cls) if not overrides else _build(cls, overrides)


@cache
def _made(cls: type) -> type[Schema]:
    return _build(cls, {})


def _build(cls: type, overrides: Mapping[str, fields.Field[Any]]) -> type[Schema]:
    hints = typing.get_type_hints(cls)
    members: dict[str, Any] = {}
    for field in dataclasses.fields(cls):
        if field.name in overrides:
            members[field.name] = overrides[field.name]
            continue
        options: dict[str, Any] = {"metadata": {k: v for k, v in field.metadata.items() if k in ("doc", "unit")}}
        if "doc" in field.metadata:
            options["metadata"]["description"] = options["metadata"].pop("doc")
        has_default = field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
        if not has_default and field.name != "at":
            options["required"] = True
        members[field.name] = _field(hints[field.name], options)

    @post_load
    def make(self: Schema, data: dict[str, Any], **_: Any) -> Any:
        return cls(**{key: frozen(value) for key, value in data.items()})

    members["make"], members["makes"] = make, cls
    members["at_missing"] = "at" in {f.name for f in dataclasses.fields(cls)}
    return type(f"{cls.__name__}Schema", (Schema,), members)


def _field(hint: Any, options: dict[str, Any]) -> fields.Field[Any]:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        inner = [a for a in args if a is not type(None)]
        if len(args) > len(inner):
            options = {**options, "allow_none": True}
        if len(inner) == 1:
            return _field(inner[0], options)
        return fields.Raw(**options)
    if origin in (tuple, list, frozenset):
        return fields.List(_field(args[0], {}), **options)
    if origin is typing.Literal:
        from marshmallow.validate import OneOf

        return fields.String(validate=OneOf(list(args)), **options)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return fields.Dict(keys=fields.String(), **options)
    if isinstance(hint, type):
        if dataclasses.is_dataclass(hint):
            return fields.Nested(_made(hint), **options)
        if issubclass(hint, enum.Enum):
            return fields.Enum(hint, by_value=True, **options)
        for known, made in _SIMPLE:
            if issubclass(hint, known):
                field: fields.Field[Any] = made(options)
                return field
    return fields.Raw(**options)


def _decimal(options: dict[str, Any]) -> fields.Field[Any]:
    metadata = {**options.pop("metadata", {}), "type": "string", "format": "decimal", "example": "189.90"}
    return fields.Decimal(as_string=True, allow_nan=False, metadata=metadata, **options)


_SIMPLE: list[tuple[type, Any]] = [
    (bool, lambda o: fields.Boolean(truthy={True}, falsy={False}, **o)),
    (int, lambda o: fields.Integer(strict=True, **o)),
    (Decimal, _decimal),
    (datetime, lambda o: InstantField(**o)),
    (date, lambda o: fields.Date(format="iso", **o)),
    (str, lambda o: fields.String(**o)),
    (dict, lambda o: fields.Dict(keys=fields.String(), **o)),
]


def load(schema: type[Schema], payload: Mapping[str, Any], *, at: datetime | None = None) -> Any:
    """Validate and make the dataclass. Raises ``Invalid`` with a path per problem."""
    made, at_once = _instance(schema)
    data = dict(payload)
    if at is not None and getattr(made, "at_missing", False) and data.get("at") is None:
        data["at"] = at.isoformat()
    if at_once is not None:
        with suppress(Exception):
            return at_once(data)
    try:
        return made.load(data)
    except ValidationError as error:
        raise Invalid(problems=list(problems(error.messages))) from None


@cache
def _instance(schema: type[Schema]) -> tuple[Schema, Convert | None]:
    made = schema()
    return made, quick(made)


def problems(messages: Any, path: str = "") -> typing.Iterator[dict[str, Any]]:
    """marshmallow's nested messages as flat ``{path, code, message, words}``; ``words`` by language."""
    if isinstance(messages, Mapping):
        for key, value in messages.items():
            step = "" if key == "_schema" else str(key)
            yield from problems(value, ".".join(part for part in (path, step) if part))
    else:
        for message in messages if isinstance(messages, list | tuple) else [messages]:
            text = str(message)
            words = {"pt-BR": _PORTUGUESE.get(text, text), "en": text}
            yield {"path": path, "code": _code(text), "message": text, "words": words}


def _code(message: str) -> str:
    if message.startswith("Missing data"):
        return "missing"
    if message.startswith("Unknown field"):
        return "unknown"
    if message.startswith("Field may not be null"):
        return "null"
    return "value"


_PORTUGUESE = {
    "Missing data for required field.": "Campo obrigatório.",
    "Unknown field.": "Campo desconhecido.",
    "Field may not be null.": "O campo não pode ser nulo.",
    "Not a valid string.": "Não é um texto.",
    "Not a valid integer.": "Não é um número inteiro.",
    "Not a valid number.": "Não é um número.",
    "Not a valid boolean.": "Não é verdadeiro nem falso.",
    "Not a valid date.": "Não é uma data (AAAA-MM-DD).",
    "Not a valid datetime.": "Não é um instante (ISO 8601, com fuso horário).",
    "Not a valid list.": "Não é uma lista.",
    "Not a valid mapping type.": "Não é um objeto.",
    "Invalid input type.": "O tipo do valor não serve aqui.",
    "Not a valid email address.": "Não é um endereço de e-mail.",
    "Not a valid UUID.": "Não é um UUID.",
    "Special numeric values (nan or infinity) are not permitted.": "O número não pode ser infinito nem indefinido.",
}

__all__ = ["InstantField", "load", "problems", "schema_of"]
