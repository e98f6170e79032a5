"""One lot, told the same things on SQLite and on PostgreSQL, leaves the same bytes; each database replays both."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text

from services.land import LINE
from shared.kernel.request import SYSTEM
from shared.procedure.lot import commands
from shared.procedure.lot.state import Lot
from shared.store.database import Database
from tests.lot import factories as make
from tests.lot.hall import Hall
from tests.servers.postgres import Postgres

pytestmark = pytest.mark.system


def counted() -> Callable[[int], bytes]:
    """Return bytes that are the same each time: the records' salts, ids and the bidders' numbers come of them."""
    numbers = count(1)
    return lambda size: next(numbers).to_bytes(size)


def told(hall: Hall) -> list[bytes]:
    """Tell a hall the whole of a listing with timed bidding; return the lot's records, byte for byte."""
    hall.tools.random_bytes = counted()  # type: ignore[assignment,method-assign]  # randomness is read at this door alone
    hall.handled._handler.random_bytes = hall.tools.random_bytes
    hall.give(make.draft())
    hall.give(make.announce())
    for bidder in (1, 2):
        hall.give(commands.Apply(), make.bidder(bidder))
        number = hall.records()[-1].data["number"]
        hall.give(make.deposit(number, hall.clock.at, make.START_FEN // 5))
    for hours, bids in ((make.STARTS, (100_000, 101_000)), (make.ENDS, (102_000, 102_500, 103_000))):
        hall.clock.at = hours
        hall.give(commands.KeepTime(), SYSTEM)
        for place, yuan in enumerate(bids):
            hall.clock.at += timedelta(seconds=7)
            hall.give(commands.PlaceBid(price_fen=yuan * 100), make.bidder(1 + place % 2))
    hall.clock.at += timedelta(hours=1)
    hall.give(commands.KeepTime(), SYSTEM)
    return [record.raw for record in hall.records()]


def test_both_databases_keep_the_same_bytes_and_fold_them_to_the_same_lot(tmp_path: Path, postgres: Postgres) -> None:
    embedded = Hall(tmp_path)
    url = postgres.fresh_database()
    with (owner := Database(url)).write() as connection:
        connection.execute(text("CREATE SCHEMA land"))
    server = Hall(tmp_path, Database(url, schema="land"))

    here, there = told(embedded), told(server)

    assert here == there
    assert b"land.bid_placed.v1" in b"".join(here)
    assert b"land.request_refused.v1" in b"".join(here)
    one, other = (LINE.decider.replay(map(LINE.event_of, raws)) for raws in (here, there))
    assert one == other
    assert isinstance(one, Lot)
    assert one.offer is not None
    for hall in (embedded, server):
        hall.tools.database.close()
    owner.close()
