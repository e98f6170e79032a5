"""From candidates to contract: days counted by the calendar, the winner by the law, the contract by the award."""

import pytest

from services.bidding.domain.events import CandidatesPublicised, ContractSigned, TenderAwarded
from services.bidding.domain.state import Awarded, Contracted, Publicised
from shared.kernel.errors import BreaksClause, OutOfPhase
from tests.bidding import factories as make
from tests.bidding.phases import ALL, PRICES, awarded, evaluated, opened, publicised


def test_publicity_lasts_three_days_and_ends_on_a_working_day() -> None:
    play = evaluated()

    (event,) = play.publicise(at=make.beijing(24, 9))  # a Thursday: the third day is a Sunday

    assert isinstance(event, CandidatesPublicised)
    assert event.ends == make.beijing(29)
    assert event.article == "招标投标法实施条例 第五十四条"
    assert [(item.rank, item.bid, item.price_fen) for item in event.candidates] == [
        (1, "bid-of-crane", PRICES[0]),
        (2, "bid-of-heron", PRICES[1]),
        (3, "bid-of-egret", PRICES[2]),
    ]


def test_a_longer_declared_publicity_is_kept() -> None:
    play = evaluated(publicity_days=5)

    play.publicise(at=make.beijing(24, 9))

    assert play.at(Publicised).publicity.ends == make.beijing(30)


def test_publicity_begins_within_three_days_of_the_report_or_is_recorded_as_late() -> None:
    in_time, late = evaluated(), evaluated()  # both reported on Wednesday 23; the third day, Saturday, moves to Monday

    (good,) = in_time.publicise(at=make.beijing(29) - make.MICROSECOND)
    (bad,) = late.publicise(at=make.beijing(29))

    assert isinstance(good, CandidatesPublicised)
    assert isinstance(bad, CandidatesPublicised)
    assert (good.late, bad.late) == (False, True)


def test_nobody_wins_before_the_publicity_is_over() -> None:
    play = publicised()
    ends = play.at(Publicised).publicity.ends

    with pytest.raises(OutOfPhase) as no:
        play.award("bid-of-crane", at=ends - make.MICROSECOND)
    play.award("bid-of-crane", at=ends)

    assert no.value.article == "招标投标法实施条例 第五十四条"
    assert play.at(Awarded)


def test_with_state_funds_the_first_ranked_wins() -> None:
    play = publicised(state_funded=True)
    ends = play.at(Publicised).publicity.ends

    with pytest.raises(BreaksClause) as no:
        play.award("bid-of-heron", at=ends)
    play.award("bid-of-crane", at=ends)

    assert no.value.article == "招标投标法实施条例 第五十五条"


def test_without_state_funds_any_candidate_may_win_and_nobody_else() -> None:
    play = opened(bidders=ALL, prices=(100, 101, 102, 103), state_funded=False)
    play.report(at=make.beijing(23, 9))
    play.publicise(at=make.beijing(24, 9))
    ends = play.at(Publicised).publicity.ends

    with pytest.raises(BreaksClause):
        play.award("bid-of-stork", at=ends)
    (event,) = play.award("bid-of-egret", at=ends)

    assert isinstance(event, TenderAwarded)
    assert (event.bid, event.price_fen) == ("bid-of-egret", 102)


def test_the_award_notifies_the_winner_and_each_loser_and_says_when_the_contract_is_due() -> None:
    play = publicised()

    (event,) = play.award("bid-of-crane", at=make.beijing(29, 9))

    assert isinstance(event, TenderAwarded)
    assert event.party == make.CRANE.party
    assert [notice.party for notice in event.others] == [make.HERON.party, make.EGRET.party]
    assert event.contract_due == make.beijing(29, month=1, year=2027)  # 30 days to Thursday 28 January
    assert "电子招标投标办法 第三十六条" in event.articles


def test_the_contract_has_the_price_of_the_award_to_the_fen() -> None:
    play = awarded()

    with pytest.raises(BreaksClause) as no:
        play.sign(PRICES[0] - 1)
    (event,) = play.sign(PRICES[0])

    assert no.value.article == "招标投标法 第四十六条"
    assert isinstance(event, ContractSigned)
    assert not event.late
    assert play.at(Contracted)


def test_a_contract_signed_after_the_thirtieth_day_is_recorded_as_late() -> None:
    in_time, late = awarded(), awarded()
    due = in_time.at(Awarded).award.contract_due

    (good,) = in_time.sign(PRICES[0], at=due - make.MICROSECOND)
    (bad,) = late.sign(PRICES[0], at=due)

    assert isinstance(good, ContractSigned)
    assert isinstance(bad, ContractSigned)
    assert (good.late, bad.late) == (False, True)
    assert bad.article == "招标投标法 第四十六条"
