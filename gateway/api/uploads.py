"""Which files people may bring: kinds that people read, told by their first bytes, not by what they are called."""

from __future__ import annotations

import io
import zipfile

from PIL import Image, UnidentifiedImageError

from services.errors import Refused

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes."""
MOST_PIXELS = 60_000_000
"""Of an image: more than any phone takes. A small file that unfolds to gigabytes (a bomb) is told by its header."""
MOST_UNPACKED, MOST_ENTRIES = 200 * 1024 * 1024, 5000
"""Bytes and parts of an office document, which is a ZIP."""
MACROS = ("vbaproject.bin", "basic/")

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


OPEN_XML = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
MAIL_HEADERS = (b"from:", b"received:", b"return-path:", b"date:", b"message-id:", b"mime-version:", b"subject:")


def staff_kind_of(content: bytes, said: str) -> str | None:
    """What staff may bring besides: mails, texts, office documents, photos of phones. As it says, if that can be."""
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        return "image/heic"
    if content.startswith(b"PK\x03\x04"):
        return said if said.startswith((OPEN_XML, OPEN_DOCUMENT)) and _is_office(content, said) else None
    if b"\x00" in content[:4096]:
        return None
    if said == "message/rfc822":
        first = content.lstrip()[:60].lower()
        return said if first.startswith(MAIL_HEADERS) else None
    return "text/plain" if said == "text/plain" else None


def _is_office(content: bytes, said: str) -> bool:
    """Whether it is what it says, without macros, and no bomb: told by the ZIP's directory, unpacking nothing."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    names = {part.filename.lower() for part in parts}
    if len(parts) > MOST_ENTRIES or sum(part.file_size for part in parts) > MOST_UNPACKED:
        return False
    if any(macro in name for name in names for macro in MACROS):
        return False
    return ("[content_types].xml" if said.startswith(OPEN_XML) else "mimetype") in names


def pixels_of(content: bytes) -> int:
    """Of an image, by its header; 0 for what cannot be read as one, which can be no bomb either."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as image:
            return image.width * image.height
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return MOST_PIXELS + 1
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return 0


def check(content: bytes, said: str, *, staff: bool = False) -> None:
    """Refuse what is too large, of another kind, or not what it says it is."""
    if not staff and len(content) > LARGEST_FILE:
        raise Refused("file.too-large", most_mb=LARGEST_FILE // (1024 * 1024))
    kind = kind_of(content) or (staff_kind_of(content, said) if staff else None)
    if kind is None or kind != said:
        more = ("image/heic", "message/rfc822", "text/plain", "OOXML, ODF") if staff else ()
        raise Refused("file.kind-not-accepted", accepted=", ".join((*KINDS, *more)))
    if kind.startswith("image/") and pixels_of(content) > MOST_PIXELS:
        raise Refused("file.image-too-large", most=MOST_PIXELS // 1_000_000)
