"""What a service promises over either store about time: what is due happens once, in order, at its instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from services.due import due_command_id, schedule, unschedule
from services.errors import Invalid
from services.operations import operate
from services.rows import Rows
from services.store.tables import commands, due, events, outbox
from services.testing.at_once import in_parallel
from services.testing.store import House, add, execute, rows_of
from services.tests import sample

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


class Time:
    def test_what_is_due_is_executed_once_in_order_each_at_its_instant(self, house: House) -> None:
        app = house.app()
        for day in (3, 1, 2):
            execute(app, sample.AddLater(f"c{day}", day, NOW - timedelta(days=day)))
        execute(app, sample.AddLater("later", 1, NOW + timedelta(seconds=1)))
        assert app.due.run(NOW) == {"done": 3, "refused": 0, "failed": 0}
        assert app.due.run(NOW) == {"done": 0, "refused": 0, "failed": 0}
        added = [row for row in _in_order_of_writing(app) if row["type"].endswith("added")]
        assert [row["stream"] for row in added] == ["counter-c3", "counter-c2", "counter-c1"]
        assert [row["recorded_at"] for row in added] == [NOW - timedelta(days=day) for day in (3, 2, 1)]
        assert [row["key"] for row in rows_of(app, due) if row["done_at"] is None] == ["add:counter-later@1"]

    def test_two_runners_at_once_execute_each_row_once(self, house: House) -> None:
        app = house.app()
        other = house.app(url=app.settings.database_url)
        for n in range(12):
            execute(app, sample.AddLater(f"c{n % 3}", 1, NOW - timedelta(minutes=n)))
        counts = in_parallel([partial(each.due.run, NOW) for each in (app, other, app, other)])
        assert sum(each["done"] for each in counts) == 12
        assert sum(row["total"] or 0 for row in rows_of(app, sample.counters)) == 12

    def test_a_key_that_moves_runs_at_its_new_instant_and_again_only_there(self, house: House) -> None:
        app = house.app()
        at = [NOW, NOW + timedelta(days=1)]
        for instant in (*at, at[1]):
            with app.database.write() as conn:
                rows = Rows(conn)
                schedule(rows, key="k", at=instant, command=sample.Add("a", 1))
                rows.flush()
        assert app.due.run(NOW)["done"] == 0
        assert app.due.run(at[1])["done"] == 1
        with app.database.write() as conn:
            rows = Rows(conn)
            schedule(rows, key="k", at=at[1], command=sample.Add("a", 1))  # as a rebuild does
            rows.flush()
        assert app.due.run(at[1] + timedelta(days=9))["done"] == 0
        with app.database.read() as conn:
            ids = set(conn.scalars(select(commands.c.id)))
        assert due_command_id("k", at[1]) in ids

    def test_what_is_no_longer_wanted_does_not_run(self, house: House) -> None:
        app = house.app()
        execute(app, sample.AddLater("a", 1, NOW))
        with app.database.write() as conn:
            rows = Rows(conn)
            unschedule(rows, "add:counter-a@1")
            rows.flush()
        assert app.due.run(NOW)["done"] == 0

    def test_a_command_may_move_or_remove_its_own_row(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        app = house.app()
        key = "add:counter-a@1"
        fold = sample.Counters.fold
        plans = iter([NOW + timedelta(days=1), None])

        def moving(self: Any, event: Any, rows: Rows) -> None:
            fold(self, event, rows)
            if event.type.endswith("added"):
                at = next(plans)
                if at is None:
                    unschedule(rows, key)
                else:
                    schedule(rows, key=key, at=at, command=sample.Add("a", 1))

        monkeypatch.setattr(sample.Counters, "fold", moving)
        execute(app, sample.AddLater("a", 1, NOW))
        assert app.due.run(NOW) == {"done": 1, "refused": 0, "failed": 0}
        (row,) = rows_of(app, due)
        assert (row["at"], row["done_at"]) == (NOW + timedelta(days=1), None)
        assert app.due.run(NOW + timedelta(days=1))["done"] == 1
        assert rows_of(app, due) == []

    def test_a_refusal_is_an_outcome(self, house: House) -> None:
        app = house.app()
        execute(app, sample.AddLater("a", -1, NOW))
        assert app.due.run(NOW) == {"done": 0, "refused": 1, "failed": 0}
        (row,) = rows_of(app, due)
        assert (row["done_at"] is not None, row["outcome"]) == (True, "counter.negative (total=0)")

    def test_many_of_one_kind_share_transactions_in_their_order(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Not those of one counter: what the first of them makes due would come before the second."""
        app = house.app()
        for n in range(30):
            execute(app, sample.AddLater(f"c{n // 2:02}", 1, NOW - timedelta(minutes=n)))
        written = []
        write = app.database.write

        def counted() -> Any:
            written.append(1)
            return write()

        monkeypatch.setattr(app.database, "write", counted)
        assert app.due.run(NOW) == {"done": 30, "refused": 0, "failed": 0}
        assert len(written) < 60
        added = [row for row in _in_order_of_writing(app) if row["type"].endswith("added")]
        by_counter: dict[str, list[datetime]] = {}
        for row in added:
            by_counter.setdefault(row["stream"], []).append(row["recorded_at"])
        assert [len(instants) for instants in by_counter.values()] == [2] * 15
        assert all(instants == sorted(instants) for instants in by_counter.values())

    def test_one_that_fails_and_one_that_is_refused_keep_none_of_the_many_from_being_done(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        app = house.app()
        for n in range(12):
            execute(app, sample.AddLater(f"c{n:02}", -1 if n == 5 else 1, NOW - timedelta(minutes=n)))
        fold = sample.Counters.fold

        def failing(self: Any, event: Any, rows: Rows) -> None:
            if event.stream == "counter-c07" and event.type.endswith("added"):
                raise ValueError("not today")
            fold(self, event, rows)

        monkeypatch.setattr(sample.Counters, "fold", failing)
        assert app.due.run(NOW, now=NOW) == {"done": 10, "refused": 1, "failed": 1}
        assert app.due.run(NOW, now=NOW) == {"done": 0, "refused": 0, "failed": 0}
        assert sum(row["total"] or 0 for row in rows_of(app, sample.counters)) == 10
        monkeypatch.setattr(sample.Counters, "fold", fold)
        assert app.due.run(NOW, now=NOW + timedelta(hours=3))["done"] == 1

    def test_what_fails_is_tried_again_later_and_later_while_the_others_run(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        app = house.app()
        execute(app, sample.AddLater("bad", 1, NOW - timedelta(days=2)))
        execute(app, sample.AddLater("good", 1, NOW - timedelta(days=1)))
        broken = True
        evolve, fold = sample.evolve, sample.Counters.fold

        def failing(self: Any, event: Any, rows: Rows) -> None:
            if broken and event.stream == "counter-bad" and event.type.endswith("added"):
                raise ValueError("not today")
            fold(self, event, rows)

        monkeypatch.setattr(sample.Counters, "fold", failing)
        assert app.due.run(NOW, now=NOW) == {"done": 1, "refused": 0, "failed": 1}
        assert app.due.run(NOW, now=NOW + timedelta(seconds=9)) == {"done": 0, "refused": 0, "failed": 0}
        assert app.due.run(NOW, now=NOW + timedelta(seconds=11))["failed"] == 1
        (row,) = [each for each in rows_of(app, due) if each["done_at"] is None]
        assert (row["attempts"], row["retry_at"]) == (2, NOW + timedelta(seconds=71))
        assert app.due.waiting()["failing"] == 1
        broken = False
        assert app.due.run(NOW, now=NOW + timedelta(seconds=72))["done"] == 1
        assert evolve is sample.evolve

    def test_a_row_whose_command_id_was_used_for_something_else_does_not_hold_up_the_others(self, house: House) -> None:
        app = house.app()
        execute(app, sample.AddLater("a", 1, NOW))
        execute(app, sample.AddLater("b", 1, NOW))
        add(app, "z", 7, id=due_command_id("add:counter-a@1", NOW))
        assert app.due.run(NOW) == {"done": 1, "refused": 0, "failed": 1}

    def test_the_operator_runs_a_day_by_hand(self, house: House) -> None:
        app = house.app()
        execute(app, sample.AddLater("a", 1, NOW + timedelta(days=30)))
        (waiting,) = operate(app, {"action": "due_list"})
        assert waiting["command"] == "add"
        answer = operate(app, {"action": "due", "until": (NOW + timedelta(days=31)).isoformat()})
        assert (answer["done"], answer["waiting"]["open"]) == (1, 0)
        with pytest.raises(Invalid):
            operate(app, {"action": "due", "until": "2026-03-01T00:00:00"})


def _in_order_of_writing(app: Any) -> list[dict[str, Any]]:
    with app.database.read() as conn:
        same = (events.c.stream == outbox.c.stream) & (events.c.version == outbox.c.version)
        return [dict(row) for row in conn.execute(select(events).join(outbox, same).order_by(outbox.c.seq)).mappings()]


__all__ = ["NOW", "Time"]
