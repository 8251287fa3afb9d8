"""Headers that every answer carries: what a browser may do with it. A page that needs more says so itself.

OWASP Secure Headers; nothing inline and nothing from elsewhere runs anywhere, whatever somebody brings into a page.
"""

from __future__ import annotations

from flask import Request, Response

CONTENT_SECURITY = (
    "default-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "object-src 'none'"
)
"""Of pages and files that say nothing else themselves."""
NO_CONTENT = "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
"""Of data: even where a browser is made to show them as a page, they do nothing."""
DATA = ("application/json", "application/problem+json", "text/csv", "text/plain", "application/zip")
YEAR = 365 * 24 * 3600
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def secure(response: Response, request: Request) -> None:
    headers = response.headers
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", NO_CONTENT if response.mimetype in DATA else CONTENT_SECURITY)
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
