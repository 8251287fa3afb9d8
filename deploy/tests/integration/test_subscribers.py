"""What another system's user may do at a real broker, and what it may not; a wiped broker knows it again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pika
import pika.exceptions
import pytest

from deploy.local.rabbitmq import SUBSCRIBERS, RabbitMQ, password_hash
from deploy.local.subscribers import Subscribers
from services.testing.servers import scratch_folder
from vigencia.subscribers import Broker, broker_elsewhere

VHOST = "vigencia"
ENVELOPE = b'{"id": "s@1"}'
Channel = Any


@pytest.fixture(scope="module")
def server() -> Iterator[RabbitMQ]:
    folder = scratch_folder()
    made = RabbitMQ(folder / "rabbitmq", ["billing"], vhost=VHOST, durable=False, remove=folder).start()
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def broker(server: RabbitMQ) -> Broker:
    kept = Subscribers(Path(server.folder) / SUBSCRIBERS, password_hash)
    management = f"http://127.0.0.1:{server.management_port}"
    return Broker(kept, management, ("admin", server.password("admin")), VHOST, server.port)


@pytest.fixture(scope="module")
def accounting(broker: Broker) -> str:
    return str(broker.add("accounting", ("billing",))["url"])


@pytest.fixture(scope="module")
def rival(broker: Broker) -> str:
    return str(broker.add("rival", ())["url"])


def connect(url: str) -> pika.BlockingConnection:
    return pika.BlockingConnection(pika.URLParameters(url))


def declare(channel: Channel, queue: str, key: str = "billing.#") -> None:
    channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
    channel.queue_bind(queue, "events", routing_key=key)


def publish(server: RabbitMQ, key: str) -> None:
    """As the relay does."""
    with connect(server.url("billing")) as connection:
        channel = connection.channel()
        channel.exchange_declare("events", "topic", durable=True)
        channel.confirm_delivery()
        channel.basic_publish("events", key, ENVELOPE, mandatory=True)


def test_it_gets_the_events_of_its_services(server: RabbitMQ, accounting: str) -> None:
    with connect(server.url("billing")) as connection:
        connection.channel().exchange_declare("events", "topic", durable=True)
    with connect(accounting) as connection:
        channel = connection.channel()
        declare(channel, "sub.accounting.books")
        publish(server, "billing.0.receivable.issued")
        (message,) = [body for _, _, body in take_one(channel, "sub.accounting.books")]
        assert message == ENVELOPE


def take_one(channel: Channel, queue: str) -> list[Any]:
    for delivery in channel.consume(queue, inactivity_timeout=30):
        channel.basic_ack(delivery[0].delivery_tag)
        channel.cancel()
        return [delivery]
    return []


FORBIDDEN: dict[str, Callable[[Channel], object]] = {
    "publish an event": lambda c: c.basic_publish("events", "billing.0.receivable.issued", b"{}"),
    "publish to a service's queue": lambda c: c.basic_publish("", "billing.contracts.0", b"{}"),
    "publish to its own queue": lambda c: c.basic_publish("", "sub.accounting.books", b"{}"),
    "read a service's queue": lambda c: c.basic_get("tickets.contracts.0"),
    "read another's queue": lambda c: c.basic_get("sub.rival.all"),
    "bind another's queue": lambda c: c.queue_bind("sub.rival.all", "events", routing_key="billing.#"),
    "empty another's queue": lambda c: c.queue_purge("sub.rival.all"),
    "delete another's queue": lambda c: c.queue_delete("sub.rival.all"),
    "make a queue of another name": lambda c: c.queue_declare("accounting", durable=True),
    "make an exchange": lambda c: c.exchange_declare("sub", "topic"),
    "delete the exchange": lambda c: c.exchange_delete("events"),
    "bind to another service": lambda c: c.queue_bind("sub.accounting.books", "events", routing_key="contracts.#"),
    "bind to everything": lambda c: c.queue_bind("sub.accounting.books", "events", routing_key="#"),
    "bind to another exchange": lambda c: c.queue_bind("sub.accounting.books", "amq.topic", routing_key="#"),
    "dead-letter into events": lambda c: c.queue_declare(
        "sub.accounting.evil", durable=True, arguments={"x-queue-type": "quorum", "x-dead-letter-exchange": "events"}
    ),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_it_can_do_nothing_else(what: str, server: RabbitMQ, accounting: str, rival: str) -> None:
    with connect(server.url("billing")) as ours, connect(rival) as others:
        ours.channel().queue_declare("tickets.contracts.0", durable=True, arguments={"x-queue-type": "quorum"})
        declare(others.channel(), "sub.rival.all", "billing.#")
    connection = connect(accounting)
    try:
        channel = connection.channel()
        declare(channel, "sub.accounting.books")
        channel.confirm_delivery()  # so that a publication that is refused is heard of
        with pytest.raises(pika.exceptions.ChannelClosedByBroker) as refused:
            FORBIDDEN[what](channel)
        assert refused.value.reply_code == 403
    finally:
        connection.close()


def test_a_wiped_broker_knows_it_again_and_the_revoked_stay_out(
    server: RabbitMQ, broker: Broker, accounting: str
) -> None:
    gone = str(broker.add("gone", ())["url"])
    connect(gone).close()
    connection = connect(gone)
    declare(connection.channel(), "sub.gone.all")
    broker.revoke("gone")
    with pytest.raises(pika.exceptions.AMQPError):
        connection.channel()  # it was thrown out
    with pytest.raises(pika.exceptions.ProbableAuthenticationError):
        connect(gone)
    with connect(server.url("admin")) as admin, pytest.raises(pika.exceptions.ChannelClosedByBroker, match="404"):
        admin.channel().queue_declare("sub.gone.all", passive=True)
    server.wipe()
    server.start()
    with connect(server.url("billing")) as ours:
        ours.channel().exchange_declare("events", "topic", durable=True)
    with connect(accounting) as connection:
        declare(connection.channel(), "sub.accounting.books")
        with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="403"):
            connection.channel().queue_declare("accounting", durable=True)
    with pytest.raises(pika.exceptions.ProbableAuthenticationError):
        connect(gone)


def test_a_broker_elsewhere_is_told_by_its_http_interface_and_again_after_a_loss(
    server: RabbitMQ, tmp_path: Path
) -> None:
    """Named by settings alone, as one in containers or the company's own: nothing of its folder is known."""
    (tmp_path / "password").write_text(server.password("admin") + "\n")
    settings = {
        "VIGENCIA_BROKER_MANAGEMENT": f"http://127.0.0.1:{server.management_port}/",
        "VIGENCIA_BROKER_USER": "admin",
        "VIGENCIA_BROKER_PASSWORD_FILE": str(tmp_path / "password"),
        "VIGENCIA_BROKER_AMQP": f"amqp://localhost:{server.port}",
        "VIGENCIA_BROKER_VHOST": VHOST,
    }
    abroad = broker_elsewhere(tmp_path / "kept", settings)
    assert abroad is not None
    url = str(abroad.add("warehouse", ("billing",))["url"])
    assert f"@localhost:{server.port}/{VHOST}" in url
    with connect(url) as connection:
        declare(connection.channel(), "sub.warehouse.books")
    place = f"http://127.0.0.1:{server.management_port}/api/users/sub.warehouse"
    httpx.delete(place, auth=("admin", server.password("admin"))).raise_for_status()
    with pytest.raises(pika.exceptions.AMQPError):
        connect(url)
    again = broker_elsewhere(tmp_path / "kept", settings)
    assert again is not None
    assert [each["name"] for each in again.apply()] == ["warehouse"]
    connect(url).close()
    again.revoke("warehouse")
    with pytest.raises(pika.exceptions.AMQPError):
        connect(url)
    assert broker_elsewhere(tmp_path, {}) is None
    with pytest.raises(KeyError, match="VIGENCIA_BROKER_PASSWORD"):
        broker_elsewhere(tmp_path, {"VIGENCIA_BROKER_MANAGEMENT": "http://127.0.0.1:1"})
