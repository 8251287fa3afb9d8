"""What happens over either store when a handler fails, when a rule refuses, and who is told what was applied."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.component import Component, Policy
from services.consumer import Reader
from services.decider import ERASED, event
from services.effects import PARKS_TO_STOP
from services.errors import Invalid, NotFound, Unavailable
from services.operations import operate
from services.rebuild import rebuild
from services.store.tables import applied, checkpoints, commands, discarded_events, events, parked_events, refusals
from services.subscriptions import ERASED_EVENT, MAX_DEPTH, start_checkpoints, subscriptions_of
from services.testing.reader_contract import Pair, copies, faulty, offsets
from services.testing.store import House, add, count, everything, execute, rows_of
from services.tests import sample

POISON = 666  # an amount that the copying view cannot take
SECRET = "Maria Aparecida"


class Parking:
    def test_what_cannot_be_taken_waits_with_its_stream_while_the_others_flow(self, house: House) -> None:
        pair = Pair(house)
        add(pair.source, "bad", 1)
        add(pair.source, "bad", POISON)
        pair.reader.messages(pair.grow("a", "bad", "b", "bad"))
        assert copies(pair.copy) == {"a": (1, 1), "b": (1, 1), "bad": (1, 1)}
        assert [(row["stream"], row["version"]) for row in rows_of(pair.copy, parked_events)] == [
            ("counter-bad", 2), ("counter-bad", 3), ("counter-bad", 4),
        ]  # fmt: skip
        assert offsets(pair.copy) == {"view.copies": 5, "policy.mirror": 5}
        first, second, _ = operate(pair.copy, {"action": "parked"})
        assert (first["error"], second["error"]) == ("ValueError: a poisoned amount", "behind a parked event")
        assert pair.state() == "running"

    def test_later_events_of_a_parked_stream_wait_behind_it(self, house: House) -> None:
        pair = Pair(house)
        add(pair.source, "bad", POISON)
        pair.reader.messages(pair.grow("a"))
        pair.reader.messages(pair.grow("bad", "b"))
        assert copies(pair.copy) == {"a": (1, 1), "b": (1, 1)}
        assert count(pair.copy, parked_events) == 2

    def test_a_redrive_heals_in_order(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        pair = _poisoned(house)
        retry = {"action": "retry", "subscription": "view.copies", "stream": "counter-bad"}
        assert operate(pair.copy, retry) == {"handled": 0, "failed": "ValueError: a poisoned amount"}
        seen = _mend(monkeypatch)
        assert operate(pair.copy, retry) == {"handled": 2, "failed": None}
        assert seen == [POISON, 1]
        pair.whole()
        pair.reader.messages(pair.grow("bad"))
        pair.whole()
        with pytest.raises(NotFound):
            operate(pair.copy, retry)

    def test_a_stream_that_was_set_aside_by_hand_waits_until_it_is_retried(self, house: House) -> None:
        pair = Pair(house)
        pair.reader.messages(pair.grow("a", "b"))
        target = {"subscription": "view.copies", "stream": "counter-a"}
        operate(pair.copy, {"action": "park", **target, "reason": "somebody looks into it"})
        pair.reader.compare(pair.source.handlers()["heads"]({}, {}))
        pair.reader.messages(pair.grow("a", "b"))
        assert [row["stream"] for row in rows_of(pair.copy, parked_events)] == ["counter-a"]
        assert operate(pair.copy, {"action": "retry", **target}) == {"handled": 1, "failed": None}
        pair.whole()

    def test_discarding_takes_one_event_out_and_keeps_it_with_the_reason(self, house: House) -> None:
        pair = _poisoned(house)
        target = {"subscription": "view.copies", "stream": "counter-bad"}
        with pytest.raises(Invalid):
            operate(pair.copy, {"action": "discard", **target})
        gone = operate(pair.copy, {"action": "discard", **target, "reason": "a test's poison", "actor": "user:1"})
        assert gone == {"event": "counter-bad@1"}
        (kept,) = rows_of(pair.copy, discarded_events)
        assert (kept["reason"], kept["actor"]) == ("a test's poison", "user:1")
        assert operate(pair.copy, {"action": "retry", **target}) == {"handled": 1, "failed": None}
        assert copies(pair.copy)["bad"] == (1, 1)

    def test_many_parks_in_a_row_stop_the_subscription(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        pair = Pair(house)
        for n in range(PARKS_TO_STOP + 5):
            add(pair.source, f"bad{n}", POISON)
        pair.reader.messages(pair.grow("a"))
        assert pair.state() == "stopped"
        assert count(pair.copy, parked_events) == PARKS_TO_STOP
        assert offsets(pair.copy) == {"view.copies": PARKS_TO_STOP - 1, "policy.mirror": PARKS_TO_STOP + 5}
        _mend(monkeypatch)
        for row in operate(pair.copy, {"action": "parked"}):
            operate(pair.copy, {"action": "retry", "subscription": "view.copies", "stream": row["stream"]})
        operate(pair.copy, {"action": "resume", "subscription": "view.copies"})
        pair.whole()

    def test_a_few_parks_among_good_events_stop_nothing(self, house: House) -> None:
        pair = Pair(house)
        for n in range(PARKS_TO_STOP + 5):
            add(pair.source, f"bad{n}", POISON)
            pair.reader.messages(pair.grow("a"))
        assert pair.state() == "running"
        assert copies(pair.copy) == {"a": (PARKS_TO_STOP + 5, PARKS_TO_STOP + 5)}

    def test_another_instance_takes_up_what_an_operator_resumed(self, house: House, monkeypatch: Any) -> None:
        pair = Pair(house)
        other = house.app("copy", follows="sample", url=pair.copy.settings.database_url)
        for n in range(PARKS_TO_STOP):
            add(pair.source, f"bad{n}", POISON)
        pair.reader.messages(pair.grow("a"))
        _mend(monkeypatch)
        operate(other, {"action": "resume", "subscription": "view.copies"})
        pair.reader.compare(pair.source.handlers()["heads"]({}, {}))
        assert copies(pair.copy)["a"] == (1, 1)

    def test_a_fault_that_passes_parks_nothing(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        pair = _poisoned(house)
        bodies = pair.grow("c")
        for _ in range(5):
            with faulty(pair.copy, monkeypatch, before_commit=True), pytest.raises(Unavailable):
                pair.reader.messages(bodies)
        assert count(pair.copy, parked_events) == 2
        pair.reader.messages(bodies)
        assert copies(pair.copy)["c"] == (1, 1)

    def test_what_is_parked_is_sealed(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        pair = Pair(house)

        def broken(*_: Any) -> None:
            raise ValueError("a bad fold")

        monkeypatch.setattr(sample.Copies, "fold", broken)
        execute(pair.source, sample.Name("a", "p1", SECRET))
        pair.reader.messages(pair.grow())
        assert count(pair.copy, parked_events) == 1
        assert SECRET not in everything(pair.copy.database)
        assert SECRET not in str(operate(pair.copy, {"action": "parked"}))

    def test_a_rebuilt_remote_view_equals_the_one_that_grew(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pair = _poisoned(house)
        before = copies(pair.copy)
        made = count(pair.copy, commands)
        rebuild(pair.copy, "copies")
        assert copies(pair.copy) == before
        assert count(pair.copy, parked_events) == 2
        _mend(monkeypatch)
        rebuild(pair.copy, "copies")
        pair.whole()
        assert (count(pair.copy, parked_events), count(pair.copy, commands)) == (0, made)


def _poisoned(house: House) -> Pair:
    """``bad`` has a poisoned event and one behind it; ``a`` and ``b`` are well."""
    pair = Pair(house)
    add(pair.source, "bad", POISON)
    pair.reader.messages(pair.grow("a", "bad", "b"))
    return pair


def _mend(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The release that can take the poison; returns what it saw of the stream ``bad``."""
    fold, seen = sample.Copies.fold, []

    def mended(self: Any, event: Any, rows: Any, *prepared: Any) -> None:
        amount = event.data["amount"]
        if event.stream == "counter-bad":
            seen.append(amount)
        fold(self, replace(event, data={**event.data, "amount": 0}), rows)
        row = rows.get(sample.copies, source=self.source, counter_id=event.data["counter_id"])
        rows.put(sample.copies, **{**row, "total": row["total"] + amount})

    monkeypatch.setattr(sample.Copies, "fold", mended)
    return seen


class Erasing:
    def test_erasure_destroys_keys_and_is_never_parked(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        house_ = ErasingPair(house)
        execute(house_.copy, sample.Name("mine", "p1", SECRET))
        house_.erase("p1", "p9")
        with monkeypatch.context() as patch:
            patch.setattr(house_.copy.vault, "erase", _broken)
            for _ in range(4):
                with pytest.raises(ValueError, match="a broken vault"):
                    house_.reader.wake()
        assert count(house_.copy, parked_events) == 0
        house_.reader.wake()
        with house_.copy.database.read() as conn:
            assert house_.copy.application.history(conn, "counter-mine")[0].data["owner"] == ERASED
        assert sorted(house_.copy.vault.tombstones()) == ["p1", "p9"]


def _broken(*_: Any) -> None:
    raise ValueError("a broken vault")


@event(ERASED_EVENT)
class Erased:
    person_ids: tuple[str, ...]


class ErasingPair:
    """A source that erases persons, and a service with a vault that follows it."""

    def __init__(self, house: House) -> None:
        made = sample.component("contracts")
        eraser = replace(
            made.aggregates[0],
            events=(Erased, *made.aggregates[0].events),
            decider=replace(made.aggregates[0].decider, decide=lambda wish, _: [Erased((wish.person_id, wish.owner))]),
        )
        self.source = house.app(component=replace(made, aggregates=(eraser,), views=()))
        self.copy = house.app(component=replace(sample.component("copy"), erases_from="contracts"))
        self.reader: Reader = house.reader(self.copy, self.source)
        self._house = house

    def erase(self, *persons: str) -> None:
        execute(self.source, sample.Name("x", *persons))
        self._house.published(self.source)


class Reacting:
    def test_a_policys_command_id_is_stable(self, house: House) -> None:
        pair = Pair(house)
        pair.reader.messages(pair.grow("a"))
        first = rows_of(pair.copy, commands)
        with pair.copy.database.write() as conn:  # as if the checkpoint had been set back
            conn.execute(
                checkpoints.update().where(checkpoints.c.subscription == "policy.mirror").values(offset=-1, chain="")
            )
        pair.reader.reload()
        assert rows_of(pair.copy, commands) == first
        pair.whole()

    def test_what_caused_what_can_be_followed(self, house: House) -> None:
        pair = Pair(house)
        add(pair.source, "a", 1, correlation="k1")
        pair.reader.messages(pair.grow())
        (mirrored,) = house.published(pair.copy)
        assert b'"correlationid":"k1","causationid":"counter-a@1","actor":"system:mirror"' in mirrored
        assert b'"depth":1' in mirrored

    def test_a_refusal_is_noted_and_holds_nothing_up(self, house: House) -> None:
        pair = Pair(house)
        pair.reader.messages(pair.grow("a", amount=9))
        add(pair.copy, "mirror-a", -3)
        add(pair.source, "a", -9)
        pair.reader.messages(pair.grow("b"))
        (noted,) = operate(pair.copy, {"action": "refusals"})
        assert (noted["policy"], noted["event"], noted["code"]) == ("mirror", "counter-a@2", "counter.negative")
        assert noted["params"] == {"total": 6}
        assert (count(pair.copy, refusals), count(pair.copy, parked_events)) == (1, 0)
        assert pair.state("policy.mirror") == "running"

    def test_several_commands_for_one_stream_are_all_executed(self, house: House) -> None:
        def thrice(event: Any, rows: Any) -> list[Any]:
            return [sample.Add("m", 1), sample.Add("m", 2), sample.Add("m", 2)]

        pair = Pair(house, component=_reacting(thrice))
        pair.reader.messages(pair.grow("a"))
        assert rows_of(pair.copy, sample.counters)[0]["total"] == 5

    def test_rows_that_a_reaction_puts_are_kept_with_its_checkpoint(self, house: House) -> None:
        def noting(event: Any, rows: Any) -> list[Any]:
            rows.put(sample.counters, counter_id=f"noted-{event.data['counter_id']}", total=1)
            return []

        pair = Pair(house, component=_reacting(noting))
        grown = pair.grow("a")
        pair.reader.messages(grown)
        pair.reader.messages(grown)
        assert [row["counter_id"] for row in rows_of(pair.copy, sample.counters)] == ["noted-a"]
        assert offsets(pair.copy)["policy.mirror"] == 0

    def test_rows_of_a_reaction_that_fails_are_not_kept(self, house: House) -> None:
        def breaking(event: Any, rows: Any) -> Any:
            rows.put(sample.counters, counter_id="m", total=1)
            raise ValueError("half way")

        pair = Pair(house, component=_reacting(breaking))
        pair.reader.messages(pair.grow("a"))
        assert rows_of(pair.copy, sample.counters) == []

    def test_commands_of_one_event_are_whole_or_not_at_all(self, house: House) -> None:
        def breaking(event: Any, rows: Any) -> Any:
            yield sample.Add("m", 1)
            raise ValueError("half way")

        pair = Pair(house, component=_reacting(breaking))
        pair.reader.messages(pair.grow("a"))
        assert count(pair.copy, events) == 0
        (parked,) = rows_of(pair.copy, parked_events)
        assert parked["error"] == "ValueError: half way"

    def test_a_loop_of_policies_ends(self, house: House) -> None:
        pair = Pair(house)
        add(pair.source, "deep", 1, depth=MAX_DEPTH)
        add(pair.source, "nearly", 1, depth=MAX_DEPTH - 1)
        pair.reader.messages(pair.grow("a"))
        (parked,) = rows_of(pair.copy, parked_events)
        assert parked["subscription"] == "policy.mirror"
        assert "12 policies away" in parked["error"]
        assert [row["counter_id"] for row in rows_of(pair.copy, sample.counters)] == ["mirror-a", "mirror-nearly"]

    @pytest.mark.parametrize("opted_in", [False, True])
    def test_imported_history_moves_only_policies_that_want_it(self, house: House, opted_in: bool) -> None:
        pair = Pair(house, component=_reacting(sample.mirror, historical=opted_in))
        add(pair.source, "a", 1, historical=True)
        pair.reader.messages(pair.grow())
        assert count(pair.copy, events) == (1 if opted_in else 0)
        assert offsets(pair.copy)["policy.mirror"] == 0
        if opted_in:
            assert b'"historical":true' in house.published(pair.copy)[0]

    def test_a_new_policy_starts_now_a_new_view_at_the_beginning(self, house: House) -> None:
        source = house.app("sample")
        add(source, "before", 1)
        house.published(source)
        early = house.app("copy")  # runs already, and follows nobody yet
        copy = house.app("copy", follows="sample", url=early.settings.database_url)
        reader = house.reader(copy, source)
        reader.wake()
        add(source, "after", 1)
        reader.messages(house.published(source))
        assert copies(copy) == {"before": (1, 1), "after": (1, 1)}
        assert [row["counter_id"] for row in rows_of(copy, sample.counters)] == ["mirror-after"]

    def test_at_the_first_start_a_policy_begins_with_the_first_event(self, house: House) -> None:
        pair = Pair(house)
        pair.grow("a", "b")
        pair.reader.wake()
        pair.whole()

    def test_two_instances_that_start_at_once_agree_on_the_checkpoints(self, house: House) -> None:
        pair = Pair(house)
        subscriptions = subscriptions_of(pair.copy.component)
        pair.reader.messages(pair.grow("a"))
        start_checkpoints(pair.copy.application, subscriptions, 1)
        assert offsets(pair.copy) == {"view.copies": 0, "policy.mirror": 0}


def _reacting(reaction: Any, **options: Any) -> Component:
    handles = {"sample.counter.added": reaction}
    return replace(sample.component("copy", "sample"), policies=(Policy("mirror", "sample", handles, **options),))


class Telling:
    """The ``applied`` rows on which readers wait."""

    def test_what_was_applied_is_told_per_stream(self, house: House) -> None:
        pair = Pair(house, records_applied=True)
        pair.reader.messages(pair.grow("a", "b", "a"))
        assert _told(pair) == {"counter-a": 2, "counter-b": 1}

    def test_a_parked_stream_is_not_told_until_a_redrive_has_healed_it(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pair = Pair(house, records_applied=True)
        pair.reader.messages(pair.grow("bad"))
        add(pair.source, "bad", POISON)
        pair.reader.messages(pair.grow("bad", "a"))
        assert _told(pair) == {"counter-a": 1, "counter-bad": 1}
        _mend(monkeypatch)
        operate(pair.copy, {"action": "retry", "subscription": "view.copies", "stream": "counter-bad"})
        assert _told(pair) == {"counter-a": 1, "counter-bad": 3}

    def test_a_rebuilt_view_tells_anew(self, house: House) -> None:
        pair = Pair(house, records_applied=True)
        pair.reader.messages(pair.grow("a", "a"))
        house.away.add("sample")
        with pytest.raises(Unavailable):
            rebuild(pair.copy, "copies")
        assert _told(pair) == {}
        house.away.clear()
        pair.reader.wake()
        assert _told(pair) == {"counter-a": 2}


def _told(pair: Pair) -> dict[str, int]:
    return {row["stream"]: row["version"] for row in rows_of(pair.copy, applied)}


__all__ = ["Erasing", "Parking", "Reacting", "Telling"]
