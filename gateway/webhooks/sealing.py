"""Secrets at rest: sealed with a key made of the gateway's own secret, so that a dump of the database does not show them.

All gateways of an installation share that secret; backups carry it apart from the data.
"""

from __future__ import annotations

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.webhooks.domain.signing import SECRET_BYTES, secret_text

_NONCE = 12


class Seals:
    """AES-256-GCM, a fresh 96-bit nonce each; bound to its endpoint, so that a row moved elsewhere opens nothing."""

    def __init__(self, secret: bytes) -> None:
        self._key = AESGCM(hashlib.sha256(b"vigencia/webhooks/" + secret).digest())

    @staticmethod
    def fresh() -> str:
        """A new secret's text."""
        return secret_text(os.urandom(SECRET_BYTES))

    def seal(self, endpoint_id: str, text: str) -> str:
        nonce = os.urandom(_NONCE)
        return base64.b64encode(nonce + self._key.encrypt(nonce, text.encode(), endpoint_id.encode())).decode()

    def open(self, endpoint_id: str, sealed: str) -> str | None:
        """None: sealed with another installation's secret (a restore without its ``secrets.json``)."""
        raw = base64.b64decode(sealed)
        try:
            return self._key.decrypt(raw[:_NONCE], raw[_NONCE:], endpoint_id.encode()).decode()
        except InvalidTag:
            return None
