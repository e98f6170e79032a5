"""The measures by name, in the order in which they are run."""

from collections.abc import Callable, Mapping, Sequence

from tests.bench import auction, intake, ledger, ledger_ingest, opening, replay
from tests.bench.context import Bench
from tests.bench.line import Line

MEASURES: Mapping[str, Callable[[Bench], Sequence[Line]]] = {
    "intake": intake.measure,
    "ledger_ingest": ledger_ingest.measure,
    "ledger_append": ledger.append,
    "proofs": ledger.proofs,
    "verify": ledger.verify,
    "replay": replay.measure,
    "opening": opening.measure,
    "auction": auction.one_lot,
    "auctions": auction.many_lots,
}
