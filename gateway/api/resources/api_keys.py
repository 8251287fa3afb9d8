"""Keys with which other systems call: made, listed, revoked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import current_app

from gateway.api.blueprint import Blueprint
from gateway.api.calls import new_id
from gateway.api.resources.session import instant
from gateway.api.schemas.common import Nothing
from gateway.api.schemas.feeds import ApiKeyList, ApiKeyOut, MadeApiKey, NewApiKey
from gateway.api.scope import caller
from gateway.identity.keys import ApiKey, ApiKeys
from services import logs

blp = Blueprint("api-keys", __name__, description="Keys of other systems")
log = logs.get("gateway")


@blp.route("/api-keys", methods=["GET"])
@blp.response(200, ApiKeyList)
def list_api_keys() -> Any:
    """All keys, also those that were revoked, in the order in which they were made. Never a key itself."""
    return {"items": [_shown(key) for key in _keys().all()]}


@blp.route("/api-keys", methods=["POST"])
@blp.arguments(NewApiKey)
@blp.response(201, MadeApiKey)
def add_api_key(data: dict[str, Any]) -> Any:
    """A key for another system. The answer shows it this once: only its hash is kept."""
    by = caller().user.user_id
    key, text = _keys().add(new_id("api-key"), data["name"], data["scopes"], by=by, at=datetime.now(UTC))
    log.info("api key added", key=key.key_id, by=by, scopes=list(key.scopes))
    return {**_shown(key), "key": text}


@blp.route("/api-keys/<string:key_id>/revoke", methods=["POST"])
@blp.arguments(Nothing)
@blp.response(200, ApiKeyOut)
def revoke_api_key(data: dict[str, Any], key_id: str) -> Any:
    """From the next call on the key opens nothing. It cannot be taken back: make another one."""
    key = _keys().revoke(key_id, at=datetime.now(UTC))
    log.info("api key revoked", key=key_id, by=caller().user.user_id)
    return _shown(key)


def _keys() -> ApiKeys:
    return current_app.extensions["vigencia"].keys  # type: ignore[no-any-return]


def _shown(key: ApiKey) -> dict[str, Any]:
    return {
        "key_id": key.key_id,
        "name": key.name,
        "scopes": list(key.scopes),
        "created_at": instant(key.created_at),
        "created_by": key.created_by,
        "revoked_at": instant(key.revoked_at),
    }
