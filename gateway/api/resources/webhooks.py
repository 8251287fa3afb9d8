"""Webhook endpoints: made, changed, paused, tried; their secrets, their log, and where they stand in the feeds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app

from gateway.api.blueprint import Blueprint
from gateway.api.calls import new_id
from gateway.api.schemas.common import Nothing
from gateway.api.schemas.webhooks import (
    AttemptsQuery,
    NewWebhook,
    Rotation,
    WebhookAttempt,
    WebhookAttemptPage,
    WebhookChanges,
    WebhookList,
    WebhookMade,
    WebhookOut,
    WebhookPosition,
    WebhookWaitingList,
    WebhookWhole,
)
from gateway.api.scope import caller
from gateway.identity.keys import FEEDS, WEBHOOKS
from gateway.identity.roles import INTEGRATION
from gateway.webhooks.keeping import Webhooks
from services import logs
from services.codec import to_json_values
from services.errors import Forbidden

blp = Blueprint("webhooks", __name__, description="Events posted to other systems' endpoints: see docs/webhooks.md")
log = logs.get("gateway")


@blp.route("/webhooks", methods=["GET"])
@blp.response(200, WebhookList)
def list_webhooks() -> Any:
    """All endpoints, in the order in which they were made; an API key sees its own alone."""
    return {"items": [_shown(row) for row in _webhooks().all(_owner())]}


@blp.route("/webhooks", methods=["POST"])
@blp.arguments(NewWebhook)
@blp.response(201, WebhookMade)
def add_webhook(data: dict[str, Any]) -> Any:
    """A new endpoint. The answer shows its secret this once.

    An API key needs the scope `webhooks`, and `feed:<service>` of each service whose events it is to get.
    """
    id_, by = new_id("webhook"), caller().user.user_id
    row, secret = _webhooks().add(id_, data, services=_services(), owner=_owner(), by=by, at=_now())
    _note("webhook added", id_, types=row["types"])
    return {**_shown(row), "secret": secret}


@blp.route("/webhooks/<string:endpoint_id>", methods=["GET"])
@blp.response(200, WebhookWhole)
def get_webhook(endpoint_id: str) -> Any:
    """One endpoint, and where it stands in each partition of the feeds that it hears."""
    row = _webhooks().one(endpoint_id, _owner())
    return {**_shown(row), "places": _webhooks().places(endpoint_id, _owner())}


@blp.route("/webhooks/<string:endpoint_id>", methods=["PUT"])
@blp.arguments(WebhookChanges)
@blp.response(200, WebhookOut)
def change_webhook(data: dict[str, Any], endpoint_id: str) -> Any:
    """Change name, URL or filter. A service that it did not hear before is heard from now on."""
    row = _webhooks().change(endpoint_id, data, services=_services(), owner=_owner())
    _note("webhook changed", endpoint_id, fields=sorted(data))
    return _shown(row)


@blp.route("/webhooks/<string:endpoint_id>/attempts", methods=["GET"])
@blp.arguments(AttemptsQuery, location="query")
@blp.response(200, WebhookAttemptPage)
def list_webhook_attempts(args: dict[str, Any], endpoint_id: str) -> Any:
    """The log of deliveries, the newest first: status, the first characters of the answer, how long it took."""
    return to_json_values(_webhooks().attempts(endpoint_id, _owner(), args))


@blp.route("/webhooks/<string:endpoint_id>/waiting", methods=["GET"])
@blp.response(200, WebhookWaitingList)
def list_webhook_waiting(endpoint_id: str) -> Any:
    """Streams whose next event was not delivered yet: later events of the same stream wait for it, other streams flow."""
    return {"items": to_json_values(_webhooks().waiting(endpoint_id, _owner()))}


@blp.route("/webhooks/<string:endpoint_id>/test", methods=["POST"])
@blp.arguments(Nothing)
@blp.response(200, WebhookAttempt)
def test_webhook(data: dict[str, Any], endpoint_id: str) -> Any:
    """Post an event that never happened (`vigencia.webhook.test`) now, signed like all others, and say what came back.
    Also while the endpoint is paused; it changes nothing but the log."""
    return to_json_values(_webhooks().test(endpoint_id, _owner(), new_id("webhook-test"), _now()))


@blp.route("/webhooks/<string:endpoint_id>/pause", methods=["POST"])
@blp.arguments(Nothing)
@blp.response(200, WebhookOut)
def pause_webhook(data: dict[str, Any], endpoint_id: str) -> Any:
    """Deliver nothing until it is resumed. Nothing is lost: the feeds keep all."""
    row = _webhooks().pause(endpoint_id, _owner())
    _note("webhook paused", endpoint_id)
    return _shown(row)


@blp.route("/webhooks/<string:endpoint_id>/resume", methods=["POST"])
@blp.arguments(Nothing)
@blp.response(200, WebhookOut)
def resume_webhook(data: dict[str, Any], endpoint_id: str) -> Any:
    """Go on where it stopped, and try at once all that waits, also what is stuck. Days of failure count from now again."""
    row = _webhooks().resume(endpoint_id, _owner(), _now())
    _note("webhook resumed", endpoint_id)
    return _shown(row)


@blp.route("/webhooks/<string:endpoint_id>/rotate", methods=["POST"])
@blp.arguments(Rotation)
@blp.response(200, WebhookMade)
def rotate_webhook_secret(data: dict[str, Any], endpoint_id: str) -> Any:
    """A new secret, shown this once. For the hours of the overlap every delivery carries signatures by the old one, too."""
    overlap = timedelta(hours=data["overlap_hours"])
    row, secret = _webhooks().rotate(endpoint_id, _owner(), overlap=overlap, now=_now())
    _note("webhook secret rotated", endpoint_id, hours=data["overlap_hours"])
    return {**_shown(row), "secret": secret}


@blp.route("/webhooks/<string:endpoint_id>/send-again", methods=["POST"])
@blp.arguments(WebhookPosition)
@blp.response(200, WebhookOut)
def send_webhook_again(data: dict[str, Any], endpoint_id: str) -> Any:
    """Go on with the event at this offset, of any age: all from there on is delivered again, in order, with the same
    `webhook-id`s. An offset beyond where it stands skips what lies between; one beyond the head is the next to happen."""
    row = _webhooks().send_again(endpoint_id, _owner(), **data)
    _note("webhook set to another place", endpoint_id, **data)
    return _shown(row)


@blp.route("/webhooks/<string:endpoint_id>/skip", methods=["POST"])
@blp.arguments(WebhookPosition)
@blp.response(200, WebhookOut)
def skip_webhook_event(data: dict[str, Any], endpoint_id: str) -> Any:
    """Give up on one event that waits; the next one of its stream is tried. The receiver never gets it by itself."""
    _webhooks().skip(endpoint_id, _owner(), **data, now=_now())
    _note("webhook event skipped", endpoint_id, **data)
    return _shown(_webhooks().one(endpoint_id, _owner()))


@blp.route("/webhooks/<string:endpoint_id>/remove", methods=["POST"])
@blp.arguments(Nothing)
@blp.response(204)
def remove_webhook(data: dict[str, Any], endpoint_id: str) -> None:
    """The endpoint goes, with its secrets and its log."""
    _webhooks().remove(endpoint_id, _owner())
    _note("webhook removed", endpoint_id)


def _webhooks() -> Webhooks:
    return current_app.extensions["vigencia"].webhooks  # type: ignore[no-any-return]


def _is_key() -> bool:
    who = caller()
    if INTEGRATION not in who.user.roles:
        return False
    if WEBHOOKS not in who.scopes:
        raise Forbidden("access.scope-missing", scope=WEBHOOKS)
    return True


def _owner() -> str | None:
    """A key sees what it made, and nothing else exists for it."""
    return caller().user.user_id if _is_key() else None


def _services() -> tuple[str, ...]:
    return tuple(each for each in FEEDS if f"feed:{each}" in caller().scopes) if _is_key() else FEEDS


def _now() -> datetime:
    return datetime.now(UTC)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = to_json_values({**row, "services": row["sources"]})
    return shown


def _note(what: str, endpoint_id: str, **more: Any) -> None:
    log.info(what, endpoint=endpoint_id, by=caller().user.user_id, **more)
