"""What comes again at the same hour on the wall: the local time stays when the clocks change, the instant moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta


def repeated(first: datetime, every: relativedelta, time_zone: str) -> Iterator[datetime]:
    """Instants (UTC) of ``first`` (a local time without zone) and of all that follow it.

    Each is computed from the first, so that the 31st survives short months. A local time that does not exist on its
    day moves past the gap; of one that comes twice it is the first.
    """
    zone = ZoneInfo(time_zone)
    for times in count():
        yield (first + every * times).replace(tzinfo=zone, fold=0).astimezone(UTC)
