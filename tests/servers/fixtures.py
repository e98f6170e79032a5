"""The servers as pytest fixtures: one of each a session, taken down at its end however the tests went."""

from collections.abc import Iterator

import pytest

from tests.servers.postgres import Postgres, PrivatePostgres, postgres_server
from tests.servers.rabbitmq import PrivateRabbitMQ, RabbitMQ, rabbitmq_server

SERVER_FIXTURES = frozenset({"rabbitmq", "postgres"})
"""A test that uses one of these, directly or through another fixture, is a system test."""


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMQ]:
    """Give the broker: the one that AMQP_URI names, or a private one."""
    with rabbitmq_server() as broker:
        yield broker


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Give the database server: the one that DATABASE_URL names, or a private one."""
    with postgres_server() as database:
        yield database


@pytest.fixture
def private_rabbitmq(rabbitmq: RabbitMQ) -> Iterator[PrivateRabbitMQ]:
    """Give the broker to a test that pauses, kills or configures it, which a given one does not allow."""
    if not isinstance(rabbitmq, PrivateRabbitMQ):
        pytest.skip("AMQP_URI gives the broker, so it cannot be killed or configured here")
    yield rabbitmq
    rabbitmq.revive()


@pytest.fixture
def private_postgres(postgres: Postgres) -> Iterator[PrivatePostgres]:
    """Give the database server to a test that pauses or kills it, which a given one does not allow."""
    if not isinstance(postgres, PrivatePostgres):
        pytest.skip("DATABASE_URL gives the database server, so it cannot be killed here")
    yield postgres
    postgres.revive()
