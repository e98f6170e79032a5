"""How fast the sequencer appends on PostgreSQL, and whether it stays so: `python -m tests.bench.ledger_append_rate`.

Durable commits (fsync on), batches of 256 records of about 940 bytes, of three services and 600 streams. Only the
appends are timed, reading the records' fields included; making the records is not.
"""

import sys
from collections.abc import Iterator
from random import Random
from time import perf_counter

from shared.kernel.canonical import encode
from shared.ledger.leaf import leaf_of
from shared.store.database import Database
from shared.store.ledger import BATCH, Sequencer
from shared.store.ledger_read import head
from shared.store.ledger_tables import metadata
from shared.store.migrate import migrate
from tests.servers.postgres import PrivatePostgres

SIZES = (10_000, 100_000, 1_000_000)
WINDOW = 80 * BATCH
SERVICES = ("bidding", "land", "procurement")
STREAMS = 200

Pair = tuple[bytes, bytes]


def measure_append(database: Database, n: int) -> float:
    """Append `n` events more to the ledger in `database` and return how many a second went in."""
    with database.read() as connection:
        size, _, positions = head(connection)
    sequencer = Sequencer(database)
    sequencer.append([])  # what is read once at start is not part of the rate
    source = events(Random(size), positions)
    seconds = 0.0
    for start in range(0, n, BATCH):
        batch = [next(source) for _ in range(min(BATCH, n - start))]
        before = perf_counter()
        sequencer.append(batch)
        seconds += perf_counter() - before
    return n / seconds


def events(random: Random, positions: dict[str, int]) -> Iterator[Pair]:
    """Yield records with their leaves, as three services would publish them, from behind `positions`."""
    key = random.randbytes(32)
    last = dict.fromkeys(SERVICES, 0) | positions
    while True:
        service = random.choice(SERVICES)
        last[service] = position = last[service] + 1
        version, number = divmod(position - 1, STREAMS)
        record = _record(random, service, position, f"tender-{number:05d}", version + 1)
        yield record, leaf_of(service, position, key, version + 1, record).encode()


def _record(random: Random, service: str, position: int, stream: str, version: int) -> bytes:
    at = "2026-12-01T01:00:00.000000Z"
    body = {
        "v": 1, "service": service, "position": position, "stream": stream, "version": version,
        "id": random.randbytes(16).hex(), "type": f"{service}.bid_received.v1", "at": at, "received_at": at,
        "actor": {"account": random.randbytes(16).hex(), "role": "token", "region": "", "party": ""},
        "command_id": random.randbytes(16).hex(), "command_digest": random.randbytes(32).hex(), "cause": None,
        "rulebook": random.randbytes(32).hex(), "data": {"sealed": random.randbytes(150).hex()},
        "salt": random.randbytes(32).hex(),
    }  # fmt: skip
    return encode(body)


def main(sizes: tuple[int, ...]) -> None:
    """Grow one ledger to each size and measure a window from there on."""
    with PrivatePostgres() as server:
        database = Database(server.fresh_database())
        migrate(database, views=metadata)
        size = 0
        for wanted in sizes:
            grown = measure_append(database, wanted - size)
            rate = measure_append(database, WINDOW)
            size = wanted + WINDOW
            print(f"{wanted:>9,} leaves: {rate:>9,.0f} events/s (on the way there {grown:,.0f})", flush=True)
        database.close()


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
