"""A dossier proves itself: every changed byte is found and named."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from services.codec import event_hash
from services.dossier import EVENTS, MANIFEST, as_json, build, verify

SECRET = b"s" * 32
STREAM = "request-1"


def chained(*texts: str) -> list[dict[str, Any]]:
    events, previous = [], ""
    for version, text in enumerate(texts, 1):
        parts = (version, "tickets.request.noted", 1, "2026-03-02T12:00:00.000000Z", "{}", text)
        previous = event_hash(previous, STREAM, *parts)
        names = ("version", "type", "schema", "at", "meta", "data")
        events.append({**dict(zip(names, parts, strict=True)), "hash": previous})
    return events


FILES = {
    EVENTS: as_json({"stream": STREAM, "events": chained('{"a":1}', '{"a":2}', '{"a":3}')}),
    "request.json": b'{"protocol": "2026-000001"}',
    "documents/ab-foto.jpg": bytes(range(256)),
}
WHOLE = build(FILES, {"request_id": "1"}, SECRET)


def rebuilt(**changes: bytes | None) -> bytes:
    """The same zip with other contents under the same manifest; None leaves a file out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = changes.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name] or b"")
    return out.getvalue()


def test_what_was_not_touched_is_whole_with_and_without_the_secret() -> None:
    assert verify(WHOLE) == {"ok": True, "files": 3, "events": 3, "sealed": None, "problems": []}
    assert verify(WHOLE, SECRET)["sealed"] is True
    assert build(FILES, {"request_id": "1"}, SECRET) == WHOLE


@pytest.mark.parametrize("name", sorted(FILES))
def test_one_changed_byte_is_found_and_its_file_named(name: str) -> None:
    content = bytearray(FILES[name])
    for place in range(0, len(content), 7):
        changed = bytes(content[:place]) + bytes([content[place] ^ 1]) + bytes(content[place + 1 :])
        found = verify(rebuilt(**{name: changed}))
        assert not found["ok"]
        assert any(problem.startswith(f"{name}: ") for problem in found["problems"])


def test_every_byte_of_the_file_itself_counts_or_means_nothing() -> None:
    """A flipped bit anywhere in the zip: noticed, or (a spare bit of the container) no content differs."""
    for place in range(0, len(WHOLE), 3):
        changed = WHOLE[:place] + bytes([WHOLE[place] ^ 1]) + WHOLE[place + 1 :]
        if verify(changed, SECRET)["ok"]:
            with zipfile.ZipFile(io.BytesIO(changed)) as archive:
                assert {name: archive.read(name) for name in FILES} == FILES


def test_a_file_that_is_gone_or_slipped_in_is_named() -> None:
    assert "request.json: missing or unreadable" in verify(rebuilt(**{"request.json": None}))["problems"]
    assert "extra.txt: not in the manifest" in verify(rebuilt(**{"extra.txt": b"x"}))["problems"]


def test_a_new_manifest_does_not_help() -> None:
    """Who writes another history and a manifest to fit has neither the chain of its events nor the seal."""
    forged = json.loads(FILES[EVENTS])
    forged["events"][1]["data"] = '{"a":99}'
    other = build({**FILES, EVENTS: as_json(forged)}, {"request_id": "1"}, b"x" * 32)
    found = verify(other, SECRET)
    assert found["sealed"] is False
    assert f"{EVENTS}: {STREAM}@2 was changed" in found["problems"]
    assert f"{EVENTS}: {STREAM}@2 was changed" in verify(other)["problems"]
    shortened = {"stream": STREAM, "events": [*forged["events"][:1], forged["events"][2]]}
    cut = verify(build({EVENTS: as_json(shortened)}, {}, SECRET))
    assert f"{EVENTS}: {STREAM}@2 is missing" in cut["problems"]


@pytest.mark.parametrize(
    "content", [b"", b"no zip", WHOLE[:100], rebuilt(**{MANIFEST: b"[]"}), rebuilt(**{MANIFEST: b"{"})]
)
def test_what_is_no_dossier_is_told_and_nothing_breaks(content: bytes) -> None:
    found = verify(content, SECRET)
    assert not found["ok"]
    assert found["problems"]
