"""Who sits on an evaluation committee: composition, draw, appointment, and who may know."""

from contextlib import nullcontext
from typing import Any

import pytest

from services.bidding.domain.committee.events import CommitteeFormed
from services.bidding.domain.committee.seen import withholds
from services.bidding.domain.events import EvaluationReported
from services.bidding.domain.state import Publicised
from services.bidding.domain.visible import reads_bids, standing, visible
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, NotFound, NotYet, OutOfPhase
from shared.kernel.message import Event
from shared.kernel.request import Role
from shared.procedure.draw import chosen, ranking, seed_of
from tests.bidding import committee as sit
from tests.bidding import phases as stage
from tests.bidding.play import Play

EVERYBODY: tuple[Role, ...] = (
    "public", "bidder", "token", "expert", "tenderer", "agency", "supervisor", "operator", "authority",
)  # fmt: skip


def seen_by(play: Play, kind: type[Event]) -> set[Role]:
    (event,) = (event for event in play.events if isinstance(event, kind))
    return {role for role in EVERYBODY if visible(event, role, play.state)}


@pytest.mark.parametrize(("members", "experts"), [(5, 4), (7, 5), (9, 6)])
def test_a_committee_of_five_or_more_odd_and_two_thirds_experts_may_be_announced(members: int, experts: int) -> None:
    stage.accepting(committee=sit.COMMITTEE | {"members": members, "experts": experts})


@pytest.mark.parametrize(("members", "experts"), [(3, 3), (6, 6), (5, 3), (9, 5)])
def test_fewer_even_or_one_expert_less_may_not(members: int, experts: int) -> None:
    with pytest.raises(BreaksClause) as no:
        stage.accepting(committee=sit.COMMITTEE | {"members": members, "experts": experts})

    assert no.value.article == "招标投标法 第三十七条"


@pytest.mark.parametrize(
    ("category", "least"), [("works", 4_000_000_00), ("goods", 2_000_000_00), ("services", 1_000_000_00)]
)
def test_what_must_be_tendered_declares_a_committee_and_a_fen_less_need_not(category: str, least: int) -> None:
    of_scale = {"category": category, "estimate_fen": least}

    with pytest.raises(BreaksClause) as no:
        stage.accepting(draft=of_scale)

    assert no.value.article == "招标投标法 第三十七条"
    assert "committee" in no.value.zh
    stage.accepting(draft=of_scale, committee=sit.COMMITTEE)
    stage.accepting(draft={"category": category, "estimate_fen": least - 1})


def test_without_an_estimate_the_ceiling_says_whether_a_committee_is_asked_for() -> None:
    for ceiling, refused in ((4_000_000_00, True), (3_999_999_99, False), (None, True)):
        play = stage.drafted(estimate_fen=None, ceiling_fen=ceiling)
        with pytest.raises(BreaksClause) if refused else nullcontext():
            play.publish()


def test_before_a_tender_nobody_asks_for_a_committee() -> None:
    for terms in (stage.APPLYING, stage.PROPOSING):
        draft = terms["draft"] | {"estimate_fen": 4_000_000_00}
        stage.accepting(**terms | {"draft": draft})


def test_more_experts_than_members_or_a_deviation_twice_is_no_declaration() -> None:
    twice = sit.COMMITTEE["deviations"] * 2
    with pytest.raises(BadInput):
        stage.accepting(**stage.APPLYING, committee=sit.COMMITTEE)
    for wrong in ({"experts": 7}, {"deviations": twice}):
        with pytest.raises(BadInput):
            stage.accepting(committee=sit.COMMITTEE | wrong)


def test_a_committee_is_formed_of_who_was_drawn_and_the_tenderers_representatives() -> None:
    play = sit.opened()

    (formed,) = sit.form(play)

    assert isinstance(formed, CommitteeFormed)
    assert [seat.member for seat in formed.seats] == [sitter.name for sitter in sit.SEATED]
    assert [seat.kind for seat in formed.seats] == ["expert"] * 4 + ["representative"]
    assert formed.draw is not None
    assert formed.draw.pool == sit.draw().pool_digest
    assert formed.articles[1] == "招标投标法实施条例 第四十六条"


def test_nobody_is_designated_where_experts_are_to_be_drawn() -> None:
    with pytest.raises(BreaksClause) as no:
        sit.form(sit.opened(), appointed=("e1",))

    assert no.value.article == "招标投标法实施条例 第四十七条"


def test_a_special_project_that_says_why_appoints_its_experts() -> None:
    play = sit.opened(committee={"appointed_because": "盾构穿越文物保护区，技术特别复杂"})

    (formed,) = sit.form(play, appointed=("e1", "e2", "e3", "e4"))

    assert isinstance(formed, CommitteeFormed)
    assert (formed.draw, formed.because) == (None, "盾构穿越文物保护区，技术特别复杂")
    assert formed.articles[1] == "招标投标法实施条例 第四十七条"


def other_root() -> Any:
    """Return a draw whose claimed result is that of another root."""
    file = sit.draw()
    ranked = ranking(
        seed_of(file.draw, bytes(32), file.commitments, file.reveals), [expert.id for expert in file.library]
    )
    return file.model_copy(update={"chosen": chosen(ranked, file.seats, file.reserve)})


@pytest.mark.parametrize(
    "file",
    [
        other_root(),
        sit.draw(parties=sit.BIDDERS[:-1]),
        sit.draw(seats=5, others=2),
    ],
    ids=["a result nobody gets", "a bidder without recusal", "other seats"],
)
def test_a_draw_that_does_not_hold_seats_nobody(file: Any) -> None:
    with pytest.raises(BreaksClause) as no:
        sit.form(sit.opened(), sit.facts(file))

    assert no.value.article == "招标投标法实施条例 第四十六条"


def test_without_the_result_of_the_draw_it_is_not_yet() -> None:
    play = sit.opened()
    with pytest.raises(NotYet):
        sit.form(play, sit.facts().model_copy(update={"draw": None}))
    with pytest.raises(NotFound):
        sit.form(play, sit.facts(known=sit.KNOWN[:-1]))


@pytest.mark.parametrize("changed", [{"years": 7}, {"senior": False}])
def test_an_expert_a_year_or_the_title_short_does_not_sit(changed: dict[str, Any]) -> None:
    short = sit.EXPERTS[0].known(**changed)

    with pytest.raises(BreaksClause) as no:
        sit.form(sit.opened(), sit.facts(known=(short, *sit.KNOWN)))

    assert no.value.article == "招标投标法 第三十七条"


def test_who_supervises_does_not_sit_as_a_representative_either() -> None:
    with pytest.raises(BreaksClause) as no:
        sit.form(sit.opened(), sit.facts(known=(sit.CLERK.known(supervises=True), *sit.KNOWN)))

    assert no.value.article == "招标投标法实施条例 第四十六条"


def test_nobody_has_two_seats_and_the_committee_is_as_announced() -> None:
    drawn = sit.EXPERTS[0].name
    for wrong in ((drawn,), (), (sit.CLERK.name, "e1")):
        with pytest.raises(BadInput):
            sit.form(sit.opened(), representatives=wrong)


def test_a_committee_is_formed_once_after_the_opening_and_only_where_declared() -> None:
    play = sit.sitting()

    with pytest.raises(OutOfPhase):
        sit.form(play)
    with pytest.raises(OutOfPhase):
        sit.form(stage.opened())
    with pytest.raises(OutOfPhase):
        sit.form(stage.closed(committee=sit.COMMITTEE))
    with pytest.raises(BadInput):
        sit.form(sit.opened(), until=sit.BEGINS)


def test_the_names_are_secret_until_the_result_is_determined() -> None:
    play = sit.sitting()
    insiders: set[Role] = {"tenderer", "agency", "supervisor", "expert"}

    assert seen_by(play, CommitteeFormed) == insiders
    assert withholds(play.state)
    sit.report(play)
    assert seen_by(play, CommitteeFormed) == insiders
    sit.sign_all(play)
    play.publicise()
    publicised = play.at(Publicised)

    assert seen_by(play, CommitteeFormed) == seen_by(play, EvaluationReported) == insiders
    assert not withholds(play.state)
    play.award(publicised.report.candidates[0], at=publicised.publicity.ends)
    assert seen_by(play, CommitteeFormed) == seen_by(play, EvaluationReported) == set(EVERYBODY)


def test_an_expert_who_does_not_sit_is_the_public() -> None:
    play, stranger = sit.sitting(), sit.Sitter("e99").actor

    assert standing(stranger, play.state) == "public"
    assert not reads_bids(stranger, play.state)
    assert standing(sit.CLERK.actor, play.state) == "expert"
    assert reads_bids(sit.CLERK.actor, play.state)
    with pytest.raises(NotEntitled):
        sit.propose(play, sit.Sitter("e99"), sit.rejecting("bid-of-crane"))
