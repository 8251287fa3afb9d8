"""Other systems: their API keys, and the endpoints to which events are posted, with the log of deliveries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, current_app, request

from gateway.api.calls import new_id
from gateway.api.schemas.feeds import NewApiKey
from gateway.api.schemas.webhooks import OUTCOMES, NewWebhook, Rotation, WebhookChanges, WebhookPosition
from gateway.api.scope import caller
from gateway.identity.keys import FEEDS, SCOPES, ApiKeys
from gateway.pages.console.forms import given, lines
from gateway.pages.console.frame import Answer, blp, clock, loaded
from gateway.pages.console.settings.forms import NOTHING, Action, Again, named, shown
from gateway.webhooks.keeping import Webhooks
from services import logs

KEYS, HOOKS = "/console/settings/api-keys", "/console/settings/webhooks"
LIMIT = 50
log = logs.get("gateway")


@blp.get("/settings/api-keys")
def console_api_keys() -> Response:
    return _key_list(NOTHING)


@blp.get("/settings/webhooks")
def console_webhooks() -> Response:
    return _hook_list(NOTHING)


@blp.get("/settings/webhooks/<string:endpoint_id>")
def console_webhook(endpoint_id: str) -> Response:
    return _hook(endpoint_id, NOTHING)


def _key_list(again: Again, *, made: str = "") -> Response:
    users = current_app.extensions["vigencia"].users
    keys = _keys().all()
    makers = {each.created_by: getattr(users.by_id(each.created_by), "name", "") for each in keys}
    return shown("api_keys", again, keys=keys[::-1], makers=makers, scopes=sorted(SCOPES), made=made)


def _hook_list(again: Again) -> Response:
    return shown("webhooks", again, hooks=_hooks().all(None))


def _hook(endpoint_id: str, again: Again, *, secret: str = "", tried: dict[str, Any] | None = None) -> Response:
    outcome = request.args.get("outcome", "")
    asked = {"outcome": outcome} if outcome in OUTCOMES else {}
    page = {"limit": LIMIT, **({"after": after} if (after := request.args.get("after")) else {})}
    return shown(
        "webhook",
        again,
        hook=_hooks().one(endpoint_id, None),
        places=_hooks().places(endpoint_id, None),
        waiting=_hooks().waiting(endpoint_id, None),
        attempts=_hooks().attempts(endpoint_id, None, {**asked, **page}),
        outcome=outcome,
        outcomes=OUTCOMES,
        secret=secret,
        tried=tried,
    )


def _add_key() -> Response:
    """The key is shown this once."""
    data = loaded(NewApiKey, {**given("name"), "scopes": request.form.getlist("scopes")})
    key, text = _keys().add(new_id("api-key"), data["name"], data["scopes"], by=_by(), at=clock())
    log.info("api key added", key=key.key_id, by=_by(), scopes=list(key.scopes))
    return _key_list(NOTHING, made=text)


def _revoke_key() -> Answer:
    key_id = named("key_id")
    _keys().revoke(key_id, at=clock())
    log.info("api key revoked", key=key_id, by=_by())
    return {}, 200, {}


def _wishes() -> dict[str, Any]:
    return {**given("name", "url"), "types": lines(request.form.get("types", ""))}


def _add_hook() -> Response:
    data = loaded(NewWebhook, {**_wishes(), "from_start": request.form.get("from_start") == "1"})
    id_ = new_id("webhook")
    row, secret = _hooks().add(id_, data, services=FEEDS, owner=None, by=_by(), at=clock())
    _note("webhook added", id_, types=row["types"])
    return _hook(id_, NOTHING, secret=secret)


def _change() -> Answer:
    id_, data = named("endpoint_id"), loaded(WebhookChanges, _wishes())
    _hooks().change(id_, data, services=FEEDS, owner=None)
    return _noted("webhook changed", id_, fields=sorted(data))


def _pause() -> Answer:
    id_ = named("endpoint_id")
    _hooks().pause(id_, None)
    return _noted("webhook paused", id_)


def _resume() -> Answer:
    id_ = named("endpoint_id")
    _hooks().resume(id_, None, clock())
    return _noted("webhook resumed", id_)


def _rotate() -> Response:
    id_, hours = named("endpoint_id"), loaded(Rotation, given("overlap_hours"))["overlap_hours"]
    _, secret = _hooks().rotate(id_, None, overlap=timedelta(hours=hours), now=clock())
    _note("webhook secret rotated", id_, hours=hours)
    return _hook(id_, NOTHING, secret=secret)


def _test() -> Response:
    id_ = named("endpoint_id")
    return _hook(id_, NOTHING, tried=_hooks().test(id_, None, new_id("webhook-test"), clock()))


def _send_again() -> Answer:
    id_, at = named("endpoint_id"), loaded(WebhookPosition, given("service", "partition", "offset"))
    _hooks().send_again(id_, None, **at)
    return _noted("webhook set to another place", id_, **at)


def _skip() -> Answer:
    id_, at = named("endpoint_id"), loaded(WebhookPosition, given("service", "partition", "offset"))
    _hooks().skip(id_, None, **at, now=clock())
    return _noted("webhook event skipped", id_, **at)


def _remove() -> Answer:
    id_ = named("endpoint_id")
    _hooks().remove(id_, None)
    return _noted("webhook removed", id_)


def _note(what: str, endpoint_id: str, **more: Any) -> None:
    log.info(what, endpoint=endpoint_id, by=_by(), **more)


def _noted(what: str, endpoint_id: str, **more: Any) -> Answer:
    _note(what, endpoint_id, **more)
    return {}, 200, {}


def _by() -> str:
    return str(caller().user.user_id)


def _keys() -> ApiKeys:
    return current_app.extensions["vigencia"].keys  # type: ignore[no-any-return]


def _hooks() -> Webhooks:
    return current_app.extensions["vigencia"].webhooks  # type: ignore[no-any-return]


def _again(again: Again) -> Response:
    return _hook(named("endpoint_id"), again)


def _to() -> str:
    return f"{HOOKS}/{request.form.get('endpoint_id', '')}"


ACTIONS = {
    "add_api_key": Action(None, _key_list, lambda: KEYS, instead=_add_key),
    "revoke_api_key": Action(_revoke_key, _key_list, lambda: KEYS),
    "add_webhook": Action(None, _hook_list, lambda: HOOKS, instead=_add_hook),
    "change_webhook": Action(_change, _again, _to),
    "pause_webhook": Action(_pause, _again, _to),
    "resume_webhook": Action(_resume, _again, _to),
    "rotate_webhook_secret": Action(None, _again, _to, instead=_rotate),
    "test_webhook": Action(None, _again, _to, instead=_test),
    "send_webhook_again": Action(_send_again, _again, _to),
    "skip_webhook_event": Action(_skip, _again, _to),
    "remove_webhook": Action(_remove, _again, lambda: HOOKS),
}
