"""The facts of cases.json and further.json against the domain, and that the runner would notice an answer gone wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import hypothesis  # noqa: F401  (its pytest plugin wants it before the session ends)
import pytest

import tests.conformance.adapters
from tests.conformance.__main__ import main
from tests.conformance.compare import Begins, Told, differences, equal
from tests.conformance.reading import Prose, calendar, holidays, instant, offset, openings
from tests.conformance.runner import ADAPTERS, CASES, load, run

FURTHER = CASES.with_name("further.json")
GIVEN = load(CASES)
EVERY = [*GIVEN, *load(FURTHER)]
DECISION = Path(__file__).parents[2] / "docs" / "adr" / "0011-settings-of-the-policy-cases.md"
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in Path(__file__).with_name("adapters").glob("*.py")}


def ids(case: dict[str, Any]) -> str:
    return f"{case['id']}-{case['kind']}"


@pytest.mark.parametrize("case", EVERY, ids=ids)
def test_the_domain_knows_the_fact(case: dict[str, Any]) -> None:
    outcome = run(case)
    assert outcome.status == "passed", (outcome.why, outcome.got)


@pytest.mark.parametrize("case", [case for case in GIVEN if case["adopt"] == "policy"], ids=ids)
def test_each_policy_case_holds_under_a_documented_setting(case: dict[str, Any]) -> None:
    text = DECISION.read_text(encoding="utf-8")
    assert f"`{case['kind']}`" in text
    for name, value in run(case).setting.items():
        assert f"`{name}`" in text
        assert f"`{value}`" in text


@pytest.mark.parametrize("case", [case for case in GIVEN if case["adopt"] == "contrary"], ids=ids)
def test_where_the_source_is_wrong_our_answer_is_another(case: dict[str, Any]) -> None:
    """A prepaid service that is cancelled at once is credited; waiting outside business hours extends nothing."""
    got = run(case).got
    for key, value in case["expected"].items():
        if key.startswith("source_"):
            assert not equal(value, instant(got[key.removeprefix("source_")]))
    if case["kind"] == "proration_amount":
        assert Decimal(0) < Decimal(got["credit_note"]) < Decimal(got["amount"])


def test_few_cases_are_skipped() -> None:
    assert [case["id"] for case in EVERY if run(case).status == "skipped"] == []


# -- would a wrong answer be noticed?


def otherwise(value: Any) -> Any:
    """Another value of the same sort."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | Decimal):
        return value + 1
    if value is None:
        return "2001-01-01"
    if re.fullmatch(r"-?\d+(\.\d+)?", value):
        return str(Decimal(value) + 1)
    if re.match(r"\d{4}-", value):
        return "2001" + value[4:]
    if re.fullmatch(r"\d\d:\d\d", value):
        return "23:59" if value != "23:59" else "00:00"
    if offset_reads(value):
        return f"{value} + 1 min"
    return f"{value}+7"


def offset_reads(text: str) -> bool:
    try:
        offset(text)
    except Prose:
        return False
    return bool(re.search(r"\d|^t0$|^opened$", text)) and "k" not in text.split("+")[0]


def changed(expected: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """The expectation with one of its values changed, for each of them."""
    if isinstance(expected, dict | list):
        for key, value in expected.items() if isinstance(expected, dict) else enumerate(expected):
            for where, new in changed(value, (*path, key)):
                copy = deepcopy(expected)
                copy[key] = new
                yield where, copy
    else:
        yield path, otherwise(expected)


@pytest.mark.parametrize("case", GIVEN, ids=ids)
def test_another_expectation_is_not_met(case: dict[str, Any]) -> None:
    tried = 0
    for path, expected in changed(case["expected"]):
        told_of_source = str(path[0]).startswith("source_") or path[0] == "not"
        value = case["expected"][path[0]]
        in_words = isinstance(value, str) and len(value.split()) > 3 and not offset_reads(value)
        if told_of_source or in_words:
            continue
        tried += 1
        outcome = run({**case, "expected": expected, "adopt": "must"})
        assert outcome.status == "failed", (path, expected)
    assert tried or case["expected"] == {"periods": []}


def test_a_kind_that_nobody_knows_is_a_failure() -> None:
    outcome = run({"id": "X", "kind": "unheard_of", "input": {}, "expected": {}})
    assert (outcome.status, outcome.why) == ("failed", ("no adapter for this kind",))


def test_a_case_that_breaks_its_adapter_is_a_failure_and_free_text_is_skipped() -> None:
    broken = {"id": "X", "kind": "months_in_period", "input": {"start": "soon"}, "expected": {"months": 1}}
    prose = {"id": "Y", "kind": "sla_regression", "input": {"then": "it rained"}, "expected": {"breached": False}}
    assert run(broken).status == "failed"
    assert run(prose).status == "skipped"
    assert "free text" in run(prose).why[0]


def test_adapters_serve_all_kinds_and_know_no_case() -> None:
    assert {case["kind"] for case in GIVEN} <= set(ADAPTERS)
    assert tests.conformance.adapters is not None
    for name, text in SOURCES.items():
        assert not re.search(r"\b[CF]\d{3}\b|case\[|\bexpected\b", re.sub(r"noqa: \w+", "", text)), name


# -- the command


def closing_line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.rstrip("\n").rpartition("\n")[2]


def test_the_command_closes_with_the_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert closing_line(capsys) == f"{len(GIVEN)} passed, 0 failed, 0 skipped"


def test_the_command_runs_a_named_file_and_prints_what_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong: dict[str, Any] = {"id": "X1", "kind": "months_in_period", "adopt": "must"}
    wrong |= {"input": {"start": "2022-01-05", "end": "2023-01-04"}, "expected": {"months": 13}}
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"meta": {}, "cases": [wrong]}), encoding="utf-8")
    assert main([str(path)]) == 1
    out = capsys.readouterr().out
    assert all(part in out for part in ("X1", "months_in_period", '"months": 13', '"months": 12', "2022-01-05"))
    assert out.endswith("\n0 passed, 1 failed, 0 skipped\n")


@pytest.mark.parametrize("content", [None, "{}", "not json"])
def test_a_file_without_cases_is_no_success(
    tmp_path: Path, content: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert main([str(path)]) == 2
    assert "no cases" in capsys.readouterr().err


# -- reading and comparing


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("10:00-18:00 Mon-Fri", {day: ["10:00"] for day in range(5)}),
        ("10:00-18:00 every day", {day: ["10:00"] for day in range(7)}),
        ("Mon 10:30-19:00, Tue-Fri 08:30-19:00", {0: ["10:30"], **{day: ["08:30"] for day in range(1, 5)}}),
        ("08:00-12:00, 13:00-18:00 Mon-Fri", {day: ["08:00", "13:00"] for day in range(5)}),
        ("Mon, Wed 09:00-10:00", {0: ["09:00"], 2: ["09:00"]}),
        ("22:00-06:00 Fri-Mon", {day: ["22:00"] for day in (4, 5, 6, 0)}),
    ],
)
def test_opening_hours_are_read(text: str, hours: dict[int, list[str]]) -> None:
    found: dict[int, list[str]] = {}
    for opening in openings(text):
        found.setdefault(opening.weekday, []).append(opening.opens)
    assert found == hours


def test_calendars_holidays_and_instants_are_read() -> None:
    assert calendar("24x7").always
    assert calendar(None).always
    assert not calendar({"hours": "10:00-18:00 Mon-Fri"}).always
    assert holidays(["2026-05-01", {"day": "12-25", "every_year": True}]).every_year == ("12-25",)
    assert instant("2022-01-31T14:59:59Z (in words)").isoformat() == "2022-01-31T14:59:59+00:00"
    with pytest.raises(Prose):
        offset("when it rains")


@pytest.mark.parametrize(
    ("expected", "got", "same"),
    [
        (Decimal("0.892857"), Fraction(25, 28), True),
        (Decimal("0.892858"), Fraction(25, 28), False),
        ("0.733333333", Fraction(22, 30), True),
        ("10/31", Fraction(10, 31), True),
        ("290.32", Decimal("290.32"), True),
        ("290.32", Decimal("290.33"), False),
        (True, 1, False),
        (0, False, False),
        (None, 0, False),
        ("2026-01-01", None, False),
        (["2026-01-01"], Begins(["2026-01-01", "2026-02-01"]), True),
        (["2026-01-01", "2026-02-01", "2026-03-01"], Begins(["2026-01-01", "2026-02-01"]), False),
        ("as it should be", Told(False, "claim"), False),
        ("14:00", instant("14:00"), True),
        ("2026-03-02T14:00", instant("14:00"), True),
        ("2026-03-02T14:00:00Z", instant("14:00"), True),
        ("2026-03-02T15:00:00Z", instant("14:00"), False),
    ],
)
def test_answers_are_compared_as_what_they_are(expected: Any, got: Any, same: bool) -> None:
    assert equal(expected, got) is same


def test_what_an_answer_must_not_be_and_what_is_missing_is_noticed() -> None:
    assert differences({"due": "15:00", "not": "13:00"}, {"due": instant("15:00")}) == []
    assert differences({"due": "15:00", "not": "15:00"}, {"due": instant("15:00")}) != []
    assert differences({"months": 1}, {"years": 1}) == ["months: no answer"]
    assert differences({"source_x": 1, "our_x": 2}, {"x": 2}) == []
