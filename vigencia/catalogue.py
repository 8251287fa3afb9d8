"""Writes the event catalogue from the event classes: ``python -m vigencia.catalogue [FOLDER]``.

docs/events/<service>.md           a page a service
gateway/static/events/asyncapi.json   the same for programs and for the gateway's page: it imports no service
vigencia/meanings.toml             (read) what events mean whose class does not say it
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

from services.asyncapi import document
from services.catalogue import markdown
from vigencia import __version__
from vigencia.composition import components

PROJECT = Path(__file__).parent.parent
FOLDER = PROJECT / "docs" / "events"
DOCUMENT = PROJECT / "gateway" / "static" / "events" / "asyncapi.json"


def pages() -> dict[str, str]:
    """File name → text."""
    said, examples = meanings(), goldens()
    return {f"{name}.md": markdown(made, said, examples) for name, made in components().items() if made.aggregates}


def asyncapi() -> dict[str, Any]:
    emitting = {name: made for name, made in components().items() if made.aggregates}
    return document(emitting, goldens(), meanings(), __version__)


def written(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def meanings() -> dict[str, str]:
    """Event type → what happened, and when."""
    return tomllib.loads(Path(__file__).with_name("meanings.toml").read_text("utf-8"))


def goldens() -> dict[str, dict[int, dict[str, Any]]]:
    """Event type → version → an example of its data: the golden files of all services."""
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for path in sorted(PROJECT.glob("*_service/tests/golden/*.json")):
        kind, version, data = json.loads(path.read_text("utf-8")).values()
        found.setdefault(kind, {})[version] = data
    return found


def main(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text)
    if folder == FOLDER:
        DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
        DOCUMENT.write_text(written(asyncapi()))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
