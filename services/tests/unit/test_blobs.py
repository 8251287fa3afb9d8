"""Blobs: kept once by their hash, whole or not at all, and checked when read."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.blobs import BlobStore, FolderBlobs, MemoryBlobs, digest
from services.errors import NotFound, Unavailable


@pytest.fixture(params=["folder", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    return FolderBlobs(tmp_path / "blobs") if request.param == "folder" else MemoryBlobs()


def test_what_was_put_is_found_by_its_hash(blobs: BlobStore) -> None:
    sha256 = blobs.put(b"Contrato")
    assert sha256 == digest(b"Contrato")
    assert (blobs.get(sha256), blobs.has(sha256)) == (b"Contrato", True)
    assert blobs.put(b"Contrato") == sha256


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "", "AB" * 32])
def test_what_is_not_there_is_not_found_and_no_name_leads_out(blobs: BlobStore, name: str) -> None:
    assert not blobs.has(name)
    with pytest.raises(NotFound):
        blobs.get(name)


def test_a_damaged_file_is_noticed_and_mended_by_putting_it_again(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    sha256 = blobs.put(b"Contrato")
    place = tmp_path / sha256[:2] / sha256[2:]
    place.write_bytes(b"Contrat")
    with pytest.raises(Unavailable):
        blobs.get(sha256)
    blobs.put(b"Contrato")
    assert blobs.get(sha256) == b"Contrato"


def test_nothing_is_left_of_a_file_that_could_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("services.blobs.os.fsync", full)
    with pytest.raises(OSError, match="disk full"):
        FolderBlobs(tmp_path).put(b"Contrato")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
