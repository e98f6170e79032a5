"""Prequalification and first stages as procedures of their own, and the tenders that admit whom they let through."""

from datetime import timedelta
from typing import Any

import pytest

from services.bidding.domain.access.messages import (
    ApplicationsReviewed,
    Failing,
    Judgment,
    QualificationNotified,
    ReviewApplications,
)
from services.bidding.domain.ceremony_events import OpeningCompleted
from services.bidding.domain.documents.messages import ClarifyTender
from services.bidding.domain.events import ReceptionClosed
from services.bidding.domain.rows import OpenedRow
from services.bidding.domain.state import Accepting, Closed, Failed, Opened, Qualified
from services.bidding.domain.visible import visible
from services.bidding.linking import as_linked
from services.bidding.views import may_see
from shared.kernel.errors import BadInput, BreaksClause, OutOfPhase
from shared.runtime.listed import Told
from shared.seal.statement import Consortium
from shared.seal.wire import text
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.phases import ALL, APPLYING, BIDDERS, PROPOSING
from tests.bidding.play import Play, refusal_of

SALT = text(b"s" * 32)
TIMES: dict[str, Any] = {"sale_ends": make.beijing(7), "bids_due": make.beijing(13)}


def applications(**terms: Any) -> Play:
    """Return the opening of four applications."""
    return stage.opened(**{**APPLYING, "bidders": ALL, "prices": [0] * 4, **terms})


def following(before: Play, name: str = "prequalification") -> Play:
    """Return a tender that admits whom the procedure before let through."""
    play = stage.drafted(**{name: "before"})
    play.publish(found={"linked": (as_linked("before", before.state),), "admission_salt": SALT})
    return play


def opened_rows(play: Play) -> dict[str, OpenedRow]:
    """Play a tender that has its bids to the end of its opening; return the record by bidder."""
    return {row.party.id: row for row in stage.finish_opening(play).at(Opened).rows}


def test_applications_may_be_handed_in_for_five_days_after_the_sale_stops() -> None:
    assert stage.accepting(**APPLYING, **TIMES).at(Accepting)


def test_a_microsecond_less_breaks_article_17() -> None:
    draft = stage.drafted(**APPLYING["draft"])

    refusal = refusal_of(draft, **{**TIMES, "bids_due": make.beijing(13) - make.MICROSECOND}, method=stage.CRITERIA)

    assert isinstance(refusal, BreaksClause)
    assert refusal.article == "招标投标法实施条例 第十七条"


def test_prequalification_documents_are_on_sale_for_five_days_too() -> None:
    draft = stage.drafted(**APPLYING["draft"])
    short = {**TIMES, "sale_ends": make.beijing(7) - make.MICROSECOND}

    assert refusal_of(draft, **short, method=stage.CRITERIA).article == "招标投标法实施条例 第十六条"


@pytest.mark.parametrize(("day", "moves"), [(18, False), (19, True)])
def test_a_clarification_comes_three_days_before_applications_are_due_or_postpones(day: int, moves: bool) -> None:
    play = stage.accepting(**APPLYING)

    play.ask(ClarifyTender(text="更正", affects_bids=True), at=make.beijing(day, 10))

    assert (play.at(Accepting).tender.terms.bids_due > make.DUE) is moves


def test_three_applicants_are_enough_and_two_are_not() -> None:
    enough = stage.closed(**APPLYING, prices=(0, 0, 0))
    too_few = stage.closed(**APPLYING, bidders=BIDDERS[:2], prices=(0, 0))

    assert enough.at(Closed)
    assert too_few.at(Failed).failure.cause == "fewer_than_three"
    assert too_few.at(Failed).failure.article == "招标投标法实施条例 第十九条"


def test_an_application_states_no_price_and_none_is_read_out() -> None:
    play = stage.opened(**APPLYING, prices=(0, 0, 5))

    assert [row.price_fen for row in play.at(Opened).rows] == [None, None, None]
    assert {row.outcome for row in play.at(Opened).rows} == {"unsealed"}


def test_three_qualified_end_it_and_two_fail_it() -> None:
    enough, too_few = stage.reviewed(make.STORK), stage.reviewed(make.STORK, make.EGRET)

    passed = [row.party.id for row in enough.at(Qualified).review.rows if row.passed]
    assert passed == ["crane", "heron", "egret"]
    assert too_few.at(Failed).failure.cause == "fewer_than_three_qualified"
    assert too_few.at(Failed).failure.article == "招标投标法实施条例 第十九条"


def test_only_declared_criteria_are_judged_and_every_application_once() -> None:
    play = applications()
    bids = [row.bid for row in play.at(Opened).rows]
    undeclared = Failing(criterion="local", reason="非本地企业")

    with pytest.raises(BreaksClause) as no:
        play.ask(ReviewApplications(judgments=(Judgment(bid=bids[0], failings=(undeclared,)), *map(judged, bids[1:]))))
    with pytest.raises(BadInput):
        play.ask(ReviewApplications(judgments=tuple(map(judged, bids[1:]))))
    with pytest.raises(BadInput):
        play.ask(ReviewApplications(judgments=tuple(map(judged, [*bids, bids[0]]))))

    assert no.value.article == "招标投标法实施条例 第十八条"


def judged(bid: str) -> Judgment:
    return Judgment(bid=bid)


def test_a_prequalification_is_not_evaluated_and_a_tender_not_reviewed() -> None:
    with pytest.raises(OutOfPhase):
        applications().report()
    with pytest.raises(OutOfPhase):
        stage.opened().review()


def test_each_applicant_is_told_its_own_result_and_no_others() -> None:
    play = stage.reviewed(make.STORK)
    notices = {event.token: event for event in play.events if isinstance(event, QualificationNotified)}

    assert {bidder.name: notices[bidder.token].passed for bidder in ALL} == {
        "crane": True, "heron": True, "egret": True, "stork": False
    }  # fmt: skip
    assert notices[make.STORK.token].failings[0].reason == "资质证书已过期"
    record: Any = type("Record", (), {"actor": {"account": make.AGENCY.account}})()
    told = Told(record, notices[make.STORK.token])
    assert may_see(told, make.STORK.actor, play.state)
    assert not may_see(told, make.CRANE.actor, play.state)


def test_who_applied_is_not_told_to_the_public_even_when_it_is_over() -> None:
    play = stage.reviewed(make.STORK)
    secret = [
        event for event in play.events if isinstance(event, ReceptionClosed | OpeningCompleted | ApplicationsReviewed)
    ]

    assert len(secret) == 3
    for event in secret:
        assert not visible(event, "public", play.state)
        assert not visible(event, "token", play.state)
        assert visible(event, "agency", play.state)
        assert visible(event, "supervisor", play.state)


def test_who_is_qualified_may_bid_and_who_is_not_may_not() -> None:
    play = following(stage.reviewed(make.STORK))
    for number, bidder in enumerate(ALL):
        play.bid(bidder, 100_00 + number)

    rows = opened_rows(play)

    assert {name: row.outcome for name, row in rows.items()} == {
        "crane": "unsealed", "heron": "unsealed", "egret": "unsealed", "stork": "invalid"
    }  # fmt: skip
    assert rows["stork"].grounds[0].code == "not_qualified"
    assert rows["stork"].article == "招标投标法实施条例 第十九条"
    assert rows["stork"].price_fen == 100_03
    assert play.audit() == play.state


def test_a_party_that_was_not_invited_is_invalid_at_the_opening() -> None:
    listed = [{"scheme": one.party.scheme, "id": one.party.id, "name": one.party.name} for one in BIDDERS]
    play = stage.accepting(invited={}, invitations=listed, state_funded=False, found={"admission_salt": SALT})
    for number, bidder in enumerate(ALL):
        play.bid(bidder, 100_00 + number)

    rows = opened_rows(play)

    assert [name for name, row in rows.items() if row.outcome == "invalid"] == ["stork"]
    assert (rows["stork"].grounds[0].code, rows["stork"].article) == ("not_invited", "招标投标法 第十七条")


def with_partner(partner: make.Bidder) -> dict[str, Any]:
    return {"consortium": Consortium(members=(partner.party,), agreement="施工组织设计.pdf")}


OTHER = make.Bidder("ibis", "朱鹮")


@pytest.mark.parametrize(("partner", "outcome"), [(make.STORK, "unsealed"), (OTHER, "invalid"), (None, "invalid")])
def test_a_consortium_bids_as_it_was_qualified_or_not_at_all(partner: make.Bidder | None, outcome: str) -> None:
    before = stage.accepting(**APPLYING)
    before.bid(make.CRANE, 0, **with_partner(make.STORK))
    before.bid(make.HERON, 0)
    before.bid(make.EGRET, 0)
    opened_rows(before)
    before.review()
    play = following(before)
    play.bid(make.CRANE, 100_00, **(with_partner(partner) if partner else {}))
    play.bid(make.HERON, 101_00)
    play.bid(make.EGRET, 103_00)

    rows = opened_rows(play)

    assert rows["crane"].outcome == outcome
    assert [ground.code for ground in rows["crane"].grounds] == (
        [] if outcome == "unsealed" else ["consortium_changed"]
    )


def test_a_prequalification_without_a_result_admits_nobody() -> None:
    for before in (applications(), stage.closed()):
        play = stage.drafted(prequalification="before")
        found = {"linked": (as_linked("before", before.state),), "admission_salt": SALT}

        assert refusal_of(play, found=found).article == "招标投标法实施条例 第十九条"


def test_the_second_stage_is_for_those_who_took_part_in_the_first() -> None:
    first = stage.opened(**PROPOSING, prices=(0, 0, 0))
    first.ask(ReviewApplications(), at=first.now + timedelta(days=1))
    play = following(first, "first_stage")
    for number, bidder in enumerate(ALL):
        play.bid(bidder, 100_00 + number)

    rows = opened_rows(play)

    assert first.at(Qualified)
    assert [name for name, row in rows.items() if row.outcome == "invalid"] == ["stork"]
    assert rows["stork"].grounds[0].code == "took_no_part"
    assert rows["stork"].article == "招标投标法实施条例 第三十条"


def test_a_bid_without_a_price_is_invalid_in_a_tender() -> None:
    play = stage.opened(bidders=ALL, prices=(100_00, 101_00, 103_00, 0))

    rows = {row.party.id: row for row in play.at(Opened).rows}

    assert [row.outcome for row in rows.values()] == ["unsealed", "unsealed", "unsealed", "invalid"]
    assert rows["stork"].grounds[0].code == "no_price"


def test_every_decision_of_a_prequalification_is_made_again_from_its_record() -> None:
    play = stage.reviewed(make.STORK)

    assert play.audit() == play.state
