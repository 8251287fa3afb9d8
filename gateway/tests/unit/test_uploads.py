"""Files that people bring: what they say they are, of a size that can be opened, and their own."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from gateway.api import uploads
from gateway.tests.unit.world import World
from services.errors import Refused

DOCX = f"{uploads.OPEN_XML}.wordprocessingml.document"
PDF = b"%PDF-1.7 anexo"


def png(width: int, height: int) -> bytes:
    """Its header says so; of its pixels there is none: as a bomb, it is small."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (header, b"IDAT" + zlib.compress(b""), b"IEND")
    chunks = [struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def office(*names: str, size: int = 10) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"0" * size)
    return made.getvalue()


def code(content: bytes, said: str, *, staff: bool = False) -> str:
    try:
        uploads.check(content, said, staff=staff)
    except Refused as refused:
        return refused.code
    return ""


def test_an_image_that_unfolds_to_gigabytes_is_refused_by_its_header() -> None:
    assert code(png(4000, 3000), "image/png") == ""
    for width, height in ((8000, 8000), (60_000, 60_000)):
        assert len(png(width, height)) < 200
        assert code(png(width, height), "image/png") == "file.image-too-large"
        assert code(png(width, height), "image/png", staff=True) == "file.image-too-large"


@pytest.mark.parametrize(
    ("content", "taken"),
    [
        (office("[Content_Types].xml", "word/document.xml"), True),
        (office("word/document.xml"), False),  # some ZIP
        (office("[Content_Types].xml", "word/vbaProject.bin"), False),  # macros
        (office("[Content_Types].xml", "word/document.xml", size=150_000_000), False),  # a bomb
        (b"PK\x03\x04 broken", False),
    ],
)
def test_an_office_document_is_one_without_macros(content: bytes, taken: bool) -> None:
    assert (code(content, DOCX, staff=True) == "") is taken
    assert code(content, DOCX) == "file.kind-not-accepted"  # customers bring none


@pytest.mark.parametrize("said", ["image/svg+xml", "text/html", "application/zip", "application/octet-stream", ""])
def test_what_a_browser_could_run_is_taken_from_nobody(said: str) -> None:
    for content in (b"<svg onload=alert(1)>", b"<script>alert(1)</script>", b"MZ\x90\x00"):
        assert code(content, said, staff=True) == "file.kind-not-accepted"


def test_a_customer_attaches_what_he_brought_himself_whatever_hash_he_has_heard_of(world: World) -> None:
    headers = {"Content-Type": "application/pdf"}
    ana, bob = world.client("ana"), world.client("bob")
    sha256 = ana.post("/api/v1/files", data=PDF, headers=headers).json["sha256"]
    document = {"kind": "photo", "sha256": sha256, "name": "x.pdf", "media_type": "application/pdf"}
    annex = {"kind": "annex", "sha256": sha256, "name": "x.pdf"}
    for path, body in (("/api/v1/requests/q-B/documents", document), ("/api/v1/contracts/c-B/documents", annex)):
        foreign = bob.post(path, json=body)
        assert (foreign.status_code, foreign.json["code"]) == (404, "blob.unknown")
        none = bob.post(path, json={**body, "sha256": "0" * 64})
        assert (none.status_code, none.json["code"]) == (404, "blob.unknown")
    assert world.services.commands() == []
    assert ana.post("/api/v1/requests/q-A/documents", json=document).status_code == 201
    bob.post("/api/v1/files", data=PDF, headers=headers)  # who has the file itself may bring it
    assert bob.post("/api/v1/requests/q-B/documents", json=document).status_code == 201
