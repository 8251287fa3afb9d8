"""The chassis's pure parts: deciders, errors on the wire, schemas from dataclasses, codec, envelopes. No I/O."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import fields, validate

from services.codec import Codec, chain_hash, event_hash, from_json_values, iso, personal_fields, to_json_values
from services.decider import ERASED, Decider, command, doc, event, personal
from services.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    OutcomeUnknown,
    Refused,
    Unavailable,
    VigenciaError,
    from_wire,
)
from services.events import Meta, Recorded, envelope_bytes, envelope_json, parse_envelope, partition_of, routing_key
from services.schemas import load, schema_of

NOW = datetime(2026, 3, 10, 12, 0, 1, 5, tzinfo=UTC)


class Kind(enum.Enum):
    ONE = "one"


@dataclass(frozen=True, slots=True)
class Line:
    amount: Decimal
    on: date | None = None


@event("sample.order.placed", version=2)
class Placed:
    order_id: str
    lines: tuple[Line, ...]
    at: datetime
    kind: Kind = Kind.ONE
    name: str | None = personal(of="order_id", default=None)


@command
class PlaceBigOrder:
    order_id: str
    lines: tuple[Line, ...]
    at: datetime
    quick: bool = False
    how: Literal["mail", "hand"] = "mail"
    more: Mapping[str, str] = doc("anything", default=None)


class Seal:
    """A vault of one word."""

    def seal(self, person: str, value: str) -> dict[str, str]:
        return {"sealed": value[::-1], "person": person}

    def open(self, box: Any) -> str:
        return ERASED if box["person"] == "gone" else box["sealed"][::-1]


def codec(upcasters: Any = ()) -> Codec:
    return Codec([Placed], dict(upcasters), Seal())  # type: ignore[arg-type]


# -- deciders ------------------------------------------------------------------------------------------------------


def test_a_decider_folds_events_from_its_initial_state_or_a_given_one() -> None:
    decider: Decider[Any, int, int] = Decider(
        0, lambda wish, state: [wish] if wish + state > 0 else [], lambda s, e: s + e
    )
    assert (decider.fold([1, 2]), decider.fold([1], 10), decider.decide(-1, 0)) == (3, 11, [])


def test_events_and_commands_are_frozen_and_know_their_names() -> None:
    assert (Placed.EVENT_TYPE, Placed.EVENT_VERSION) == ("sample.order.placed", 2)  # type: ignore[attr-defined]
    assert PlaceBigOrder.COMMAND_NAME == "place_big_order"  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        Placed("o", (), NOW).order_id = "p"  # type: ignore[misc]


def test_a_personal_field_without_its_person_is_a_mistake_that_is_found_at_once() -> None:
    @event("sample.lost")
    class Lost:
        name: str = personal(of="nobody")

    with pytest.raises(TypeError, match="is personal of 'nobody'"):
        personal_fields(Lost)


# -- errors --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", [Refused, NotFound, Forbidden, Conflict, Unavailable, OutcomeUnknown])
def test_errors_are_the_same_after_the_wire(cls: type[VigenciaError]) -> None:
    error = cls("contract.not-active", status="draft", amount=Decimal("1.50"), days=(1, 2))
    error.words = {"en": "no"}
    again = from_wire(msgspec.json.decode(msgspec.json.encode(error.to_wire())))
    assert type(again) is cls
    assert (again.code, again.words, again.status) == (error.code, error.words, cls.status)
    assert again.params == {"status": "draft", "amount": "1.50", "days": [1, 2]}


def test_problems_travel_with_an_invalid_input() -> None:
    problem = {"path": "lines.0.amount", "code": "value", "message": "Not a valid number."}
    again = from_wire(Invalid(problems=[problem]).to_wire())
    assert isinstance(again, Invalid)
    assert again.problems == [problem]
    assert str(again) == "lines.0.amount: Not a valid number."


def test_an_unknown_kind_is_still_an_error() -> None:
    assert type(from_wire({"kind": "new", "code": "x"})) is VigenciaError


# -- schemas -------------------------------------------------------------------------------------------------------


def test_a_payload_becomes_the_command() -> None:
    payload = {"order_id": "1", "lines": [{"amount": "10.50", "on": "2026-03-01"}, {"amount": "1"}], "quick": True}
    made = load(schema_of(PlaceBigOrder), payload, at=NOW)
    lines = (Line(Decimal("10.50"), date(2026, 3, 1)), Line(Decimal("1")))
    assert made == PlaceBigOrder("1", lines, NOW, quick=True)


def test_an_instant_that_was_given_stays_and_is_utc() -> None:
    payload = {"order_id": "1", "lines": [], "at": "2026-03-01T09:00:00-03:00"}
    assert load(schema_of(PlaceBigOrder), payload, at=NOW).at == datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"order_id": None}, "order_id"),
        ({"order_id": 5}, "order_id"),
        ({"lines": [{"amount": "NaN"}]}, "lines.0.amount"),
        ({"lines": [{"amount": "1"}, {}]}, "lines.1.amount"),
        ({"quick": "yes"}, "quick"),
        ({"how": "pigeon"}, "how"),
        ({"ordr": 1}, "ordr"),
        ({"at": "tomorrow"}, "at"),
    ],
)
def test_each_problem_names_its_place(change: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as caught:
        load(schema_of(PlaceBigOrder), {"order_id": "1", "lines": [], **change}, at=NOW)
    assert [problem["path"] for problem in caught.value.problems] == [path]


def test_single_fields_may_be_stricter() -> None:
    strict = schema_of(PlaceBigOrder, order_id=fields.String(required=True, validate=validate.Length(3)))
    with pytest.raises(Invalid):
        load(strict, {"order_id": "1", "lines": []}, at=NOW)
    assert load(schema_of(PlaceBigOrder), {"order_id": "1", "lines": []}, at=NOW).order_id == "1"


# -- codec ---------------------------------------------------------------------------------------------------------

amounts = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12)
lines = st.builds(Line, amounts, st.none() | st.dates())
instants = st.datetimes(timezones=st.just(UTC))
orders = st.builds(Placed, st.text(), st.lists(lines).map(tuple), instants, st.just(Kind.ONE), st.none() | st.text())


@given(orders)
def test_an_event_is_the_same_after_the_store(placed: Placed) -> None:
    readable, stored = codec().encode(placed)
    assert codec().decode("sample.order.placed", 2, stored) == placed
    assert codec().open("sample.order.placed", 2, stored) == readable
    assert codec().encode(placed)[1] == stored


def test_personal_fields_are_sealed_in_what_is_stored_and_readable_in_views() -> None:
    readable, stored = codec().encode(Placed("gone", (), NOW, name="Maria"))
    assert readable["name"] == "Maria"
    assert "Maria" not in stored
    assert codec().decode("sample.order.placed", 2, stored).name == ERASED


def test_old_shapes_become_todays_step_by_step() -> None:
    steps = {("sample.order.placed", 0): lambda v: {**v, "at": v["when"]}, ("sample.order.placed", 1): _second}
    old = '{"order_id":"o","items":[],"when":"2026-03-10T12:00:01.000005Z"}'
    assert codec(steps).decode("sample.order.placed", 0, old) == Placed("o", (), NOW)
    assert [codec(steps).is_current("sample.order.placed", version) for version in (0, 1, 2)] == [False, False, True]


def _second(values: dict[str, Any]) -> dict[str, Any]:
    return {"order_id": values["order_id"], "lines": values["items"], "at": values["at"]}


def test_values_of_the_wrong_shape_name_the_path() -> None:
    with pytest.raises(Invalid) as caught:
        from_json_values({"amount": "x"}, Line)
    assert caught.value.problems[0]["path"] == "amount"


def test_everything_is_json_values() -> None:
    assert to_json_values([Line(Decimal("1.50"), date(2026, 3, 1)), NOW]) == [
        {"amount": "1.50", "on": "2026-03-01"},
        "2026-03-10T12:00:01.000005Z",
    ]


def test_instants_are_written_in_one_form() -> None:
    assert iso(datetime(2026, 3, 10, 9, tzinfo=timezone(timedelta(hours=-3)))) == "2026-03-10T12:00:00.000000Z"


# -- hashes and envelopes ------------------------------------------------------------------------------------------

PARTS = ("p", "s-1", 1, "a.b.c", 1, iso(NOW), "{}", '{"x":1}')


@pytest.mark.parametrize("place", range(len(PARTS)))
def test_every_part_of_an_event_is_in_its_hash(place: int) -> None:
    other = [*PARTS]
    other[place] = other[place] + 1 if isinstance(other[place], int) else f"{other[place]}x"  # type: ignore[operator]
    assert event_hash(*other) != event_hash(*PARTS)  # type: ignore[arg-type]


def test_the_chain_covers_what_came_before() -> None:
    assert len(
        {chain_hash("", "a"), chain_hash("a", ""), chain_hash(chain_hash("", "a"), "b"), chain_hash("", "b")}
    ) == 3 + (chain_hash("", "a") != chain_hash("a", ""))


@given(st.text(), st.dictionaries(st.text(), st.text() | st.integers(-(2**53), 2**53)), st.booleans())
def test_an_envelope_reads_back_what_was_recorded(stream: str, data: dict[str, Any], historical: bool) -> None:
    meta = Meta("c1", "k1", "cause", "user:1", historical, 3)
    recorded = Recorded(stream, 7, "sample.order.placed", 2, msgspec.json.encode(data).decode(), meta, NOW, "h" * 64)
    body = envelope_bytes("sample", "f" * 32, 1, 99, "c" * 64, recorded)
    envelope = parse_envelope(body)
    assert parse_envelope(envelope_json(envelope)) == envelope
    incoming = envelope.incoming()
    assert (incoming.id, incoming.source, incoming.type, incoming.schema) == (f"{stream}@7", "sample", recorded.type, 2)
    assert (incoming.stream, incoming.version, incoming.at, incoming.data) == (stream, 7, NOW, data)
    assert (incoming.correlation, incoming.causation, incoming.actor) == ("k1", "cause", "user:1")
    assert (incoming.historical, incoming.depth, incoming.partition, incoming.offset) == (historical, 3, 1, 99)
    assert (envelope.feed, envelope.chain, envelope.hash) == ("f" * 32, "c" * 64, "h" * 64)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"id": 1}', b"\xff"])
def test_what_is_no_envelope_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        parse_envelope(body)


def test_routing_keys_name_service_partition_aggregate_and_event() -> None:
    assert routing_key("contracts", 3, "contracts.contract.activated") == "contracts.3.contract.activated"


@given(st.text(), st.integers(1, 16))
def test_a_stream_has_one_partition(stream: str, partitions: int) -> None:
    assert 0 <= partition_of(stream, partitions) < partitions
    assert partition_of(stream, partitions) == partition_of(stream, partitions)
