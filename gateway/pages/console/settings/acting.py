"""The one door for the settings' forms: the operation's name in the address, its rights from the table of permissions."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response
from werkzeug.wrappers import Response as Redirection

from gateway.pages.console.frame import blp, done
from gateway.pages.console.settings import calendars, catalogue, rates
from gateway.pages.console.settings.forms import Action, again
from services.errors import Conflict, Invalid, NotFound, Refused

ACTIONS: Mapping[str, Action] = {
    **catalogue.ACTIONS,
    **calendars.ACTIONS,
    **rates.ACTIONS,
}
"""By the operation's name in the table of permissions."""


@blp.post("/settings/do/<string:operation>")
def console_settings_act(operation: str) -> Response | Redirection:
    if operation not in ACTIONS:
        raise NotFound("route.not-found")
    action = ACTIONS[operation]
    try:
        return done(operation, action.to(), action.act)
    except (Refused, Invalid, Conflict) as error:
        return action.page(again(operation, error))
