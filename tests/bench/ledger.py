"""The ledger as a library: appends on PostgreSQL, inclusion proofs and their verification; in one process."""

from collections.abc import Callable, Sequence
from contextlib import closing
from statistics import median

from shared.store.database import Database
from shared.store.ledger import BATCH
from shared.store.ledger_tables import metadata
from shared.store.migrate import migrate
from tests.bench.context import Bench
from tests.bench.ledger_append_rate import measure_append
from tests.bench.ledger_rates import measure_proofs, measure_verify
from tests.bench.line import ROUNDS, Line

APPENDS, FLAT, PROOFS, VERIFICATIONS = 20_000, 0.8, 20_000, 30_000


def append(bench: Bench) -> Sequence[Line]:
    """Return events appended per second in durable batches of 256: what the ledger keeps up at any size, and whether.

    The first line is the lower of the rates behind ten thousand and behind a million leaves; the second compares them.
    """
    sizes = (10_000, 1_000_000) if not bench.small else (1_000, 3_000)
    window = bench.size(40, 2) * BATCH
    with closing(Database(bench.servers.postgres.fresh_database())) as database:
        migrate(database, views=metadata)
        begun, size = [], 0
        for wanted in sizes:
            measure_append(database, wanted - size)
            begun.append(median(measure_append(database, window) for _ in range(ROUNDS)))
            size = wanted + ROUNDS * window
    young, old = begun
    return (
        Line("ledger_append", min(young, old), "events/s", APPENDS),
        Line("ledger_append_flat", old, "events/s", FLAT, f"the same ledger at {sizes[0]} leaves", young),
    )


def proofs(bench: Bench) -> Sequence[Line]:
    """Return inclusion proofs made per second at a million leaves."""
    return (Line("proofs", _median(measure_proofs, bench), "proofs/s", PROOFS),)


def verify(bench: Bench) -> Sequence[Line]:
    """Return inclusion proofs verified per second at a million leaves."""
    return (Line("verify", _median(measure_verify, bench), "proofs/s", VERIFICATIONS),)


def _median(measured: Callable[[int, int], float], bench: Bench) -> float:
    leaves, count = bench.size(1_000_000, 2_000), bench.size(50_000, 500)
    return median(measured(leaves, count) for _ in range(ROUNDS))
