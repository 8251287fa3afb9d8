"""Mailed addresses that open one thing for one person, without a login: signed, for one purpose, until a day.

An address names the thing and the person by their ids; what it may do is looked up when it is opened, so that a person
who no longer speaks for the customer opens nothing. Reading changes nothing: mail scanners follow links.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from joserfc import jwt
from joserfc.errors import JoseError

from gateway.identity.signing import ALGORITHM, Secrets, keys_of

Kind = Literal["evaluation", "receivable", "price", "decline"]
KINDS: tuple[Kind, ...] = ("evaluation", "receivable", "price")
"""A price is named by its request: it has one at a time. ``decline`` (``pages/declining.py``) names a topic of mail."""
LIFE = timedelta(days=90)
_ISSUER = "vigencia-link"  # another than that of sessions: neither is good in the other's place


@dataclass(frozen=True, slots=True)
class Link:
    """``expired``: it was ours, and its time is over."""

    kind: Kind
    id: str
    customer_id: str
    contact_id: str
    expired: bool = False


def _now() -> datetime:
    return datetime.now(UTC)


class Links:
    """JWT with HMAC-SHA256 and the tokens' secrets of the installation: what the former one signed is still believed."""

    def __init__(self, secrets: Secrets, *, clock: Callable[[], datetime] = _now) -> None:
        self._secrets = secrets
        self._clock = clock

    def token(self, link: Link, life: timedelta = LIFE) -> str:
        claims = {
            "iss": _ISSUER,
            "aud": link.kind,
            "jti": link.id,
            "cus": link.customer_id,
            "sub": link.contact_id,
            "exp": int((self._clock() + life).timestamp()),
        }
        return jwt.encode({"alg": ALGORITHM}, claims, keys_of(self._secrets)[0])

    def read(self, token: str) -> Link | None:
        """None for one that is not ours."""
        for key in keys_of(self._secrets):
            try:
                claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
            except (JoseError, ValueError):
                continue
            if claims.get("iss") != _ISSUER or claims.get("aud") not in (*KINDS, "decline"):
                return None
            expired = int(claims["exp"]) <= self._clock().timestamp()
            return Link(claims["aud"], claims["jti"], claims["cus"], claims["sub"], expired)
        return None


def address(public_url: str, token: str, place: str = "l") -> str:
    return f"{public_url.rstrip('/')}/{place}/{token}"
