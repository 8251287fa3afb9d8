"""A company's logo for its papers: the uploaded PNG or JPEG, where it is one that can be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError

from services.blobs import BlobStore
from services.errors import NotFound, Unavailable

MOST_BYTES, MOST_PIXELS = 1_000_000, 4_000_000
FORMATS = ("PNG", "JPEG")


def logo_of(provider: Mapping[str, Any], blobs: BlobStore) -> bytes | None:
    """A paper without a logo is better than none: what is missing, too large or no image is left out."""
    sha256 = provider.get("logo_sha256")
    if not sha256:
        return None
    try:
        content = blobs.get(sha256)
    except (NotFound, Unavailable):
        return None
    return content if drawable(content) else None


def drawable(content: bytes) -> bool:
    if len(content) > MOST_BYTES:
        return False
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                return False
            image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True


__all__ = ["drawable", "logo_of"]
