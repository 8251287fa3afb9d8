"""A container's health check: exit code 0 when its service says that it is ready; else the reasons are printed."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request


def main() -> int:
    url = f"http://127.0.0.1:{os.environ['VIGENCIA_HTTP_PORT']}/health/ready"
    try:
        with urllib.request.urlopen(url, timeout=5):
            return 0
    except urllib.error.HTTPError as answer:
        print(answer.read().decode(errors="replace")[:1000])
    except OSError as problem:
        print(problem)
    return 1


if __name__ == "__main__":
    sys.exit(main())
