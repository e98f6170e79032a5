"""Who may bid, and what a tender comes from: must it be tendered, whom it invites, which procedures it names."""

from typing import Any

import pytest

from services.bidding.domain.access.messages import PartiesAdmitted
from services.bidding.domain.access.values import Access, Admitted, Linked, commitment
from services.bidding.domain.events import TenderAnnounced
from services.bidding.domain.state import Accepting
from services.bidding.domain.visible import visible
from services.bidding.linking import as_linked
from shared.kernel.errors import BadInput, BreaksClause
from shared.kernel.request import Role
from shared.seal.wire import text
from tests.bidding import committee as sit
from tests.bidding import drafts
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import Play, refusal_of

SALT = text(b"s" * 32)
BUYER = "X-BUYER:1"
PROJECT = "A01-91350000MA347WHE48-20190305-000001-T"
GROUND = {"ground": "few_bidders", "explanation": "仅三家单位具备该专项资质"}


def access_of(play: Play) -> Access:
    access = play.at(Accepting).tender.access
    assert access is not None
    return access


def invitations(*bidders: make.Bidder) -> list[dict[str, str]]:
    return [{"scheme": one.party.scheme, "id": one.party.id, "name": one.party.name} for one in bidders]


def invited(*bidders: make.Bidder, **changes: Any) -> dict[str, Any]:
    return {"invited": GROUND, "invitations": invitations(*bidders), "found": {"admission_salt": SALT}, **changes}


def linked(**changes: Any) -> dict[str, Any]:
    """Return what the handler finds of the procedure `before`."""
    known = Linked.model_validate({"procedure": "before", "phase": "failed", "buyer": BUYER, **changes})
    return {"linked": (known,), "admission_salt": SALT}


@pytest.mark.parametrize(
    ("category", "least"), [("works", 4_000_000_00), ("goods", 2_000_000_00), ("services", 1_000_000_00)]
)
def test_a_project_of_the_scale_must_be_tendered_and_one_a_fen_below_need_not(category: str, least: int) -> None:
    plays = [
        stage.accepting(draft={"category": category, "estimate_fen": fen}, committee=sit.COMMITTEE)
        for fen in (least, least - 1)
    ]

    at, below = (access_of(play).must_tender for play in plays)

    assert (at.must, below.must) == (True, False)
    assert (at.threshold_fen, at.article, at.verified) == (least, "必须招标的工程项目规定 第五条", False)


def test_without_an_estimate_it_is_not_known_whether_it_must_be_tendered() -> None:
    assert access_of(stage.accepting(draft={"estimate_fen": None}, committee=sit.COMMITTEE)).must_tender.must is None


def test_three_are_invited_and_two_are_too_few() -> None:
    assert access_of(stage.accepting(**invited(*stage.BIDDERS))).admitted

    refusal = refusal_of(stage.drafted(), **invited(make.CRANE, make.HERON))

    assert isinstance(refusal, BreaksClause)
    assert refusal.article == "招标投标法 第十七条"


def test_a_party_invited_twice_is_not_two() -> None:
    twice = (make.CRANE, make.HERON, make.HERON)

    assert refusal_of(stage.drafted(), **invited(*twice)).article == "招标投标法 第十七条"
    assert isinstance(refusal_of(stage.drafted(), **invited(*twice, make.EGRET)), BadInput)


def test_a_state_funded_project_that_must_be_tendered_invites_only_on_a_declared_ground() -> None:
    without = invited(*stage.BIDDERS, invited={}, committee=sit.COMMITTEE)

    refusal = refusal_of(stage.drafted(estimate_fen=4_000_000_00), **without)

    assert refusal.article == "招标投标法实施条例 第八条"
    assert stage.accepting(**without, draft={"estimate_fen": 4_000_000_00}, state_funded=False).at(Accepting)
    assert stage.accepting(**without, draft={"estimate_fen": 3_999_999_99}).at(Accepting)


def test_an_open_tender_lists_nobody_and_an_invited_one_somebody() -> None:
    assert isinstance(refusal_of(stage.drafted(), invitations=invitations(*stage.BIDDERS)), BadInput)
    assert isinstance(refusal_of(stage.drafted(), invited=GROUND), BadInput)


def test_whom_a_tender_invites_is_sealed_until_the_opening_and_then_anyone_can_compare_it() -> None:
    play = stage.accepting(**invited(*stage.BIDDERS))
    announced, listed = play.events[-2:]
    assert isinstance(announced, TenderAnnounced)
    assert isinstance(listed, PartiesAdmitted)

    told: dict[Role, bool] = {
        role: visible(listed, role, play.state)
        for role in ("public", "bidder", "token", "operator", "expert", "authority", "tenderer", "agency", "supervisor")
    }

    assert {role for role, seen in told.items() if seen} == {"tenderer", "agency", "supervisor"}
    assert not any(one.party.id.encode() in announced.canonical() for one in stage.BIDDERS)
    assert not any(one.party.name.encode() in announced.canonical() for one in stage.BIDDERS)
    assert visible(listed, "public", stage.opened().state)
    sealed = access_of(play).admitted
    assert sealed
    assert sealed.commitment == commitment(make.STREAM, "invitation", listed.parties, listed.salt)


def test_a_lot_of_a_project_says_which_and_a_wrong_code_is_refused() -> None:
    play = stage.accepting(draft={"project": PROJECT, "lot_number": 2})

    assert (play.at(Accepting).tender.draft.project, play.at(Accepting).tender.draft.lot_number) == (PROJECT, 2)
    with pytest.raises(ValueError, match="check"):
        drafts.draft_tender(project=PROJECT[:-1] + "A")
    assert isinstance(refusal_of(stage.drafted(lot_number=2)), BadInput)


def test_what_failed_is_held_again_and_counts_as_the_next_attempt() -> None:
    again = stage.accepting(draft={"retender_of": "before"}, found=linked(attempt=2))

    assert access_of(again).attempt == 3
    assert access_of(stage.accepting()).attempt == 1


@pytest.mark.parametrize(
    "changes", [{"phase": "accepting"}, {"phase": "contracted"}, {"buyer": "X-BUYER:2"}, {"held_again": ("second",)}]
)
def test_what_did_not_fail_or_is_anothers_or_was_held_again_is_not_held_again(changes: dict[str, Any]) -> None:
    refusal = refusal_of(stage.drafted(retender_of="before"), found=linked(**changes))

    assert refusal.article == "招标投标法 第二十八条"


def test_a_procedure_of_another_project_is_not_named() -> None:
    other = "A01-91350000MA347WHE48-20190305-000002-"
    draft = stage.drafted(retender_of="before", project=PROJECT)

    assert isinstance(refusal_of(draft, found=linked(project=other + "R")), BreaksClause)
    draft.publish(found=linked(project=PROJECT))


def test_only_parties_of_one_source_are_admitted() -> None:
    both = stage.drafted(prequalification="before")
    admitted = tuple(Admitted(party=f"X-TEST:{one.name}", name=one.zh) for one in stage.BIDDERS)
    found = linked(phase="qualified", kind="prequalification", admitted=admitted)

    assert isinstance(refusal_of(both, **invited(*stage.BIDDERS, found=found)), BadInput)


def test_the_method_is_that_of_the_kind_of_procedure() -> None:
    assert isinstance(refusal_of(stage.drafted(kind="prequalification")), BadInput)
    assert isinstance(refusal_of(stage.drafted(), method=stage.CRITERIA), BadInput)
    assert isinstance(refusal_of(stage.drafted(kind="first_stage"), method=stage.CRITERIA), BadInput)


def test_of_a_procedure_only_what_its_state_is_may_be_relied_on() -> None:
    failed = stage.closed(bidders=(make.CRANE,), prices=(1,))
    qualified = stage.reviewed(make.STORK)

    assert as_linked("x", stage.drafted().state).phase == "unannounced"
    assert (as_linked("x", failed.state).phase, as_linked("x", failed.state).buyer) == ("failed", BUYER)
    assert [one.party for one in as_linked("x", qualified.state).admitted] == [
        "X-TEST:crane", "X-TEST:heron", "X-TEST:egret"
    ]  # fmt: skip


def test_every_decision_of_an_invited_tender_is_made_again_from_its_record() -> None:
    play = stage.opened(**invited(*stage.BIDDERS))

    assert play.audit() == play.state
