"""Handling commands: load, decide, append, in one transaction per batch, with stored outcomes."""

from collections.abc import Callable, Sequence

from shared.kernel.errors import Refusal
from shared.kernel.line import Line
from shared.kernel.outcome import Outcome
from shared.kernel.request import Arrival
from shared.platform.clock import Clock
from shared.platform.logs import logger
from shared.store.batch import Batch
from shared.store.database import Database, is_fault
from shared.store.journal import KEY_BYTES
from shared.store.means import Means, Port
from shared.store.states import States


class Failed(Exception):
    """A command that could not be handled through a fault of the platform's; it is not stored as an outcome."""


class Handler:
    """Decides commands for one line on one database. Used by one thread at a time.

    `stream_key` gives the key of a new stream by its name; a random one where nobody could make it again.
    """

    def __init__(
        self,
        line: Line,
        database: Database,
        port: Port,
        *,
        clock: Clock,
        random_bytes: Callable[[int], bytes],
        stream_key: Callable[[str], bytes] | None = None,
    ) -> None:
        stream_key = stream_key or (lambda _name: random_bytes(KEY_BYTES))
        self.means = Means(line, database, port, clock, random_bytes, stream_key)
        self._states = States(line)

    def handle(self, arrivals: Sequence[Arrival]) -> list[Outcome | Refusal | Failed]:
        """Return what became of each command, all in one transaction.

        A Refusal in the list was not stored and may be asked again. If the batch fails, each is handled alone, so
        that one bad command stops no other. A fault of the database is raised, for the caller to hold the batch.
        """
        try:
            return self._transact(arrivals)
        except Exception as error:
            if is_fault(error):
                raise
            if len(arrivals) > 1:
                return [result for arrival in arrivals for result in self.handle([arrival])]
            logger().exception("command_failed", command_id=arrivals[0].id, stream=arrivals[0].stream)
            return [Failed(type(error).__name__)]

    def _transact(self, arrivals: Sequence[Arrival]) -> list[Outcome | Refusal | Failed]:
        with self.means.database.write() as connection:
            batch = Batch(self.means, connection, arrivals, self._states)
            results: list[Outcome | Refusal | Failed] = [batch.take(arrival) for arrival in arrivals]
            batch.save()
        self._states.keep(batch.states)
        return results
