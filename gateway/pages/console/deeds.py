"""Operations as forms made of the API's own schemas: which fields, of which kind, which are needed (``console/deeds.html``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from marshmallow import Schema, fields, validate

from gateway.api.owning import of_receivable
from gateway.pages.console.forms import given, lines, number
from gateway.pages.console.frame import Answer, loaded, written
from services.errors import Invalid

Values = dict[str, Any]
LONG = 200  # characters; who may write more gets more room


@dataclass(frozen=True, slots=True)
class Deed:
    """``shape``: the API's schema; ``names``: its fields in the form, hidden ones too; ``send``: does it for the thing's id;
    ``anchor``: the part of the page to which it leads back."""

    send: Callable[[str, Values], Answer]
    shape: type[Schema] | None = None
    names: tuple[str, ...] = ()
    anchor: str = ""


def act(deed: Deed, id_: str) -> Answer:
    return deed.send(id_, values_of(deed.shape, deed.names) if deed.shape else {})


def values_of(shape: type[Schema], names: tuple[str, ...]) -> Values:
    """The form's fields as the schema wants them: numbers as people write them, a tick as yes, a line an item."""
    said: Values = dict(given(*names))
    for each in fields_of(shape, names):
        name, kind = each["name"], each["kind"]
        if kind == "money":
            said[name] = number(said[name])
        elif kind == "check":
            said[name] = said[name] == "1"
        elif kind == "lines":
            said[name] = lines(said[name])
        elif kind == "number" and said[name] and not said[name].lstrip("-").isdecimal():
            raise Invalid(problems=[{"path": name, "code": "value", "message": said[name]}])
    return loaded(shape, said)


def fields_of(shape: type[Schema] | None, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """``{name, kind, required, options}`` of each: what the template draws."""
    declared: Mapping[str, Any] = shape().fields if shape else {}
    return [
        {
            "name": name,
            "kind": _kind(declared[name]),
            "required": declared[name].required,
            "options": _options(declared[name]),
        }
        for name in names
    ]


def drawn(deeds: Mapping[str, Deed]) -> dict[str, list[dict[str, Any]]]:
    """For a template: each operation's fields."""
    return {operation: fields_of(deed.shape, deed.names) for operation, deed in deeds.items()}


def sender(service: str, command: str, key: str, *, made: str | None = None) -> Callable[[str, Values], Answer]:
    """A command about the thing whose id stands under ``key``; ``made``: the kind of what it makes, as ``credit``."""

    def send(id_: str, data: Values) -> Answer:
        return written(service, command, {**data, key: id_}, made=made)

    return send


def of_its_account(command: str) -> Callable[[str, Values], Answer]:
    """A command about a receivable, for the account that it belongs to."""

    def send(receivable_id: str, data: Values) -> Answer:
        answer: Answer = of_receivable(command, data, receivable_id)
        return answer

    return send


def attached() -> tuple[bytes, str, str]:
    """The form's file: its bytes, name and kind."""
    from gateway.pages.console.frame import Refused

    file = request.files.get("file")
    content = file.read() if file else b""
    if not file or not content:
        raise Refused("page.file-missing")
    return content, (file.filename or "documento")[:200], file.mimetype or "application/octet-stream"


def _kind(field: fields.Field) -> str:  # type: ignore[type-arg]
    if _options(field):
        return "choice"
    kinds: tuple[tuple[type, str], ...] = (
        (fields.Date, "day"),
        (fields.Decimal, "money"),
        (fields.Boolean, "check"),
        (fields.Integer, "number"),
        (fields.List, "lines"),
        (fields.Url, "url"),
    )
    return next((kind for type_, kind in kinds if isinstance(field, type_)), "text")


def _options(field: fields.Field) -> list[str]:  # type: ignore[type-arg]
    for each in field.validators:
        if isinstance(each, validate.OneOf):
            return [str(choice) for choice in each.choices]
    return []
