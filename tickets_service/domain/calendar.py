"""Business time: when somebody works, how much of that lies between two instants, and what instant comes after so much.

Instants are aware datetimes in UTC; days and opening hours are wall-clock values of the calendar's time zone. A local
day need not begin at 00:00 and an hour may be missing or come twice (daylight saving): an opening time that does not
exist is the first instant after it; one that comes twice counts from its first to its last occurrence.

Between instants the time that passes is real time, so a night shift over a change of the clock is an hour shorter or
longer. Everything here is a pure function of its arguments; a calendar only remembers the days that it worked out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

NOTHING = timedelta(0)
DAY = timedelta(days=1)
MIDNIGHT = time()
SECONDS_OF_DAY = 86_400
REMEMBERED_DAYS = 20_000

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Opening:
    """Open on a weekday (Monday is 0) from ``opens`` to ``closes`` ("HH:MM", "24:00" is midnight).

    A ``closes`` that is not after ``opens`` is on the next day; such a shift belongs to the day on which it opens.
    """

    weekday: int
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class Holidays:
    """Closed days: single dates, days of every year as ("MM-DD"), and inclusive periods, once or every year (a yearly
    one may go over the end of the year)."""

    dates: tuple[date, ...] = ()
    every_year: tuple[str, ...] = ()
    periods: tuple[tuple[date, date], ...] = ()
    periods_every_year: tuple[tuple[str, str], ...] = ()

    def __contains__(self, day: date) -> bool:
        return (
            day in self.dates
            or (bool(self.every_year) and f"{day:%m-%d}" in self.every_year)
            or any(first <= day <= last for first, last in self.periods)
            or any(_in_year(f"{day:%m-%d}", first, last) for first, last in self.periods_every_year)
        )


@dataclass(frozen=True, slots=True)
class CalendarTerms:
    """A calendar as a contract writes it: plain values that may stand in a command or an event."""

    time_zone: str
    openings: tuple[Opening, ...] = ()
    holidays: tuple[date, ...] = ()
    always: bool = False


class BusinessCalendar:
    """Opening hours, holidays and a time zone; ``always`` means round the clock, holidays included."""

    def __init__(
        self,
        time_zone: str | tzinfo = "America/Sao_Paulo",
        openings: Iterable[Opening] = (),
        holidays: Iterable[date] | Holidays = (),
        *,
        always: bool = False,
    ) -> None:
        self.zone = ZoneInfo(time_zone) if isinstance(time_zone, str) else time_zone
        self.always = always
        self._holidays = holidays if isinstance(holidays, Holidays) else Holidays(tuple(holidays))
        self._dates = frozenset(self._holidays.dates)
        hours: dict[int, list[tuple[int, int]]] = {weekday: [] for weekday in range(7)}
        for each in openings:
            opens, closes = _seconds(each.opens), _seconds(each.closes)
            hours[each.weekday % 7].append((opens, closes if closes > opens else closes + SECONDS_OF_DAY))
        self._hours = {weekday: _merged(spans) for weekday, spans in hours.items()}
        self._worked_out: dict[date, tuple[Span, ...]] = {}

    @property
    def ever_open(self) -> bool:
        return self.always or any(self._hours.values())

    def local_day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def is_holiday(self, day: date) -> bool:
        return day in self._dates or day in self._holidays

    def is_working_day(self, day: date) -> bool:
        return self.always or (bool(self._hours[day.weekday()]) and not self.is_holiday(day))

    def is_open(self, at: datetime) -> bool:
        """Open at this instant; the instant of closing is no longer open."""
        return self.next_open(at) == at

    def next_open(self, at: datetime) -> datetime:
        """The first instant, not before ``at``, at which it is open."""
        if self.always:
            return at
        return next(self._forward(at))[0]

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Business time from ``start`` to ``end``; nothing when the end is not after the start."""
        if end <= start:
            return NOTHING
        if self.always:
            return end - start
        if not self.ever_open:
            return NOTHING
        total = NOTHING
        for opens, closes in self._forward(start):
            if opens >= end:
                break
            total += min(closes, end) - opens
        return total

    def add(self, at: datetime, amount: timedelta) -> datetime:
        """The earliest instant with ``amount`` of business time between it and ``at``; a negative amount goes back.

        An amount that is used up exactly at closing time is due at that closing time, not at the next opening.
        """
        if amount == NOTHING:
            return at
        if self.always:
            return at + amount
        self._must_open()
        left = abs(amount)
        if amount > NOTHING:
            for opens, closes in self._forward(at):
                if closes - opens >= left:
                    return opens + left
                left -= closes - opens
        for opens, closes in self._backward(at):
            if closes - opens >= left:
                return closes - left
            left -= closes - opens
        raise AssertionError("a calendar's windows have no end")  # pragma: no cover

    def add_days(self, at: datetime, days: int, *, end_of_day: bool = False) -> datetime:
        """So many working days later (earlier, if negative) at the same wall-clock time, or at that day's closing.

        Counted from the next opening if ``at`` is outside business hours (closing time is not). Where the target day
        is shut at that time of day, the answer is its next opening, or its closing if none follows.
        """
        self._must_open()
        start = at if self._closes(at) else self.next_open(at)
        local = start.astimezone(self.zone)
        day, step = local.date(), timedelta(days=1 if days >= 0 else -1)
        for _ in range(abs(days)):
            day += step
            while not self.is_working_day(day):
                day += step
        if self.always:
            return self._instant(day + DAY if end_of_day else day, 0 if end_of_day else _second_of(local), late=False)
        spans = self._day(day)
        if end_of_day:
            return spans[-1][1]
        wanted = self._instant(day, _second_of(local), late=False) + timedelta(microseconds=local.microsecond)
        for opens, closes in spans:
            if wanted <= closes:
                return max(wanted, opens)
        return spans[-1][1]

    def _closes(self, at: datetime) -> bool:
        return not self.always and next(self._backward(at))[1] == at

    def _must_open(self) -> None:
        if not self.ever_open:
            raise ValueError("this calendar is never open")

    def _forward(self, at: datetime) -> Iterator[Span]:
        """Open spans that end after ``at``, in order, the first one cut at ``at``; they do not overlap."""
        self._must_open()
        day, reached = self.local_day(at) - DAY, at
        while True:
            for opens, closes in self._day(day):
                if closes > reached:
                    yield max(opens, reached), closes
                    reached = closes
            day += DAY

    def _backward(self, at: datetime) -> Iterator[Span]:
        """Open spans that begin before ``at``, latest first, the first one cut at ``at``; they do not overlap."""
        self._must_open()
        day, reached = self.local_day(at), at
        while True:
            for opens, closes in reversed(self._day(day)):
                if opens < reached:
                    yield opens, min(closes, reached)
                    reached = opens
            day -= DAY

    def _day(self, day: date) -> tuple[Span, ...]:
        known = self._worked_out.get(day)
        if known is None:
            known = ()
            if self.is_working_day(day):
                spans = (
                    (self._instant(day, opens, late=False), self._instant(day, closes, late=True))
                    for opens, closes in self._hours[day.weekday()]
                )
                known = tuple(span for span in spans if span[0] < span[1])
            if len(self._worked_out) >= REMEMBERED_DAYS:
                self._worked_out.clear()
            self._worked_out[day] = known
        return known

    def _instant(self, day: date, second: int, *, late: bool) -> datetime:
        """The instant of a wall-clock time, in UTC; ``late`` takes the last of two occurrences."""
        wall = datetime.combine(day, MIDNIGHT) + timedelta(seconds=second)
        instant = wall.replace(tzinfo=self.zone, fold=int(late)).astimezone(UTC)
        if instant.astimezone(self.zone).replace(tzinfo=None) == wall:
            return instant
        return self._clock_change(wall)

    def _clock_change(self, wall: datetime) -> datetime:
        """The instant at which the clock jumps over the missing wall-clock time ``wall``."""
        before, after = sorted(wall.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        offset = before.astimezone(self.zone).utcoffset()
        while after - before > timedelta(seconds=1):
            middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
            if middle.astimezone(self.zone).utcoffset() == offset:
                before = middle
            else:
                after = middle
        return after


@lru_cache(maxsize=4096)
def calendar_of(terms: CalendarTerms) -> BusinessCalendar:
    """The calendar that the terms describe; one object for equal terms, so that its days are worked out once."""
    return BusinessCalendar(terms.time_zone, terms.openings, terms.holidays, always=terms.always)


def local_date(at: datetime, time_zone: str) -> date:
    """The date that people in that time zone have at this instant."""
    return at.astimezone(ZoneInfo(time_zone)).date()


def _in_year(day: str, first: str, last: str) -> bool:
    return first <= day <= last if first <= last else day >= first or day <= last


def _seconds(clock: str) -> int:
    hours, minutes, *rest = (int(part) for part in clock.split(":"))
    return hours * 3600 + minutes * 60 + (rest[0] if rest else 0)


def _second_of(local: datetime) -> int:
    return local.hour * 3600 + local.minute * 60 + local.second


def _merged(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for opens, closes in sorted(spans):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(closes, merged[-1][1]))
        else:
            merged.append((opens, closes))
    return tuple(merged)
