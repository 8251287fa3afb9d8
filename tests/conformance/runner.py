"""Runs cases through their adapters and says of each whether it passed, failed or was skipped, and why."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any, TextIO

from tests.conformance.compare import differences, shown
from tests.conformance.reading import Prose

CASES = Path(__file__).with_name("cases.json")

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Adapter:
    """``answer(input, **settings)`` asks the domain. ``settings``: what the product lets a contract choose, by name;
    the first value of each is ours by default."""

    answer: Callable[..., Answer]
    settings: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    def choices(self) -> Iterator[dict[str, Any]]:
        """All settings, the defaults first."""
        names = list(self.settings)
        for values in product(*self.settings.values()):
            yield dict(zip(names, values, strict=True))


ADAPTERS: dict[str, Adapter] = {}


def adapts(*kinds: str, **settings: tuple[Any, ...]) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    def register(answer: Callable[..., Answer]) -> Callable[..., Answer]:
        for kind in kinds:
            ADAPTERS[kind] = Adapter(answer, settings)
        return answer

    return register


@dataclass(frozen=True)
class Outcome:
    case: Mapping[str, Any]
    status: str  # passed | failed | skipped
    got: Any = None
    why: tuple[str, ...] = ()
    setting: Mapping[str, Any] = field(default_factory=dict)

    @property
    def adopt(self) -> str:
        return str(self.case.get("adopt", "must"))

    @property
    def kind(self) -> str:
        return str(self.case.get("kind"))


def load(path: Path = CASES) -> list[dict[str, Any]]:
    """The cases of a file; numbers with decimals as they are written."""
    content = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    cases = content["cases"] if isinstance(content, dict) else content
    assert isinstance(cases, list)
    return cases


def run(case: Mapping[str, Any]) -> Outcome:
    """A ``must`` or ``contrary`` case holds under our defaults; a ``policy`` case under one of the settings."""
    adapter = ADAPTERS.get(str(case.get("kind")))
    if adapter is None:
        return Outcome(case, "failed", why=("no adapter for this kind",))
    first: Outcome | None = None
    for setting in adapter.choices():
        outcome = _tried(case, adapter, setting)
        if outcome.status != "failed":
            return outcome
        first = first or outcome
        if outcome.adopt != "policy":
            break
    assert first is not None
    return first


def _tried(case: Mapping[str, Any], adapter: Adapter, setting: Mapping[str, Any]) -> Outcome:
    try:
        got = adapter.answer(case["input"], **setting)
        wrong = differences(case["expected"], got)
    except Prose as prose:
        return Outcome(case, "skipped", why=(f"free text, its rule has a test of its own: {prose}",))
    except Exception as error:  # whatever one case does, the others are run
        return Outcome(case, "failed", why=(f"{type(error).__name__}: {error}",), setting=setting)
    return Outcome(case, "failed" if wrong else "passed", shown(got), tuple(wrong), setting)


def run_all(cases: Iterable[Mapping[str, Any]]) -> list[Outcome]:
    return [run(case) for case in cases]


def report(outcomes: list[Outcome], out: TextIO) -> bool:
    """Prints what is to be known, the counts last and alone; true if nothing failed."""

    def say(*words: object) -> None:
        print(*words, file=out)

    for outcome in outcomes:
        case = outcome.case
        if outcome.status == "failed":
            say(f"FAILED {case.get('id')} {outcome.kind} ({outcome.adopt})")
            say("  input:   ", _text(case.get("input")))
            say("  expected:", _text(case.get("expected")))
            say("  got:     ", _text(outcome.got))
            for line in outcome.why:
                say("  *", line)
        elif outcome.status == "skipped":
            say(f"skipped {case.get('id')} {outcome.kind}: {'; '.join(outcome.why)}")
        elif any(outcome.setting[name] != values[0] for name, values in ADAPTERS[outcome.kind].settings.items()):
            say(f"policy {case.get('id')} {outcome.kind}: under the setting {_text(outcome.setting)}")
        elif outcome.adopt == "contrary":
            say(f"contrary {case.get('id')} {outcome.kind}: {_text(outcome.got)}; source: {case.get('note', '')}")
    counts = Counter(outcome.status for outcome in outcomes)
    by_adopt = Counter((outcome.adopt, outcome.status) for outcome in outcomes)
    for adopt in sorted({adopt for adopt, _ in by_adopt}):
        say(f"{adopt}: " + ", ".join(f"{by_adopt[adopt, s]} {s}" for s in ("passed", "failed", "skipped")))
    say(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return counts["failed"] == 0


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
