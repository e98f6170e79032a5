"""A server given by the environment is used, left running, and left as it was found."""

import pytest
from sqlalchemy import make_url

from tests.servers.postgres import GivenPostgres, PrivatePostgres, postgres_server
from tests.servers.rabbitmq import GivenRabbitMQ, rabbitmq_server
from tests.servers.server import GivenServer, NotPrivate

BROKER = "amqp://someone:secret@broker.example:5672/given"
DATABASE = "postgres://someone:s%40cret@db.example/given?sslmode=require"


def test_amqp_uri_takes_the_place_of_a_private_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMQP_URI", BROKER)

    with rabbitmq_server() as broker:
        assert (broker.private, broker.uri) == (False, BROKER)


def test_database_url_takes_the_place_of_a_private_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", DATABASE)

    with postgres_server() as server:
        assert server.private is False
        assert server.dsn() == "postgresql://someone:s%40cret@db.example/given?sslmode=require"
        assert server.url("b") == "postgresql+psycopg2://someone:s%40cret@db.example/b?sslmode=require"


@pytest.mark.parametrize("server", [GivenRabbitMQ(BROKER), GivenPostgres(DATABASE)])
@pytest.mark.parametrize("act", ["start", "stop", "kill"])
def test_a_given_server_is_not_ours_to_control(server: GivenServer, act: str) -> None:
    with pytest.raises(NotPrivate, match=f"{server.variable} gives this server"):
        getattr(server, act)()


def test_a_given_broker_is_not_ours_to_configure() -> None:
    with pytest.raises(NotPrivate, match="AMQP_URI"):
        GivenRabbitMQ(BROKER).create_vhost("another")
    with pytest.raises(NotPrivate, match="AMQP_URI"):
        GivenRabbitMQ(BROKER).ctl("status")


def test_what_was_made_on_a_given_server_goes_at_the_end(private_postgres: PrivatePostgres) -> None:
    private_postgres.execute("CREATE ROLE tester LOGIN CREATEDB CREATEROLE")
    names = "SELECT datname FROM pg_database UNION SELECT rolname FROM pg_roles"
    before = set(private_postgres.execute(names))

    with GivenPostgres(private_postgres.dsn(role="tester")) as given:
        given.create_role("lender", "secret")
        lent = make_url(given.create_database("lent", owner="lender"))
        fresh = make_url(given.fresh_database())
        during = set(private_postgres.execute(names))

    assert during - before == {("lender",), ("lent",), (fresh.database,)}
    assert (lent.username, fresh.username) == ("lender", "tester")
    assert set(private_postgres.execute(names)) == before
