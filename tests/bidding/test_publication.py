"""What is made public, and where: contents of notices, named media, and what the supervisor is warned of."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.bidding import BOOKS
from services.bidding.domain.alarms import alarms
from services.bidding.domain.events import CandidatesPublicised, TenderAnnounced
from services.bidding.domain.publication.messages import NotePublication, PublicationNoted
from services.bidding.domain.receiving import law_of
from services.bidding.domain.state import Announced, Publicised
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, OutOfPhase
from shared.kernel.request import Actor
from tests.bidding import committee as sit
from tests.bidding import drafts
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import Play

NOTICE, PAPER = drafts.NOTICE, drafts.PAPER


def noted(kind: Any, at: datetime) -> NotePublication:
    return NotePublication(kind=kind, medium="山东省公共资源交易网", address="https://example.cn/1", published_at=at)


def warned(play: Play, now: datetime) -> set[str]:
    told = [(make.ANNOUNCED, event) for event in play.events]
    state = play.at(Announced)
    return {alarm.code for alarm in alarms(told, play.state, law_of(state, BOOKS), now)}


def test_a_notice_with_its_seven_contents_says_them_and_warns_of_nothing() -> None:
    whole, bare = stage.accepting(), stage.accepting(notice=None)

    (announced,) = (event for event in whole.events if isinstance(event, TenderAnnounced))

    assert announced.terms.notice is not None
    assert announced.terms.notice.model_dump() == NOTICE
    assert "notice_incomplete" not in warned(whole, make.ANNOUNCED)
    assert "notice_incomplete" in warned(bare, make.ANNOUNCED)


def test_a_notice_that_lacks_one_of_its_contents_is_no_notice() -> None:
    with pytest.raises(ValueError, match="contacts"):
        stage.accepting(notice={name: text for name, text in NOTICE.items() if name != "contacts"})


def test_the_publicity_of_candidates_names_its_file() -> None:
    play, bare = stage.evaluated(), stage.evaluated()
    (event,) = play.ask(drafts.publish_candidates(), at=make.beijing(24, 9))
    bare.ask(drafts.publish_candidates(document=None), at=make.beijing(24, 9))

    assert isinstance(event, CandidatesPublicised)
    assert event.document is not None
    assert event.document.sha256 == "9" * 64
    assert "publicity_incomplete" not in warned(play, play.now)
    assert "publicity_incomplete" in warned(bare, bare.now)


def test_what_must_be_tendered_has_a_notice_with_its_contents_or_is_not_announced() -> None:
    for estimate, refused in ((4_000_000_00, True), (3_999_999_99, False)):
        play = stage.drafted(estimate_fen=estimate)
        if refused:
            with pytest.raises(BreaksClause) as refusal:
                play.publish(notice=None, committee=sit.COMMITTEE)
            assert refusal.value.article == "招标公告和公示信息发布管理办法 第五条"
        else:
            play.publish(notice=None)
            assert "notice_incomplete" in warned(play, make.ANNOUNCED)


def test_its_candidates_are_publicised_with_their_document_or_not_at_all() -> None:
    play = sit.sitting(draft={"estimate_fen": 4_000_000_00})
    sit.report(play)
    sit.sign_all(play)

    with pytest.raises(BreaksClause) as refusal:
        play.ask(drafts.publish_candidates(document=None), at=make.beijing(24, 9))
    play.ask(drafts.publish_candidates(), at=make.beijing(24, 9))

    assert refusal.value.article == "招标公告和公示信息发布管理办法 第六条"
    assert play.at(Publicised)


def test_a_publication_on_a_named_medium_is_put_on_record_after_its_own() -> None:
    play = stage.accepting()

    for wrong in (make.ANNOUNCED - make.MICROSECOND, make.ANNOUNCED + timedelta(hours=2)):
        with pytest.raises(BadInput):
            play.ask(noted("notice", wrong), at=make.ANNOUNCED + timedelta(hours=1))
    (event,) = play.ask(noted("notice", make.ANNOUNCED), at=make.ANNOUNCED + timedelta(hours=1))

    assert isinstance(event, PublicationNoted)
    assert event.article == "招标公告和公示信息发布管理办法 第八条"
    assert play.audit() == play.state


def test_nothing_is_published_elsewhere_before_it_is_public_here() -> None:
    with pytest.raises(OutOfPhase):
        stage.accepting().ask(noted("candidates", make.ANNOUNCED), at=make.ANNOUNCED)
    play = stage.publicised()
    with pytest.raises(OutOfPhase):
        play.ask(noted("result", play.now))
    play = stage.awarded()
    for kind in ("candidates", "result"):
        assert play.ask(noted(kind, play.now))


def test_another_agency_notes_nothing() -> None:
    other = Actor(account="agency-2", role="agency", region="370500", party="X-AGENCY:2")
    with pytest.raises(NotEntitled):
        stage.accepting().ask(noted("notice", make.ANNOUNCED), other, make.ANNOUNCED)


def test_a_notice_that_no_medium_carried_within_a_day_warns_the_supervisor() -> None:
    play = stage.accepting()
    due = make.ANNOUNCED + timedelta(hours=24)

    assert "not_on_media" not in warned(play, due - make.MICROSECOND)
    assert "not_on_media" in warned(play, due)
    play.ask(noted("notice", make.ANNOUNCED), at=due)
    assert "not_on_media" not in warned(play, due)


def test_candidates_that_no_medium_carried_within_a_day_warn_too() -> None:
    play = stage.publicised()
    play.ask(noted("notice", make.ANNOUNCED))
    due = play.at(Publicised).publicity.starts + timedelta(hours=24)

    assert "not_on_media" not in warned(play, due - make.MICROSECOND)
    assert "not_on_media" in warned(play, due)
