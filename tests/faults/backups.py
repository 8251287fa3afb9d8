"""One service's database, dumped while it works and put back while its service is down."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from deploy.local.postgres import Postgres, binaries


def dump(postgres: Postgres, database: str, to: Path) -> Path:
    """``pg_dump``: the database at one instant."""
    _run("pg_dump", "--format=custom", f"--file={to}", f"--dbname={postgres.admin_url(database)}")
    return to


def restore(postgres: Postgres, database: str, dumped: Path) -> None:
    """The database as it was then; nobody may use it now."""
    postgres.execute(f"DROP DATABASE {database} WITH (FORCE)", f"CREATE DATABASE {database} OWNER {database}")
    _run("pg_restore", "--exit-on-error", f"--dbname={postgres.admin_url(database)}", str(dumped))


def _run(program: str, *arguments: str) -> None:
    command = [str(binaries() / program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
    assert done.returncode == 0, done.stderr
