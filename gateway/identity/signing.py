"""The secrets with which tokens and mailed addresses are signed: today's signs, the former one is still believed.

``vigencia secrets rotate`` makes another; running gateways take it up by themselves within seconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache

from joserfc.jwk import OctKey

ALGORITHM = "HS256"
SHORTEST = 32
Secrets = bytes | Callable[[], Sequence[bytes]]
"""One secret, or what gives all that hold now, the one that signs first. Each has at least 32 bytes."""


def keys_of(secrets: Secrets) -> list[OctKey]:
    """The key that signs, then those that are still believed."""
    held = (secrets,) if isinstance(secrets, bytes) else secrets()
    return [_key(each) for each in held]


@lru_cache(maxsize=8)
def _key(secret: bytes) -> OctKey:
    return OctKey.import_key(secret)


def checked(secrets: Secrets) -> Secrets:
    """Raises ``ValueError`` for one that is too short."""
    held = (secrets,) if isinstance(secrets, bytes) else secrets()
    if any(len(each) < SHORTEST for each in held):
        raise ValueError(f"the tokens' secret needs at least {SHORTEST} bytes")
    return secrets


def key_id(secret: bytes) -> str:
    """By which people tell secrets apart; tells nothing of the secret."""
    return hashlib.sha256(b"key-id/" + secret).hexdigest()[:8]
