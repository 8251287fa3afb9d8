"""Payloads for a schema, right and nearly right, and the proof that what is loaded at once is what marshmallow loads."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import OneOf

from services.errors import Invalid
from services.loading import InstantField
from services.schemas import load, problems

_ODD = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.binary(max_size=2) | st.text(max_size=3)
    | st.sampled_from(["NaN", "-Infinity", "1e400", " 1", "1_0", "٣", "2026-02-30", "2026-W09-1", "20260301", "critical"])
    | st.lists(st.integers(), max_size=2) | st.dictionaries(st.text(max_size=2) | st.integers(), st.none(), max_size=1)
    | st.decimals() | st.dates() | st.datetimes()
)  # fmt: skip
_PLAIN: dict[type, st.SearchStrategy[Any]] = {
    fields.String: st.text(max_size=5),
    fields.Integer: st.integers(-100, 100),
    fields.Decimal: st.decimals(-1000, 1000, places=2).map(str),
    fields.Boolean: st.booleans(),
    fields.Date: st.dates().map(str),
    InstantField: st.datetimes(timezones=st.none() | st.timezones()).map(lambda at: at.isoformat()),
    fields.Dict: st.dictionaries(st.text(max_size=3), _ODD, max_size=2),
    fields.Raw: _ODD,
}


def payloads(schema: Schema, odd: int = 12) -> st.SearchStrategy[dict[str, Any]]:
    """Of some ``odd`` values one is not what the field wants; now and then a field is missing, or unknown."""
    known = {field.data_key or name: _values(field, odd) for name, field in schema.load_fields.items()}
    must = {field.data_key or name for name, field in schema.load_fields.items() if field.required}
    rest = {key: values for key, values in known.items() if key not in must}
    right = st.fixed_dictionaries({key: known[key] for key in must}, optional=rest)
    wrong = st.fixed_dictionaries({}, optional=known) | st.fixed_dictionaries({**known, "unknown": _ODD})
    return _seldom(wrong, right, odd)


def _values(field: fields.Field[Any], odd: int) -> st.SearchStrategy[Any]:
    plain: st.SearchStrategy[Any]
    match field:
        case fields.Nested():
            plain = payloads(field.schema, odd)
        case fields.List():
            several = st.lists(_values(field.inner, odd), max_size=2)
            plain = several | several.map(tuple)
        case fields.Enum():
            plain = st.sampled_from([each.value for each in field.enum])
        case _:
            plain = _PLAIN.get(type(field), _ODD)
    for validator in field.validators:
        if isinstance(validator, OneOf):
            plain = st.sampled_from(list(validator.choices))
    return _seldom(_ODD, plain | st.none() if field.allow_none else plain, odd)


def _seldom(odd: st.SearchStrategy[Any], plain: st.SearchStrategy[Any], one_of: int) -> st.SearchStrategy[Any]:
    return st.sampled_from([False] * one_of + [True]).flatmap(lambda drawn: odd if drawn else plain)


ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 1.0, 1.5, float("nan"), "", "1", "1.50", " 1", "1_0", "NaN", "-Infinity", "1e400", "true",
    b"x", b"\xff", [], [1], [[1]], (), ("a",), {}, {1: 2}, {"a": [1]}, {"amount": "1", "x": 1}, [None], [{}], [{"amount": True}],
    "2026-02-30", "2026-03-01", "2026-W09-1", "20260301", "2026-03-01T10:00", "2026-03-01T10:00:00Z", "0001-01-01T00:00+14:00",
    Decimal("1.5"), date(2026, 3, 1), datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC), {1}, object,
)  # fmt: skip
"""Values that one field or another takes in an unexpected way, or not at all."""


def assert_loads_alike(schema: type[Schema], payload: dict[str, Any]) -> None:
    """The same value, or the same problems, from ``load`` as from marshmallow by itself."""
    assert _by_load(schema, payload) == _by_marshmallow(schema, payload), payload


def _by_load(schema: type[Schema], payload: dict[str, Any]) -> Any:
    try:
        return "loaded", repr(load(schema, payload))  # 1, 1.0 and True are equal, and not the same
    except Invalid as invalid:
        return "invalid", invalid.problems
    except Exception as error:  # marshmallow's own faults are the same, too
        return "failed", repr(error)


def _by_marshmallow(schema: type[Schema], payload: dict[str, Any]) -> Any:
    try:
        return "loaded", repr(schema().load(payload))
    except ValidationError as error:
        return "invalid", list(problems(error.messages))
    except Exception as error:
        return "failed", repr(error)
