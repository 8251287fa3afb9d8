"""What can be done to a visit from a form, wherever it is shown: moved, assigned, begun, done, missed, cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request
from marshmallow import Schema
from werkzeug.wrappers import Response as Redirection

from gateway.api.calls import ask
from gateway.api.resources.visits import of_visit
from gateway.api.schemas import visits as shapes
from gateway.pages.console.forms import back, given, lines
from gateway.pages.console.frame import Answer, blp, done, loaded
from gateway.pages.console.workbench import workbench
from services.errors import Conflict, Invalid, NotFound, Refused


@blp.post("/visits/<string:visit_id>/<string:operation>")
def console_visit_act(visit_id: str, operation: str) -> Response | Redirection:
    """One of the API's operations on a visit. What a rule refuses is told at its request, where it has one."""
    if operation not in ACTIONS:
        raise NotFound("route.not-found")
    try:
        return done(operation, back("/console"), lambda: ACTIONS[operation](visit_id))
    except (Refused, Invalid, Conflict) as error:
        request_id = ask("tickets", "visit", visit_id=visit_id).get("request_id")
        if not request_id:
            raise
        return workbench(request_id, refused=error, operation=operation)


def _send(command: str, shape: type[Schema] | None, *names: str) -> Callable[[str], Answer]:
    def send(visit_id: str) -> Answer:
        answer: Answer = of_visit(command, loaded(shape, given(*names)) if shape else {}, visit_id)
        return answer

    return send


def _assign(visit_id: str) -> Answer:
    """An empty field is a wish, too: nobody."""
    answer: Answer = of_visit(
        "assign_visit", {"technician_id": request.form.get("technician_id", "") or None}, visit_id
    )
    return answer


def _finish(visit_id: str) -> Answer:
    said: dict[str, Any] = {**given("performed_on", "note"), "checklist": lines(request.form.get("checklist", ""))}
    answer: Answer = of_visit("finish_visit", loaded(shapes.Finish, said), visit_id)
    return answer


ACTIONS: dict[str, Callable[[str], Answer]] = {
    "move_visit": _send("move_visit", shapes.Move, "on", "opens", "closes", "reason"),
    "assign_visit": _assign,
    "start_visit": _send("start_visit", None),
    "finish_visit": _finish,
    "miss_visit": _send("miss_visit", shapes.Miss, "reason"),
    "cancel_visit": _send("cancel_visit", shapes.VisitCancellation, "reason"),
}
"""By the operation's name in the table of permissions."""
