"""``python -m tests.conformance [FILE]``: the facts of FILE (default: cases.json here) against the domain."""

from __future__ import annotations

import sys
from pathlib import Path

import tests.conformance.adapters  # noqa: F401  (registers them)
from tests.conformance.runner import CASES, load, report, run_all


def main(arguments: list[str]) -> int:
    if len(arguments) > 1:
        print("usage: python -m tests.conformance [FILE]", file=sys.stderr)
        return 2
    path = Path(arguments[0]) if arguments else CASES
    try:
        cases = load(path)
    except (OSError, ValueError, KeyError) as error:
        print(f"{path} holds no cases that can be read: {error}", file=sys.stderr)
        return 2
    return 0 if report(run_all(cases), sys.stdout) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
