"""Parties: who may be registered, under which identifiers, and what a suspension does."""

from datetime import timedelta

import pytest

from services.registry.domain.commands import AddIdentifier, LiftSuspension, SuspendParty
from services.registry.domain.events import (
    IdentifierAdded,
    PartyRegistered,
    PartySuspended,
    SuspensionLifted,
)
from services.registry.domain.state import Facts, RegisteredParty, Unborn
from shared.kernel.codes import PartyId, party_stream
from shared.kernel.errors import BadInput, BreaksClause, BrokenHistory, NotEntitled, OutOfPhase
from shared.kernel.request import Actor
from tests.registry.world import (
    ABROAD,
    AT,
    BRIDGE,
    INSTANT,
    OPERATOR,
    RESIDENT,
    SUPERVISOR,
    code,
    given,
    register,
    registered,
    suspended,
    when,
)


def suspend(days: int = 365) -> SuspendParty:
    return SuspendParty(reason="串通投标", article="招标投标法 第五十三条", until=AT + timedelta(days=days))


LIFT = LiftSuspension(reason="复议撤销", article="行政复议法 第六十四条")


def test_a_party_is_registered_with_all_its_identifiers() -> None:
    events = when(Unborn(), register(BRIDGE, ABROAD))

    assert events == (PartyRegistered(kind="enterprise", name="东营路桥有限公司", identifiers=(BRIDGE, ABROAD)),)


def test_a_party_of_another_scheme_is_kept_as_it_is() -> None:
    (event,) = when(Unborn(), register(ABROAD))

    assert event.identifiers == (ABROAD,)


def test_a_wrong_check_character_is_no_code() -> None:
    wrong = BRIDGE.id[:-1] + ("0" if BRIDGE.id[-1] != "0" else "1")

    with pytest.raises(ValueError, match="统一社会信用代码"):
        PartyId(scheme="CN-USCC", id=wrong)


def test_a_party_is_registered_in_the_stream_of_its_first_identifier_alone() -> None:
    with pytest.raises(BadInput, match=party_stream(BRIDGE)):
        when(Unborn(), register(BRIDGE), stream=party_stream(ABROAD))


def test_a_registered_party_is_not_registered_again() -> None:
    with pytest.raises(OutOfPhase):
        when(given(registered()), register())


def test_an_identifier_of_another_party_is_refused() -> None:
    with pytest.raises(BreaksClause) as refusal:
        when(Unborn(), register(), facts=Facts(taken=(BRIDGE,)))

    assert refusal.value.article == "国发〔2015〕33号"


def test_two_unified_codes_are_refused_and_one_with_others_is_not() -> None:
    with pytest.raises(BreaksClause):
        when(Unborn(), register(code(1), code(2)))

    assert when(Unborn(), register(code(1), ABROAD))


def test_the_same_identifier_twice_is_refused() -> None:
    with pytest.raises(BadInput):
        when(Unborn(), register(ABROAD, ABROAD))


def test_a_resident_identity_number_is_no_party() -> None:
    with pytest.raises(BadInput) as refusal:
        when(Unborn(), register(PartyId(scheme="CN-OTHER", id=RESIDENT)))

    assert refusal.value.article == "个人信息保护法 第六条"
    assert when(Unborn(), register(PartyId(scheme="CN-OTHER", id=RESIDENT[:-1] + "4")))


def test_only_the_operator_registers() -> None:
    with pytest.raises(NotEntitled):
        when(Unborn(), register(), Actor(account="b", role="bidder"))


def test_a_unified_code_can_be_added_later_but_only_one() -> None:
    abroad = given(registered(ABROAD))

    (event,) = when(abroad, AddIdentifier(identifier=BRIDGE))

    assert event == IdentifierAdded(identifier=BRIDGE)
    with pytest.raises(BreaksClause):
        when(given(registered(ABROAD), event), AddIdentifier(identifier=code(2)))


def test_an_identifier_is_not_added_twice_nor_taken_from_another() -> None:
    with pytest.raises(BadInput):
        when(given(registered(ABROAD)), AddIdentifier(identifier=ABROAD))
    with pytest.raises(BreaksClause):
        when(given(registered(ABROAD)), AddIdentifier(identifier=BRIDGE), facts=Facts(taken=(BRIDGE,)))


def test_a_resident_identity_number_is_not_added() -> None:
    with pytest.raises(BadInput):
        when(given(registered()), AddIdentifier(identifier=PartyId(scheme="CN-OTHER", id=RESIDENT)))


def test_the_supervisor_suspends_and_says_by_which_article() -> None:
    (event,) = when(given(registered()), suspend(), SUPERVISOR)

    assert event == PartySuspended(reason="串通投标", article="招标投标法 第五十三条", until=AT + timedelta(days=365))
    with pytest.raises(NotEntitled):
        when(given(registered()), suspend(), OPERATOR)


def test_a_suspension_ends_later_than_it_begins() -> None:
    shortest = SuspendParty(reason="r", article="a", until=AT + INSTANT)
    none = SuspendParty(reason="r", article="a", until=AT)

    assert when(given(registered()), shortest, SUPERVISOR)
    with pytest.raises(BadInput):
        when(given(registered()), none, SUPERVISOR)


def test_a_party_is_suspended_again_only_when_the_last_suspension_is_over() -> None:
    until = AT + timedelta(days=1)
    party = given(registered(), suspended(until))

    with pytest.raises(OutOfPhase):
        when(party, suspend(), SUPERVISOR, at=until - INSTANT)
    assert when(party, suspend(), SUPERVISOR, at=until)


def test_only_a_suspension_in_force_is_lifted() -> None:
    until = AT + timedelta(days=1)
    party = given(registered(), suspended(until))

    assert when(party, LIFT, SUPERVISOR, at=until - INSTANT) == (
        SuspensionLifted(reason=LIFT.reason, article=LIFT.article),
    )
    with pytest.raises(OutOfPhase):
        when(party, LIFT, SUPERVISOR, at=until)
    with pytest.raises(OutOfPhase):
        when(given(registered()), LIFT, SUPERVISOR)


def test_a_lifted_suspension_is_gone() -> None:
    party = given(registered(), suspended(), SuspensionLifted(reason="r", article="a"))

    assert party == RegisteredParty(identifiers=(BRIDGE,), suspension=None)


def test_a_history_that_cannot_be_is_loud() -> None:
    with pytest.raises(BrokenHistory):
        given(suspended())
    with pytest.raises(BrokenHistory):
        given(registered(), registered())
