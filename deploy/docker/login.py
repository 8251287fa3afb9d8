"""Prints the first user's name and password: ``docker compose exec gateway python -m deploy.docker.login``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from services.settings import secret_for


def main() -> int:
    print("admin", secret_for(Path(os.environ["VIGENCIA_VAR"]), "admin").decode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
