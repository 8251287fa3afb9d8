"""Who did what: the history of a customer, contract, account, request, visit or evaluation, as the API tells it."""

from __future__ import annotations

from flask import Response

from gateway import history
from gateway.api.calls import operate
from gateway.api.resources.history import names_of
from gateway.pages.console.frame import blp, show
from gateway.pages.frame import chosen_language
from services.errors import NotFound


@blp.get("/history/<string:thing>/<string:thing_id>")
def console_history(thing: str, thing_id: str) -> Response:
    if thing not in history.THINGS:
        raise NotFound("history.no-such-thing", thing=thing, known=sorted(history.THINGS))
    service, stream = history.THINGS[thing]
    events = operate(service, {"action": "stream", "stream": stream.format(thing_id)})
    if not events:
        raise NotFound("not-found")
    items = history.history(events, names_of(events), chosen_language())
    return show("console/history.html", items=items, thing=thing, thing_id=thing_id)
