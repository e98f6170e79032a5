"""Auctions: bids through the door to their place in the record, and to the screens of all who watch.

As an installation runs them: portal, land and its relay, RabbitMQ and PostgreSQL. 200 bidders send signed bids over
HTTP at a steady rate, 500 watchers hold live feeds. What was decided is compared with the journal afterwards. A bid
that another has overtaken on the way is refused, and that is decided too.

Besides the rate each measure has three lines: `_seen`, the seconds within which 95 of 100 pairs of a bid and a watcher
had a frame that holds it; `_reading`, the age of the oldest reading of the way, beyond which nothing closes; and
`_deciding`, the share of the service's time that the decisions take when they are made again alone.
"""

import os
import signal
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from time import sleep
from typing import Any

import orjson

from shared.kernel.record import Record
from shared.platform.clock import SystemClock
from shared.store.health import FRESH
from tests.bench import floor
from tests.bench.context import Bench
from tests.bench.cpu import Taken, taking
from tests.bench.installation import Installation, Process
from tests.bench.line import Line
from tests.bench.lots import SENT, Bid, Hall
from tests.lot import factories as make
from tests.servers.process import free_ports, is_listening, wait_until

BID = "land.bid_placed.v1"
RATE = 330
BAR = 300.0
SEEN_MOST = 0.5
"""Seconds from a bid's arrival to a frame that holds it, for 95 of 100 pairs of a bid and a watcher."""


@dataclass(frozen=True)
class Floor:
    """How many take part."""

    lots: int
    bidders: int
    watchers: int
    bids: int
    rate: float


def one_lot(bench: Bench) -> Sequence[Line]:
    """Return how fast the bids of one lot are decided in order, how soon they are seen, and what part is deciding."""
    size = Floor(1, bench.size(200, 5), bench.size(500, 10), bench.size(6000, 40), bench.size(RATE, 40))
    return measure(bench, "auction", size)


def many_lots(bench: Bench) -> Sequence[Line]:
    """Return the same of a hundred lots at once."""
    lots = bench.size(100, 3)
    size = Floor(lots, bench.size(10, 3), bench.size(500, 10), bench.size(6000, 40), bench.size(RATE, 40))
    return measure(bench, "auctions", size)


def measure(bench: Bench, name: str, size: Floor) -> Sequence[Line]:
    """Play a floor, see that the record is in order, and return its lines."""
    lots = [f"{name}-{number}" for number in range(size.lots)]
    with ExitStack() as held:
        house = House(bench, held, name)
        house.hall.begin(lots, size.bidders)
        played = house.play(lots, size)
        records = {lot: house.hall.records(lot) for lot in lots}
        deciding_ms = sum(map(house.hall.deciding_ms, lots))
    for lot, of_lot in records.items():
        check_order(of_lot)
        check_answers(played, lot, of_lot)
    seen = quantiles(delays(played, lots, records), n=20)[-1]
    spent_ms = played.taken.cpu_ms["service"] * len(played.answers)
    return (
        Line(name, played.taken.rate, "bids/s", BAR, cpu_ms={"ours": played.taken.cpu_ms}),
        Line(f"{name}_seen", seen, "s", SEEN_MOST, most=True),
        Line(f"{name}_reading", played.oldest_ms / 1000, "s", FRESH.total_seconds(), most=True),
        Line(f"{name}_deciding", deciding_ms / spent_ms, "share", 1.0, most=True),
    )


@dataclass(frozen=True)
class Played:
    """What bidders were answered and watchers saw; seconds are of the machine's clock, `offset` leads to the lots'."""

    bids: Sequence[Bid]
    answers: Sequence[tuple[int, Any]]
    taken: Taken
    watchers: Sequence[Mapping[str, Any]]
    offset: float
    oldest_ms: int


class House:
    """A platform with its door, and the hall of its lots."""

    def __init__(self, bench: Bench, held: ExitStack, name: str) -> None:
        self._folder = bench.folder
        self._name = name
        installation = Installation(bench.folder / name, bench.servers, name, make.ANNOUNCED)
        self._port = free_ports(1)[0]
        service, relay = installation.services("land"), installation.relay("land")
        parts = {"service": service, "relay": relay, "portal": installation.portal(self._port)}
        client = held.enter_context(Hall.events(installation))
        for part in parts.values():
            held.enter_context(part)
        wait_until(lambda: is_listening(self._port), "the door")
        self._pids = {part: process.pid for part, process in parts.items()} | bench.servers.pids
        self.hall = Hall(installation, client)
        wait_until(self.hall.is_healthy, "a probe that comes round")

    def play(self, lots: Sequence[str], size: Floor) -> Played:
        """Let everyone in, bid, and let everyone out."""
        paths = [f"/api/procedures/{lots[number % len(lots)]}/live" for number in range(size.watchers)]
        with self._floor("watch", {"port": self._port, "paths": paths}) as (watching, seen):
            bids = self.hall.bids(lots, size.bidders, size.bids)
            job = {"port": self._port, "bidders": size.bidders * len(lots), "rate": size.rate}
            said: dict[str, Any] = {}
            oldest: list[int] = []

            def bid() -> float:
                requests = [bid.request.decode() for bid in bids]
                with self._floor("bid", job | {"requests": requests}) as (_, result):
                    while not result.exists():
                        oldest.append(self.hall.age_ms())
                        sleep(0.2)
                    said.update(orjson.loads(result.read_bytes()))
                return float(said["seconds"])

            taken = taking(self._pids, len(bids), bid)
            sleep(1.0)
            os.kill(watching.pid, signal.SIGUSR1)
            wait_until(seen.exists, "what was seen")
            watchers = orjson.loads(seen.read_bytes())["watchers"]
        offset = (self.hall.clock.now() - SystemClock().now()).total_seconds()
        return Played(bids, said["answers"], taken, watchers, offset, max(oldest))

    @contextmanager
    def _floor(self, play: str, job: Mapping[str, Any]) -> Iterator[tuple[Process, Path]]:
        """Run one part of the floor; give its process and where its result will be."""
        asked, result = (self._folder / f"{self._name}-{play}.{kind}" for kind in ("job", "result"))
        asked.write_bytes(orjson.dumps(job))
        process = Process(
            ["-m", floor.__name__, play, str(asked), str(result)], {}, asked.with_suffix(".log"), floor.READY
        )
        with process:
            yield process, result


def check_order(records: Sequence[Record]) -> None:
    """See that a lot's order is the journal's: positions and versions go up, neither price nor arrival goes back."""
    bids = [record for record in records if record.type == BID]
    assert [record.version for record in records] == list(range(1, len(records) + 1))
    assert all(one.position < two.position for one, two in pairwise(records))
    assert all(one.data["price_fen"] < two.data["price_fen"] for one, two in pairwise(bids))
    assert all(one.data["received_at"] <= two.data["received_at"] for one, two in pairwise(bids))


def check_answers(played: Played, lot: str, records: Sequence[Record]) -> None:
    """See that each bid was decided once, and that its bidder was answered what is on record."""
    bids = {record.command_id: record for record in records if record.command_id.startswith(SENT)}
    asked = {
        f"{SENT}{number}": body for number, (_, body) in enumerate(played.answers) if played.bids[number].lot == lot
    }
    assert bids.keys() == asked.keys()
    assert len(bids) == sum(record.command_id.startswith(SENT) for record in records)
    for id_, body in asked.items():
        (told,) = body.get("outcome", body)["events"]
        assert (told["position"], told["digest"]) == (bids[id_].position, bids[id_].digest)


def delays(played: Played, lots: Sequence[str], records: Mapping[str, Sequence[Record]]) -> list[float]:
    """Return the seconds from each bid's arrival to each watcher's first frame that holds it or a higher one."""
    found = []
    for number, watcher in enumerate(played.watchers):
        bids = [record for record in records[lots[number % len(lots)]] if record.command_id.startswith(SENT)]
        placed = [record for record in bids if record.type == BID]
        assert not watcher["left"]
        assert [price for _, price in watcher["seen"]] == sorted(price for _, price in watcher["seen"])
        assert watcher["seen"][-1][1] == placed[-1].data["price_fen"]
        prices = [price for _, price in watcher["seen"]]
        for record in placed:
            at = watcher["seen"][bisect_left(prices, record.data["price_fen"])][0]
            found.append(at + played.offset - record.received_at.timestamp())
    return found
