"""pytest's part of the test kit: real servers as fixtures, started at most once, and marks by folder.

    def test_append(postgres_url: str) -> None: ...          # a fresh, empty database of this test alone
    def test_relay(amqp_url: str) -> None: ...               # a fresh virtual host of this test alone

A test under ``integration/``, ``system/``, ``faults/`` or ``compose/`` gets that mark. What needs no server runs
first, the faults last. Registered in pyproject.toml (``-p services.testing.plugin``).
"""

from __future__ import annotations

from collections.abc import Iterator

# Imported before any test: imported as late as at the session's end, it compiles while garbage is collected, which
# Python 3.11 before 3.11.8 may take for a recursion error (cpython issue 106905).
import hypothesis  # noqa: F401
import pytest

from services.testing.servers import Broker, Database, Servers

STAGES = ("integration", "system", "faults", "compose")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks each test by its folder, and orders the stages from quick to slow."""

    def stage(item: pytest.Item) -> int:
        folders = item.path.parent.parts
        marks = [index for index, name in enumerate(STAGES, 1) if name in folders or item.get_closest_marker(name)]
        return max(marks, default=0)

    for item in items:
        if found := stage(item):
            item.add_marker(STAGES[found - 1])
    items.sort(key=stage)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Real RabbitMQ and PostgreSQL, each started when first asked for and ended with the session."""
    with Servers() as servers:
        yield servers


@pytest.fixture(scope="session")
def rabbitmq(servers: Servers) -> Broker:
    """The session's broker: ``.new_url()`` makes a virtual host, ``.api(…)`` speaks to its HTTP interface."""
    return servers.rabbitmq()


@pytest.fixture(scope="session")
def postgres(servers: Servers) -> Database:
    """The session's PostgreSQL: ``.new_url()`` makes a database."""
    return servers.postgres()


@pytest.fixture
def amqp_url(rabbitmq: Broker) -> Iterator[str]:
    """A virtual host of this test alone."""
    url = rabbitmq.new_url()
    yield url
    rabbitmq.drop(url)


@pytest.fixture
def postgres_url(postgres: Database) -> Iterator[str]:
    """SQLAlchemy's URL of a fresh, empty database of this test alone."""
    url = postgres.new_url()
    yield url
    postgres.drop(url)
