"""One adapter per kind of case: reads the input, asks the domain, and says what it answered. None knows a case."""

from tests.conformance.adapters import (  # noqa: F401  (each registers its adapters)
    accounts,
    collecting,
    contracts,
    deadlines,
    feedback,
    proration,
    recurrence,
    requests,
    time_zones,
)
