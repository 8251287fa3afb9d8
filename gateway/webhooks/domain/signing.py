"""Signatures as Standard Webhooks 1.0 has them (standardwebhooks.com): HMAC-SHA256 over ``id.timestamp.body``."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

MARK = "whsec_"
SECRET_BYTES = 32


def secret_text(key: bytes) -> str:
    """``whsec_`` and the key in base64: what the receiver is given."""
    return MARK + base64.b64encode(key).decode()


def key_of(secret: str) -> bytes:
    """The key of a secret's text. Raises ``ValueError`` for what is none."""
    if not secret.startswith(MARK):
        raise ValueError("no whsec_ secret")
    try:
        return base64.b64decode(secret.removeprefix(MARK), validate=True)
    except binascii.Error as error:
        raise ValueError("no whsec_ secret") from error


def message_id(event_hash: str) -> str:
    """An event's id as a message: of its hash, so that it is the same at every attempt, and another one's is another."""
    return f"msg_{event_hash[:32]}"


def signature(secret: str, id_: str, timestamp: int, body: bytes) -> str:
    signed = f"{id_}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key_of(secret), signed, hashlib.sha256).digest()).decode()


def headers(secrets: Iterable[str], id_: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers. With several secrets (while one takes the place of another) a signature by each."""
    timestamp = int(at.timestamp())
    signatures = " ".join(signature(secret, id_, timestamp, body) for secret in secrets)
    return {"webhook-id": id_, "webhook-timestamp": str(timestamp), "webhook-signature": signatures}
