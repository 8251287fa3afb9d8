"""Whatever a broker and a crash may do to the messages, each offset takes effect exactly once, in order per stream.

Hypothesis chooses the storm: which messages come, how often, in which order, where the database breaks down, when the
process starts again, when the sources' heads are compared. At the end one look at the feed must make everything whole.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.errors import Unavailable
from services.testing.reader_contract import Pair, faulty
from services.testing.store import House

EVENTS = 12
deliveries = st.lists(st.integers(0, EVENTS - 1), min_size=1, max_size=8)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("deliver"), deliveries),
        st.tuples(st.sampled_from(["crash", "lost answer"]), deliveries, st.integers(0, 4)),
        st.tuples(st.sampled_from(["wake", "restart", "compare", "source away"])),
    ),
    max_size=12,
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("storms")
    made = House(lambda: f"sqlite:///{folder / uuid4().hex}.db", folder)
    yield made
    made.close()


@pytest.fixture(scope="module")
def source(house: House) -> Pair:
    pair = Pair(house)
    pair.grow(*random.Random(7).choices("abc", k=EVENTS))
    return pair


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_any_storm_ends_with_each_offset_reflected_once(
    house: House, source: Pair, monkeypatch: pytest.MonkeyPatch, storm: list[Any]
) -> None:
    pair = Pair.__new__(Pair)
    pair.house, pair.source, pair.copy = house, source.source, house.app("copy", follows="sample")
    pair.reader = house.reader(pair.copy, pair.source)
    bodies = house.published(pair.source)
    for kind, *details in storm:
        if kind == "restart":
            pair.reader = house.reader(pair.copy, pair.source)
        elif kind == "source away":
            house.away.add("sample")
        else:
            with suppress(Unavailable):
                _step(pair, kind, details, bodies, monkeypatch)
            house.away.clear()
    house.away.clear()
    pair.reader.wake()
    pair.whole()
    _in_order(pair)
    pair.copy.stop()


def _step(pair: Pair, kind: str, details: list[Any], bodies: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "wake":
        pair.reader.wake()
    elif kind == "compare":
        pair.reader.compare(pair.source.handlers()["heads"]({}, {}))
    elif kind == "deliver":
        pair.reader.messages([bodies[n] for n in details[0]])
    else:
        with faulty(pair.copy, monkeypatch, before_commit=kind == "crash", after=details[1]):
            pair.reader.messages([bodies[n] for n in details[0]])


def _in_order(pair: Pair) -> None:
    """The policy's commands came in the order of the source's events, stream by stream."""
    with pair.source.database.read() as conn, pair.copy.database.read() as own:
        for counter in "abc":
            there = pair.source.application.history(conn, f"counter-{counter}")
            here = pair.copy.application.history(own, f"counter-mirror-{counter}")
            assert [event.causation for event in here] == [event.id for event in there]
            assert all(a.version < b.version for a, b in itertools.pairwise(here))
