"""Replay: a stream read from the database through its line's event types and folded, all of it each time.

The stream is a tender that receives sealed messages of their real size. The peer is the library `eventsourcing` with an
equivalent aggregate. Both on SQLite files, the one database for which both have a driver here: the library's PostgreSQL
recorder needs psycopg 3, which blocks eventlet and is therefore no dependency of the platform.
"""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from random import Random
from time import perf_counter
from typing import Any

from services.bidding import LINE
from services.bidding.domain.events import SealedReceived, TenderEvent
from services.bidding.domain.state import Accepting
from services.bidding.views import metadata
from shared.kernel.canonical import digest
from shared.kernel.record import write
from shared.kernel.request import Actor
from shared.ledger.leaf import leaf_of
from shared.seal.sealed import SEALED_SIZE
from shared.seal.wire import text
from shared.store import journal
from shared.store.database import Database
from shared.store.migrate import migrate
from shared.store.states import States
from tests.bench.bids import token_of
from tests.bench.context import Bench
from tests.bench.line import Line, in_turn
from tests.bench.peers.eventsourcing_replay import Tenders
from tests.bidding import factories as make
from tests.bidding.phases import accepting

BAR = 2.0
PEER = "eventsourcing 9.5.6 on SQLite"
SEED = 20_261_122


def measure(bench: Bench) -> Sequence[Line]:
    """Return events replayed per second, against the library's."""
    before, received = accepting().events, messages(bench.size(3_000, 30))
    with ExitStack() as held:
        database = held.enter_context(closing(Database(f"sqlite:///{bench.folder / 'replay.db'}")))
        migrate(database, views=metadata)
        keep(database, [*before, *received])
        peer = held.enter_context(closing(Tenders(bench.folder / "eventsourcing.db")))
        tender = peer.keep(before[-1].model_dump(mode="json"), [_fields(item) for item in received])

        def run() -> float:
            start = perf_counter()
            assert replay(database) == len(received)
            return len(received) / (perf_counter() - start)

        def run_peer() -> float:
            start = perf_counter()
            assert len(peer.replay(tender).received) == len(received)
            return len(received) / (perf_counter() - start)

        rate, peer_rate = in_turn(run, run_peer, bench.size(15, 3))  # of some fifty milliseconds each
    return (Line("replay", rate, "events/s", BAR, PEER, peer_rate),)


def messages(count: int) -> list[SealedReceived]:
    """Return sealed messages of as many bidders; what is sealed in them is nothing."""
    random = Random(SEED)
    sealed = [random.randbytes(SEALED_SIZE) for _ in range(count)]
    return [
        SealedReceived(
            token=token_of(make.STREAM, number),
            one_time_key=text(random.randbytes(32)),
            sealed=text(data),
            digest=digest(data),
            received_at=make.SALE_ENDS,
        )
        for number, data in enumerate(sealed)
    ]


def keep(database: Database, events: Sequence[TenderEvent]) -> None:
    """Write the records of a stream's events to the journal."""
    random = Random(SEED)
    written = []
    for number, event in enumerate(events, start=1):
        record = write(
            service=LINE.name,
            position=number,
            stream=make.STREAM,
            version=number,
            id=random.randbytes(16).hex(),
            event=event,
            at=make.SALE_ENDS,
            received_at=make.SALE_ENDS,
            actor=Actor(account=getattr(event, "token", "agency-1"), role="token"),
            command_id=f"command-{number}",
            command_digest=random.randbytes(32).hex(),
            cause=None,
            rulebook=random.randbytes(32).hex(),
            salt=random.randbytes(32),
        )
        leaf = leaf_of(LINE.name, number, random.randbytes(32), number, record.raw).encode()
        written.append(journal.Written(record, leaf))
    with database.write() as connection:
        journal.append(connection, written)


def replay(database: Database) -> int:
    """Fold the stream as the service does that has nothing in memory; return how many sealed messages are held."""
    with database.read() as connection:
        state = States(LINE).load(connection, [make.STREAM])[make.STREAM].state
    assert isinstance(state, Accepting)
    return len(state.received)


def _fields(received: SealedReceived) -> dict[str, Any]:
    return {name: value for name, value in received if name != "type"}
