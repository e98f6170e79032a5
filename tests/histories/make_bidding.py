"""Plays the golden histories of construction tendering; `python -m tests.histories.make_bidding` writes each once."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

from services.bidding.domain.commands import SignIn
from services.bidding.domain.state import Publicised
from services.bidding.domain.values import Score
from shared.kernel.errors import Refusal
from shared.law.calendar import calendar_of, packaged, parse_year
from shared.seal.sealed import Cover, Withdraw
from shared.seal.wire import text
from tests.bidding import drafts
from tests.bidding import factories as make
from tests.bidding.notices import published_file
from tests.bidding.phases import ALL
from tests.bidding.play import Play
from tests.histories.history import HERE, write

TWO_YEARS = calendar_of(make.CALENDAR.years[year] for year in (2026, 2027))
INSTALLED = [body for body in packaged() if parse_year(body).year in TWO_YEARS.years]
NOTICE = published_file(off=[date(2027, 1, 4), date(2027, 1, 5)])
CORRECTION = published_file(off=[date(2027, 1, 4)], worked=[date(2027, 2, 20)])


def contracted() -> Play:
    """Return a weighted tender of four bidders that ends in a contract, with what may go wrong on the way."""
    play = Play(calendar=TWO_YEARS)
    play.draft(made=["estimate_fen"], source={"kind": "example", "id": "2026-1"})
    with suppress(Refusal):
        play.publish(method=drafts.WEIGHTED, publicity_days=2)
    play.publish(method=drafts.WEIGHTED, below_three_unsealed="continue")
    _receive(play)
    play.close()
    play.convene()
    play.witness()
    _open(play)
    _decide(play)
    return play


def recounted() -> Play:
    """Return a tender whose publicity and contract are counted again when 2027 is published, and then corrected."""
    play = Play(calendar=TWO_YEARS)
    play.draft()
    play.publish()
    for bidder, price in zip(ALL[:3], (100_000_000_00, 101_000_000_00, 102_000_000_00), strict=True):
        play.bid(bidder, price)
    play.close()
    play.convene()
    play.witness()
    for bidder in ALL[:3]:
        play.key(bidder)
    play.shares("agency", "platform")
    play.unseal()
    play.disclose(*ALL[:3])
    play.report(at=make.beijing(30, 9))
    play.publicise(at=make.beijing(31, 9))
    play.recount(parse_year(NOTICE), at=make.beijing(31, 15))
    play.award("bid-of-crane", at=play.at(Publicised).publicity.ends)
    play.recount(parse_year(CORRECTION))
    play.recount(parse_year(CORRECTION))
    play.sign(100_000_000_00, at=play.now + make.DAY)
    return play


def _receive(play: Play) -> None:
    """Four bids, one over the ceiling; a replacement, a cover, a plain bid, and a withdrawal that comes too late."""
    for bidder, price in zip(ALL, (100_000_000_00, 108_000_000_00, 121_000_000_00, 99_000_000_00), strict=True):
        play.bid(bidder, price)
    play.deliver(make.EGRET, Cover())
    better = make.HERON.bid(105_000_000_00, bid="better")
    with suppress(Refusal):
        play.deliver(make.HERON, make.submit(better))
    play.deliver(make.HERON, make.submit(better, replaces="bid-of-heron"), at=make.DUE)
    play.bids["heron"] = better
    play.ask(make.STORK.deliver_bytes(b"plain"), make.STORK.actor, facts=make.delivery_facts())
    play.deliver(make.STORK, Withdraw(replaces="bid-of-stork"), at=make.DUE + make.MICROSECOND)


def _open(play: Play) -> None:
    """One bidder gives a wrong key before the right one, another none at all."""
    for bidder in ALL[:3]:
        play.ask(SignIn(), bidder.actor)
    play.key(make.CRANE, text(bytes(16)))
    for bidder in ALL[:3]:
        play.key(bidder)
    play.shares("agency", "supervisor")
    play.end_keys()
    play.disclose(*ALL)
    play.unseal()


def _decide(play: Play) -> None:
    given = {("bid-of-crane", "plan"): "80", ("bid-of-crane", "record"): "70.5", ("better", "plan"): "95"}
    given["better", "record"] = "88.25"
    scores = tuple(Score(bid=bid, factor=factor, score=Decimal(score)) for (bid, factor), score in given.items())
    play.report(scores=scores, at=make.beijing(23, 9))
    play.publicise(at=make.beijing(24, 9))
    ends = play.at(Publicised).publicity.ends
    with suppress(Refusal):
        play.award("bid-of-crane", at=ends)
    play.award("better", at=ends)
    play.sign(105_000_000_00, at=ends + make.DAY)


def failed_with_two_bidders() -> Play:
    """Return a tender that fails by 招标投标法 第二十八条: three bid, one of them withdraws in time."""
    play = Play(calendar=TWO_YEARS)
    play.draft()
    play.publish(instant_counts=False)
    for bidder in ALL[:3]:
        play.bid(bidder)
    play.deliver(make.EGRET, Withdraw(replaces="bid-of-egret"), at=make.DUE - make.MICROSECOND)
    play.bid(make.STORK, at=make.DUE)
    play.close(at=make.DUE)
    return play


if __name__ == "__main__":
    for name, make_play, years in (
        ("bidding-contracted", contracted, INSTALLED),
        ("bidding-fewer-than-three", failed_with_two_bidders, INSTALLED),
        ("bidding-recounted", recounted, [*INSTALLED, NOTICE, CORRECTION]),
    ):
        if not (HERE / f"{name}.jsonl").exists():
            write(name, make_play().record, make.rulebook(calendar=TWO_YEARS), years)
