"""The broker as deploy/ sets it up: the platform's topology can be used, and each part's user has no other rights."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from amqp.exceptions import AccessRefused, NotAllowed, PreconditionFailed
from kombu import Connection, Producer, Queue

from services.audit.announcing import WITNESSED
from shared.messaging import topology
from shared.messaging.heads import HEADS
from shared.messaging.topology import CALLS, DEAD_QUEUE, EVENTS, call_queue, heads_queue
from shared.runtime.install import queues
from shared.runtime.lines import services_found
from tests.deploy.deployed import DeployedRabbitMQ, make_secrets, variables
from tests.servers.process import ServerFault
from tests.servers.sockets import listening_addresses

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif("AMQP_URI" in os.environ, reason="a broker of one's own is needed, to be configured"),
]


@pytest.fixture(scope="module")
def broker() -> Iterator[DeployedRabbitMQ]:
    with DeployedRabbitMQ() as made:
        yield made


@pytest.fixture(scope="module")
def secrets(broker: DeployedRabbitMQ, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_secrets(tmp_path_factory.mktemp("secrets") / "ggzy", broker)
    broker.set_up(made)
    broker.set_up(made)  # it may be repeated
    topology.declare(variables(made, "migrate")["GGZY_BROKER"], queues())
    return made


@pytest.fixture(params=services_found())
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def connect(secrets: Path) -> Iterator[Callable[[str], Connection]]:
    opened: list[Connection] = []

    def made(part: str) -> Connection:
        opened.append(Connection(variables(secrets, part)["GGZY_BROKER"]))
        return opened[-1]

    yield made
    for connection in opened:
        connection.collect()


Connect = Callable[[str], Connection]


def test_nobody_is_let_in_as_guest(broker: DeployedRabbitMQ, secrets: Path) -> None:
    listed = broker.ctl("list_users").split()

    assert "guest" not in listed
    with Connection(broker.uri) as connection, pytest.raises(AccessRefused):
        connection.connect()


def test_the_broker_listens_on_loopback_only(broker: DeployedRabbitMQ) -> None:
    assert {address.is_loopback for address, _port in listening_addresses({broker.port})} == {True}


def test_every_durable_queue_is_a_quorum_queue(broker: DeployedRabbitMQ, secrets: Path) -> None:
    rows = [line.split("\t") for line in broker.ctl("list_queues", "--vhost", "ggzy", "name", "type").splitlines()]

    assert {name for name, _type in rows[1:]} == {queue.name for queue in (*queues(), DEAD_QUEUE)}
    assert {type_ for _name, type_ in rows[1:]} == {"quorum"}


def test_a_service_declares_and_consumes_its_queues_and_replies(service: str, connect: Connect) -> None:
    channel = connect(service).channel()
    for entity in (EVENTS, CALLS, DEAD_QUEUE):
        entity(channel).declare()

    own = [queue for queue in queues() if queue.name.split("-", 1)[1].removesuffix("_views") == service]
    for queue in own:
        queue(channel).declare()
        queue(channel).consume()
    _publish(connect(service), CALLS.name, "amq.gen-somebody", mandatory=False)

    assert own


def test_a_service_tells_events_in_its_own_name_alone(service: str, connect: Connect) -> None:
    _publish(connect(service), EVENTS.name, f"{service}.something_done", mandatory=False)

    with pytest.raises(AccessRefused):
        _publish(connect(service), EVENTS.name, "elsewhere.something_done")


def test_a_service_calls_no_other(service: str, connect: Connect) -> None:
    for other in services_found():
        with pytest.raises(AccessRefused):
            _publish(connect(service), CALLS.name, f"{other}.command")


def test_a_service_touches_no_queue_of_another(service: str, connect: Connect) -> None:
    strange = next(queue for queue in queues() if service not in queue.name)

    with pytest.raises(AccessRefused):
        connect(service).channel().queue_delete(strange.name)
    with pytest.raises(AccessRefused):
        connect(service).channel().queue_purge(strange.name)
    with pytest.raises(AccessRefused):
        connect(service).channel().basic_get(strange.name)
    with pytest.raises(AccessRefused):
        _publish(connect(service), "", strange.name)


def test_a_service_makes_nothing_of_its_own(service: str, connect: Connect) -> None:
    with pytest.raises(AccessRefused):
        Queue("another")(connect(service).channel()).declare()
    with pytest.raises(AccessRefused):
        connect(service).channel().exchange_declare("another", "topic")


def test_a_service_does_not_listen_to_calls_of_another(service: str, connect: Connect) -> None:
    other = next(name for name in services_found() if name != service)
    channel = connect(service).channel()

    with pytest.raises(AccessRefused):
        channel.queue_bind(f"rpc-{service}", CALLS.name, f"{other}.*")


def test_no_part_enters_another_vhost(broker: DeployedRabbitMQ, secrets: Path) -> None:
    broker.ctl("add_vhost", "other")

    for path in secrets.glob("*.env"):
        uri = variables(secrets, path.stem)["GGZY_BROKER"].replace("/ggzy", "/other")
        with Connection(uri) as connection, pytest.raises((NotAllowed, AccessRefused)):
            connection.connect()


def test_the_audit_asks_for_records_and_tells_what_is_witnessed(connect: Connect) -> None:
    _publish(connect("audit"), CALLS.name, "bidding_views.resend")
    _publish(connect("audit"), EVENTS.name, WITNESSED)


def test_the_door_calls_and_listens_and_tells_nothing(connect: Connect) -> None:
    channel = connect("portal").channel()
    queue = channel.queue_declare("", exclusive=True, auto_delete=True).queue
    channel.queue_bind(queue, CALLS.name, queue)
    channel.queue_bind(queue, EVENTS.name, "bidding.#")
    for method in ("command", "probe"):
        _publish(connect("portal"), CALLS.name, f"bidding.{method}")
    _publish(connect("portal"), CALLS.name, "audit_views.query")

    with pytest.raises(AccessRefused):
        _publish(connect("portal"), EVENTS.name, "bidding.bid_received")
    with pytest.raises(AccessRefused):
        _publish(connect("portal"), CALLS.name, "bidding_views.resend")
    with pytest.raises(AccessRefused):
        connect("portal").channel().basic_get(call_queue("bidding").name)


def test_the_relay_tells_for_every_service_and_calls_none(connect: Connect) -> None:
    for service in services_found():
        _publish(connect("relay"), EVENTS.name, f"{service}.head")
    with pytest.raises(AccessRefused):
        _publish(connect("relay"), CALLS.name, "bidding.command")


def test_a_service_hears_of_the_ledgers_head_on_a_queue_of_its_own(service: str, connect: Connect) -> None:
    queue = heads_queue(service, "0a1b")(connect(service).channel())
    queue.declare()
    queue.consume()

    _publish(connect("audit"), EVENTS.name, HEADS)
    with pytest.raises(AccessRefused):
        heads_queue("another", "0a1b")(connect(service).channel()).declare()


def test_the_operators_machine_gives_the_registry_commands_and_recovers_and_nothing_else(connect: Connect) -> None:
    for key in ("registry.command", "audit_views.query", "bidding_views.resend"):
        _publish(connect("operator"), CALLS.name, key)

    for exchange, key in ((CALLS.name, "bidding.command"), (CALLS.name, "registry_views.query"), (EVENTS.name, "a.b")):
        with pytest.raises(AccessRefused):
            _publish(connect("operator"), exchange, key)
    with pytest.raises(AccessRefused):
        connect("operator").channel().basic_get(call_queue("bidding").name)


def test_nobody_changes_what_a_queue_is(connect: Connect) -> None:
    with pytest.raises(PreconditionFailed):
        Queue("rpc-bidding", CALLS, routing_key="bidding.*", durable=True)(connect("bidding").channel()).declare()


def test_the_check_tells_of_dead_letters_idle_queues_and_alarms(
    broker: DeployedRabbitMQ, secrets: Path, connect: Connect
) -> None:
    told = _wrong(broker)
    assert "rpc-bidding_views" in told
    assert "alarm" not in told

    broker.ctl("set_vm_memory_high_watermark", "0.00001")
    try:
        told = _wrong(broker)
    finally:
        broker.ctl("set_vm_memory_high_watermark", "0.6")

    assert "70 %" in told
    assert "alarm" in told


def _wrong(broker: DeployedRabbitMQ) -> str:
    with pytest.raises(ServerFault) as found:
        broker.script("rabbitmq-check.sh", "ggzy")
    return str(found.value)


def _publish(connection: Connection, exchange: str, key: str, *, mandatory: bool = True) -> None:
    """Publish and wait for the broker's word. Raise what it refuses with, or AssertionError where no queue took it."""
    returned: list[object] = []
    channel = connection.channel()
    channel.confirm_select()
    acked: list[int] = []
    channel.events["basic_ack"].add(lambda tag, _multiple: acked.append(tag))
    channel.events["basic_return"].add(lambda *_: returned.append(key))
    Producer(channel).publish(b"{}", exchange=exchange, routing_key=key, mandatory=mandatory)
    while not acked:
        connection.drain_events(timeout=10)
    assert not returned
