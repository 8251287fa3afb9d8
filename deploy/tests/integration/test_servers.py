"""Private servers: what they keep when they are killed, what they know after a wipe, and that nothing stays behind."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pika
import psycopg
import pytest

from deploy.local import system
from deploy.local.postgres import Postgres
from deploy.local.rabbitmq import RabbitMQ
from services.testing.servers import scratch_folder

OWNER = """
import sys
from pathlib import Path
from deploy.local.postgres import Postgres
server = Postgres(Path(sys.argv[1]), ["billing"], durable=False).start()
print(server.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    made = scratch_folder()
    yield made
    shutil.rmtree(made)


def _libpq(server: Postgres, service: str) -> str:
    return server.url(service).replace("+psycopg", "")


def test_what_postgresql_committed_survives_kill_9(folder: Path) -> None:
    """Also with a test's settings, which trade only the machine's sudden death for speed."""
    server = Postgres(folder / "postgres", ["billing"], durable=False).start()
    try:
        with psycopg.connect(_libpq(server, "billing"), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (number int)")
            connection.execute("INSERT INTO kept VALUES (1)")
        server.kill()
        server.start()
        with psycopg.connect(_libpq(server, "billing")) as connection:
            assert connection.execute("SELECT number FROM kept").fetchall() == [(1,)]
    finally:
        server.stop()


def test_a_role_reaches_its_own_database_alone(folder: Path) -> None:
    server = Postgres(folder / "postgres", ["billing", "tickets"], durable=False).start()
    try:
        foreign = _libpq(server, "billing").rpartition("/")[0] + "/tickets"
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(foreign)
    finally:
        server.stop()


def test_a_server_ends_with_its_owner_even_when_that_is_killed(folder: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder / "postgres")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert owner.stdout is not None
    assert owner.stdin is not None
    pid = int(owner.stdout.readline())
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    owner.stdin.close()
    system.wait_until(lambda: not system.alive(pid), 20, "the server's end")


def test_a_wiped_broker_knows_its_users_and_nothing_else(folder: Path) -> None:
    server = RabbitMQ(folder / "rabbitmq", ["billing"], vhost="vigencia", durable=False, management=False).start()
    try:
        before = server.url("billing")
        with pika.BlockingConnection(pika.URLParameters(before)) as connection:
            connection.channel().queue_declare("kept", durable=True)
        server.wipe()
        server.start()
        assert server.url("billing") == before
        with (
            pika.BlockingConnection(pika.URLParameters(before)) as connection,
            pytest.raises(pika.exceptions.ChannelClosedByBroker, match="NOT_FOUND"),
        ):
            connection.channel().queue_declare("kept", passive=True)
    finally:
        server.stop()
