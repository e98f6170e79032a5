"""Experts of the library: who may be in it, and who changes what stands there."""

from typing import Any

import pytest

from services.registry.domain.expert_commands import ChangeExpert, SetExpertStanding, TieExpert
from services.registry.domain.expert_events import ExpertEnrolled, ExpertStandingSet
from services.registry.domain.expert_values import expert_stream
from services.registry.domain.state import EnrolledExpert, Facts, Unborn
from shared.kernel.errors import BreaksClause, NotEntitled, NotFound, OutOfPhase
from shared.kernel.request import Actor
from shared.procedure.recusal import Ground
from tests.registry.library import BIDDER, enrol, qualification
from tests.registry.world import OPERATOR, SUPERVISOR, given, when

OWN = Actor(account="e01", role="expert")
FACTS = Facts(jurisdiction="370502", expert_account=True)
STREAM = expert_stream("e01")


def enrolled() -> ExpertEnrolled:
    return ExpertEnrolled(expert="e01", qualification=qualification())


def standing(to: Any) -> SetExpertStanding:
    return SetExpertStanding(standing=to, reason="r", article="a")


@pytest.mark.parametrize(
    ("changes", "good"),
    [({"years": 8}, True), ({"years": 7}, False), ({"title": "intermediate"}, False),
     ({"title": "intermediate", "equivalent": True}, True), ({"years": 7, "equivalent": True}, False)],
)  # fmt: skip
def test_an_expert_has_eight_years_and_a_senior_title_or_the_same_level(changes: Any, *, good: bool) -> None:
    if good:
        assert when(Unborn(), enrol(1, **changes), OPERATOR, facts=FACTS, stream=STREAM)
        assert when(given(enrolled()), ChangeExpert(qualification=qualification(**changes)), facts=FACTS)
        return
    for state, command in (
        (Unborn(), enrol(1, **changes)),
        (given(enrolled()), ChangeExpert(qualification=qualification(**changes))),
    ):
        with pytest.raises(BreaksClause) as refusal:
            when(state, command, OPERATOR, facts=FACTS, stream=STREAM)
        assert refusal.value.article == "招标投标法 第三十七条"


def test_an_expert_has_an_account_first() -> None:
    with pytest.raises(NotFound):
        when(Unborn(), enrol(1), OPERATOR, facts=Facts(jurisdiction="370502"), stream=STREAM)


def test_an_operator_of_another_county_keeps_no_experts_of_this_one() -> None:
    other = OPERATOR.model_copy(update={"region": "370503"})

    with pytest.raises(NotEntitled):
        when(Unborn(), enrol(1), other, facts=FACTS, stream=STREAM)


@pytest.mark.parametrize(("actor", "to", "may"), [
    (OWN, "paused", True), (OWN, "removed", False), (OPERATOR, "removed", True), (SUPERVISOR, "removed", True),
    (Actor(account="e02", role="expert"), "paused", False),
])  # fmt: skip
def test_an_expert_pauses_itself_and_the_office_removes_it(actor: Actor, to: str, *, may: bool) -> None:
    if may:
        (event,) = when(given(enrolled()), standing(to), actor, facts=FACTS)
        assert given(enrolled(), event) == EnrolledExpert(expert="e01", standing=to)  # type: ignore[arg-type]  # a case
    else:
        with pytest.raises(NotEntitled):
            when(given(enrolled()), standing(to), actor, facts=FACTS)


def test_who_is_removed_is_removed_for_good_and_a_standing_is_set_once() -> None:
    gone = given(enrolled(), ExpertStandingSet(expert="e01", standing="removed", reason="r", article="a"))

    for command in (standing("available"), ChangeExpert(qualification=qualification())):
        with pytest.raises(OutOfPhase):
            when(gone, command, OPERATOR, facts=FACTS)
    with pytest.raises(OutOfPhase):
        when(given(enrolled()), standing("available"), OPERATOR, facts=FACTS)


def test_an_expert_tells_of_its_own_ties_and_of_no_others() -> None:
    tie = TieExpert(tied_to=BIDDER, ground=Ground.KIN)

    assert when(given(enrolled()), tie, OWN, facts=FACTS)
    with pytest.raises(NotEntitled):
        when(given(enrolled()), tie, Actor(account="e02", role="expert"), facts=FACTS)
