"""Does an answer meet what a case expects? Dates, instants, money and factors are compared as what they are.

An answer may hold more than the case asks for. What a case tells of its source (``source_…``) is no answer of ours;
``our_x`` is our answer ``x`` where the source is wrong; ``not`` is what no answer may be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import islice
from typing import Any, Protocol, runtime_checkable

from tests.conformance.reading import offset

SHOWN = 24


@runtime_checkable
class Meets(Protocol):
    """An answer that knows itself whether it meets an expectation."""

    def meets(self, expected: Any) -> bool: ...

    def shown(self) -> Any: ...


@dataclass(frozen=True)
class Begins:
    """A sequence, perhaps without end, of which the case states the beginning."""

    items: Iterable[Any]

    def meets(self, expected: Any) -> bool:
        if not isinstance(expected, list):
            return False
        return equal(expected, list(islice(self.items, len(expected))))

    def shown(self) -> Any:
        return shown(list(islice(self.items, SHOWN)))


@dataclass(frozen=True)
class Includes:
    """Dates in order, perhaps without end, among which are those that the case names."""

    days: Callable[[], Iterator[date]]

    def meets(self, expected: Any) -> bool:
        wanted = {date.fromisoformat(text) for text in expected}
        last = max(wanted)
        for day in self.days():
            if day > last:
                break
            wanted.discard(day)
        return not wanted

    def shown(self) -> Any:
        return shown(list(islice(self.days(), SHOWN)))


@dataclass(frozen=True)
class Since:
    """An instant, told as the time since a named one: "opened + 240 min"."""

    name: str
    after: timedelta

    def meets(self, expected: Any) -> bool:
        return isinstance(expected, str) and _moment(expected) == _moment_at(self.after)

    def shown(self) -> Any:
        return f"{self.name} + {int(self.after.total_seconds()) // 60} min"


@dataclass(frozen=True)
class Happened:
    """Whether something happened, and on which day."""

    on: date | None

    def meets(self, expected: Any) -> bool:
        return expected is (self.on is not None) if isinstance(expected, bool) else equal(expected, self.on)

    def shown(self) -> Any:
        return shown(self.on)


@dataclass(frozen=True)
class Told:
    """Something that the case expects in its own words; ``holds`` is what those words claim, checked by the adapter."""

    holds: bool
    claim: str

    def meets(self, expected: Any) -> bool:
        return self.holds and isinstance(expected, str)

    def shown(self) -> Any:
        return self.claim if self.holds else f"not so: {self.claim}"


def differences(expected: Mapping[str, Any], got: Mapping[str, Any]) -> list[str]:
    """What of the expectation is not met, one line each."""
    wrong = []
    for key, value in expected.items():
        if key.startswith("source_"):
            continue
        if key == "not":
            if any(equal(value, leaf) for leaf in leaves(got)):
                wrong.append(f"is {value}, which it must not be")
            continue
        name = key if key in got else key.removeprefix("our_")
        if name not in got:
            wrong.append(f"{key}: no answer")
        elif not equal(value, got[name]):
            wrong.append(f"{key}: expected {value!r}, got {shown(got[name])!r}")
    return wrong


def equal(expected: Any, got: Any) -> bool:
    if isinstance(got, Meets):
        return bool(got.meets(expected))
    if isinstance(got, bool) or isinstance(expected, bool) or got is None or expected is None:
        return expected is got
    if isinstance(expected, Mapping):
        return isinstance(got, Mapping) and not differences(expected, got)
    if isinstance(expected, list):
        return (
            isinstance(got, Sequence)
            and not isinstance(got, str)
            and len(got) == len(expected)
            and all(equal(want, have) for want, have in zip(expected, got, strict=True))
        )
    if isinstance(got, datetime):
        return isinstance(expected, str) and _same_instant(expected, got)
    if isinstance(got, date):
        return expected == got.isoformat()
    if isinstance(got, Decimal | Fraction | int | float):
        return _same_number(expected, got)
    return bool(expected == got)


def _same_instant(expected: str, got: datetime) -> bool:
    """With an offset: the same instant; without: the same wall clock, in the zone of the answer."""
    if len(expected) <= len("24:00:00") and ":" in expected:
        return expected in (f"{got:%H:%M}", f"{got:%H:%M:%S}")
    try:
        wanted = datetime.fromisoformat(expected)
    except ValueError:
        return False
    return wanted == (got if wanted.tzinfo else got.replace(tzinfo=None))


def _same_number(expected: Any, got: Decimal | Fraction | int | float) -> bool:
    """Equal; or, of a fraction, as many decimals as are written, at least six."""
    try:
        if isinstance(expected, str) and "/" in expected:
            return Fraction(expected) == Fraction(got)
        wanted = Decimal(str(expected))
    except (InvalidOperation, ValueError):
        return False
    if not isinstance(got, Fraction):
        return wanted == Decimal(str(got))
    exponent = wanted.as_tuple().exponent
    places = max(6, -exponent if isinstance(exponent, int) else 0)
    return abs(Fraction(wanted) - got) <= Fraction(1, 2 * 10**places)


_ZERO = datetime(2026, 3, 2, tzinfo=UTC)


def _moment(text: str) -> datetime | None:
    """An instant told from another, as the first is told from a fixed one; ``None``: not told so."""
    try:
        return _ZERO + offset(text)
    except ValueError:
        return None


def _moment_at(after: timedelta) -> datetime:
    return _ZERO + after


def leaves(got: Any) -> Iterator[Any]:
    if isinstance(got, Begins):
        got = list(islice(got.items, SHOWN))
    if isinstance(got, Mapping):
        for value in got.values():
            yield from leaves(value)
    elif isinstance(got, list | tuple):
        for value in got:
            yield from leaves(value)
    else:
        yield got


def shown(got: Any) -> Any:
    """An answer as JSON values, for people to read."""
    if isinstance(got, Meets):
        return got.shown()
    if isinstance(got, Mapping):
        return {str(key): shown(value) for key, value in got.items()}
    if isinstance(got, list | tuple):
        return [shown(value) for value in got]
    if isinstance(got, datetime):
        return got.isoformat()
    if isinstance(got, date):
        return got.isoformat()
    if isinstance(got, Fraction):
        return f"{got} = {float(got):.9f}"
    if isinstance(got, Decimal):
        return str(got)
    return got
