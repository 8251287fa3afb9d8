"""One field for everything: customers, contracts, requests by protocol, receivables by number, equipment, who calls."""

from __future__ import annotations

from flask import Response, redirect, request
from werkzeug.wrappers import Response as Redirection

from gateway.api.resources.searching import callers, found
from gateway.pages.console.frame import blp, may, show


@blp.get("/search")
def console_search() -> Response | Redirection:
    """A whole protocol or label leads there at once."""
    text = request.args.get("q", "").strip()[:200]
    hits = found(text) if text else {}
    exact = [each for each in hits.get("requests", ()) if each["protocol"] == text]
    if len(exact) == 1:
        return redirect(f"/console/requests/{exact[0]['request_id']}", 303)
    known = {each["customer_id"] for each in hits.get("customers", ())}
    people = [each for each in callers(text) if each["name"] or each["customer_id"] not in known] if text else []
    return show(
        "console/search.html",
        text=text,
        hits=hits,
        people=people if may("find_callers") else [],
        nothing=bool(text) and not people and not any(hits.values()),
    )
