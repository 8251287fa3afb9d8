"""Settings from the environment (``VIGENCIA_…``) and the secrets file. No setting has a secret as default."""

from __future__ import annotations

import json
import os
import secrets as random_secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from environs import Env

SERVICES = ("contracts", "billing", "tickets", "feedback", "gateway")
SHARED = ("tokens", "seals")
"""Secrets of all gateways of an installation. ``tokens`` signs what passes, and is rotated; ``seals`` signs what stays:
dossiers, addresses of calendars."""
FORMER = "_former"
LOOK_SECONDS = 5.0
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
        known = {**{each: random_secrets.token_hex(32) for each in (*SERVICES, *SHARED)}, **known}
        known.setdefault(name, random_secrets.token_hex(32))
        fresh = _fresh(var, known)
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


class SecretGiven(Exception):
    """The secret comes from the environment: what gives it there has to be changed."""


def rotate_secret(var: Path, name: str, *, forget: bool = False) -> tuple[bytes, ...]:
    """Make another secret of that name: the one that signed until now is believed until the next rotation, or, with
    ``forget``, no more. Raises ``SecretGiven`` where the file has no say."""
    variable = f"VIGENCIA_SECRET_{name.upper()}"
    if os.environ.get(variable):
        raise SecretGiven(variable)
    signed = secret_for(var, name).decode()
    path = var / "secrets.json"
    known = json.loads(path.read_text())
    known[name] = random_secrets.token_hex(32)
    known.pop(name + FORMER, None)
    if not forget:
        known[name + FORMER] = signed
    os.replace(_fresh(var, known), path)
    return secrets_now(var, name)


def secrets_now(var: Path, name: str) -> tuple[bytes, ...]:
    """The secret that signs, then the former one if it is still believed (``VIGENCIA_SECRET_<NAME>_FORMER``, or the file)."""
    first = secret_for(var, name)
    variable = f"VIGENCIA_SECRET_{name.upper()}"
    if os.environ.get(variable):
        former = os.environ.get(variable + FORMER.upper())
    else:
        path = var / "secrets.json"
        former = json.loads(path.read_text()).get(name + FORMER) if path.exists() else None
    return (first, former.encode()) if former else (first,)


def secrets_of(var: Path, name: str) -> Callable[[], tuple[bytes, ...]]:
    """What gives the secrets that hold now; looked up again every few seconds, so that a rotation needs no restart."""
    held, looked = secrets_now(var, name), time.monotonic()

    def now() -> tuple[bytes, ...]:
        nonlocal held, looked
        if time.monotonic() - looked > LOOK_SECONDS:
            held, looked = secrets_now(var, name), time.monotonic()
        return held

    return now


def _fresh(var: Path, known: dict[str, str]) -> Path:
    """A new file beside the one that it replaces, for its owner's eyes."""
    fresh = var / f".secrets.{os.getpid()}.{random_secrets.token_hex(4)}"
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(known, indent=1))
    return fresh
