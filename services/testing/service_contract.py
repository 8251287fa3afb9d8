"""What a service promises over either store beside its writing: secrets, batches, questions, rebuilding."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, literal, select, text, update
from sqlalchemy.event import listen

from services.application import Request
from services.component import Component, Query
from services.decider import ERASED, event
from services.errors import NotFound, Refused, Unavailable
from services.operations import operate
from services.rebuild import rebuild
from services.rows import Rows
from services.store.tables import due, events, person_keys
from services.testing.at_once import in_parallel
from services.testing.due_contract import NOW
from services.testing.store import House, add, count, everything, execute, rows_of
from services.tests import sample
from services.vault import Vault
from services.verify import verify

SECRET = "Maria Aparecida"


class Secrets:
    def test_personal_data_is_readable_here_and_sealed_wherever_it_is_stored(self, house: House) -> None:
        app = house.app()
        execute(app, sample.Name("a", "p1", SECRET), id="c1")
        body = house.published(app)[0].decode()
        assert rows_of(app, sample.counters)[0]["owner"] == SECRET  # a view may show it; erasure deletes such rows
        with app.database.write() as conn:
            conn.execute(sample.counters.delete())
        assert SECRET not in everything(app.database) + everything(app._vault_database) + body
        with app.database.read() as conn:
            assert app.application.history(conn, "counter-a")[0].data["owner"] == SECRET
        assert SECRET not in str(operate(app, {"action": "stream", "stream": "counter-a"}))

    def test_erasing_makes_it_unreadable_and_leaves_the_chains_whole(self, house: House) -> None:
        app = house.app()
        execute(app, sample.Name("a", "p1", SECRET))
        execute(app, sample.Name("b", "p2", "Outra Pessoa"))
        assert app.vault.erase(["p1", "nobody"]) == 1
        assert app.vault.erase(["p1"]) == 0
        with app.database.read() as conn:
            assert app.application.history(conn, "counter-a")[0].data["owner"] == ERASED
            assert app.application.history(conn, "counter-b")[0].data["owner"] == "Outra Pessoa"
        rebuild(app, "counters")
        assert [row["owner"] for row in rows_of(app, sample.counters)] == [ERASED, "Outra Pessoa"]
        assert verify(app)["ok"]
        assert add(app, "a", 1).version == 2  # the stream goes on

    def test_a_tombstone_forbids_a_new_key(self, house: House) -> None:
        app = house.app()
        app.vault.erase(["p1"])
        with pytest.raises(Refused) as caught:
            execute(app, sample.Name("a", "p1", SECRET))
        assert caught.value.code == "person.erased"
        assert (count(app, events), app.vault.tombstones()) == (0, ["p1"])

    def test_two_instances_share_one_vault(self, house: House) -> None:
        app = house.app()
        other = _vault_beside(app)
        boxes = in_parallel([partial(vault.seal, "p1", SECRET) for vault in (app.vault, other) * 3])
        assert {vault.open(box) for vault in (app.vault, other) for box in boxes} == {SECRET}
        with app._vault_database.read() as conn:
            assert conn.execute(select(func.count()).select_from(person_keys)).scalar() == 1

    def test_what_one_instance_erased_another_cannot_read(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        """Within the few seconds for which keys are remembered; then never again."""
        app = house.app()
        other = _vault_beside(app)
        box = app.vault.seal("p1", SECRET)
        assert other.open(box) == SECRET
        app.vault.erase(["p1"])
        assert app.vault.open(box) == ERASED
        later = time.monotonic() + 6
        monkeypatch.setattr("services.vault.time.monotonic", lambda: later)
        assert other.open(box) == ERASED
        with pytest.raises(Refused):
            other.seal("p1", SECRET)

    def test_erasing_and_making_a_key_at_once_ends_with_no_key(self, house: House) -> None:
        app = house.app()
        vaults = [app.vault, *(_vault_beside(app) for _ in range(3))]

        def seal(vault: Vault) -> None:
            try:
                vault.seal("p1", SECRET)
            except Refused as refused:
                if refused.code != "person.erased":
                    raise

        in_parallel([*(partial(vault.erase, ["p1"]) for vault in vaults), *(partial(seal, vault) for vault in vaults)])
        with app._vault_database.read() as conn:
            (row,) = conn.execute(select(person_keys)).all()
        assert (row.key, row.tombstone) == (None, True)

    def test_fingerprints_are_equal_for_equal_values_and_keyed(self, house: House) -> None:
        app = house.app()
        assert app.vault.fingerprint("123") == _vault_beside(app).fingerprint("123")
        assert app.vault.fingerprint("123") != _vault_beside(app, secret=b"other").fingerprint("123")
        assert "123" not in app.vault.fingerprint("123")

    def test_a_foreign_or_broken_box_reads_as_erased(self, house: House) -> None:
        app = house.app()
        box = app.vault.seal("p1", SECRET)
        app.vault.seal("p2", "x")
        assert app.vault.open({**box, "person": "p2"}) == ERASED
        assert app.vault.open({**box, "person": "unknown"}) == ERASED
        assert app.vault.open(None) == ERASED


class OldShapes:
    def test_old_events_are_read_folded_and_sent_in_todays_shape(self, house: House) -> None:
        old = house.app()
        add(old, "a", 5)
        old.stop()

        @event("sample.counter.added", version=3)
        class Added:
            counter_id: str
            quantity: int
            unit: str

        def decide(wish: Any, total: int) -> list[Any]:
            return [Added(wish.counter_id, wish.amount + total, "each")]

        component = house_component(Added, decide)
        app = house.app(url=old.settings.database_url, component=component)
        (body,) = house.published(app)
        assert b'"dataschema":"urn:vigencia:sample.counter.added:3"' in body
        assert b'"data":{"counter_id":"a","quantity":5,"unit":"each"}' in body
        add(app, "a", 1)
        first, second = rows_of(app, events)
        assert first["data"] == '{"counter_id":"a","amount":5}'
        assert (second["data"], second["schema"]) == ('{"counter_id":"a","quantity":6,"unit":"each"}', 3)


def house_component(added: type, decide: Any) -> Component:
    made = sample.component()
    decider = replace(
        made.aggregates[0].decider,
        initial=0,
        decide=decide,
        evolve=lambda total, each: total + getattr(each, "quantity", 0),
    )
    aggregate = replace(made.aggregates[0], decider=decider, events=(sample.Named, added, sample.Planned))
    return replace(
        made,
        aggregates=(aggregate,),
        views=(),
        upcasters={
            ("sample.counter.added", 1): lambda old: {"counter_id": old["counter_id"], "quantity": old["amount"]},
            ("sample.counter.added", 2): lambda old: {**old, "unit": "each"},
        },
    )


def _vault_beside(app: Any, secret: bytes = b"test") -> Vault:
    """Another instance's vault over the same keys."""
    return Vault(app._vault_database, secret=secret, service=app.component.name)


class Batches:
    def test_each_record_is_whole_or_not_at_all(self, house: House) -> None:
        app = house.app()
        records = [{"id": f"r{n}", "counter_id": f"c{n}", "amount": -1 if n == 3 else 1} for n in range(60)]
        answers = app.application.batch("import", records, Request("b", "import", {}))
        assert [n for n, answer in enumerate(answers) if answer["status"] != "imported"] == [3]
        assert answers[3]["status"] == "rejected"
        assert answers[3]["error"]["code"] == "counter.negative"
        assert count(app, events) == 59

    def test_one_record_that_breaks_leaves_the_others_in(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        app = house.app()
        fold = sample.Counters.fold

        def broken(self: Any, event: Any, rows: Rows) -> None:
            if event.data["counter_id"] in ("c3", "c25"):
                raise ValueError("a bad fold")
            fold(self, event, rows)

        monkeypatch.setattr(sample.Counters, "fold", broken)
        records = [{"id": f"r{n}", "counter_id": f"c{n}", "amount": 1} for n in range(26)]
        answers = app.application.batch("import", records, Request("b", "import", {}))
        assert [n for n, answer in enumerate(answers) if answer["status"] == "failed"] == [3, 25]
        assert "a bad fold" not in str(answers[3])
        assert count(app, events) == 24

    def test_the_same_record_again_changes_nothing(self, house: House) -> None:
        app = house.app()
        records = [{"id": "r1", "counter_id": "a", "amount": 1}]
        first = app.application.batch("import", records, Request("b", "import", {}))
        again = app.application.batch("import", records, Request("b2", "import", {}))
        assert (first, again) == ([{"status": "imported"}], [{"status": "unchanged"}])
        assert count(app, events) == 1

    def test_records_of_one_stream_see_each_other_and_its_chain_holds(self, house: House) -> None:
        app = house.app()
        amounts = [5, -3, -4, 2, -4]  # the third and the last would fall below zero
        records = [{"id": f"r{n}", "counter_id": "a", "amount": amount} for n, amount in enumerate(amounts)]
        answers = app.application.batch("import", records, Request("b", "import", {}))
        assert [answer["status"] for answer in answers] == ["imported", "imported", "rejected", "imported", "imported"]
        assert [row["total"] for row in rows_of(app, sample.counters)] == [0]
        add(app, "a", 7)
        assert verify(app)["ok"]
        assert [row["version"] for row in rows_of(app, events)] == [1, 2, 3, 4, 5]

    def test_many_refused_records_leave_the_others_in(self, house: House) -> None:
        app = house.app()
        records = [{"id": f"r{n}", "counter_id": f"c{n}", "amount": -1 if n % 3 else 1} for n in range(120)]
        answers = app.application.batch("import", records, Request("b", "import", {}))
        said = ["rejected" if n % 3 else "imported" for n in range(120)]
        assert [answer["status"] for answer in answers] == said
        assert count(app, events) == 40

    def test_a_record_twice_in_one_call_counts_once(self, house: House) -> None:
        app = house.app()
        record = {"id": "r1", "counter_id": "a", "amount": 1}
        answers = app.application.batch("import", [record, record], Request("b", "import", {}))
        assert [answer["status"] for answer in answers] == ["imported", "unchanged"]
        assert count(app, events) == 1

    def test_what_stands_in_a_batch_is_read_and_written_by_few_statements(self, house: House) -> None:
        app = house.app()
        sent: list[str] = []
        listen(app.database.engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
        counts = []
        for size in (10, 90):
            sent.clear()
            records = [{"id": f"{size}-{n}", "counter_id": f"{size}-{n}", "amount": 1} for n in range(size)]
            app.application.batch("import", records, Request("b", "import", {}))
            counts.append(len(sent))
        assert counts[0] == counts[1]

    def test_keys_of_all_persons_are_made_by_one_transaction(self, house: House, monkeypatch: Any) -> None:
        app = house.app()
        begun: list[int] = []
        write = app._vault_database.write

        def counting() -> Any:
            begun.append(1)
            return write()

        monkeypatch.setattr(app._vault_database, "write", counting)
        persons = [f"p{n}" for n in range(50)]
        app.vault.make(persons)
        boxes = [app.vault.seal(person, f"name of {person}") for person in persons]
        assert begun == [1]
        assert [_vault_beside(app).open(box) for box in boxes] == [f"name of {person}" for person in persons]
        app.vault.erase(["p1"])
        app.vault.make(["p0", "p1", "p99"])
        with pytest.raises(Refused):
            app.vault.seal("p1", "again")

    def test_a_batch_that_nobody_waits_for_is_not_begun(self, house: House) -> None:
        app = house.app()
        late = Request("b", "import", {}, deadline=time.time() - 1)
        with pytest.raises(Unavailable):
            app.application.batch("import", [{"id": "r1", "counter_id": "a", "amount": 1}], late)
        with pytest.raises(NotFound):
            app.application.batch("nothing", [], late)
        assert count(app, events) == 0


class Questions:
    def test_a_question_reads_what_was_written(self, house: House) -> None:
        app = house.app()
        add(app, "a", 5)
        assert app.application.query("totals", {"counter_id": "a"})["counter"]["total"] == 5

    def test_a_question_changes_nothing(self, house: House) -> None:
        def wicked(params: Any, rows: Rows, context: Any) -> None:
            rows.conn.execute(update(sample.counters).values(total=0))

        app = house.app(component=replace(sample.component(), queries=(Query("wicked", wicked),)))
        add(app, "a", 5)
        app.application.query("wicked", {})
        assert rows_of(app, sample.counters)[0]["total"] == 5

    def test_a_question_that_takes_too_long_is_cut_at_its_deadline(self, house: House) -> None:
        forever = text(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT count(*) FROM n"
        )

        def slow(params: Any, rows: Rows, context: Any) -> Any:
            return rows.conn.execute(forever).scalar()

        app = house.app(component=replace(sample.component(), queries=(Query("slow", slow), Query("quick", _quick))))
        with pytest.raises(Unavailable) as caught:
            app.application.query("slow", {}, Request("", "slow", {}, deadline=time.time() + 0.2))
        assert caught.value.code == "database.timeout"
        assert app.application.query("quick", {}) == 1

    def test_a_question_nobody_waits_for_is_not_asked(self, house: House) -> None:
        app = house.app()
        with pytest.raises(Unavailable):
            app.application.query("totals", {"counter_id": "a"}, Request("", "totals", {}, deadline=time.time() - 1))


def _quick(params: Any, rows: Rows, context: Any) -> Any:
    return rows.scalar(select(literal(1)))


class Rebuilding:
    def test_a_rebuilt_view_equals_the_one_that_grew(self, house: House) -> None:
        app = house.app(partitions=3)
        for n in range(60):
            add(app, f"c{n % 7}", n + 1)
        execute(app, sample.Name("c1", "p1", SECRET))
        execute(app, sample.AddLater("c2", 4, NOW))
        app.due.run(NOW)
        before, planned = rows_of(app, sample.counters), rows_of(app, due)
        with app.database.write() as conn:
            conn.execute(update(sample.counters).values(total=-1))
        assert rebuild(app, "counters") == {"view": "counters", "events": 63}
        assert rows_of(app, sample.counters) == before
        assert rows_of(app, due) == planned
        assert app.due.run(NOW)["done"] == 0

    def test_an_unknown_view_is_named(self, house: House) -> None:
        with pytest.raises(NotFound) as caught:
            rebuild(house.app(), "nothing")
        assert caught.value.params["known"] == ["counters"]


__all__ = ["SECRET", "Batches", "OldShapes", "Questions", "Rebuilding", "Secrets"]
