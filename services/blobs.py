"""Blobs: files kept by the SHA-256 of their content. A small port, and a local folder behind it.

What was put twice is there once; what is there never changes; what is read is checked against its name. A file
appears whole or not at all, however the process ends.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Protocol

from services.errors import NotFound, Unavailable

_NAME = re.compile(r"[0-9a-f]{64}")


class BlobStore(Protocol):
    """Where files are kept."""

    def put(self, content: bytes) -> str:
        """Keep it. Returns its SHA-256, 64 hexadecimal digits."""

    def get(self, sha256: str) -> bytes:
        """The content. Raises ``NotFound`` (``blob.unknown``), or ``Unavailable`` (``blob.damaged``)."""

    def has(self, sha256: str) -> bool: ...


class FolderBlobs:
    """Files in a local folder: ``ab/cdef…`` under the first two digits of the hash. Any number of processes at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        sha256 = digest(content)
        place = self._place(sha256)
        if place.exists() and place.stat().st_size == len(content):
            return sha256
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, place)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync(place.parent)
        return sha256

    def get(self, sha256: str) -> bytes:
        try:
            content = self._place(sha256).read_bytes()
        except FileNotFoundError:
            raise NotFound("blob.unknown", sha256=sha256) from None
        if digest(content) != sha256:
            raise Unavailable("blob.damaged", sha256=sha256)
        return content

    def has(self, sha256: str) -> bool:
        return _NAME.fullmatch(sha256) is not None and self._place(sha256).exists()

    def _place(self, sha256: str) -> Path:
        if _NAME.fullmatch(sha256) is None:  # a name from outside never leads out of the folder
            raise NotFound("blob.unknown", sha256=sha256)
        return self._folder / sha256[:2] / sha256[2:]


class MemoryBlobs:
    """For tests."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        sha256 = digest(content)
        self._contents[sha256] = content
        return sha256

    def get(self, sha256: str) -> bytes:
        if sha256 not in self._contents:
            raise NotFound("blob.unknown", sha256=sha256)
        return self._contents[sha256]

    def has(self, sha256: str) -> bool:
        return sha256 in self._contents


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _sync(folder: Path) -> None:
    """The new name is on disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
