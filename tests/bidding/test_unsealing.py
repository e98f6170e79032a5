"""The end of the opening: results shown all together, failures named, and who stands behind each bid."""

from datetime import timedelta

import pytest

from services.bidding.domain.ceremony_events import BiddersDisclosed, BidsUnsealed, OpeningCompleted
from services.bidding.domain.commands import NoteDisclosure, RecordUnsealing
from services.bidding.domain.events import TenderFailed
from services.bidding.domain.facts import Facts
from services.bidding.domain.rows import OpenedRow, RevokedKey, UnsealedBid
from services.bidding.domain.state import Failed, Opened, Unsealing
from shared.kernel.errors import BadInput, NotYet
from shared.kernel.request import SYSTEM
from shared.seal.faults import Code, Whose
from tests.bidding import factories as make
from tests.bidding.phases import ALL, BIDDERS, accepting, collecting, opened, unsealing
from tests.bidding.play import Play


def rows(play: Play) -> dict[str, OpenedRow]:
    """Return the opening record by bid."""
    (event,) = (event for event in play.events if isinstance(event, OpeningCompleted))
    return {row.bid: row for row in event.rows}


def test_the_opening_is_complete_when_bodies_and_names_are_in_whichever_comes_first() -> None:
    bodies_first, names_first = unsealing(), unsealing()

    (unsealed,) = bodies_first.unseal()
    disclosed, *_ = bodies_first.disclose(*BIDDERS)
    names_first.disclose(*BIDDERS)
    names_first.unseal()

    assert isinstance(unsealed, BidsUnsealed)
    assert isinstance(disclosed, BiddersDisclosed)
    assert bodies_first.at(Opened).rows == names_first.at(Opened).rows


def test_every_bid_is_read_out_with_name_price_time_and_quality() -> None:
    play = opened()

    row = rows(play)["bid-of-heron"]

    assert row.outcome == "unsealed"
    assert row.party == make.HERON.party
    assert (row.price_fen, row.days, row.quality) == (101_000_000_00, 180, "合格")
    assert row.received_at == make.SALE_ENDS
    assert (row.reason, row.article) == (None, None)


def test_a_price_over_the_ceiling_is_read_out_like_any_other() -> None:
    play = opened(prices=(make.CEILING + 1, 101_000_000_00, 102_000_000_00))

    assert rows(play)["bid-of-crane"].price_fen == make.CEILING + 1
    assert rows(play)["bid-of-crane"].outcome == "unsealed"


def four_bids() -> Play:
    """Return an opening of four bids whose keys are being collected."""
    return collecting(bidders=ALL, prices=(100, 101, 102, 103))


def test_a_bid_whose_bidder_gave_no_key_counts_as_revoked_and_the_others_go_on() -> None:
    play = four_bids()
    for bidder in BIDDERS:
        play.key(bidder)
    play.shares("agency", "platform")
    play.end_keys()
    play.unseal()
    play.disclose(*ALL)

    row = rows(play)["bid-of-stork"]

    assert row.outcome == "revoked"
    assert row.article == "电子招标投标办法 第三十一条"
    assert row.reason is not None
    assert row.reason.code == Code.BIDDER_KEY_MISSING
    assert row.price_fen is None
    assert row.party == make.STORK.party
    assert [row.outcome for row in play.at(Opened).rows].count("unsealed") == 3


def test_a_body_the_platform_lost_counts_as_withdrawn() -> None:
    play = unsealing(bidders=ALL, prices=(100, 101, 102, 103))
    play.unseal(**{"bid-of-stork": b"other bytes"})
    play.disclose(*ALL)

    row = rows(play)["bid-of-stork"]

    assert row.outcome == "withdrawn"
    assert row.reason is not None
    assert (row.reason.code, row.reason.whose) == (Code.BODY_ALTERED, Whose.PLATFORM)
    assert row.article == "电子招标投标办法 第三十一条"


def test_a_bid_signed_for_another_party_than_its_tokens_is_invalid_and_named() -> None:
    play = accepting()
    for bidder in BIDDERS:
        play.bid(bidder)
    play.bid(make.STORK, party=make.CRANE.party)
    play.close()
    play.convene()
    play.witness()
    for bidder in ALL:
        play.key(bidder)
    play.shares("agency", "platform")
    play.unseal()
    play.disclose(*ALL)

    row = rows(play)["bid-of-stork"]

    assert row.outcome == "invalid"
    assert row.party == make.STORK.party
    assert row.reason is not None
    assert row.reason.code == Code.STATEMENT_OF_ANOTHER


def test_a_statement_not_signed_with_the_partys_registered_key_is_invalid() -> None:
    play = unsealing(bidders=ALL, prices=(100, 101, 102, 103))
    play.unseal()
    stork = make.STORK.holder(account_keys=make.CRANE.holder().account_keys)
    play.disclose_holders(*(bidder.holder() for bidder in BIDDERS), stork)

    row = rows(play)["bid-of-stork"]

    assert row.outcome == "invalid"
    assert row.reason is not None
    assert row.reason.code == Code.PARTY_SIGNATURE_BAD
    assert rows(play)["bid-of-crane"].outcome == "unsealed"


@pytest.mark.parametrize(("late", "outcome"), [(make.MICROSECOND, "unsealed"), (timedelta(0), "invalid")])
def test_a_bid_signed_with_a_key_that_was_lost_counts_if_it_arrived_before_the_loss(
    late: timedelta, outcome: str
) -> None:
    play = unsealing(bidders=ALL, prices=(100, 101, 102, 103))
    play.unseal()
    (key,) = make.STORK.holder().account_keys
    renewed = (key, *make.HERON.holder().account_keys)
    lost = RevokedKey(public_key=key, since=make.SALE_ENDS + late)
    stork = make.STORK.holder(account_keys=renewed, revoked=(lost,))
    play.disclose_holders(*(bidder.holder() for bidder in BIDDERS), stork)

    row = rows(play)["bid-of-stork"]

    assert row.outcome == outcome
    assert (row.reason is None) is (outcome == "unsealed")
    assert play.audit() == play.state


def two_of_three(rule: str) -> Play:
    """Return an opening in which only two of three bids were unsealed, under a declared rule."""
    play = collecting(below_three_unsealed=rule)
    play.key(make.CRANE)
    play.key(make.HERON)
    play.shares("agency", "platform")
    play.end_keys()
    play.unseal()
    play.disclose(*BIDDERS)
    return play


def test_fewer_than_three_unsealed_fails_where_so_declared() -> None:
    play = two_of_three("fail")

    failure = play.at(Failed).failure

    assert failure.cause == "fewer_than_three_unsealed"
    assert failure.article == "招标文件"
    assert rows(play)["bid-of-crane"].outcome == "unsealed"


def test_fewer_than_three_unsealed_goes_on_where_so_declared() -> None:
    assert len(two_of_three("continue").at(Opened).rows) == 3


def test_three_unsealed_are_enough_under_either_rule() -> None:
    assert opened(below_three_unsealed="fail").at(Opened)


def test_nothing_unsealed_fails_under_either_rule() -> None:
    play = collecting(below_three_unsealed="continue")
    play.shares("agency", "platform")
    play.end_keys()
    play.unseal()
    play.disclose(*BIDDERS)

    assert isinstance(play.events[-1], TenderFailed)
    assert play.at(Failed).failure.cause == "fewer_than_three_unsealed"


def test_a_disclosure_that_the_token_key_does_not_bear_out_is_refused() -> None:
    play = unsealing()
    crane_as_heron = make.CRANE.holder(token=make.HERON.token)

    for holders in (
        (make.CRANE.holder(), crane_as_heron, make.EGRET.holder()),
        (make.CRANE.holder(), make.HERON.holder()),
        (make.CRANE.holder(), make.HERON.holder(), make.EGRET.holder(), make.EGRET.holder()),
    ):
        with pytest.raises(BadInput):
            play.disclose_holders(*holders)

    assert play.at(Unsealing).disclosed is None


def test_nobody_without_a_standing_bid_is_named() -> None:
    play = unsealing()

    (event,) = play.disclose(*ALL)

    assert isinstance(event, BiddersDisclosed)
    assert {holder.token for holder in event.holders} == {bidder.token for bidder in BIDDERS}


def test_results_that_contradict_themselves_are_refused() -> None:
    play = unsealing()
    probe = unsealing()
    probe.unseal()
    good = probe.at(Unsealing).unsealed
    assert good is not None
    first, *others = good.bids
    assert first.statement is not None
    cheaper = first.statement.model_copy(update={"price_fen": 1})

    for forged in (
        first.model_copy(update={"statement": cheaper, "statement_sha256": cheaper.digest()}),
        first.model_copy(update={"statement_sha256": "0" * 64}),
        first.model_copy(update={"statement": others[0].statement, "statement_sha256": others[0].statement_sha256}),
        UnsealedBid(bid=first.bid, statement=None, statement_sha256=None, size=None, fault=None),
    ):
        with pytest.raises(BadInput):
            play.ask(RecordUnsealing(), SYSTEM, facts=Facts(unsealed=(forged, *others)))
    with pytest.raises(BadInput):
        play.ask(RecordUnsealing(), SYSTEM, facts=Facts(unsealed=tuple(others)))

    assert play.at(Unsealing).unsealed is None


def test_what_comes_again_decides_nothing_and_what_comes_early_is_asked_again() -> None:
    play, early = unsealing(), collecting()
    play.unseal()

    with pytest.raises(NotYet):
        early.disclose(*BIDDERS)
    assert play.ask(RecordUnsealing(), SYSTEM) == ()
    play.disclose(*BIDDERS)
    assert play.ask(NoteDisclosure(), SYSTEM) == ()
    assert play.ask(RecordUnsealing(), SYSTEM) == ()
