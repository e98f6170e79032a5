"""Who is in charge of a party and who controls it: who declares it, from when it counts, and the chains that follow."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.registry.domain.commands import (
    DeclarePersonInCharge,
    DeclareRelation,
    EndRelation,
    ErasePersonInCharge,
)
from services.registry.domain.events import (
    PersonInChargeDeclared,
    PersonInChargeErased,
    RelationDeclared,
    RelationEnded,
)
from services.registry.domain.relations import in_charge, reached
from services.registry.domain.state import Facts, RegisteredParty
from services.registry.domain.values import Charge, Relation
from shared.kernel.codes import PartyId
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, NotFound, OutOfPhase, Refusal
from shared.kernel.request import Actor
from shared.seal.marks import mark, person
from tests.registry.world import (
    ABROAD,
    AT,
    BRIDGE,
    BRIDGE_STREAM,
    INSTANT,
    OPERATOR,
    RESIDENT,
    SUPERVISOR,
    code,
    given,
    registered,
    when,
)

WANG, LI, ZHAO = "1" * 64, "2" * 64, "3" * 64
OWN = Actor(account="bridge-1", role="bidder", region="370502", party=BRIDGE_STREAM)
ADMINISTERS = Facts(administers=True, person_known=True, jurisdiction="370500")
OFFICE = Facts(person_known=True, jurisdiction="370500")
LOT = "招标投标法实施条例 第三十四条"


def charged(who: str = WANG, since: datetime = AT) -> PersonInChargeDeclared:
    return PersonInChargeDeclared(person=who, since=since)


def relation(number: int = 1, **changes: Any) -> RelationDeclared:
    fields = {"side": "controlled_by", "other": code(2), "kind": "holding", "since": AT, "until": None}
    return RelationDeclared(relation=Relation(number=number, **{**fields, "by_office": False, **changes}))


def declare(**changes: Any) -> DeclareRelation:
    return DeclareRelation(**{"side": "controlled_by", "other": code(2), "kind": "holding", "since": AT, **changes})


def by(actor: Actor) -> Facts:
    return ADMINISTERS if actor is OWN else OFFICE


def done(state: Any, command: Any, actor: Actor = OWN, at: datetime = AT) -> Any:
    return when(state, command, actor, facts=by(actor), at=at)


@pytest.mark.parametrize("actor", [OWN, OPERATOR, SUPERVISOR])
def test_a_party_administers_what_it_declares_and_so_does_the_office(actor: Actor) -> None:
    party = given(registered())

    assert done(party, DeclarePersonInCharge(person=WANG, since=AT), actor) == (charged(),)
    assert done(party, declare(), actor) == (relation(by_office=actor is not OWN),)
    assert done(given(registered(), relation()), EndRelation(number=1, reason="股权转让"), actor) == (
        RelationEnded(number=1, until=AT, reason="股权转让"),
    )


@pytest.mark.parametrize("command", [DeclarePersonInCharge(person=WANG), declare(), EndRelation(number=1, reason="r")])
def test_nobody_else_declares_anything(command: Any) -> None:
    far = OPERATOR.model_copy(update={"region": "370600"})
    expert = Actor(account="e01", role="expert")

    for actor, facts in ((OWN, Facts(person_known=True)), (far, OFFICE), (expert, ADMINISTERS)):
        with pytest.raises(NotEntitled):
            when(given(registered(), relation()), command, actor, facts=facts)


def test_a_person_is_told_to_the_platform_before_it_is_declared() -> None:
    with pytest.raises(NotFound):
        when(given(registered()), DeclarePersonInCharge(person=WANG), OWN, facts=Facts(administers=True))


def test_only_the_first_declaration_of_a_party_itself_reaches_back_and_an_offices_always() -> None:
    first, next_ = given(registered()), given(registered(), charged(since=AT - timedelta(days=9)))
    back = DeclarePersonInCharge(person=LI, since=AT - INSTANT)

    assert done(first, back)
    assert done(next_, DeclarePersonInCharge(person=LI, since=AT)) == (charged(LI),)
    assert done(next_, DeclarePersonInCharge(person=LI)) == (charged(LI),)
    assert done(next_, back, OPERATOR)
    with pytest.raises(BreaksClause) as refusal:
        done(next_, back)
    assert refusal.value.article == LOT


def test_the_last_said_of_those_whose_time_has_come_is_in_charge() -> None:
    wang, li, zhao = (
        Charge(person=who, since=AT + timedelta(days=day)) for who, day in ((WANG, 0), (LI, 9), (ZHAO, 5))
    )

    assert in_charge([wang], AT - INSTANT) is None
    assert [in_charge([wang, li], AT + timedelta(days=9) - gone) for gone in (INSTANT, timedelta())] == [wang, li]
    assert in_charge([wang, li, zhao], AT + timedelta(days=9)) == zhao


def test_who_was_in_charge_is_erased_once_and_nobody_who_is_or_will_be() -> None:
    later = AT + timedelta(days=1)
    party = given(registered(), charged(WANG), charged(LI, later), charged(ZHAO, later + timedelta(days=1)))
    erase = ErasePersonInCharge(person=WANG)

    for who, at in ((WANG, later - INSTANT), (LI, later), (ZHAO, later)):
        with pytest.raises(OutOfPhase):
            done(party, ErasePersonInCharge(person=who), OPERATOR, at)
    assert done(party, erase, OPERATOR, later) == (PersonInChargeErased(person=WANG),)
    left = given(registered(), charged(WANG), charged(LI, later), PersonInChargeErased(person=WANG))
    assert isinstance(left, RegisteredParty)
    assert left.charges == (Charge(person=None, since=AT), Charge(person=LI, since=later))
    with pytest.raises(NotFound):
        done(left, erase, OPERATOR, later)
    with pytest.raises(NotEntitled):
        done(party, erase, OWN, later)


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"other": BRIDGE}, BadInput),
        ({"other": PartyId(scheme="CN-OTHER", id=RESIDENT)}, BadInput),
        ({"until": AT}, BadInput),
        ({"until": AT + INSTANT}, None),
        ({"other": ABROAD}, None),
        ({"since": AT - timedelta(days=999)}, None),
    ],
)
def test_a_relation_is_with_another_body_and_begins_before_it_ends(
    changes: dict[str, Any], refused: type[Refusal] | None
) -> None:
    if refused is None:
        assert done(given(registered()), declare(**changes))
        return
    with pytest.raises(refused):
        done(given(registered()), declare(**changes))


def test_a_relation_is_declared_again_only_from_when_it_is_over() -> None:
    until = AT + timedelta(days=1)
    party = given(registered(), relation(until=until))

    (event,) = done(party, declare(since=until))

    assert event.relation.number == 2
    assert done(party, declare(kind="management"))
    assert done(party, declare(side="controls"))
    with pytest.raises(OutOfPhase):
        done(party, declare(since=until - INSTANT))


def test_a_party_ends_what_it_declared_from_now_on_and_an_office_as_it_was() -> None:
    own, offices = given(registered(), relation()), given(registered(), relation(by_office=True))
    now = AT + timedelta(days=9)

    def end(state: Any, until: datetime | None, actor: Actor = OWN) -> Any:
        return done(state, EndRelation(number=1, until=until, reason="股权转让"), actor, now)

    assert end(own, now)
    assert end(own, None) == end(own, now)
    assert end(own, AT, OPERATOR)
    assert end(offices, None, SUPERVISOR)
    with pytest.raises(BreaksClause):
        end(own, now - INSTANT)
    with pytest.raises(BadInput):
        end(own, AT - INSTANT, OPERATOR)
    with pytest.raises(NotEntitled):
        end(offices, None)


def test_what_is_over_is_not_ended_again_nor_what_there_is_not() -> None:
    until = AT + timedelta(days=1)
    party = given(registered(), relation(), RelationEnded(number=1, until=until, reason="r"))

    assert done(party, EndRelation(number=1, reason="r"), at=until - INSTANT)
    with pytest.raises(OutOfPhase):
        done(party, EndRelation(number=1, reason="r"), at=until)
    with pytest.raises(NotFound):
        done(party, EndRelation(number=2, reason="r"))


def test_control_goes_through_every_chain_and_not_to_sisters() -> None:
    edges = [("a", "b"), ("b", "c"), ("b", "d"), ("d", "a")]

    assert reached(edges[:3], "a") == {"b", "c", "d"}
    assert reached(edges[:3], "c") == frozenset()
    assert reached(edges, "a") == {"b", "c", "d"}
    assert reached([(below, above) for above, below in edges[:3]], "c") == {"b", "a"}


@for_all(st.lists(st.tuples(st.integers(0, 6).map(str), st.integers(0, 6).map(str)), max_size=15))
def test_whatever_is_reached_is_reached_by_steps(edges: list[tuple[str, str]]) -> None:
    steps = {target for origin, target in edges if origin == "0"}
    for _ in range(7):
        steps |= {target for origin, target in edges if origin in steps}

    assert reached(edges, "0") == steps - {"0"}


def test_equal_persons_have_equal_marks_in_one_tender_however_they_are_written() -> None:
    written = person("阿依古丽·艾合买提", "11010119900307123x")

    assert mark("T1", written) == mark("T1", person("阿依古丽 ・艾合买提", "110101 1990 0307 123X"))
    assert mark("T1", written) != mark("T2", written)
    assert mark("T1", written) != mark("T1", person("阿依古丽·艾合买提", "110101199003071233"))
    assert mark("T1", person("王某", "370502198001010011")) == mark("T1", "王某 370502198001010011")
