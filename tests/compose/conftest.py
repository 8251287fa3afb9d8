"""The system of docker-compose.yml, which ``make test-compose`` has brought up."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence

import pytest

from tests.system.house import House
from tests.system.running import PROJECT, System

ADD_USER = """
import json, os, sys
from gateway.identity.passwords import Argon2Passwords
from gateway.identity.users import UserStore
from services.store.database import Database
login, roles, contacts = json.loads(sys.argv[1])
UserStore(Database(os.environ["VIGENCIA_DATABASE_URL"]), Argon2Passwords()).put(
    login, login, roles, password="segredo", contacts=contacts
)
"""


class Containers(System):
    """Reached from outside over the published port; administered from within the gateway's container."""

    def __init__(self) -> None:
        self.url = os.environ["VIGENCIA_URL"]
        self.project = os.environ["VIGENCIA_COMPOSE_PROJECT"]
        name, password = self.inside("gateway", "python", "-m", "deploy.docker.login").split()
        self.admin = (name, password)

    def add_user(self, login: str, *roles: str, contacts: Sequence[dict[str, str]] = ()) -> tuple[str, str]:
        import json

        told = json.dumps([login, roles, list(contacts)])
        self.inside("gateway", "/app/deploy/docker/entrypoint.sh", "python", "-c", ADD_USER, told)
        return login, "segredo"

    def inside(self, service: str, *command: str) -> str:
        """Runs something in a service's container; what it prints."""
        return self.compose("exec", "-T", service, *command)

    def compose(self, *words: str) -> str:
        return self.docker("compose", "-p", self.project, *words)

    def docker(self, *words: str) -> str:
        command = ["docker", *words]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout


@pytest.fixture(scope="session")
def system() -> Containers:
    return Containers()


@pytest.fixture(scope="module")
def house(system: Containers) -> Iterator[House]:
    made = House(system)
    yield made
    made.close()
