"""Passwords: argon2id. Hashing takes some 100 ms of a whole core, so where it runs is given from outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

RunElsewhere = Callable[..., Any]
"""``run(fn, *args) -> result``: in a native thread, so that green threads go on (the rim gives it)."""


class Passwords(Protocol):
    def hash(self, password: str) -> str: ...

    def verify(self, hashed: str | None, password: str) -> bool:
        """Whether it is the password. ``None``, an unknown user, takes as long as a wrong password."""


def _here(fn: Callable[..., Any], *args: Any) -> Any:
    return fn(*args)


class Argon2Passwords:
    """argon2id with the library's current parameters (RFC 9106, low memory)."""

    def __init__(self, run: RunElsewhere = _here, hasher: PasswordHasher | None = None) -> None:
        self._run = run
        self._hasher = hasher or PasswordHasher()
        self._nobody: str | None = None

    def hash(self, password: str) -> str:
        return str(self._run(self._hasher.hash, password))

    def verify(self, hashed: str | None, password: str) -> bool:
        if hashed is None:
            if self._nobody is None:
                self._nobody = self.hash("nobody")
            self._run(self._matches, self._nobody, password)
            return False
        return bool(self._run(self._matches, hashed, password))

    def _matches(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False
