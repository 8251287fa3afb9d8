"""Writes the event catalogue, one page a service, from the event classes: ``python -m vigencia.catalogue [FOLDER]``."""

from __future__ import annotations

import sys
from pathlib import Path

from services.catalogue import markdown
from vigencia.composition import components

FOLDER = Path(__file__).parent.parent / "docs" / "events"


def pages() -> dict[str, str]:
    """File name → text."""
    return {f"{name}.md": markdown(made) for name, made in components().items() if made.aggregates}


def main(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
