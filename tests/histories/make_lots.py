"""Plays the golden histories of lots; `python -m tests.histories.make_lots` writes each once."""

from contextlib import suppress
from datetime import timedelta

from services.land import BOOKS, LINE
from shared.kernel.errors import Refusal
from shared.kernel.request import SYSTEM
from shared.law.calendar import packaged
from shared.procedure.lot import commands
from shared.procedure.lot.after.commands import NoteIdentities
from shared.procedure.lot.named import JoinNaming, NamePrice
from shared.procedure.lot.values import Once, Timing
from tests.histories.history import HERE, write
from tests.lot import factories as make
from tests.lot import judging, tendering
from tests.lot.play import Play, play
from tests.lot.test_prices import open_reserve, reserve

MINUTE = timedelta(minutes=1)


def sold() -> Play:
    """Return a listing sold after timed bidding, with proxies and a reserve, and much that was refused on the way."""
    lot = play(LINE).started(reserve=reserve(120_000), trigger="asked", timing=Timing(countdown_minutes=4))
    for bidder, yuan in ((1, 99_000), (1, 100_000), (2, 100_000), (2, 101_500), (2, 101_000), (4, 110_000)):
        with suppress(Refusal):
            lot.bid(bidder, yuan)
    lot.proxy(3, 110_000)
    lot.tick()
    for bidder in (1, 2, 3):
        lot.ask(commands.GoOn(), make.bidder(bidder))
    lot.tick()
    lot.proxy(1, 125_000)
    lot.tick()
    lot.proxy(2, 123_000)
    with suppress(Refusal):
        lot.proxy(2, 121_000)
    lot.bid(3, 126_000, at=lot.lot.times.ends_at - timedelta(microseconds=1))
    with suppress(Refusal):
        lot.bid(2, 127_000, at=lot.lot.times.ends_at)
    lot.run_out()
    open_reserve(lot)
    lot.ask(commands.ReviewWinner(qualified=True, reason="资料齐全"), at=lot.later(hours=1))
    lot.ask(NoteIdentities(), SYSTEM)
    return lot


def frozen() -> Play:
    """Return a listing that was frozen by a fault in its timed phase, and by hand before, and went on both times."""
    lot = play(LINE).started()
    lot.bid(1, 100_000)
    lot.ask(commands.Freeze(cause="dispute", notice="权属异议，中止"), at=make.ENDS - 30 * MINUTE)
    with suppress(Refusal):
        lot.bid(2, 101_000)
    with suppress(Refusal):
        lot.ask(commands.Thaw(resumes_at=lot.later(hours=1), notice="恢复"))
    lot.ask(commands.Thaw(resumes_at=lot.later(hours=26), notice="异议不成立，恢复"), at=lot.later(hours=2))
    lot.bid(2, 101_000, at=lot.later(hours=24))
    lot.tick()
    lot.bid(3, 102_000, at=lot.later(minutes=1))
    lot.reading = None
    lot.run_out()
    lot.reading = play(LINE).reading
    lot.ask(commands.Thaw(resumes_at=lot.later(minutes=20), notice="故障排除，恢复"), at=lot.later(minutes=10))
    lot.tick()
    lot.bid(1, 103_000, at=lot.later(minutes=1))
    lot.run_out()
    return lot


def below_reserve() -> Play:
    """Return a listing whose highest bid was a step below its reserve."""
    lot = play(LINE).started(reserve=reserve(120_000), trigger="last_hour", whole_steps=False)
    lot.bid(1, 100_000, at=make.ENDS - 30 * MINUTE)
    lot.bid(2, 119_000)
    lot.tick()
    lot.tick()
    lot.run_out()
    open_reserve(lot)
    return lot


def one_price() -> Play:
    """Return a listing that one sealed price each decided, two of them equal."""
    once = Once(guide_fen=100_000_00, listing_percent=25, most_percent=50, confirm_minutes=10, name_minutes=20)
    lot = play(LINE).started(once=once)
    for bidder, yuan in ((1, 110_000), (2, 125_000), (3, 126_000)):
        lot.bid(bidder, yuan)
    for bidder in (1, 2, 3):
        lot.ask(JoinNaming(), make.bidder(bidder))
    lot.tick()
    for bidder, fen in ((1, 140_000_00), (1, 141_000_00), (2, 130_000_00), (3, 151_000_00), (3, 130_000_00)):
        with suppress(Refusal):
            lot.ask(NamePrice(**dict(lot.sealed(bidder, fen))), make.bidder(bidder))
    lot.tick()
    return lot


def judged() -> Play:
    """Return a tender for the best conditions: one below the reserve, one unfit, a member replaced, the best sold."""
    lot = judging.closed(118_000, 130_000, 125_000, 121_000, reserve=tendering.reserve(120_000_00))
    tendering.give_shares(lot, "agency", "supervisor")
    judging.give_key(lot, 1, judging.papers(2))
    for bidder in (1, 2, 3, 4):
        judging.give_key(lot, bidder)
    lot.ask(NoteIdentities(), SYSTEM)
    with suppress(Refusal):
        judging.seat(lot, judging.tied(judging.EXPERTS[0], 2))
    judging.seat(lot)
    points = {2: ("20", "12.5"), 3: ("40", "20"), 4: ("33.25", "18")}
    judging.score(lot, judging.EXPERTS[0], points, unfit=(3,))
    judging.replace(lot, judging.EXPERTS[0], judging.known("expert-5"))
    for name in ("expert-5", *judging.EXPERTS[1:]):
        judging.score(lot, name, points, unfit=(3,))
    with suppress(Refusal):
        judging.report(lot)
    judging.score(lot, judging.CLERK, {**points, 4: ("20", "10")})
    judging.report(lot)
    lot.ask(commands.ReviewWinner(qualified=True, reason="资料齐全"))
    lot.ask(NoteIdentities(), SYSTEM)
    return lot


PLAYS = {
    "land-sold": sold,
    "land-frozen": frozen,
    "land-below-reserve": below_reserve,
    "land-one-price": one_price,
    "land-judged": judged,
}

if __name__ == "__main__":
    for name, make_play in PLAYS.items():
        if not (HERE / f"{name}.jsonl").exists():
            lot = make_play()
            law = BOOKS.law(lot.lot.announced.rulebook, lot.lot.announced.calendar)
            write(name, lot.record, law.rulebook, packaged())
