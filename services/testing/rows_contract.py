"""What ``Rows`` promises over either store: folds read and write dicts, batches are flushed whole, nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, func, select

from services.rows import Rows
from services.store.database import is_duplicate
from services.store.types import JsonText, Money, UtcDateTime
from services.testing.store import House

METADATA = MetaData()
things = Table(
    "things",
    METADATA,
    Column("kind", String, primary_key=True),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("amount", Money, nullable=False, default=Decimal("0.00")),
    Column("number", Integer, nullable=True),
    Column("at", UtcDateTime, nullable=True),
    Column("more", JsonText, nullable=True),
)
counts = Table(
    "counts",
    METADATA,
    Column("id", String, primary_key=True),
    Column("number", Integer, default=0),
    Column("other", Integer),
)


class RowsAsDicts:
    """Mixed into a test class; each test works on an empty table ``things``."""

    @pytest.fixture
    def unit(self, house: House) -> Callable[[], Any]:
        app = house.app()
        METADATA.create_all(app.database.engine)

        @contextmanager
        def work() -> Iterator[Rows]:
            with app.database.write() as conn:
                rows = Rows(conn)
                yield rows
                rows.flush()

        return work

    def test_what_was_put_is_got_and_stored(self, unit: Any) -> None:
        at = datetime(2026, 3, 1, 9, 0, 0, 5, tzinfo=UTC)
        values = {
            "kind": "a",
            "id": 1,
            "name": "n",
            "amount": Decimal("10.50"),
            "number": 3,
            "at": at,
            "more": {"x": [1]},
        }
        with unit() as rows:
            assert rows.get(things, kind="a", id=1) is None
            rows.put(things, **values)
            assert rows.get(things, kind="a", id=1) == values
        with unit() as rows:
            assert rows.get(things, kind="a", id=1) == values

    def test_putting_again_merges_columns(self, unit: Any) -> None:
        with unit() as rows:
            rows.put(things, kind="a", id=1, name="first", number=3)
        with unit() as rows:
            rows.put(things, kind="a", id=1, number=4)
        with unit() as rows:
            rows.put(things, kind="a", id=1, name="second")
            row = rows.get(things, kind="a", id=1)
        assert (row["name"], row["number"], row["amount"]) == ("second", 4, Decimal("0.00"))

    def test_a_copy_that_is_changed_changes_nothing(self, unit: Any) -> None:
        with unit() as rows:
            rows.put(things, kind="a", id=1, name="n")
            rows.get(things, kind="a", id=1)["name"] = "other"
            assert rows.get(things, kind="a", id=1)["name"] == "n"

    def test_a_row_without_its_key_is_a_mistake_of_the_caller(self, unit: Any) -> None:
        with unit() as rows, pytest.raises(TypeError, match="the primary key needs 'id'"):
            rows.put(things, kind="a", name="n")

    def test_a_deleted_row_is_gone_and_can_come_again(self, unit: Any) -> None:
        with unit() as rows:
            rows.put(things, kind="a", id=1, name="old", number=7)
        with unit() as rows:
            rows.delete(things, kind="a", id=1)
            assert rows.get(things, kind="a", id=1) is None
            rows.put(things, kind="a", id=1, name="new")
        with unit() as rows:
            assert rows.get(things, kind="a", id=1)["number"] is None
            rows.delete(things, kind="a", id=1)
        with unit() as rows:
            assert rows.find(things) == []

    def test_adding_counts_from_what_is_stored_or_from_nothing(self, unit: Any) -> None:
        with unit() as rows:
            rows.put(things, kind="a", id=1, name="n", amount=Decimal("1.00"))
        with unit() as rows:
            rows.put(things, kind="a", id=2, name="n")
            for _ in range(2):
                rows.add(things, {"amount": Decimal("0.25"), "number": 1}, kind="a", id=1)
                rows.add(things, {"number": 1}, kind="a", id=2)
        with unit() as rows:
            one, two = rows.find(things, order_by=(things.c.id,))
        assert (one["amount"], one["number"], two["number"]) == (Decimal("1.50"), 2, 2)

    @pytest.mark.parametrize("known", [True, False])
    def test_putting_and_adding_in_one_unit_take_effect_in_order(self, unit: Any, known: bool) -> None:
        with unit() as rows:
            rows.put(things, kind="a", id=1, name="n", number=1)
            rows.put(counts, id="x", number=1, other=1)
        with unit() as rows:
            if known:
                rows.get(things, kind="a", id=1)
            rows.put(things, kind="a", id=1, name="n", number=10)
            rows.add(things, {"number": 5}, kind="a", id=1)
            assert rows.get(things, kind="a", id=1)["number"] == 15
            if known:
                rows.get(counts, id="x")
            rows.put(counts, id="x", number=10)
            rows.add(counts, {"number": 5, "other": 1}, id="x")
            rows.add(counts, {"number": 5}, id="x")
        with unit() as rows:
            assert rows.get(things, kind="a", id=1)["number"] == 15
            rows.add(things, {"number": 5}, kind="a", id=1)
            rows.put(things, kind="a", id=1, name="n", number=100)
        with unit() as rows:
            assert rows.get(things, kind="a", id=1)["number"] == 100
            assert rows.get(counts, id="x") == {"id": "x", "number": 20, "other": 2}

    def test_finding_sees_what_is_pending(self, unit: Any) -> None:
        with unit() as rows:
            rows.put(things, kind="a", id=2, name="x", amount=Decimal("2.00"))
            rows.put(things, kind="a", id=1, name="y", amount=Decimal("1.00"))
            rows.put(things, kind="b", id=1, name="z", amount=Decimal("5.00"))
            assert [r["id"] for r in rows.find(things, kind="a", order_by=(things.c.id,))] == [1, 2]
            assert [r["name"] for r in rows.find(things, things.c.amount > Decimal("1.50"), kind="a")] == ["x"]
            assert len(rows.find(things, limit=2)) == 2
            assert rows.scalar(select(func.sum(things.c.amount))) == Decimal("8.00")
            rows.put(things, kind="b", id=1, name="zz")
            assert rows.select(select(things.c.name).where(things.c.kind == "b")) == [{"name": "zz"}]
            rows.delete_where(things, things.c.amount < 3, kind="a")
            assert rows.get(things, kind="a", id=1) is None
        with unit() as rows:
            assert [r["name"] for r in rows.find(things)] == ["zz"]

    def test_prefetched_rows_are_read_once(self, unit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        with unit() as rows:
            for n in range(600):
                rows.put(things, kind="a", id=n, name=str(n))
        with unit() as rows:
            rows.put(things, kind="a", id=5, name="changed")
            rows.prefetch(things, [("a", n) for n in range(600)] + [{"kind": "a", "id": 9_999}])
            monkeypatch.setattr(rows.conn, "execute", None)
            assert rows.get(things, kind="a", id=599)["name"] == "599"
            assert rows.get(things, kind="a", id=9_999) is None
            monkeypatch.undo()
            assert rows.get(things, kind="a", id=5)["name"] == "changed"

    def test_many_rows_of_many_shapes_are_written_at_once(self, unit: Any) -> None:
        with unit() as rows:
            for n in range(50):
                rows.put(things, kind="a", id=n, name="n", **({"number": n} if n % 2 else {}))
            rows.delete(things, kind="a", id=7)
        with unit() as rows:
            assert rows.scalar(select(func.count()).select_from(things)) == 49
            assert rows.scalar(select(func.sum(things.c.number))) == sum(range(1, 50, 2)) - 7

    def test_many_rows_keep_their_types_and_their_nothings(self, unit: Any) -> None:
        at = datetime(2026, 3, 1, 9, 0, 0, 5, tzinfo=UTC)
        odd = ['"', "\\", "{", "NULL", "", "ç,'", "a b"]
        written = [
            {"kind": name, "id": n, "name": name, "amount": Decimal(n) / 4, "number": None if n % 2 else n,
             "at": at if n % 3 else None, "more": {"x": [name, None]} if n % 4 else None}
            for n, name in enumerate(odd)
        ]  # fmt: skip
        for _ in range(2):
            with unit() as rows:
                for values in written:
                    rows.put(things, **values)
        with unit() as rows:
            assert rows.find(things, order_by=(things.c.id,)) == written
            for values in written:
                rows.get(things, kind=values["kind"], id=values["id"])
                rows.put(things, kind=values["kind"], id=values["id"], name="x", amount=Decimal("0.01"), number=7)
            for n in range(100, 110):
                rows.add(counts, {"number": n}, id=str(n))
        with unit() as rows:
            for n in range(100, 110):
                rows.add(counts, {"number": 1, "other": 2}, id=str(n))
        with unit() as rows:
            changed = [{**each, "name": "x", "amount": Decimal("0.01"), "number": 7} for each in written]
            assert rows.find(things, order_by=(things.c.id,)) == changed
            assert [(row["number"], row["other"]) for row in rows.find(counts, order_by=(counts.c.id,))] == [
                (n + 1, 2) for n in range(100, 110)
            ]

    def test_two_units_that_miss_the_same_row_do_not_overwrite_each_other(self, unit: Any) -> None:
        """Over SQLite the second waits and sees the row; over PostgreSQL it fails with a duplicate and begins again."""
        both_looked = threading.Barrier(2)
        late: list[BaseException] = []

        def one() -> None:
            while True:
                try:
                    with unit() as rows:
                        row = rows.get(things, kind="a", id=1) or {"number": 0}
                        with suppress(threading.BrokenBarrierError):
                            both_looked.wait(0.5 if not late else 0.001)
                        rows.put(things, kind="a", id=1, name="n", number=row["number"] + 1)
                    return
                except Exception as error:
                    if not is_duplicate(error):
                        raise
                    late.append(error)

        threads = [threading.Thread(target=one) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        with unit() as rows:
            assert rows.get(things, kind="a", id=1)["number"] == 2

    def test_who_holds_a_unique_value_is_known_without_writing_first(self, unit: Any) -> None:
        with unit() as rows:
            rows.put(things, kind="a", id=1, name="ana")
            rows.put(things, kind="a", id=2, name="bia")
        with unit() as rows:
            rows.prefetch_by([things.c.name], [("ana",), ("caio",)])
            assert rows.holder([things.c.name], ("ana",)) == ("a", 1)
            assert rows.holder([things.c.name], ("bia",)) == ("a", 2)
            assert rows.holder([things.c.name], ("caio",)) is None
            rows.put(things, kind="a", id=3, name="caio")
            assert rows.holder([things.c.name], ("caio",)) == ("a", 3)
            rows.put(things, kind="a", id=1, name="dora")
            assert rows.holder([things.c.name], ("ana",)) is None
            assert rows.holder([things.c.name], ("dora",)) == ("a", 1)
            rows.delete(things, kind="a", id=2)
            assert rows.holder([things.c.name], ("bia",)) is None

    def test_texts_with_quotes_braces_and_nothing_come_back_as_they_were(self, unit: Any) -> None:
        names = ['"quoted"', "back\\slash", "{brace},comma", "NULL", "null", "", " ", "açúcar ␡ \n\t", "'single'"]
        with unit() as rows:
            for number, name in enumerate(names):
                rows.put(things, kind="q", id=number, name=name, more={"text": name, "none": None})
        with unit() as rows:
            rows.prefetch(things, [("q", number) for number in range(len(names))])
            found = [rows.get(things, kind="q", id=number) for number in range(len(names))]
            assert [row["name"] for row in found] == names
            assert [row["more"] for row in found] == [{"text": name, "none": None} for name in names]

    def test_what_goes_and_comes_again_in_one_unit_is_there(self, unit: Any) -> None:
        with unit() as rows:
            rows.put(things, kind="a", id=1, name="old", number=1)
            rows.put(counts, id="x", number=1)
        with unit() as rows:
            rows.delete(things, kind="a", id=1)
            rows.put(things, kind="a", id=1, name="new")
            rows.delete(counts, id="x")
        with unit() as rows:
            assert rows.get(things, kind="a", id=1)["name"] == "new"
            assert rows.get(things, kind="a", id=1)["number"] is None
            assert rows.get(counts, id="x") is None


__all__ = ["RowsAsDicts"]
