"""Retelling: a broker without the platform's mark is told the journal again, as it may have lost what it was told.

The relay tells every record once. What a broker took with it when it was lost would else reach nobody but the audit,
which asks for gaps; who had it already knows it by its position.
"""

from collections.abc import Callable, Sequence
from time import sleep

from kombu import Connection, Exchange, Queue
from sqlalchemy import select

from shared.messaging import embedded, topology
from shared.messaging.hallmark import Hallmark
from shared.messaging.relay import BATCH, Publisher
from shared.platform.logs import logger
from shared.store import journal
from shared.store.database import Database
from shared.store.tables import relayed

embedded.register()

LOOK = 2.0
"""Seconds between two looks for the mark."""

PAUSE = 0.25
"""Seconds between two batches: what is new goes first, and who must skip what he knows has time for it."""


class Retelling:
    """One service's journal for a new broker. The mark is an exchange, which goes with everything a broker had."""

    def __init__(
        self, service: str, database: Database, uri: str, hallmark: Hallmark, queues: Callable[[], Sequence[Queue]]
    ) -> None:
        self._service = service
        self._database = database
        self._uri = uri
        self._hallmark = hallmark
        self._queues = queues
        self._mark = Exchange(f"ggzy.told-{service}", type="fanout", durable=True)
        self._stopping = False

    def stop(self) -> None:
        """Let `run` return after the batch in hand."""
        self._stopping = True

    def run(self, alive: Callable[[], None] = lambda: None) -> None:
        """Watch over the mark until stopped. `alive` is called each round, as the relay does."""
        while not self._stopping:
            connection = Connection(
                self._uri, heartbeat=30, transport_options={"write_timeout": 15, "read_timeout": 20}
            )
            try:
                self._watch(connection, alive)
            except Exception as error:  # noqa: BLE001 - broker or database away: begin again, from the first record
                logger().warning("retelling_interrupted", of_service=self._service, error=type(error).__name__)
            finally:
                connection.collect()
            alive()
            sleep(LOOK)

    def _watch(self, connection: Connection, alive: Callable[[], None]) -> None:
        while not self._stopping:
            alive()
            if not self._is_marked(connection):
                self._tell(connection, alive)
            sleep(LOOK)

    def _is_marked(self, connection: Connection) -> bool:
        channel = connection.channel()
        try:
            self._mark(channel).declare(passive=True)
        except connection.channel_errors:
            return False
        channel.close()
        return True

    def _tell(self, connection: Connection, alive: Callable[[], None]) -> None:
        """Declare every queue, tell everything that was told before, and set the mark once all of it is confirmed."""
        topology.declare(self._uri, list(self._queues()))
        publisher, first = Publisher(connection, self._hallmark), 1
        while written := self._told_before(first):
            for item in written:
                publisher.tell(item)
            publisher.confirm()
            first = written[-1].record.position + 1
            alive()
            sleep(PAUSE)
            if self._stopping:
                return
        self._mark(connection.channel()).declare()
        logger().info("told_again", of_service=self._service, records=first - 1)

    def _told_before(self, first: int) -> list[journal.Written]:
        with self._database.read() as connection:
            last = int(connection.execute(select(relayed.c.position)).scalar_one())
            return journal.positions(connection, first, min(last, first + BATCH - 1))
