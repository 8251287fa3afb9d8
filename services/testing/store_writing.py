"""What every store promises about one command, written once and run over SQLite and PostgreSQL.

A test module imports the class and gives the fixture ``new_url`` (URLs of fresh, empty databases); ``house`` comes
from ``services.testing.plugin``. What differs between the stores is told in the modules that run the suite.
"""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from services.application import Request
from services.errors import Conflict, Invalid, NotFound, Refused, Unavailable
from services.store.database import is_duplicate
from services.store.tables import commands, events, outbox
from services.testing.at_once import AT, META, in_parallel, insisting
from services.testing.store import House, add, count, rows_of
from services.tests import sample


class Writing:
    def test_events_view_answer_and_outbox_come_with_one_command(self, house: House) -> None:
        app = house.app()
        answer = add(app, "a", 5, id="c1")
        assert (answer.source, answer.stream, answer.version) == ("sample", "counter-a", 1)
        assert answer.events == ("sample.counter.added",)
        assert rows_of(app, sample.counters) == [{"counter_id": "a", "total": 5, "owner": None}]
        assert [count(app, table) for table in (events, outbox, commands)] == [1, 1, 1]

    def test_a_fault_in_a_view_leaves_nothing(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        app = house.app()

        def broken(*_: Any) -> None:
            raise ValueError("a bad fold")

        monkeypatch.setattr(sample.Counters, "fold", broken)
        with pytest.raises(ValueError, match="a bad fold"):
            add(app, "a", 5)
        assert [count(app, table) for table in (events, outbox, commands)] == [0, 0, 0]

    def test_appending_after_a_version_that_is_taken_is_a_duplicate(self, house: House) -> None:
        app = house.app()
        add(app, "a", 1)
        with pytest.raises(DBAPIError) as caught, app.database.write() as conn:
            app.application.store.append(conn, "counter-a", (0, ""), [sample.Added("a", 1)], META, AT)
        assert is_duplicate(caught.value)

    @pytest.mark.parametrize("stale", [1, 2])
    def test_who_was_too_late_decides_again(self, house: House, monkeypatch: pytest.MonkeyPatch, stale: int) -> None:
        app = house.app()
        add(app, "a", 1)
        seen = _stale_loads(app, monkeypatch, stale)
        assert add(app, "a", 2).version == 2
        assert len(seen) == stale + 1
        assert rows_of(app, sample.counters)[0]["total"] == 3

    def test_after_three_tries_it_is_a_conflict(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        app = house.app()
        add(app, "a", 1)
        seen = _stale_loads(app, monkeypatch, 99)
        with pytest.raises(Conflict) as caught:
            add(app, "a", 2)
        assert (caught.value.code, len(seen)) == ("version-conflict", 3)

    def test_many_writers_on_one_stream_lose_nothing(self, house: House) -> None:
        app = house.app()

        def five(writer: int) -> None:
            for n in range(5):
                insisting(partial(add, app, "a", 1, id=f"{writer}/{n}"))

        in_parallel([partial(five, writer) for writer in range(8)])
        assert rows_of(app, sample.counters)[0]["total"] == 40
        assert [row["version"] for row in rows_of(app, events)] == list(range(1, 41))

    def test_the_same_command_gets_the_first_answer(self, house: House) -> None:
        app = house.app()
        first = add(app, "a", 5, id="c1")
        add(app, "a", 1)
        assert add(app, "a", 5, id="c1") == first
        assert count(app, events) == 2

    def test_the_same_command_at_once_takes_effect_once(self, house: House) -> None:
        app = house.app()
        answers = in_parallel([lambda: insisting(lambda: add(app, "a", 5, id="c1"))] * 4)
        assert {answer.version for answer in answers} == {1}
        assert count(app, events) == 1

    def test_a_command_without_events_is_answered_and_remembered(self, house: House) -> None:
        app = house.app()
        assert add(app, "a", 0, id="c1").version == 0
        assert (count(app, events), count(app, commands)) == (0, 1)

    def test_another_payload_under_the_same_id_is_an_error(self, house: House) -> None:
        app = house.app()
        add(app, "a", 5, id="c1")
        with pytest.raises(Conflict) as caught:
            add(app, "a", 6, id="c1")
        assert caught.value.code == "command-id-reused"

    def test_a_refusal_is_not_stored(self, house: House) -> None:
        app = house.app()
        with pytest.raises(Refused) as caught:
            add(app, "a", -5, id="c1")
        assert caught.value.words["pt-BR"] == "O contador ficaria negativo: 0"
        add(app, "a", 9)
        assert add(app, "a", -5, id="c1").version == 2

    def test_what_nobody_knows_is_not_found(self, house: House) -> None:
        app = house.app()
        with pytest.raises(NotFound):
            app.application.execute(Request("c1", "fly", {}))
        with pytest.raises(NotFound):
            app.application.query("fly", {})

    def test_a_payload_of_the_wrong_shape_names_the_place(self, house: House) -> None:
        app = house.app()
        with pytest.raises(Invalid) as caught:
            app.application.execute(Request("c1", "add", {"counter_id": "a", "amount": "many", "extra": 1}))
        assert {problem["path"] for problem in caught.value.problems} == {"amount", "extra"}

    def test_after_the_deadline_nothing_is_written(self, house: House) -> None:
        app = house.app()
        with pytest.raises(Unavailable):
            add(app, "a", 1, deadline=time.time() - 1)
        assert count(app, events) == 0

    def test_a_deadline_that_passes_during_the_work_rolls_it_back(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        app = house.app()
        deadline = time.time() + 60
        fold = sample.Counters.fold

        def late(self: Any, event: Any, rows: Any) -> None:
            fold(self, event, rows)
            monkeypatch.setattr("services.application.time.time", lambda: deadline + 1)

        monkeypatch.setattr(sample.Counters, "fold", late)
        with pytest.raises(Unavailable):
            add(app, "a", 1, deadline=deadline)
        assert (count(app, events), count(app, commands)) == (0, 0)


def _stale_loads(app: Any, monkeypatch: pytest.MonkeyPatch, stale: int) -> list[str]:
    """The first loads of a stream see it empty, as if others appended right after."""
    seen: list[str] = []
    open_ = app.application.store.open

    def stale_open(conn: Any, command_id: str, stream: str, *more: Any) -> Any:
        seen.append(stream)
        stored, past, found = open_(conn, command_id, stream, *more)
        return stored, [] if len(seen) <= stale else past, found

    monkeypatch.setattr(app.application.store, "open", stale_open)
    return seen


__all__ = ["Writing"]
