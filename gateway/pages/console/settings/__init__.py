"""The console's settings and registers: what the company is, offers, closes on, reckons with and writes to people.

A page is a module here: a question by its own route, and ``ACTIONS``, its forms, by the API's operation. All forms come in by
one door (``acting``), which asks the one table of permissions.
"""

from gateway.pages.console.settings import (
    acting,
    calendars,
    catalogue,
    companies,
    letters,
    overview,
    rates,
    systems,
)

__all__ = ["acting", "calendars", "catalogue", "companies", "letters", "overview", "rates", "systems"]
