"""What is loaded at once is what marshmallow loads: over every kind of field, with values right and nearly right."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validate, validates, validates_schema

from services.loading import quick
from services.schemas import load, schema_of
from services.testing.payloads import ODD, assert_loads_alike, payloads


class Colour(enum.StrEnum):
    RED = "red"
    BLUE = "blue"


class Size(enum.Enum):
    ONE = 1
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Part:
    amount: Decimal
    colour: Colour = Colour.RED
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Whole:
    id: str
    count: int
    sure: bool
    at: datetime
    on: date | None = None
    part: Part | None = None
    parts: tuple[Part, ...] = ()
    grid: tuple[tuple[int, ...], ...] = ()
    size: Size = Size.ONE
    word: Literal["a", "b"] = "a"
    more: Mapping[str, Any] = field(default_factory=dict)
    either: int | str | None = None


class Plain(Schema):
    """By hand: defaults, other names, validators, wider truth."""

    name = fields.String(load_default="", validate=validate.Length(max=3))
    sure = fields.Boolean(load_default=False)
    other = fields.Integer(data_key="an-other", required=True, validate=validate.Range(min=0))
    many = fields.List(fields.Date(format="iso"), load_default=list, validate=validate.Length(max=1))
    whole = fields.Nested(schema_of(Part))
    loose = fields.Integer(load_default=None, allow_none=True)


WHOLE = schema_of(Whole)
BOUNDED = schema_of(
    Whole,
    id=fields.String(required=True, validate=validate.Length(min=1)),
    parts=fields.List(fields.Nested(schema_of(Part)), load_default=list, validate=validate.Length(max=1)),
    either=fields.Raw(load_default=lambda: [[1]]),
)


@pytest.mark.parametrize("schema", [WHOLE, BOUNDED, Plain], ids=["whole", "bounded", "plain"])
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_is_loaded_at_once_is_what_marshmallow_loads(schema: type[Schema], data: st.DataObject) -> None:
    assert_loads_alike(schema, data.draw(payloads(schema())))


RIGHT: dict[str, Any] = {
    "id": "1", "count": 2, "sure": True, "at": "2026-03-01T12:00:00-03:00", "on": "2026-03-01", "grid": [[1], [2, 3]],
    "part": {"amount": "1.50", "colour": "blue", "names": ["x"]}, "parts": [{"amount": "2"}], "size": "none",
    "more": {"k": [1]}, "either": [[1]],
}  # fmt: skip


@pytest.mark.parametrize(
    ("schema", "right"),
    [(WHOLE, RIGHT), (BOUNDED, RIGHT), (schema_of(Part), RIGHT["part"]), (Plain, {"an-other": 1})],
    ids=["whole", "bounded", "part", "plain"],
)
def test_of_what_no_field_expects_marshmallow_judges(schema: type[Schema], right: dict[str, Any]) -> None:
    fields_ = {field.data_key or name for name, field in schema().load_fields.items()}
    for name in fields_:
        assert_loads_alike(schema, {key: value for key, value in right.items() if key != name})
        for odd in ODD:
            assert_loads_alike(schema, {**right, name: odd})
    assert_loads_alike(schema, {**right, "unknown": 1})


def test_what_is_right_needs_no_marshmallow() -> None:
    at_once = quick(WHOLE())
    assert at_once is not None
    part = Part(Decimal("1.50"), Colour.BLUE, ("x",))
    at = datetime(2026, 3, 1, 15, tzinfo=UTC)
    assert at_once(RIGHT) == Whole(
        "1", 2, True, at, date(2026, 3, 1), part, (Part(Decimal(2)),), ((1,), (2, 3)), Size.NONE, "a", {"k": [1]}, ((1,),)
    )  # fmt: skip


class Hooked(Schema):
    name = fields.String()

    @pre_load
    def before(self, data: Any, **_: Any) -> Any:
        return {"name": data["name"].upper()}


class Remade(Schema):
    name = fields.String()

    @post_load
    def make(self, data: Any, **_: Any) -> Any:
        return data["name"]


class Judged(Schema):
    name = fields.String()

    @validates("name")
    def short(self, value: str, **_: Any) -> None:
        if len(value) > 2:
            raise validate.ValidationError("long")


class JudgedWhole(Schema):
    name = fields.String()

    @validates_schema
    def not_empty(self, data: Any, **_: Any) -> None:
        if not data:
            raise validate.ValidationError("empty")


class Lenient(Schema):
    class Meta:
        unknown = EXCLUDE

    name = fields.String()


class Louder(fields.String):
    def _deserialize(self, value: Any, *args: Any, **more: Any) -> Any:
        return super()._deserialize(value, *args, **more).upper()


class Loud(Schema):
    name = Louder()


class Renamed(Schema):
    name = fields.String(attribute="inner.name")


class Rounded(Schema):
    name = fields.Decimal(places=1)


class Inherited(WHOLE):  # type: ignore[misc,valid-type]
    """Makes what its parent makes."""


@pytest.mark.parametrize(
    "schema",
    [Hooked, Remade, Judged, JudgedWhole, Lenient, Loud, Renamed, Rounded, Inherited],
    ids=lambda each: each.__name__,
)
def test_a_schema_that_does_more_is_marshmallows(schema: type[Schema]) -> None:
    assert quick(schema()) is None
    for payload in ({"name": "abc"}, {"name": "1.25"}, {}, {"name": "a", "x": 1}):
        assert_loads_alike(schema, payload)


def test_the_missing_instant_is_filled_in_before() -> None:
    now = datetime(2026, 3, 1, 15, tzinfo=UTC)
    assert load(WHOLE, {"id": "1", "count": 2, "sure": True}, at=now).at == now
