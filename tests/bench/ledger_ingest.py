"""Event to ledger: from the broker to a committed leaf.

The platform's audit service as an installation runs it: it examines every record and its leaf, orders them, grows the
Merkle tree, signs a checkpoint each second and publishes it. The peer (`peers/plain_ledger.py`) appends a row a
message to a hash chain. The same records from the same light client, the queue filled first and then drained; same
broker with quorum queues, same database server; whoever is not measured is held still.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from itertools import islice
from time import perf_counter

import orjson
import psycopg2

from shared.messaging.hallmark import Hallmark
from shared.messaging.topology import EVENTS
from shared.platform import keys
from shared.platform.keys import Keyring
from tests.bench.client import Told, tell
from tests.bench.context import Bench
from tests.bench.installation import Installation, Process, paused, peer
from tests.bench.ledger_append_rate import events
from tests.bench.line import ROUNDS, Line, medians
from tests.bench.peers.plain_ledger import EVENT, SOURCE
from tests.bidding import factories as make
from tests.servers.process import wait_until

BAR = 20.0
PEER = "plain nameko @event_handler, one hash-chained row a message"
SEED = 20_261_122
PATIENCE_SECONDS = 120


def measure(bench: Bench) -> Sequence[Line]:
    """Return events committed to the ledger per second, against the peer's rows."""
    count, peer_count, rates = bench.size(24_000, 100), bench.size(300, 10), []
    with ExitStack() as held:
        product, plain = Product(bench, held), Peer(bench, held)
        for _ in range(ROUNDS):
            with paused(plain.processes):
                rate = product.take(count)
            with paused(product.processes):
                rates.append((rate, plain.take(peer_count)))
    rate, peer_rate = medians(rates)
    return (Line("ledger_ingest", rate, "events/s", BAR, PEER, peer_rate),)


class Product:
    """The audit service of an installation."""

    def __init__(self, bench: Bench, held: ExitStack) -> None:
        installation = Installation(bench.folder / "ledger_ingest", bench.servers, "ledger_ingest", make.ANNOUNCED)
        self.processes = [held.enter_context(installation.services("audit"))]
        self._broker = installation.settings.broker
        self._size = _counter(bench, "ledger_ingest", "SELECT size FROM audit.ledger_head", held)
        self._messages = _marked(Hallmark(Keyring(installation.settings.data / "keys").secret(keys.EVENTS)))

    def take(self, count: int) -> float:
        """Tell of that many records and return how many a second were committed."""
        return _rate(self.processes, self._broker, EVENTS.name, list(islice(self._messages, count)), self._size)


class Peer:
    """The plain service."""

    def __init__(self, bench: Bench, held: ExitStack) -> None:
        self._broker = bench.servers.rabbitmq.create_vhost("plain_ledger")
        database = bench.servers.postgres.create_database("plain_ledger")
        self.processes = [held.enter_context(peer("plain_ledger", self._broker, database, bench.folder))]
        self._size = _counter(bench, "plain_ledger", "SELECT size FROM head", held)
        self._messages = (Told(EVENT, {}, record) for record, _ in events(random.Random(SEED), {}))

    def take(self, count: int) -> float:
        """Tell of that many records and return how many a second were committed."""
        return _rate(self.processes, self._broker, f"{SOURCE}.events", list(islice(self._messages, count)), self._size)


def _marked(hallmark: Hallmark) -> Iterator[Told]:
    """Yield records as the relay publishes them."""
    for record, leaf in events(random.Random(SEED), {}):
        key, headers = orjson.loads(record)["type"], {"kind": "record", "leaf": leaf.decode()}
        yield Told(key, hallmark.marked(key, headers, record), record)


def _rate(
    processes: Sequence[Process], broker: str, exchange: str, messages: list[Told], size: Callable[[], int]
) -> float:
    """Fill the queue while the service is held still, and return how fast it is drained into committed rows."""
    until = size() + len(messages)
    with paused(processes):
        tell(broker, exchange, messages)
    start = perf_counter()
    wait_until(lambda: size() >= until, f"{until} entries", PATIENCE_SECONDS)
    return len(messages) / (perf_counter() - start)


def _counter(bench: Bench, database: str, query: str, held: ExitStack) -> Callable[[], int]:
    connection = held.enter_context(closing(psycopg2.connect(bench.servers.postgres.dsn(database))))
    connection.autocommit = True

    def size() -> int:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return int(cursor.fetchone()[0])

    return size
