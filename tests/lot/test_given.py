"""Of a lot that is over the public is given the records that name no bidder; the offices are given all."""

from collections.abc import Sequence

import pytest

from services.audit.domain.replaying import given
from services.land import LINE
from shared.kernel.record import Record, write
from shared.kernel.request import Actor
from tests.lot import factories as make
from tests.lot.play import Play, play

PUBLIC = Actor(account="public", role="public")
SYSTEM = Actor(account="system", role="system")


@pytest.fixture
def sold() -> Play:
    """Return a lot that was sold after timed bidding."""
    lot = play(LINE).started(review="before")
    lot.bid(1, 100_000)
    lot.bid(2, 101_000)
    lot.tick()
    lot.run_out()
    return lot


def records(lot: Play) -> Sequence[Record]:
    """Return a lot's record as its journal would have it."""
    made: list[Record] = []
    for decision in lot.record:
        for event in decision.events:
            number = len(made) + 1
            record = write(
                service=LINE.name, position=number, stream=make.STREAM, version=number, id=f"{number:032x}",
                event=event, at=decision.request.received_at, received_at=decision.request.received_at,
                actor=decision.request.actor, command_id=decision.request.id, command_digest="0" * 64, cause=None,
                rulebook=None, salt=bytes(32),
            )  # fmt: skip
            made.append(record)
    return made


def test_the_public_is_given_no_record_that_holds_a_token(sold: Play) -> None:
    written = records(sold)

    kept = [one for one, is_given in zip(written, given(LINE, written, PUBLIC, keyed=True), strict=True) if is_given]

    tokens = [make.bidder(number).account.encode() for number in (1, 2, 3)]
    assert {"land.lot_announced.v1", "land.lot_sold.v1", "land.bidding_ended.v1"} <= {one.type for one in kept}
    assert not [one.type for one in kept if any(token in one.raw for token in tokens)]


@pytest.mark.parametrize("asker", [make.AGENCY, make.SUPERVISOR, SYSTEM], ids=lambda actor: str(actor.role))
def test_the_offices_are_given_every_record(sold: Play, asker: Actor) -> None:
    written = records(sold)

    assert all(given(LINE, written, asker, keyed=True))


def test_a_bidder_is_given_its_own_bids_and_nobody_elses(sold: Play) -> None:
    written, own = records(sold), make.bidder(1)

    bids = [
        one for one in zip(written, given(LINE, written, own, keyed=True), strict=True) if ".bid_placed" in one[0].type
    ]

    assert [is_given for record, is_given in bids] == [record.actor["account"] == own.account for record, _ in bids]
    assert {is_given for _, is_given in bids} == {True, False}
