"""Signed tokens: short-lived, they name the user and nothing else; what he may is looked up at every call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

LIFE = timedelta(hours=1)
_ALGORITHM = "HS256"
_ISSUER = "vigencia"


def _now() -> datetime:
    return datetime.now(UTC)


class Tokens:
    """JWT with HMAC-SHA256. ``secret`` is the gateways' own, at least 32 bytes."""

    def __init__(self, secret: bytes, *, life: timedelta = LIFE, clock: Callable[[], datetime] = _now) -> None:
        if len(secret) < 32:
            raise ValueError("the tokens' secret needs at least 32 bytes")
        self._key = OctKey.import_key(secret)
        self._life = life
        self._clock = clock

    def issue(self, user_id: str) -> tuple[str, datetime]:
        """The token and the instant at which it expires."""
        now = self._clock().replace(microsecond=0)
        expires = now + self._life
        claims = {"iss": _ISSUER, "sub": user_id, "iat": int(now.timestamp()), "exp": int(expires.timestamp())}
        return jwt.encode({"alg": _ALGORITHM}, claims, self._key), expires

    def user_of(self, token: str) -> str | None:
        """The user's id; None for a token that is forged, expired or no token at all."""
        try:
            decoded = jwt.decode(token, self._key, algorithms=[_ALGORITHM])
        except (JoseError, ValueError):
            return None
        claims = decoded.claims
        expires = claims.get("exp")
        if claims.get("iss") != _ISSUER or not isinstance(expires, int) or expires <= self._clock().timestamp():
            return None
        user = claims.get("sub")
        return user if isinstance(user, str) else None
