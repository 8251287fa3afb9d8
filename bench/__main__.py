"""``python -m bench [names…] [--quick]``: measure, print a table, write ``bench/results/<time>.json``.

A whole measurement (no names, not quick) is also written to ``latest.json``.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path

from bench.machine import Machine
from bench.report import table

RESULTS = Path(__file__).parent / "results"
NAMES = (
    "append",
    "relay",
    "travel",
    "rebuild",
    "rpc",
    "gateway",
    "requests",
    "billing",
    "contracts",
    "tickets",
    "webhooks",
    "kit",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"what to measure (default: all): {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and events: a look, not a measurement")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(NAMES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    figures = []
    with Machine() as machine:
        for name in chosen.names or NAMES:
            print(f"— {name}", file=sys.stderr, flush=True)
            module = importlib.import_module(f"bench.{name}")
            figures += module.run(machine, chosen.quick, lambda line: print(f"  {line}", file=sys.stderr, flush=True))
        described = machine.describe()
    print(table(figures, described))
    document = {"machine": described, "quick": chosen.quick, "figures": [figure.to_json() for figure in figures]}
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(document, indent=1, ensure_ascii=False)
    whole = not chosen.quick and not chosen.names  # only a whole measurement is kept as the latest
    for file in (time.strftime("%Y%m%d-%H%M%S.json", time.gmtime()), *["latest.json"] * whole):
        (RESULTS / file).write_text(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
