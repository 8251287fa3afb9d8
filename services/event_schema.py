"""JSON Schemas of events, from the event classes: what a subscriber can rely on in ``data``.

A field that had no default from the first version on is always there; others may be missing in events from before they
were added. More fields than are described may come at any time.
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.codec import personal_fields

SEALED = "Sealed"
Schema = dict[str, Any]

_SIMPLE: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "x-type": "decimal"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}


class Schemas:
    """Collects the shapes that stand inside events; ``name(cls)`` is what each is called in the document."""

    def __init__(self, service: str) -> None:
        self._service = service
        self.found: dict[str, Schema] = {}

    def of(self, cls: Any) -> Schema:
        """An event class's or inner shape's own schema."""
        hints, personal = typing.get_type_hints(cls), personal_fields(cls)
        fields = dataclasses.fields(cls)
        properties = {field.name: self._field(field, hints[field.name], personal.get(field.name)) for field in fields}
        made: Schema = {"type": "object", "properties": properties}
        if required := [field.name for field in fields if _always(field)]:
            made["required"] = required
        if said := meaning(cls):
            made = {"description": said, **made}
        return made

    def _field(self, field: Any, hint: Any, person: str | None) -> Schema:
        about: Schema = {}
        if "doc" in field.metadata:
            about["description"] = str(field.metadata["doc"])
        if "unit" in field.metadata:
            about["x-unit"] = str(field.metadata["unit"])
        if person is None:
            shape = self._shape(hint)
        else:
            shape = _or_null({"$ref": _place(SEALED)}, type(None) in typing.get_args(hint))
            about["x-personal"] = person
        return {"allOf": [shape], **about} if "$ref" in shape and about else {**shape, **about}

    def _shape(self, hint: Any) -> Schema:
        origin, args = typing.get_origin(hint), typing.get_args(hint)
        if origin in (typing.Union, types.UnionType):
            inner = [self._shape(each) for each in args if each is not type(None)]
            one = inner[0] if len(inner) == 1 else {"anyOf": inner}
            return _or_null(one, type(None) in args)
        if origin in (tuple, list, frozenset):
            return {"type": "array", "items": self._shape(args[0])}
        if origin is typing.Literal:
            return {"enum": list(args)}
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            return {"enum": [member.value for member in hint]}
        if isinstance(hint, type) and dataclasses.is_dataclass(hint):
            name = f"{self._service}.{hint.__name__}"
            if name not in self.found:
                self.found[name] = {}  # a shape that holds itself ends here
                self.found[name] = self.of(hint)
            return {"$ref": _place(name)}
        if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
            return {"type": "object"}
        return dict(_SIMPLE.get(hint, {}))


def meaning(cls: Any) -> str:
    """What the class's docstring says; empty where nobody wrote one."""
    text = inspect.cleandoc(cls.__doc__ or "")
    return "" if text.startswith(f"{cls.__name__}(") else text  # what dataclass writes by itself


def _always(field: Any) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _or_null(shape: Schema, nullable: bool) -> Schema:
    return {"anyOf": [shape, {"type": "null"}]} if nullable else shape


def _place(name: str) -> str:
    return f"#/components/schemas/{name}"
