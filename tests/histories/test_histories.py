"""Golden histories fold to what they meant then, decide again to the same events, and keep their exact words."""

import pytest

from services.bidding import BOOKS, LINE
from services.bidding.domain.ceremony_events import KeyRefused, OpeningCompleted
from services.bidding.domain.events import BidRefused, DeadlinesRecounted, RequestRefused
from services.bidding.domain.facts import released
from services.bidding.domain.state import Awarded, Contracted, Failed
from shared.kernel.canonical import decode, encode, instant
from shared.kernel.decider import Decision, redecide
from tests.histories.history import HERE, read

NAMES = sorted(path.stem for path in HERE.glob("bidding-*.jsonl"))


def test_the_histories_are_here() -> None:
    assert NAMES == [
        "bidding-contracted",
        "bidding-eventful",
        "bidding-fewer-than-three",
        "bidding-judged",
        "bidding-recounted",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_history_keeps_its_exact_words(name: str) -> None:
    decisions = read(name, LINE, BOOKS)

    for row, decision in zip((HERE / f"{name}.jsonl").read_bytes().splitlines(), decisions, strict=True):
        events = [decode(event.canonical()) for event in decision.events]
        assert encode({"request": decode(decision.request.canonical()), "events": events}) == row


@pytest.mark.parametrize("name", NAMES)
def test_a_history_decides_again_to_the_same_events(name: str) -> None:
    decisions = read(name, LINE, BOOKS)
    events = [event for decision in decisions for event in decision.events]
    secrets = released(events)
    record = [
        Decision(decision.request.model_copy(update={"secrets": secrets}), decision.events) for decision in decisions
    ]

    assert redecide(LINE.audited(), record, LINE.refused) == LINE.decider.replay(events)


def test_a_tender_that_ended_in_a_contract_still_does() -> None:
    events = [event for decision in read("bidding-contracted", LINE, BOOKS) for event in decision.events]

    state = LINE.decider.replay(events)

    assert isinstance(state, Contracted)
    assert (state.award.bid, state.award.price_fen) == ("better", 105_000_000_00)
    assert [notice.bid for notice in state.award.others] == ["bid-of-crane", "bid-of-egret"]
    (opening,) = (event for event in events if isinstance(event, OpeningCompleted))
    assert {row.bid: row.outcome for row in opening.rows} == {
        "bid-of-crane": "unsealed",
        "bid-of-egret": "unsealed",
        "bid-of-stork": "revoked",
        "better": "unsealed",
    }
    kinds = [type(event) for event in events]
    assert (kinds.count(BidRefused), kinds.count(KeyRefused), kinds.count(RequestRefused)) == (2, 1, 3)


def test_a_tender_that_failed_with_two_bidders_still_does() -> None:
    events = [event for decision in read("bidding-fewer-than-three", LINE, BOOKS) for event in decision.events]

    state = LINE.decider.replay(events)

    assert isinstance(state, Failed)
    assert state.failure.cause == "fewer_than_three"
    assert state.failure.article == "招标投标法 第二十八条、招标投标法实施条例 第四十四条"


def test_a_tender_that_was_counted_again_still_ends_when_it_was_told() -> None:
    events = [event for decision in read("bidding-recounted", LINE, BOOKS) for event in decision.events]

    state = LINE.decider.replay(events)

    assert isinstance(state, Contracted)
    told = [event.deadline for event in events if isinstance(event, DeadlinesRecounted)]
    assert [(one.which, instant(one.was), instant(one.ends)) for one in told if one] == [
        ("publicity", "2027-01-04T16:00:00.000000Z", "2027-01-06T16:00:00.000000Z"),
        ("contract", "2027-02-09T16:00:00.000000Z", "2027-02-09T16:00:00.000000Z"),
    ]
    assert len(state.published) == len(told) == 2


def test_a_tender_with_much_beside_its_phases_still_ends_with_the_second_candidate() -> None:
    events = [event for decision in read("bidding-eventful", LINE, BOOKS) for event in decision.events]

    state = LINE.decider.replay(events)

    assert isinstance(state, Contracted)
    assert state.award.bid == "bid-of-heron"
    assert state.beside.result.is_dropped("bid-of-crane")
    assert state.beside.result.countersigned == "c" * 64
    assert instant(state.tender.terms.bids_due) == "2026-12-28T01:00:00.000000Z"
    assert len({type(event) for event in events}) > 35


def test_a_tender_judged_by_a_committee_still_has_its_ranking() -> None:
    events = [event for decision in read("bidding-judged", LINE, BOOKS) for event in decision.events]

    state = LINE.decider.replay(events)

    assert isinstance(state, Awarded)
    assert [(row.bid, row.rank) for row in state.report.rows if row.rank] == [("bid-of-heron", 1), ("bid-of-crane", 2)]
    assert [row.bid for row in state.report.rows if row.rejection] == ["bid-of-egret"]
