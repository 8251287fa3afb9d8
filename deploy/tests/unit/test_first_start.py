"""The passwords of an installation in containers: made once, each where it is needed and nowhere else."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path

import pytest

from deploy.docker import first_start
from deploy.local.rabbitmq import definitions, password_hash

SERVICES = first_start.SERVICES


@pytest.fixture
def volumes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(first_start, "SERVICE_UID", os.getuid())
    monkeypatch.setattr(first_start, "ROOT_UID", os.getuid())
    for name in ("postgres", "rabbitmq", *SERVICES):
        (tmp_path / name).mkdir()
    return tmp_path


def _all(volumes: Path) -> dict[str, str]:
    return {str(path.relative_to(volumes)): path.read_text() for path in sorted(volumes.rglob("*")) if path.is_file()}


def test_a_second_start_changes_no_password(volumes: Path) -> None:
    first_start.main(volumes)
    before = _all(volumes)
    first_start.main(volumes)
    assert _all(volumes) == before


def test_each_service_knows_its_own_two_passwords_alone(volumes: Path) -> None:
    first_start.main(volumes)
    broker = json.loads((volumes / "rabbitmq/passwords.json").read_text())
    for service in SERVICES:
        told = (volumes / service / "env").read_text()
        assert f"//{service}:{(volumes / 'postgres' / service).read_text()}@postgres:5432/{service}\n" in told
        assert f"//{service}:{broker[service]}@rabbitmq:5672/vigencia\n" in told
        assert not [other for other in SERVICES if other != service and broker[other] in told]


def test_a_lost_volume_of_a_service_is_filled_with_what_the_servers_know(volumes: Path) -> None:
    first_start.main(volumes)
    before = (volumes / "billing/env").read_text()
    (volumes / "billing/env").unlink()
    first_start.main(volumes)
    assert (volumes / "billing/env").read_text() == before


def test_files_of_passwords_are_closed(volumes: Path) -> None:
    first_start.main(volumes)
    assert (volumes / "billing").stat().st_mode & 0o777 == 0o700
    assert (volumes / "billing/env").stat().st_mode & 0o777 == 0o400


def test_definitions_hold_hashes_and_rights_but_no_password() -> None:
    made = definitions({"admin": "segredo-a", "billing": "segredo-b"}, "vigencia")
    assert [(user["name"], user["tags"]) for user in made["users"]] == [("admin", ["administrator"]), ("billing", [])]
    assert {(each["user"], each["vhost"]) for each in made["permissions"]} == {
        ("admin", "vigencia"),
        ("billing", "vigencia"),
    }
    assert "segredo" not in json.dumps(made)


def test_a_password_hash_is_salted_sha256() -> None:
    """As https://www.rabbitmq.com/docs/passwords computes it: base64(salt + sha256(salt + password))."""
    raw = base64.b64decode(password_hash("segredo"))
    assert raw[4:] == hashlib.sha256(raw[:4] + b"segredo").digest()
    assert password_hash("segredo") != password_hash("segredo")
