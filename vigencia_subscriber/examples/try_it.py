"""The ledger against the system that runs on this machine, with a key and a user of its own: ``make ledger``.

What it is given is kept in a folder (``--folder var/ledger``), and used again the next time. All other options go to the ledger.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

NAME = "ledger"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="try_it", description="The ledger against the system that runs here.")
    parser.add_argument("--folder", type=Path, default=Path("var/ledger"))
    parser.add_argument("--store", type=Path, help="folder of the system's data; left out: var/stack or var/embedded")
    options, rest = parser.parse_known_args(arguments)
    stores = [options.store] if options.store else [Path("var/stack"), Path("var/embedded")]
    store = next((each for each in stores if (each / "run.json").exists()), None)
    if store is None:
        print("No system runs: start one with `make run` or `make stack`.", file=sys.stderr)
        return 3
    running = json.loads((store / "run.json").read_text("utf-8"))
    place = _given(options.folder / store.name, store, full=running["mode"] == "full")
    command = ["--url", running["url"], "--key", place["key"], "--database", f"sqlite:///{place['folder']}/ledger.db"]
    if place.get("amqp"):
        command += ["--amqp", place["amqp"]]
    from vigencia_subscriber.examples import ledger

    return ledger.main([*command, *rest])


def _given(folder: Path, store: Path, *, full: bool) -> dict[str, str]:
    """The key, and the broker's address with the user: as they were given the first time."""
    file = folder / "given.json"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = {"key": _vigencia("keys", "add", NAME, "--scope", "feed:billing", store=store)["key"]}
        if full:
            made["amqp"] = _vigencia("subscribers", "add", NAME, "--service", "billing", store=store)["url"]
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            json.dump(made, out)
    return {**json.loads(file.read_text("utf-8")), "folder": str(folder)}


def _vigencia(*words: str, store: Path) -> dict[str, Any]:
    command = [str(Path(sys.executable).with_name("vigencia")), *words, "--json", "--store", str(store)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


if __name__ == "__main__":
    sys.exit(main())
