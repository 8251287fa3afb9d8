"""No form from elsewhere: a browser says where a form comes from, and other sites' do nothing here (OWASP, CSRF cheat sheet).

``Sec-Fetch-Site`` decides, else ``Origin``; programs send neither, and have no cookie. The cookies' ``SameSite=Lax`` says the
same once more. The API takes no cookie, so that no other site can act by it (ADR 0029).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request

from services.errors import Forbidden

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def refuse_foreign_forms() -> None:
    """Raises ``Forbidden`` for a request that another site made the browser send."""
    site = request.headers.get("Sec-Fetch-Site")
    if site in ("same-origin", "none"):
        return
    origin = request.headers.get("Origin")
    if site is None and (origin is None or urlsplit(origin).netloc == request.host):
        return
    raise Forbidden("form.foreign")
