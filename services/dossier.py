"""Dossiers: one file with facts, events and documents that proves by itself that no byte of it was changed.

A zip with a ``manifest.json`` that names each file with its SHA-256 and size. ``events.json`` holds a stream as it is
stored, with its hash chain: an event that was changed, left out or moved breaks it, whatever the manifest says. The
``seal`` is the installation's HMAC-SHA256 over the manifest: whoever makes a new manifest cannot make it.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from services.codec import event_hash

MANIFEST = "manifest.json"
EVENTS = "events.json"
FORMAT = "vigencia-dossier/1"
FIXED = (1980, 1, 1, 0, 0, 0)  # the same dossier is the same bytes
LARGEST = 512 * 1024 * 1024


def build(files: Mapping[str, bytes], about: Mapping[str, Any], secret: bytes) -> bytes:
    """``files`` by name; ``about`` stands in the manifest."""
    listed = [{"name": name, "sha256": _sha(content), "size": len(content)} for name, content in sorted(files.items())]
    manifest = {"format": FORMAT, **about, "files": listed}
    manifest["seal"] = _seal(manifest, secret)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [(MANIFEST, as_json(manifest)), *sorted(files.items())]:
            archive.writestr(zipfile.ZipInfo(name, FIXED), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def verify(content: bytes, secret: bytes | None = None) -> dict[str, Any]:
    """``{"ok", "files", "events", "sealed", "problems"}``. ``sealed``: None without the secret. Never raises."""
    problems: list[str] = []
    answer: dict[str, Any] = {"ok": False, "files": 0, "events": 0, "sealed": None, "problems": problems}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _look(archive, secret, answer)
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, AttributeError, EOFError, OSError) as error:
        problems.append(f"this is no dossier, or its frame is damaged: {type(error).__name__}")
    except Exception as error:  # zlib, and whatever else a damaged file brings about
        problems.append(f"unreadable: {type(error).__name__}")
    answer["ok"] = not problems
    return answer


def _look(archive: zipfile.ZipFile, secret: bytes | None, answer: dict[str, Any]) -> None:
    problems: list[str] = answer["problems"]
    names = [each.filename for each in archive.infolist()]
    if sum(each.file_size for each in archive.infolist()) > LARGEST:
        problems.append("it is too large")
        return
    manifest = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT:
        problems.append(f"{MANIFEST}: another format")
    if secret is not None:
        answer["sealed"] = hmac.compare_digest(str(manifest.get("seal", "")), _seal(manifest, secret))
        if not answer["sealed"]:
            problems.append(f"{MANIFEST}: the seal is not ours: it was changed, or made elsewhere")
    listed = {each["name"]: each for each in manifest["files"]}
    problems += [f"{name}: not in the manifest" for name in names if name not in listed and name != MANIFEST]
    problems += [f"{name}: twice" for name in sorted({each for each in names if names.count(each) > 1})]
    for name, entry in listed.items():
        answer["files"] += 1
        found = _read(archive, name)
        if found is None:
            problems.append(f"{name}: missing or unreadable")
        elif (_sha(found), len(found)) != (entry["sha256"], entry["size"]):
            problems.append(f"{name}: changed")
    if EVENTS in listed and (found := _read(archive, EVENTS)) is not None:
        chained = json.loads(found)
        answer["events"] = len(chained["events"])
        problems += chain_problems(chained["stream"], chained["events"])


def chain_problems(stream: str, events: Sequence[Mapping[str, Any]]) -> list[str]:
    """Which events are not what was stored: ``{"version", "type", "schema", "at", "meta", "data", "hash"}`` each."""
    problems, previous = [], ""
    for expected, each in enumerate(events, 1):
        if each["version"] != expected:
            problems.append(f"{EVENTS}: {stream}@{expected} is missing")
        parts = (stream, each["version"], each["type"], each["schema"], each["at"], each["meta"], each["data"])
        if event_hash(previous, *parts) != each["hash"]:
            problems.append(f"{EVENTS}: {stream}@{each['version']} was changed")
        previous = each["hash"]
    return problems


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str).encode()


def _read(archive: zipfile.ZipFile, name: str) -> bytes | None:
    try:
        return archive.read(name)
    except Exception:  # a damaged part: the caller names it
        return None


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _seal(manifest: Mapping[str, Any], secret: bytes) -> str:
    unsealed = {name: value for name, value in manifest.items() if name != "seal"}
    key = hmac.new(secret, b"dossier", hashlib.sha256).digest()
    return hmac.new(key, as_json(unsealed), hashlib.sha256).hexdigest()
