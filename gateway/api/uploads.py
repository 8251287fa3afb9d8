"""Which files customers may bring: kinds that people read, told by their first bytes, not by what they are called."""

from __future__ import annotations

from services.errors import Refused

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes."""

KINDS = ("application/pdf", "image/png", "image/jpeg", "image/webp")


def kind_of(content: bytes) -> str | None:
    """The media type that the content's first bytes say; None: none of those that customers may bring."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def check(content: bytes, said: str) -> None:
    """Refuse what is too large, of another kind, or not what it says it is."""
    if len(content) > LARGEST_FILE:
        raise Refused("file.too-large", most_mb=LARGEST_FILE // (1024 * 1024))
    if (kind := kind_of(content)) is None or kind != said:
        raise Refused("file.kind-not-accepted", accepted=", ".join(KINDS))
