"""From draft to announcement: each rule just kept and just broken."""

from datetime import date
from typing import Any

import pytest

from services.bidding import BOOKS, LINE
from services.bidding.domain.events import TenderAnnounced, TenderDrafted
from services.bidding.domain.facts import Facts
from services.bidding.domain.state import Accepting, Drafted
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, OutOfPhase
from shared.kernel.request import Actor
from shared.procedure.asking import FactMissing
from shared.procedure.books import NoSuchBook
from tests.bidding import drafts
from tests.bidding import factories as make
from tests.bidding.phases import accepting, drafted
from tests.bidding.play import SECRETS, Play, refusal_of

RIVAL = Actor(account="agency-2", role="agency", party="X-AGENCY:2")


def test_a_draft_can_be_written_anew_and_stays_its_first_writers() -> None:
    play = drafted()

    (event,) = play.ask(drafts.draft_tender(title="改稿"), make.AGENCY)

    assert isinstance(event, TenderDrafted)
    assert play.at(Drafted).draft.title == "改稿"
    assert play.at(Drafted).owner.account == make.AGENCY.account


@pytest.mark.parametrize(("length", "fits"), [(53, True), (54, False)])
def test_a_procedures_id_leaves_room_for_the_streams_named_after_it(length: int, fits: bool) -> None:
    play = Play()
    request = play._request(drafts.draft_tender(), make.AGENCY, Facts(), SECRETS)
    named = request.model_copy(update={"stream": "T" * length})

    if fits:
        assert play.stage.decide(named, play.state)
    else:
        with pytest.raises(BadInput):
            play.stage.decide(named, play.state)


def test_a_rival_agency_cannot_touch_a_draft_but_the_tenderer_can() -> None:
    play = drafted()

    with pytest.raises(NotEntitled):
        play.ask(drafts.draft_tender(title="夺稿"), RIVAL)
    play.ask(drafts.draft_tender(title="招标人改稿"), make.BUYER)

    assert play.at(Drafted).draft.title == "招标人改稿"


def test_a_floor_price_is_not_even_a_field() -> None:
    body = drafts.draft_tender().model_dump(mode="json") | {"floor_fen": 1}

    with pytest.raises(BadInput, match="floor_fen"):
        LINE.command(body)


def test_an_announcement_pins_the_law_and_says_which_values_it_used() -> None:
    play = drafted()

    (event,) = play.publish()

    assert isinstance(event, TenderAnnounced)
    assert event.rulebook == make.rulebook().digest
    assert event.calendar == make.CALENDAR.digest
    assert event.meaning_public_key == make.KEYS.announced.meaning
    assert {(cited.rule, cited.value, cited.article) for cited in event.clauses} >= {
        ("E3", 5, "招标投标法实施条例 第十六条"),
        ("E6", 20, "招标投标法 第二十四条"),
        ("E29", 3, "招标投标法实施条例 第五十四条"),
    }
    assert LINE.rulebook(play.state) == event.rulebook


def test_documents_are_on_sale_for_five_whole_days() -> None:
    assert accepting(sale_ends=make.beijing(7)).at(Accepting)


def test_documents_on_sale_a_microsecond_less_break_article_16() -> None:
    refusal = refusal_of(drafted(), sale_ends=make.beijing(7) - make.MICROSECOND)

    assert isinstance(refusal, BreaksClause)
    assert refusal.article == "招标投标法实施条例 第十六条"
    assert "5日" in refusal.zh
    assert "5 days" in refusal.en


def test_twenty_whole_days_lie_between_issue_and_deadline() -> None:
    assert accepting(bids_due=make.beijing(22)).at(Accepting)


def test_a_deadline_a_microsecond_earlier_breaks_article_24() -> None:
    refusal = refusal_of(drafted(), bids_due=make.beijing(22) - make.MICROSECOND)

    assert isinstance(refusal, BreaksClause)
    assert refusal.article == "招标投标法 第二十四条"
    assert "20" in refusal.zh


def test_publicity_of_three_days_may_be_declared_but_not_of_two() -> None:
    assert accepting(publicity_days=3).at(Accepting)

    assert refusal_of(drafted(), publicity_days=2).article == "招标投标法实施条例 第五十四条"


def test_documents_are_not_sold_before_the_day_of_announcement_nor_after_the_deadline() -> None:
    accepting(sale_starts=make.beijing(1), sale_ends=make.DUE)

    assert isinstance(refusal_of(drafted(), sale_starts=make.beijing(1) - make.MICROSECOND), BadInput)
    assert isinstance(refusal_of(drafted(), sale_ends=make.DUE + make.MICROSECOND), BadInput)


def test_weights_add_up_to_exactly_one() -> None:
    accepting(method=drafts.WEIGHTED)

    refusal = refusal_of(drafted(), method=drafts.WEIGHTED | {"price_weight": "0.599999"})

    assert refusal.article == "招标投标法实施条例 第四十九条"


@pytest.mark.parametrize(
    "change",
    [
        {"formula": "no_such_formula"},
        {"version": 2},
        {"parameters": [{"name": "above", "value": "1"}]},
        {"formula": "mean_deviation", "parameters": [{"name": "above", "value": "1"}]},
    ],
)
def test_a_formula_is_one_of_those_registered_with_exactly_its_parameters(change: dict[str, Any]) -> None:
    refusal = refusal_of(drafted(), method=drafts.WEIGHTED | change)

    assert refusal.article == "招标投标法实施条例 第四十九条"


def test_two_factors_of_one_name_are_refused() -> None:
    factors = [{"factor": "plan", "title": "方案", "weight": "0.2"}] * 2

    assert isinstance(refusal_of(drafted(), method=drafts.WEIGHTED | {"factors": factors}), BadInput)


def test_the_four_keys_are_four() -> None:
    keys = make.KEYS.authorities.model_dump()

    refusal = refusal_of(drafted(), authorities=keys | {"platform": keys["agency"]})

    assert isinstance(refusal, BadInput)
    assert "distinct" in refusal.en


def test_the_rulebook_is_that_of_the_day_of_announcement() -> None:
    yesterday, calendar = BOOKS.put(make.rulebook(date(2026, 11, 30)), make.CALENDAR)
    facts = Facts(rulebook=yesterday, calendar=calendar, meaning_public_key=make.KEYS.announced.meaning)

    with pytest.raises((NoSuchBook, FactMissing)):  # the service makes either a fault
        drafted().ask(drafts.publish_tender(), facts=facts)


def test_a_tender_is_announced_once() -> None:
    play = accepting()

    with pytest.raises(OutOfPhase):
        play.publish()


def test_what_was_made_up_for_an_imported_notice_is_marked() -> None:
    play = drafted(made=["ceiling_fen"], source={"kind": "ccgp", "id": "2026-17"})
    play.publish()

    assert play.at(Accepting).tender.draft.made == ("ceiling_fen",)
