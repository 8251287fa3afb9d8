"""``vigencia dossier verify``: without any system, a changed byte is named and shows in the exit code."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from services.dossier import build
from vigencia.cli import app


def run(*args: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["--lang", "en", "dossier", "verify", *args])
    return done.exit_code, done.output


def test_a_whole_one_is_told_so_and_a_changed_one_by_name(tmp_path: Path) -> None:
    whole = tmp_path / "dossier.zip"
    content = build({"request.json": b"{}" * 400}, {"request_id": "1"}, b"s" * 32)
    whole.write_bytes(content)
    code, said = run(str(whole))
    assert (code, "unaltered: 1 files" in said) == (0, True)
    changed = tmp_path / "changed.zip"
    place = content.index(b"request.json", content.index(b"PK", 10)) + len("request.json") + 2
    changed.write_bytes(content[:place] + bytes([content[place] ^ 255]) + content[place + 1 :])
    code, said = run(str(changed), "--json")
    assert code == 1
    assert json.loads(said.splitlines()[0])["problems"] == ["request.json: missing or unreadable"]
