"""The chassis: the till as a service on both brokers, called by plain clients and by nameko's own."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import orjson
import pytest
from kombu import Connection

from shared.messaging import topology
from shared.platform import keys
from shared.platform.door import Door
from shared.platform.settings import Settings, load
from tests.runtime.till_client import send
from tests.servers.postgres import Postgres
from tests.servers.rabbitmq import RabbitMQ
from tests.store.till import asked

TILL = [sys.executable, "-W", "ignore", "-m", "tests.runtime.till_process"]
NAMEKO = [sys.executable, "-W", "ignore", "-m", "tests.runtime.nameko_client"]


@pytest.mark.system
def test_on_the_in_process_broker_commands_are_handled_and_rubbish_is_set_aside(tmp_path: Path) -> None:
    done = subprocess.run(
        [*TILL, str(tmp_path), "embedded://", "sqlite"], capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stdout.splitlines()) == (0, ["handled 50", "ready"])
    assert done.stderr.count("message_dead_lettered") == 2


@dataclass
class Served:
    """A till that runs on real servers."""

    settings: Settings
    process: subprocess.Popen[str]


@pytest.fixture(scope="module")
def till(rabbitmq: RabbitMQ, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    url = postgres.fresh_database()
    postgres.execute("CREATE SCHEMA till", url.rsplit("/", 1)[1].split("?")[0])
    database = f"{url}{'&' if '?' in url else '?'}application_name={{service}}"
    settings = load(data=tmp_path_factory.mktemp("till"), broker=rabbitmq.uri, database=database)
    command = [*TILL, str(settings.data), settings.broker, settings.database]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield Served(settings, process)
    process.stdout.close()
    process.terminate()
    process.wait(30)


def test_a_batch_is_answered_in_order_and_duplicates_get_the_same_answer(till: Served) -> None:
    arrivals = [asked(f"a{number}", 0, stream=f"s{number % 5}") for number in range(100)]

    first, again = send(till.settings, arrivals), send(till.settings, arrivals)

    assert [reply["result"]["outcome"]["id"] for reply in first] == [arrival.id for arrival in arrivals]
    assert again == first


@pytest.mark.parametrize("body", [b"not json", b"{}", b'{"args":[],"kwargs":{"asked":1}}', b"[]", b"null", b"\xff\xfe"])
def test_a_message_that_is_no_call_is_set_aside_and_the_service_lives(till: Served, body: bytes) -> None:
    with Connection(till.settings.broker) as connection:
        dead = topology.DEAD_QUEUE(connection.channel())
        dead.declare()
        dead.purge()

        (reply,) = send(till.settings, [asked(f"after {body!r}".encode().hex()[:60], 0, stream="s9")], raw=[body])

        until = monotonic() + 20
        while (message := dead.get(no_ack=True)) is None and monotonic() < until:
            sleep(0.1)  # the broker moves what is rejected in its own time

    assert reply["result"]["outcome"]["refusal"] is None
    assert message is not None
    found = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
    assert found == body


def test_a_command_that_the_door_did_not_sign_is_not_handled(till: Served) -> None:
    signed = Door(keys.Keyring(till.settings.data / "keys").signing(keys.DOOR)).command(asked("forged", 1, stream="s1"))
    forged = orjson.dumps({"args": [], "kwargs": {**signed, "asked": signed["asked"].replace('"fen":1', '"fen":9')}})

    send(till.settings, [asked("behind", 0, stream="s1")], raw=[forged])
    (reply,) = send(till.settings, [asked("forged", 1, stream="s1")])

    assert reply["result"]["outcome"]["refusal"] is None  # its id was not used up by the forgery


def test_namekos_own_client_can_call_it(till: Served) -> None:
    door = Door(keys.Keyring(till.settings.data / "keys").signing(keys.DOOR))
    call = orjson.dumps(door.command(asked("by-nameko", 0, stream="s2"))).decode()

    done = subprocess.run([*NAMEKO, till.settings.broker, call], capture_output=True, text=True, timeout=60, check=True)

    assert orjson.loads(done.stdout)["outcome"]["id"] == "by-nameko"
