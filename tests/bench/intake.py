"""Sealed-bid intake: from the broker to a durable commit, a signed receipt, and the event on its exchange.

The platform's bidding service and relay, as an installation runs them, with everything a delivery needs: the door's
signature, the registry's credential, the one-time key's signature and the sealed meaning are all checked. The peer
(`peers/plain_intake.py`) keeps a row of the same size and dispatches it, and checks nothing. Same client, same broker
with quorum queues, same database server; whoever is not measured is held still.
"""

from collections.abc import Sequence
from contextlib import ExitStack

import orjson
from kombu import Exchange, Queue

from shared.kernel.canonical import digest
from shared.messaging.topology import event_queue
from shared.platform import keys
from shared.platform.keys import Keyring
from shared.seal.receipt import Receipt, verify_receipt
from tests.bench.bids import Desk, Prepared, announced_keys
from tests.bench.client import Client
from tests.bench.context import Bench
from tests.bench.cpu import Taken, compared, taking
from tests.bench.installation import Installation, paused, peer
from tests.bench.line import ROUNDS, Line
from tests.bidding import factories as make

BAR = 3.0
PEER = "plain nameko @rpc, SQLAlchemy and EventDispatcher"


def measure(bench: Bench) -> Sequence[Line]:
    """Return bids taken in per second, until all replies and events are in, against the peer's rows."""
    count, ours, theirs = bench.size(800, 20), [], []
    with ExitStack() as held:
        product, plain = Product(bench, held), Peer(bench, held)
        for number in range(ROUNDS):
            deliveries = product.prepare(f"tender-{number}", count)
            with paused(plain.processes):
                ours.append(product.take(deliveries))
            with paused(product.processes):
                theirs.append(plain.take(deliveries))
    return (compared("intake", "bids/s", BAR, PEER, ours=ours, theirs=theirs),)


class Product:
    """The bidding service of an installation, its relay, and a client in the place of door and audit."""

    def __init__(self, bench: Bench, held: ExitStack) -> None:
        installation = Installation(bench.folder / "intake", bench.servers, "intake", make.ANNOUNCED)
        self._keyring = Keyring(installation.settings.data / "keys")
        self._desk = Desk(installation.settings.data)
        self._client = held.enter_context(Client(installation.settings.broker, event_queue("audit", "#")))
        service, relay = installation.services("bidding"), installation.relay("bidding")
        self.processes = [held.enter_context(process) for process in (service, relay)]
        self._pids = {"service": service.pid, "relay": relay.pid, **bench.servers.pids}

    def prepare(self, tender: str, count: int) -> list[Prepared]:
        """Announce a tender and return a delivery of each of its bidders."""
        self._client.call("bidding.command", self._desk.announcing(tender))
        return self._desk.deliveries(announced_keys(self._client.events), count)

    def take(self, deliveries: Sequence[Prepared]) -> Taken:
        """Deliver all and return how fast they were taken in."""
        calls = [item.call for item in deliveries]
        taken = taking(self._pids, len(calls), lambda: self._client.call("bidding.command", calls))
        self._check(deliveries)
        return taken

    def _check(self, deliveries: Sequence[Prepared]) -> None:
        """See that every delivery has a receipt that holds, for a record that was published."""
        key, promised = self._keyring.public_text(keys.RECEIPTS), set()
        for number, item in enumerate(deliveries):
            (signed,) = orjson.loads(self._client.replies[number])["result"]["outcome"]["receipts"]
            receipt = Receipt.model_validate(signed)
            verify_receipt(receipt, key, item.sealed)
            promised.add(receipt.record_digest)
        assert promised == set(map(digest, self._client.events))


class Peer:
    """The plain service, and the same client."""

    def __init__(self, bench: Bench, held: ExitStack) -> None:
        broker = bench.servers.rabbitmq.create_vhost("plain_intake")
        database = bench.servers.postgres.create_database("plain_intake")
        exchange = Exchange("plain_intake.events", type="topic", durable=True)
        events = Queue("bench-events", exchange, routing_key="#", durable=True)
        self._client = held.enter_context(Client(broker, events))
        service = held.enter_context(peer("plain_intake", broker, database, bench.folder))
        self.processes = [service]
        self._pids = {"service": service.pid, **bench.servers.pids}

    def take(self, deliveries: Sequence[Prepared]) -> Taken:
        """Deliver the same and return how fast they were kept."""
        bodies = [_plain(item) for item in deliveries]
        taken = taking(self._pids, len(bodies), lambda: self._client.call("plain_intake.deliver", bodies))
        assert all(orjson.loads(reply)["error"] is None for reply in self._client.replies.values())
        return taken


def _plain(item: Prepared) -> bytes:
    """Return the call of the plain service for a delivery: tender, token and what is delivered."""
    asked = orjson.loads(orjson.loads(item.call)["kwargs"]["asked"])
    kwargs = {"tender": asked["stream"], "token": item.token, "delivered": asked["command"]}
    return orjson.dumps({"args": [], "kwargs": kwargs})
