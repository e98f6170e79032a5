"""One lot, told the same things on SQLite and on PostgreSQL, leaves the same bytes; each database replays both."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from services.land import LINE
from services.registry.domain.events import AccountOpened, IdentitiesDisclosed
from services.registry.domain.expert_events import ExpertEnrolled
from services.registry.domain.expert_values import Qualification
from services.registry.domain.values import Identity
from shared.kernel.message import Event
from shared.kernel.request import SYSTEM
from shared.procedure.lot import commands
from shared.procedure.lot.judged.commands import ReportJudging, SeatCommittee
from shared.procedure.lot.sealed.commands import GivePriceKey, HandIn
from shared.procedure.lot.sealed.papers import digest_of
from shared.procedure.lot.state import Lot
from shared.procedure.lot.values import Document
from shared.seal.keys import AnnouncedKeys
from shared.seal.price import Offered, price_ids, seal_price, seal_price_meaning
from shared.seal.wire import text
from shared.store import health
from shared.store.blobs import BlobStore
from shared.store.database import Database
from tests.lot import factories as make
from tests.lot import judging, tendering
from tests.lot.hall import Hall
from tests.seal.world import dice
from tests.servers.postgres import Postgres

pytestmark = pytest.mark.system

NAMED = {"scheme", "id", "name"}


def counted() -> Callable[[int], bytes]:
    """Return bytes that are the same each time: the records' salts, ids and the bidders' numbers come of them."""
    numbers = count(1)
    return lambda size: next(numbers).to_bytes(size)


def told(hall: Hall) -> list[bytes]:
    """Tell a hall the whole of a listing with timed bidding; return the lot's records, byte for byte."""
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


def judged(hall: Hall, offers: dict[int, tuple[HandIn, GivePriceKey]]) -> list[bytes]:
    """Tell a hall the whole of a judged tender; `offers` are sealed by the first hall that is told, and kept."""
    hall.tools.machine = hall.clock
    heard = count(1)
    for event in people():
        hall.hear(event, next(heard))
    hall.give(make.draft(way="tender"))
    hall.give(make.announce(**judging.terms()))
    for bidder in (1, 2, 3):
        hall.give(commands.Apply(), make.bidder(bidder))
        hall.give(make.deposit(hall.records()[-1].data["number"], hall.clock.at, make.START_FEN // 5))
    hall.clock.at = make.STARTS
    hall.give(commands.KeepTime(), SYSTEM)
    for bidder, yuan in enumerate((120_000, 130_000, 125_000), start=1):
        offers.setdefault(bidder, offered(hall, bidder, yuan))
        hall.give(offers[bidder][0], make.bidder(bidder))
    hall.clock.at = make.ENDS
    with hall.tools.database.write() as connection:
        since = make.APPLY - timedelta(hours=1)
        health.beat(connection, "echo", hall.clock.at, now_real=hall.clock.at, now=since)
    hall.give(commands.KeepTime(), SYSTEM)
    for name in ("agency", "platform"):
        hall.give(tendering.shares_of(lot_of(hall), name), make.authority(name))
    for bidder in (3, 2, 1):
        hall.give(offers[bidder][1], make.bidder(bidder))
    holders = [make.held(token) for token in lot_of(hall).bidders]
    known = tuple(Identity(token=one.token, **one.party.model_dump(include=NAMED)) for one in holders)
    hall.hear(IdentitiesDisclosed(line="land", lot=make.STREAM, holders=known, unknown=()), next(heard))
    until = hall.clock.at + timedelta(days=1)
    hall.give(SeatCommittee(experts=judging.EXPERTS, representatives=(judging.CLERK,), until=until))
    numbers = {bidder: lot_of(hall).bidders[make.bidder(bidder).account].number for bidder in (1, 2, 3)}
    for name in judging.MEMBERS:
        hall.give(judging.sheet(numbers, judging.POINTS), judging.member(name))
    hall.give(ReportJudging(document=judging.REPORT))
    return [record.raw for record in hall.records()]


def offered(hall: Hall, bidder: int, yuan: int) -> tuple[HandIn, GivePriceKey]:
    """Return an offer as its bidder hands it in, and what it gives at the opening; its document is uploaded."""
    path = hall.tools.settings.data / f"offer {bidder}"
    path.write_bytes(b"o")
    document = Document(name="投标文件.pdf", size=1, sha256=sha256(b"o").hexdigest())
    stored = BlobStore(hall.tools.settings.data / "blobs").path(document.sha256)
    stored.parent.mkdir(parents=True, exist_ok=True)
    stored.write_bytes(b"o")
    said, token = lot_of(hall).announced, make.bidder(bidder).account
    announced = AnnouncedKeys(tender=said.lot, meaning=said.proxy_key, authorities=said.terms.authorities)
    ids = price_ids(make.STREAM, "first", token)
    price, file = seal_price(ids, yuan * 100, announced, dice(bidder), digest_of((document,)))
    sealed = seal_price_meaning(announced, token, Offered(envelope=price, replaces=None))
    return HandIn(sealed=text(sealed)), GivePriceKey(k_b=file.k_b, documents=(document,))


def people() -> Iterator[Event]:
    """Yield what the registry tells of the members of a committee."""
    for name in judging.MEMBERS:
        key = judging.known(name).account_key
        yield AccountOpened(account=name, role="expert", region="370500", party=None, public_key=key)
        if name in judging.EXPERTS:
            known = Qualification(specialities=("土地评估",), title="senior", years=8, region="370500")
            yield ExpertEnrolled(expert=name, qualification=known)


def lot_of(hall: Hall) -> Lot:
    """Return the lot as a hall's records make it."""
    state = LINE.decider.replay(LINE.event_of(record.raw) for record in hall.records())
    assert isinstance(state, Lot)
    return state


def test_a_judged_tender_too_leaves_the_same_bytes_and_the_same_winner(tmp_path: Path, postgres: Postgres) -> None:
    url = postgres.fresh_database()
    with (owner := Database(url)).write() as connection:
        connection.execute(sql("CREATE SCHEMA land"))
    offers: dict[int, tuple[HandIn, GivePriceKey]] = {}
    embedded, server = Hall(tmp_path, None, counted()), Hall(tmp_path, Database(url, schema="land"), counted())

    here, there = judged(embedded, offers), judged(server, offers)

    assert here == there
    one = lot_of(embedded)
    assert one == lot_of(server)
    assert (one.phase, one.offer and one.offer.price_fen) == ("review", 120_000_00)
    assert one.judged.report is not None
    for hall in (embedded, server):
        hall.tools.database.close()
    owner.close()


def test_both_databases_keep_the_same_bytes_and_fold_them_to_the_same_lot(tmp_path: Path, postgres: Postgres) -> None:
    embedded = Hall(tmp_path, None, counted())
    url = postgres.fresh_database()
    with (owner := Database(url)).write() as connection:
        connection.execute(sql("CREATE SCHEMA land"))
    server = Hall(tmp_path, Database(url, schema="land"), counted())

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
