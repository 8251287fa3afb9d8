"""A log's rows become steps, though logs are not perfect."""

from datetime import UTC, datetime, timedelta

from vigencia.imports.history import in_order, steps
from vigencia.imports.mapping import History

HISTORY = History(
    at="updated", state="state", reopened_by="reopened", order_by=("updated", "mods"), same=("opened",), step={}
)
START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def row(minute: int, state: str, reopened: int = 0, mods: int = 0, who: str | None = None):
    return {
        "updated": START + timedelta(minutes=minute),
        "state": state,
        "reopened": reopened,
        "mods": mods,
        "who": who,
    }


def told(rows, opened_minute: int = 0):
    made = steps(
        in_order(rows, HISTORY), HISTORY, START + timedelta(minutes=opened_minute), lambda r: {"assignee": r["who"]}
    )
    return [(int((step["at"] - START).total_seconds() // 60), step["kind"]) for step in made]


def test_a_row_in_which_nothing_known_changed_is_no_step():
    rows = [row(0, "new"), row(5, "new", mods=1), row(9, "active", mods=2), row(9, "active", mods=3)]
    assert told(rows) == [(0, "new"), (9, "active")]


def test_a_change_of_person_is_a_step():
    assert told([row(0, "new", who="Ana"), row(3, "new", who="Rui")]) == [(0, "new"), (3, "new")]


def test_a_growing_count_of_reopenings_is_a_reopening_and_the_work_after_it_is_the_same_step():
    rows = [row(0, "new"), row(5, "resolved"), row(9, "active", 1), row(10, "active", 1), row(12, "resolved", 1)]
    assert told(rows) == [(0, "new"), (5, "resolved"), (9, "reopened"), (12, "resolved")]


def test_a_reopening_is_seen_though_the_log_left_out_the_resolution_before_it():
    assert told([row(0, "new"), row(9, "active", 1), row(12, "closed", 1)]) == [
        (0, "new"),
        (9, "reopened"),
        (12, "closed"),
    ]


def test_a_resolved_request_that_is_worked_on_was_reopened_though_nobody_counted():
    rows = [row(0, "new"), row(5, "resolved"), row(9, "active")]
    assert told(rows) == [(0, "new"), (5, "resolved"), (9, "reopened")]


def test_a_request_that_is_reopened_and_waits_at_once_has_both_steps():
    rows = [row(0, "new"), row(5, "resolved"), row(9, "waiting", 1), row(12, "closed", 1)]
    assert told(rows) == [(0, "new"), (5, "resolved"), (9, "reopened"), (9, "waiting"), (12, "closed")]


def test_a_stamp_before_the_opening_counts_at_the_opening():
    assert told([row(-90, "new", mods=2), row(9, "closed", mods=1)]) == [(0, "new"), (9, "closed")]


def test_a_stamp_after_its_successor_s_counts_as_the_successor_s():
    rows = [row(80, "new", mods=1), row(4, "active", mods=1), row(75, "resolved", mods=2), row(99, "closed", mods=3)]
    assert told(rows) == [(4, "new"), (4, "active"), (75, "resolved"), (99, "closed")]


def test_shuffled_rows_are_put_in_the_order_of_their_stamps():
    rows = [row(20, "closed", mods=3), row(0, "new"), row(10, "resolved", mods=2), row(5, "active", mods=1)]
    assert told(rows) == [(0, "new"), (5, "active"), (10, "resolved"), (20, "closed")]
