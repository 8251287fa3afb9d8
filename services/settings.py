"""Settings from the environment (``VIGENCIA_…``) and the secrets file. No setting has a secret as default."""

from __future__ import annotations

import json
import os
import secrets as random_secrets
from dataclasses import dataclass
from pathlib import Path

from environs import Env

SERVICES = ("contracts", "billing", "tickets", "feedback", "gateway")
PARTITIONS_FULL, PARTITIONS_EMBEDDED = 4, 1


@dataclass(frozen=True, slots=True)
class Settings:
    """What one service needs to run. ``var`` is a folder for the secrets file and, embedded, the stores."""

    service: str
    database_url: str
    vault_url: str
    partitions: int
    secret: bytes
    var: Path
    mode: str = "full"
    amqp_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    http_host: str = "127.0.0.1"
    http_port: int = 0
    log_level: str = "INFO"


def from_environment(service: str) -> Settings:
    """Full mode: everything comes from the environment. Raises ``environs.EnvError`` that names what is missing."""
    env = Env()
    with env.prefixed("VIGENCIA_"):
        var = env.path("VAR", Path("var"))
        url = env.str("DATABASE_URL")
        return Settings(
            service=service,
            database_url=url,
            vault_url=env.str("VAULT_URL", url),
            partitions=env.int("PARTITIONS", PARTITIONS_FULL),
            secret=secret_for(var, service),
            var=var,
            mode=env.str("MODE", "full"),
            amqp_url=env.str("AMQP_URL"),
            host=env.str("HOST", "127.0.0.1"),
            port=env.int("PORT", 8000),
            http_host=env.str("HTTP_HOST", "127.0.0.1"),
            http_port=env.int("HTTP_PORT", 0),
            log_level=env.str("LOG_LEVEL", "INFO"),
        )


def embedded(service: str, store: Path, *, port: int = 8000) -> Settings:
    """Embedded mode: one SQLite file per service under ``store``, and its vault beside it."""
    return Settings(
        service=service,
        database_url=f"sqlite:///{store / service}.db",
        vault_url=f"sqlite:///{store / service}.vault.db",
        partitions=PARTITIONS_EMBEDDED,
        secret=secret_for(store, service),
        var=store,
        mode="embedded",
        port=port,
    )


def secret_place(var: Path, name: str) -> str:
    """Where the secret of a name is found, for people; never the secret itself."""
    variable = f"VIGENCIA_SECRET_{name.upper()}"
    return variable if os.environ.get(variable) else f"{var / 'secrets.json'} [{name}]"


def secret_for(var: Path, name: str) -> bytes:
    """The secret of one name from ``VIGENCIA_SECRET_<NAME>`` or ``<var>/secrets.json``; made at first use, mode 600."""
    from_env = os.environ.get(f"VIGENCIA_SECRET_{name.upper()}")
    if from_env:
        return from_env.encode()
    var.mkdir(parents=True, exist_ok=True)
    path = var / "secrets.json"
    for _ in range(100):
        known = json.loads(path.read_text()) if path.exists() and path.stat().st_size else {}
        if name in known:
            return str(known[name]).encode()
        known = {**{each: random_secrets.token_hex(32) for each in (*SERVICES, "tokens")}, **known}
        known.setdefault(name, random_secrets.token_hex(32))
        fresh = var / f".secrets.{os.getpid()}.{random_secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(known, indent=1))
        if path.exists():
            os.replace(fresh, path)
        else:
            try:
                os.link(fresh, path)  # the first one wins, the others read it
            except FileExistsError:
                pass
            finally:
                fresh.unlink(missing_ok=True)
    raise RuntimeError(f"no secret for {name} in {path}")
