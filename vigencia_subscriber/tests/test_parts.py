"""The kit's parts: envelopes, sinks that keep their place, schemas, metrics, the wheel that installs by itself."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, Table, create_engine, func, insert, select

from vigencia_subscriber import Checkpoint, DoesNotFit, Envelope, Fenced, FileSink, Follower, Metrics, NotAnEnvelope
from vigencia_subscriber.schema import Catalogue
from vigencia_subscriber.sql import SqlSink
from vigencia_subscriber.subscriber import growing
from vigencia_subscriber.tests.feeds import MemoryFeed, wire

EFFECTS = Table("effects", MetaData(), Column("n", Integer, primary_key=True))
KIT = Path(__file__).parents[1]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = create_engine(f"sqlite:///{tmp_path}/own.db")
    EFFECTS.metadata.create_all(made)
    return made


def note(conn: Connection, event: Envelope) -> None:
    conn.execute(insert(EFFECTS).values(n=event.data["n"]))


def count(engine: Engine) -> int:
    with engine.connect() as conn:
        return int(conn.execute(select(func.count()).select_from(EFFECTS)).scalar_one())


def test_an_envelope_is_read_as_it_was_sent() -> None:
    (event,) = MemoryFeed(1).events
    assert Envelope.parse(json.dumps(wire(event, more="comes"))) == event
    assert event.follows("")


@pytest.mark.parametrize("body", ["", "[]", "{}", "null", '{"id": 1}', json.dumps({"source": 5})])
def test_what_is_no_envelope_is_told(body: str) -> None:
    with pytest.raises(NotAnEnvelope):
        Envelope.parse(body)


def test_effects_and_checkpoint_commit_together(engine: Engine) -> None:
    """The third cannot be written twice: nothing of its batch stays, neither effect nor place."""
    feed, sink = MemoryFeed(3), SqlSink(engine, note, name="books")
    with engine.begin() as conn:
        conn.execute(insert(EFFECTS).values(n=2))
    now = Checkpoint(2, feed.events[2].chain, feed.feed)
    with pytest.raises(Exception, match="UNIQUE"):
        sink.take("billing", 0, feed.events, Checkpoint(), now)
    assert (count(engine), sink.load("billing", 0)) == (1, Checkpoint())


def test_a_new_process_goes_on_where_the_one_before_was(engine: Engine) -> None:
    feed = MemoryFeed(4)
    for _ in range(2):
        Follower("billing", 0, feed, SqlSink(engine, note, name="books"), Metrics()).catch_up()
        assert count(engine) == len(feed.events)
        feed.grow(3)


def test_two_that_start_at_the_same_place_do_the_work_once(engine: Engine) -> None:
    feed, one, two = MemoryFeed(2), SqlSink(engine, note), SqlSink(engine, note)
    now = Checkpoint(1, feed.events[1].chain, feed.feed)
    one.take("billing", 0, feed.events, Checkpoint(), now)
    for was in (Checkpoint(), Checkpoint(0, feed.events[0].chain, feed.feed)):
        with pytest.raises(Fenced):
            two.take("billing", 0, feed.events, was, now)
    assert count(engine) == 2


def test_subscribers_of_other_names_have_places_of_their_own(engine: Engine) -> None:
    feed = MemoryFeed(1)
    SqlSink(engine, note, name="a").take("billing", 0, feed.events, Checkpoint(), Checkpoint(0, "c", "f"))
    assert SqlSink(engine, note, name="b").load("billing", 0) == Checkpoint()
    assert SqlSink(engine, note, name="a").load("billing", 0) == Checkpoint(0, "c", "f")


def test_a_file_keeps_places_of_several_partitions(tmp_path: Path) -> None:
    seen: list[str] = []
    feed, file = MemoryFeed(2), tmp_path / "places.json"
    for partition in (0, 3):
        sink = FileSink(file, lambda event: seen.append(event.id))
        assert sink.load("billing", partition) == Checkpoint()
        sink.take("billing", partition, feed.events, Checkpoint(), Checkpoint(1, "c", "f"))
    assert [FileSink(file, print).load("billing", each).offset for each in (0, 1, 3)] == [1, -1, 1]
    assert seen == ["s@1", "s@2"] * 2


def test_a_handler_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    def fail(event: Envelope) -> None:
        raise ValueError(event.id)

    sink = FileSink(tmp_path / "places.json", fail)
    with pytest.raises(ValueError, match="s@1"):
        sink.take("billing", 0, MemoryFeed(1).events, Checkpoint(), Checkpoint(0, "c", "f"))
    assert sink.load("billing", 0) == Checkpoint()


def catalogue(**field: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": {"n": field}, "required": ["n"]}
    message = {"x-version": 1, "x-versions": [1]}
    kind = "billing.thing.happened"
    return {"components": {"messages": {kind: message}, "schemas": {f"{kind}.v1": schema}}}


def test_data_that_do_not_fit_the_catalogue_are_not_handed_over(engine: Engine) -> None:
    feed = MemoryFeed(1)
    fits = Follower("billing", 0, feed, SqlSink(engine, note), Metrics(), Catalogue(lambda: catalogue(type="integer")))
    other = SqlSink(engine, note, name="other")
    wrong = Follower("billing", 0, feed, other, Metrics(), Catalogue(lambda: catalogue(type="string")))
    with pytest.raises(DoesNotFit, match="n: 0 is not of type 'string'"):
        wrong.catch_up()
    assert count(engine) == 0
    assert fits.catch_up() == count(engine) == 1


def test_an_event_of_a_newer_release_passes_after_one_more_look() -> None:
    asked: list[int] = []

    def ask() -> dict[str, Any]:
        asked.append(1)
        return {"components": {"messages": {}, "schemas": {}}}

    verify = Catalogue(ask)
    for event in MemoryFeed(3).events:
        verify(event)
    assert asked == [1]


def test_metrics_are_prometheus_text() -> None:
    text = Metrics(events=3, behind=2).text(service="billing")
    assert 'vigencia_subscriber_events_total{service="billing"} 3\n' in text
    assert '# TYPE vigencia_subscriber_behind gauge\nvigencia_subscriber_behind{service="billing"} 2\n' in text


def test_pauses_grow_and_are_bounded() -> None:
    pauses = growing(1.0, 5.0)
    assert [next(pauses) for _ in range(5)] == [1.0, 2.0, 4.0, 5.0, 5.0]


def test_it_installs_by_itself_and_needs_only_what_it_says(tmp_path: Path) -> None:
    """From a copy of its folder alone, without anything else of this project."""
    copy = tmp_path / "kit"
    shutil.copytree(KIT, copy, ignore=shutil.ignore_patterns("tests", "__pycache__"))
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--target", str(tmp_path / "lib"), str(copy)], check=True, capture_output=True)
    told = "import vigencia_subscriber, vigencia_subscriber.sql, vigencia_subscriber.examples.ledger as e; print(e.__file__)"
    command = [
        sys.executable,
        "-P",
        "-c",
        f"import sys; sys.path.insert(0, sys.argv[1]); {told}",
        str(tmp_path / "lib"),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout.startswith(str(tmp_path / "lib"))
