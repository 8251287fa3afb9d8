"""What a schema plainly accepts, loaded at once. marshmallow judges everything else, and says what is wrong with it.

``quick(schema)`` reads a schema's fields once and makes one function of each. What it takes comes out exactly as from
``schema.load`` (properties of the tests hold it so); where it is not sure it raises, and marshmallow is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from marshmallow import RAISE, Schema, fields, missing
from marshmallow.decorators import POST_LOAD, PRE_LOAD, VALIDATES, VALIDATES_SCHEMA

Convert = Callable[[Any], Any]


class Unsure(Exception):
    """Only marshmallow can say what comes of it. (It is also asked whatever else a loader raises.)"""


class InstantField(fields.AwareDateTime):
    """An instant: ISO 8601 with a zone, kept in UTC."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", default_timezone=UTC, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        instant: datetime = super()._deserialize(value, attr, data, **kwargs)
        return instant.astimezone(UTC)


def quick(schema: Schema) -> Convert | None:
    """The schema's loader; None where the schema has something that is not known here.

    A schema that ``makes`` a dataclass, by its only hook of that name, gives that: with tuples where lists came.
    """
    makes: Callable[..., Any] | None = vars(type(schema)).get("makes")
    hooks = schema._hooks
    if [name for name, *_ in hooks[POST_LOAD]] != (["make"] if makes else []):
        return None
    if hooks[PRE_LOAD] or hooks[VALIDATES] or hooks[VALIDATES_SCHEMA]:
        return None
    if type(schema).load is not Schema.load or schema.unknown != RAISE or schema.many or schema.partial:
        return None
    known: dict[str, tuple[str, Convert]] = {}
    for name, field in schema.load_fields.items():
        convert = _convert(field)
        if convert is None or field.attribute is not None:
            return None
        known[field.data_key or name] = (name, convert)
    by_name = schema.load_fields.items()
    required = {field.data_key or name for name, field in by_name if field.required}
    defaults = [(name, field.load_default) for name, field in by_name if field.load_default is not missing]
    order = [name for name, _ in by_name]
    loose = [name for name, field in by_name if makes and isinstance(field, fields.List | fields.Raw)]

    def load(data: Any) -> Any:
        if type(data) is not dict or not required <= data.keys():
            raise Unsure
        values: dict[str, Any] = {}
        for key, value in data.items():
            name, convert = known[key]
            values[name] = convert(value)
        for name, default in defaults:
            if name not in values:
                values[name] = default() if callable(default) else default
        if makes is None:
            return {name: values[name] for name in order if name in values}
        for name in loose:
            if name in values:
                values[name] = frozen(values[name])
        return makes(**values)

    return load


def frozen(value: Any) -> Any:
    """Lists as tuples."""
    return tuple(map(frozen, value)) if isinstance(value, list) else value


def _convert(field: fields.Field[Any]) -> Convert | None:
    """What makes a field's value of what came, and lets its validators look at it."""
    known = _KNOWN.get(type(field))
    if known is None or field.pre_load or field.post_load:
        return None
    convert = known(field)
    if convert is None or not (field.allow_none or field.validators):
        return convert  # which takes no None
    allow_none, validators = field.allow_none, tuple(field.validators)

    def checked(value: Any) -> Any:
        if value is None and allow_none:
            return None
        made = convert(value)
        for validate in validators:
            validate(made)
        return made

    return checked


def _of_type(cls: type) -> Convert:
    def of_type(value: Any) -> Any:
        if type(value) is cls:
            return value
        raise Unsure

    return of_type


def _read(read: Callable[[str], Any]) -> Convert:
    def of_text(value: Any) -> Any:
        if type(value) is str:
            return read(value)
        raise Unsure

    return of_text


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise Unsure
    return number


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return (instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant).astimezone(UTC)


def _truth(field: fields.Boolean) -> Convert | None:
    plain = True in field.truthy and False in field.falsy and False not in field.truthy
    return _of_type(bool) if plain else None


def _member(field: fields.Enum[Any]) -> Convert | None:
    members = {each.value: each for each in field.enum}
    return _read(members.__getitem__) if field.by_value is True else None


def _nested(field: fields.Nested) -> Convert | None:
    plain = not (field.many or field.only or field.exclude or field.unknown)
    return quick(field.schema) if plain else None


def _list(field: fields.List[Any]) -> Convert | None:
    convert = _convert(field.inner)
    if convert is None:
        return None

    def several(value: Any) -> list[Any]:
        if type(value) is list or type(value) is tuple:
            return [convert(each) for each in value]
        raise Unsure

    return several


def _mapping(field: fields.Dict) -> Convert | None:
    if type(field.key_field) is not fields.String or field.key_field.validators or field.value_field is not None:
        return None

    def mapping(value: Any) -> dict[str, Any]:
        if type(value) is dict and all(type(key) is str for key in value):
            return dict(value)
        raise Unsure

    return mapping


def _anything(value: Any) -> Any:
    if value is None:
        raise Unsure
    return value


_KNOWN: dict[type, Callable[[Any], Convert | None]] = {
    fields.String: lambda _: _of_type(str),
    fields.Integer: lambda _: _of_type(int),
    fields.Decimal: lambda field: _read(_decimal) if field.places is None else None,
    fields.Boolean: _truth,
    fields.Date: lambda field: _read(date.fromisoformat) if field.format == "iso" else None,
    InstantField: lambda _: _read(_instant),
    fields.Enum: _member,
    fields.Nested: _nested,
    fields.List: _list,
    fields.Dict: _mapping,
    fields.Raw: lambda _: _anything,
}
"""Just these classes: what inherits from one of them may do more."""
