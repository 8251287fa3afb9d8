"""Imported history becomes facts: never refused for its order, never recorded twice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets_service.domain.commands import ImportRequest, ResolveRequest, Step
from tickets_service.tests.unit.kit import MONDAY_9, hours, spec


def history(*kinds: str, **who: Any) -> ImportRequest:
    steps = tuple(Step(MONDAY_9 + hours(n), kind, **who) for n, kind in enumerate(kinds))  # type: ignore[arg-type]
    return ImportRequest("r1", "c1", "INC1", MONDAY_9, MONDAY_9, steps, "phone", "medium", None, "u1")


def names(events: list[Any]) -> list[str]:
    return [event.EVENT_TYPE.rpartition(".")[2] for event in events]


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (("new", "resolved", "closed"), ["opened", "resolved", "closed"]),
        (("new", "active", "waiting", "active", "resolved"), ["opened", "started", "waiting", "resumed", "resolved"]),
        (("active", "waiting", "resolved", "closed"), ["opened", "started", "waiting", "resolved", "closed"]),
        (("resolved", "active", "resolved"), ["opened", "resolved", "reopened", "resolved"]),
        (("resolved", "reopened", "active"), ["opened", "resolved", "reopened"]),
        (("resolved", "reopened", "waiting"), ["opened", "resolved", "reopened", "waiting"]),
        (("closed", "waiting"), ["opened", "closed", "reopened", "waiting"]),
        (("new", "reopened", "resolved"), ["opened", "reopened", "resolved"]),
        (("resolved", "resolved", "closed", "closed"), ["opened", "resolved", "closed"]),
        (("closed", "resolved"), ["opened", "closed"]),
        (("waiting", "cancelled", "cancelled"), ["opened", "waiting", "cancelled"]),
        ((), ["opened"]),
    ],
)
def test_steps_become_events(kinds: tuple[str, ...], expected: list[str]) -> None:
    assert names(spec.when(history(*kinds)).events()) == expected


def test_each_resolution_has_its_number_and_the_channel_is_kept() -> None:
    opened, first, _, second = spec.when(history("resolved", "reopened", "resolved")).events()
    assert (opened.channel, opened.external_ref, opened.protocol) == ("phone", "INC1", None)
    assert (first.resolution, second.resolution) == (1, 2)


def test_assignments_are_kept_when_they_change() -> None:
    events = spec.when(history("new", "active", group="Group 56")).events()
    assert names(events) == ["opened", "assigned", "started"]
    assert events[1].group == "Group 56"


def test_the_same_history_again_is_nothing_new() -> None:
    spec.when(history("new", "resolved"), history("new", "resolved")).then_nothing()


def test_a_longer_history_adds_its_end() -> None:
    events = spec.when(history("new", "resolved"), history("new", "resolved", "reopened", "closed")).events()
    assert names(events) == ["reopened", "closed"]


def test_imported_requests_go_on_like_any_other() -> None:
    events = spec.when(history("new", "waiting"), ResolveRequest("r1", MONDAY_9 + hours(9))).events()
    assert names(events) == ["resolved"]


KINDS = ["new", "active", "waiting", "resolved", "closed", "reopened", "cancelled"]


@given(st.lists(st.sampled_from(KINDS), max_size=12))
def test_no_order_of_steps_is_refused_and_reopenings_are_counted(kinds: list[str]) -> None:
    counts = Counter(names(spec.when(history(*kinds)).events()))
    assert counts["opened"] == 1
    assert counts["reopened"] >= kinds.count("reopened")
    assert bool(counts["waiting"]) == ("waiting" in kinds)


@given(st.lists(st.sampled_from(KINDS), max_size=12), st.integers(0, 12))
def test_in_two_imports_or_one_the_events_are_the_same(kinds: list[str], cut: int) -> None:
    whole, part = history(*kinds), history(*kinds[:cut])
    once = spec.when(whole).events()
    first = spec.when(part).events()
    assert first + spec.when(part, whole).events() == once


def test_a_stamp_before_the_opening_is_recorded_as_it_is() -> None:
    odd = ImportRequest("r1", "c1", "INC1", MONDAY_9, MONDAY_9, (Step(MONDAY_9 - timedelta(1), "resolved"),))
    assert names(spec.when(odd).events()) == ["opened", "resolved"]
