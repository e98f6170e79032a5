"""The broker of the tests is a real RabbitMQ whose confirmed messages outlive it."""

from typing import Any

import pytest
from kombu.connection import Connection
from kombu.entity import Queue

from tests.servers.process import ServerFault
from tests.servers.rabbitmq import PrivateRabbitMQ, RabbitMQ
from tests.servers.sockets import listening_addresses


def put(uri: str, queue: str, body: dict[str, Any]) -> None:
    """Publish to a durable queue and wait until the broker confirms."""
    with Connection(uri, transport_options={"confirm_publish": True}) as connection:
        connection.Producer().publish(body, routing_key=queue, declare=[Queue(queue, durable=True)], timeout=10)


def take(uri: str, queue: str) -> Any:
    with Connection(uri) as connection:
        received = connection.SimpleQueue(queue).get(timeout=10)
        received.ack()
        return received.payload


def test_clients_are_served(rabbitmq: RabbitMQ) -> None:
    put(rabbitmq.uri, "servers.greeting", {"greeting": "你好"})

    assert take(rabbitmq.uri, "servers.greeting") == {"greeting": "你好"}
    with Connection(rabbitmq.uri) as connection:
        connection.default_channel.queue_delete("servers.greeting")  # a given broker is left as it was found


def test_durable_queues_are_quorum_queues_without_being_asked(private_rabbitmq: PrivateRabbitMQ) -> None:
    vhost = private_rabbitmq.create_vhost("quorum")

    put(vhost, "plain", {})

    assert private_rabbitmq.ctl("list_queues", "--vhost", "quorum", "name", "type").split()[-2:] == [
        "plain",
        "quorum",
    ]


def test_confirmed_messages_outlive_a_kill_and_a_stop(private_rabbitmq: PrivateRabbitMQ) -> None:
    vhost = private_rabbitmq.create_vhost("crash")
    put(vhost, "kept", {"number": 1})
    private_rabbitmq.settle()
    put(vhost, "kept", {"number": 2})

    private_rabbitmq.kill()
    private_rabbitmq.start()
    first = take(vhost, "kept")
    private_rabbitmq.stop()
    private_rabbitmq.start()
    second = take(vhost, "kept")

    assert [first, second] == [{"number": 1}, {"number": 2}]


def test_the_node_and_its_epmd_listen_on_loopback_only(private_rabbitmq: PrivateRabbitMQ) -> None:
    node = private_rabbitmq

    addresses = listening_addresses({node.port, node.distribution_port, node.epmd_port})

    assert {port for _, port in addresses} == {node.port, node.distribution_port, node.epmd_port}
    assert all(address.is_loopback for address, _ in addresses)


def test_a_running_node_is_not_started_twice(private_rabbitmq: PrivateRabbitMQ) -> None:
    with pytest.raises(ServerFault, match="runs already"):
        private_rabbitmq.start()


@pytest.mark.usefixtures("private_rabbitmq")
def test_a_node_that_cannot_start_says_why() -> None:
    node = PrivateRabbitMQ(settings={"no_such_setting": "1"})

    with pytest.raises(ServerFault, match="no_such_setting"):
        node.__enter__()

    assert not node.directory.exists()
