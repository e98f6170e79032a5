"""An audit that takes messages in, by hand: what entered, what was found, what is asked for."""

from collections.abc import Sequence

from sqlalchemy import text

from services.audit.handlers import Intake
from services.audit.wanted import Wanted
from shared.ledger.merkle import Frontier, leaf_hash
from shared.store import ledger_intake as kept
from shared.store.database import Database
from shared.store.ledger_entry import Entry
from shared.store.ledger_read import Stored, at_positions, head
from shared.store.ledger_tables import metadata
from shared.store.migrate import migrate
from tests.audit.journal import Message, Time, pairs


class Office:
    """The audit's intake on one database, and what one can see of it from outside."""

    def __init__(self, database: Database) -> None:
        migrate(database, views=metadata)
        self.database = database
        self.time = Time()
        self.restart()

    def restart(self) -> None:
        self.wanted = Wanted()
        self.intake = Intake(self.database, self.wanted, now=self.time.now, monotonic=self.time.monotonic)

    def take(self, *messages: Message) -> None:
        self.intake.take(messages)

    @property
    def entries(self) -> list[Entry]:
        """Everything in the ledger, in its order."""
        with self.database.read() as connection:
            rows = connection.execute(text("SELECT service, position FROM entry ORDER BY idx")).all()
            found = at_positions(connection, [(service, position) for service, position in rows])
        return [found[service, position] for service, position in rows]

    @property
    def codes(self) -> list[str]:
        with self.database.read() as connection:
            return [found.finding.code for found in kept.findings(connection, 0, 100)]

    @property
    def waiting(self) -> dict[str, int]:
        with self.database.read() as connection:
            return kept.lowest_waiting(connection)

    @property
    def root(self) -> bytes:
        with self.database.read() as connection:
            size, _, _ = head(connection)
            return Stored(connection).prover().root(size)

    def asked(self) -> list[tuple[str, int, int]]:
        """Return what would be asked for by now."""
        self.time.seconds += 10
        return self.wanted.take(self.time.monotonic())


def entries(messages: Sequence[Message]) -> list[Entry]:
    return [message.entry for message in messages]


def root_of(messages: Sequence[Message]) -> bytes:
    frontier = Frontier()
    frontier.extend(leaf_hash(leaf) for _, leaf in pairs(messages))
    return frontier.root()
