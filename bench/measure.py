"""Rounds that alternate between the sides of a comparison, and what is told of them: min, median, max, ratios.

Each round measures every side once, in turn; the ratio of two sides is the median of the rounds' own ratios, so that
whatever slows the machine for a while slows both.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Spread:
    """Of one side's rounds."""

    min: float
    median: float
    max: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        return cls(min(values), statistics.median(values), max(values))


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure shall reach: ``least`` or ``most``."""

    text: str
    least: float | None = None
    most: float | None = None

    def holds(self, value: float) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    name: str
    unit: str
    ours: Spread
    against: str = ""
    theirs: Spread | None = None
    ratio: Spread | None = None
    aim: Aim | None = None
    aimed: str = "ratio"  # what the aim is about: "ratio" or "ours"
    note: str = ""

    @property
    def reached(self) -> bool | None:
        if self.aim is None:
            return None
        spread = self.ratio if self.aimed == "ratio" else self.ours
        return self.aim.holds(spread.median) if spread is not None else None

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "reached": self.reached}


Side = Callable[[int], float]  # round → figure


@dataclass
class Rounds:
    """``run`` measures the sides in turn, the order reversed every second round; the first round only warms up."""

    sides: Mapping[str, Side]
    rounds: int
    warm_up: int = 1
    say: Callable[[str], None] = lambda _: None
    values: dict[str, list[float]] = field(default_factory=dict)

    def run(self) -> Rounds:
        self.values = {name: [] for name in self.sides}
        for number in range(self.rounds + self.warm_up):
            names = list(self.sides)
            for name in names if number % 2 else reversed(names):
                value = self.sides[name](number)
                if number >= self.warm_up:
                    self.values[name].append(value)
                self.say(f"{name}: {value:,.1f}{' (warm-up)' if number < self.warm_up else ''}")
        return self

    def spread(self, name: str) -> Spread:
        return Spread.of(self.values[name])

    def ratio(self, ours: str, theirs: str) -> Spread:
        return Spread.of([a / b for a, b in zip(self.values[ours], self.values[theirs], strict=True)])

    def figure(self, name: str, unit: str, ours: str, theirs: str = "", **more: Any) -> Figure:
        if not theirs:
            return Figure(name, unit, self.spread(ours), **more)
        against = more.pop("against", theirs)
        return Figure(name, unit, self.spread(ours), against, self.spread(theirs), self.ratio(ours, theirs), **more)


def once(name: str, unit: str, value: float, **more: Any) -> Figure:
    """A figure that was taken once."""
    return Figure(name, unit, Spread(value, value, value), aimed="ours", **more)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0…1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
