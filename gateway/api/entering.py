"""What the resources and pages of logging in share: where somebody comes from, and the accounts themselves."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, g, request

from gateway.identity.accounts import Accounts, Origin
from gateway.identity.sessions import API, BROWSER, READING, STAYING


def accounts() -> Accounts:
    return current_app.extensions["vigencia"].accounts  # type: ignore[no-any-return]


def origin(kind: str, lasts: timedelta) -> Origin:
    """The network address is the client's, also behind proxies of the house (``VIGENCIA_PROXIES``)."""
    return Origin(kind, address(), request.user_agent.string or None, lasts)


def program() -> Origin:
    return origin(API, STAYING)


def browser(*, stays: bool = False) -> Origin:
    """``stays``: the device is the user's own."""
    return origin(BROWSER, STAYING if stays else READING)


def address() -> str:
    return request.remote_addr or "unknown"


def session_id() -> str | None:
    """The session of this call; None for the command line and for keys."""
    return g.get("session_id") or None
