"""Makes the installation's passwords, once, each into the volume of who needs it: ``python -m deploy.docker.first_start``.

    /secrets/postgres/{superuser,contracts,billing,…}   PostgreSQL reads them when it creates its roles
    /secrets/rabbitmq/definitions.json                  RabbitMQ reads it at every start: users come back after a wipe
    /secrets/<service>/env                              a service's own two URLs, readable by its user alone

A volume that has its file keeps it; a service whose volume was lost gets the password that the others still know.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path

from deploy.local.rabbitmq import definitions

SERVICES = ("contracts", "billing", "tickets", "feedback", "gateway")
VHOST = "vigencia"
ROOT = Path("/secrets")
SERVICE_UID, ROOT_UID = 10001, 0


def main(root: Path = ROOT) -> int:
    broker_passwords = _kept(root / "rabbitmq" / "passwords.json", ("admin", *SERVICES), mode=0o400)
    for role in ("superuser", *SERVICES):
        _write(root / "postgres" / role, secrets.token_hex(24), 0o444)
    _write(root / "rabbitmq" / "definitions.json", json.dumps(definitions(broker_passwords, VHOST), indent=1), 0o444)
    for service in SERVICES:
        database_password = (root / "postgres" / service).read_text()
        lines = (
            f"VIGENCIA_DATABASE_URL=postgresql+psycopg://{service}:{database_password}@postgres:5432/{service}",
            f"VIGENCIA_AMQP_URL=amqp://{service}:{broker_passwords[service]}@rabbitmq:5672/{VHOST}",
        )
        _write(root / service / "env", "\n".join(lines) + "\n", 0o400, SERVICE_UID)
        os.chown(root / service, SERVICE_UID, -1)  # the service keeps its own secrets beside it
        (root / service).chmod(0o700)
    return 0


def _kept(file: Path, names: tuple[str, ...], mode: int) -> dict[str, str]:
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    if missing := [name for name in names if name not in known]:
        known |= {name: secrets.token_hex(24) for name in missing}
        file.unlink(missing_ok=True)
        _write(file, json.dumps(known), mode)
    return known


def _write(file: Path, text: str, mode: int, uid: int | None = None) -> None:
    """Writes a file that is not there yet, whole or not at all."""
    if file.exists():
        return
    draft = file.with_name(f".{file.name}.part")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    owner = ROOT_UID if uid is None else uid
    os.chown(draft, owner, -1)
    draft.chmod(mode)
    draft.replace(file)


if __name__ == "__main__":
    sys.exit(main())
