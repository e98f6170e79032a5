"""The database server of the tests is a real PostgreSQL whose commits outlive it."""

import os
import secrets
import signal
from contextlib import closing

import psycopg2
import pytest
from psycopg2.sql import SQL
from sqlalchemy import create_engine, text

from tests.servers.postgres import Postgres, PrivatePostgres
from tests.servers.process import ServerFault
from tests.servers.sockets import listening_addresses


def setting(server: Postgres, name: str) -> str:
    return str(server.execute(SQL("SHOW " + name))[0][0])


def test_the_url_of_a_fresh_database_serves_sqlalchemy(postgres: Postgres) -> None:
    engine = create_engine(postgres.fresh_database())

    with engine.connect() as connection:
        found = connection.scalar(text("SELECT '公共资源交易'"))
    engine.dispose()

    assert found == "公共资源交易"


def test_fresh_databases_share_nothing(postgres: Postgres) -> None:
    assert postgres.fresh_database() != postgres.fresh_database()


def test_a_role_may_do_as_it_likes_in_its_database_alone(postgres: Postgres) -> None:
    name = f"land_{secrets.token_hex(4)}"
    postgres.create_role(name, "secret")
    postgres.create_database(name, owner=name)

    with closing(psycopg2.connect(postgres.dsn(name, role=name, password="secret"))) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE parcel (id bigint)")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("CREATE DATABASE another")


@pytest.mark.usefixtures("private_postgres")
def test_commits_are_durable_and_pages_are_checked_unless_told_otherwise() -> None:
    durable = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on"}
    durable |= {"lc_collate": "C.UTF-8", "TimeZone": "UTC"}

    with PrivatePostgres() as server:
        assert {name: setting(server, name) for name in durable} == durable


def test_committed_rows_outlive_a_kill_and_a_stop(private_postgres: PrivatePostgres) -> None:
    private_postgres.create_database("crash")
    private_postgres.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number", "crash")

    private_postgres.kill()
    private_postgres.start()
    private_postgres.execute("INSERT INTO kept VALUES (1001)", "crash")
    private_postgres.stop()
    private_postgres.start()

    assert private_postgres.execute("SELECT count(*) FROM kept", "crash") == [(1001,)]


def test_a_server_is_revived_from_a_pause_and_from_a_kill(private_postgres: PrivatePostgres) -> None:
    os.kill(private_postgres.pid, signal.SIGSTOP)
    private_postgres.revive()
    assert private_postgres.execute("SELECT 1") == [(1,)]

    private_postgres.kill()
    private_postgres.revive()
    assert private_postgres.execute("SELECT 1") == [(1,)]


def test_the_server_listens_on_loopback_only(private_postgres: PrivatePostgres) -> None:
    addresses = listening_addresses({private_postgres.port})

    assert [(str(address), port) for address, port in addresses] == [("127.0.0.1", private_postgres.port)]


@pytest.mark.usefixtures("private_postgres")
def test_without_fsync_commits_still_outlive_a_kill() -> None:
    with PrivatePostgres(fsync=False, settings={"max_connections": "20"}) as server:
        server.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")

        server.kill()
        server.start()

        assert (setting(server, "fsync"), setting(server, "max_connections")) == ("off", "20")
        assert server.execute("SELECT count(*) FROM kept") == [(1000,)]


@pytest.mark.usefixtures("private_postgres")
def test_a_server_that_cannot_start_says_why() -> None:
    server = PrivatePostgres(settings={"no_such_setting": "1"})

    with pytest.raises(ServerFault, match="no_such_setting"):
        server.__enter__()

    assert not server.directory.exists()
