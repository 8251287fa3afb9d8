"""The one door for the settings' forms: the operation's name in the address, its rights from the table of permissions."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, request
from werkzeug.wrappers import Response as Redirection

from gateway.api.calls import name_command
from gateway.pages.console.frame import allow, blp, done
from gateway.pages.console.settings import calendars, catalogue, companies, letters, rates, systems
from gateway.pages.console.settings.forms import Action, again
from services.errors import Conflict, Invalid, NotFound, Refused

ACTIONS: Mapping[str, Action] = {
    **catalogue.ACTIONS,
    **calendars.ACTIONS,
    **rates.ACTIONS,
    **letters.ACTIONS,
    **companies.ACTIONS,
    **systems.ACTIONS,
}
"""By the operation's name in the table of permissions."""


@blp.post("/settings/do/<string:operation>")
def console_settings_act(operation: str) -> Response | Redirection:
    if operation not in ACTIONS:
        raise NotFound("route.not-found")
    action = ACTIONS[operation]
    try:
        if action.instead is not None:
            allow(operation)
            name_command(request.form.get("key", ""))
            return action.instead()
        assert action.act is not None
        return done(operation, action.to(), action.act)
    except (Refused, Invalid, Conflict) as error:
        return action.page(again(operation, error))
