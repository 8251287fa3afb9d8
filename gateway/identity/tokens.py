"""Signed tokens: short-lived, they name the user and his session and nothing else; what he may is looked up at every call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from joserfc import jwt
from joserfc.errors import JoseError

from gateway.identity.signing import ALGORITHM, Secrets, checked, keys_of

LIFE = timedelta(hours=1)
_ISSUER = "vigencia"


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a token names. ``session_id``: empty for what the command line makes for itself."""

    user_id: str
    session_id: str


def _now() -> datetime:
    return datetime.now(UTC)


class Tokens:
    """JWT with HMAC-SHA256. ``secrets`` are the gateways' own: what the first one signs, all of them are believed for."""

    def __init__(self, secrets: Secrets, *, life: timedelta = LIFE, clock: Callable[[], datetime] = _now) -> None:
        self._secrets = checked(secrets)
        self._life = life
        self._clock = clock

    def issue(self, user_id: str, session_id: str = "") -> tuple[str, datetime]:
        """The token and the instant at which it expires."""
        now = self._clock().replace(microsecond=0)
        expires = now + self._life
        claims = {"iss": _ISSUER, "sub": user_id, "iat": int(now.timestamp()), "exp": int(expires.timestamp())}
        if session_id:
            claims["sid"] = session_id
        return jwt.encode({"alg": ALGORITHM}, claims, keys_of(self._secrets)[0]), expires

    def read(self, token: str) -> Named | None:
        """None for a token that is forged, expired or no token at all."""
        for key in keys_of(self._secrets):
            try:
                claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
            except (JoseError, ValueError):
                continue
            expires, user, session = claims.get("exp"), claims.get("sub"), claims.get("sid", "")
            if claims.get("iss") != _ISSUER or not isinstance(expires, int) or expires <= self._clock().timestamp():
                return None
            return Named(user, session) if isinstance(user, str) and isinstance(session, str) else None
        return None
