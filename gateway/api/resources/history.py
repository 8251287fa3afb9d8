"""Who did what: the history of a thing, from the events' own record."""

from __future__ import annotations

from typing import Any

from flask import current_app

from gateway import history
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, operate
from gateway.api.gate import COMMAND_LINE
from gateway.api.problems import language
from gateway.api.schemas.history import History
from services.errors import NotFound, OutcomeUnknown, Unavailable

blp = Blueprint("history", __name__, description="Who did what")


@blp.route("/history/<string:thing>/<string:thing_id>", methods=["GET"])
@blp.response(200, History)
def get_history(thing: str, thing_id: str) -> Any:
    """What happened to a customer, contract, account, request, visit or evaluation: who did it, when, and by which way
    (portal, console, mailed link, API, another system, command line, or the system itself); the newest first.

    A person who was erased has no name any more; what he did stays.
    """
    known = history.THINGS.get(thing)
    if known is None:
        raise NotFound("history.no-such-thing", thing=thing, known=sorted(history.THINGS))
    service, stream = known
    events = operate(service, {"action": "stream", "stream": stream.format(thing_id)})
    if not events:
        raise NotFound("not-found")
    return {"items": history.history(events, names_of(events), language())}


def names_of(events: list[dict[str, Any]]) -> dict[str, str | None]:
    """Names of who acted, by actor. While contracts does not answer, contacts have none."""
    user_ids, contact_ids = history.actors(events)
    users = current_app.extensions["vigencia"].users
    found: dict[str, str | None] = {f"user:{COMMAND_LINE}": "vigencia"}
    for id_ in user_ids:
        if (user := users.by_id(id_)) is not None:
            found[f"user:{id_}"] = user.name or None
    if contact_ids:
        try:
            people = ask("contracts", "people", ids=sorted(contact_ids)).get("people", {})
        except (Unavailable, OutcomeUnknown):
            people = {}
        found |= {f"contact:{id_}": person.get("name") for id_, person in people.items()}
    return found
