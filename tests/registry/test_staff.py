"""Staff: several accounts of one party, each of one person; lost keys; who was behind an account is erasable."""

from typing import Any

import pytest

from services.registry.domain.commands import (
    ChangeKey,
    CloseAccount,
    ErasePerson,
    OpenStaffAccount,
    ReportKeyLost,
    SetPassword,
)
from services.registry.domain.events import AccountClosed, KeyChanged, KeyRevoked, PersonErased, StaffAccountOpened
from services.registry.domain.state import ClosedAccount, Facts, LiveAccount, Unborn
from services.registry.domain.values import account_stream
from shared.kernel.errors import BreaksClause, NotEntitled, NotFound, OutOfPhase
from shared.kernel.request import Actor
from tests.registry.world import AT, BRIDGE_STREAM, OPERATOR, SUPERVISOR, given, key, known, opened, when

ADMINISTRATOR = Actor(account="bridge-1", role="bidder", party=BRIDGE_STREAM)
PERSON = "5" * 64
STREAM = account_stream("bridge-2")
LOST = ReportKeyLost(reason="U盾遗失")


def staff(**changes: Any) -> OpenStaffAccount:
    fields = {"role": "bidder", "region": "370502", "party": BRIDGE_STREAM, "public_key": key(2), "person": PERSON}
    return OpenStaffAccount(**{"account": "bridge-2", **fields, "rights": ("act", "read"), **changes})


def facts(**changes: Any) -> Facts:
    fields = {"party": known("bidder"), "jurisdiction": "370500", "administers": True, "person_known": True}
    return Facts(**{**fields, **changes})


def joined() -> StaffAccountOpened:
    return StaffAccountOpened(**staff().model_dump(exclude={"type"}))


@pytest.mark.parametrize("actor", [ADMINISTRATOR, OPERATOR])
def test_an_administrator_and_the_operator_open_an_account_for_a_person(actor: Actor) -> None:
    assert when(Unborn(), staff(), actor, facts=facts(), stream=STREAM) == (joined(),)


@pytest.mark.parametrize(
    ("actor", "changes"),
    [
        (ADMINISTRATOR, {"administers": False}),
        (ADMINISTRATOR.model_copy(update={"party": "party-other"}), {}),
        (ADMINISTRATOR.model_copy(update={"role": "tenderer"}), {}),
        (SUPERVISOR, {}),
    ],
)
def test_nobody_else_does(actor: Actor, changes: dict[str, Any]) -> None:
    with pytest.raises(NotEntitled):
        when(Unborn(), staff(), actor, facts=facts(**changes), stream=STREAM)


def test_an_account_is_somebodys() -> None:
    with pytest.raises(NotFound):
        when(Unborn(), staff(), ADMINISTRATOR, facts=facts(person_known=False), stream=STREAM)


def test_the_rules_of_every_account_hold_for_staff() -> None:
    with pytest.raises(BreaksClause):
        when(Unborn(), staff(), ADMINISTRATOR, facts=facts(key_used=True), stream=STREAM)
    with pytest.raises(NotEntitled):
        when(Unborn(), staff(), ADMINISTRATOR, facts=facts(party=known(has_uscc=False)), stream=STREAM)


def test_an_administrator_closes_an_account_of_its_party_and_another_member_does_not() -> None:
    other = Actor(account="bridge-3", role="bidder", party=BRIDGE_STREAM)

    assert when(given(joined()), CloseAccount(), ADMINISTRATOR, facts=facts()) == (AccountClosed(account="bridge-2"),)
    with pytest.raises(NotEntitled):
        when(given(joined()), CloseAccount(), other, facts=facts(administers=False))


def test_a_lost_key_is_revoked_from_that_instant_and_replaced_by_an_administrator() -> None:
    (revoked,) = when(given(joined()), LOST, ADMINISTRATOR, facts=facts())
    state = given(joined(), revoked)
    (changed,) = when(state, ChangeKey(public_key=key(3)), ADMINISTRATOR, facts=facts())

    assert revoked == KeyRevoked(account="bridge-2", public_key=key(2), since=AT, reason=LOST.reason)
    assert changed == KeyChanged(account="bridge-2", public_key=key(3))
    with pytest.raises(OutOfPhase):
        when(state, LOST, ADMINISTRATOR, facts=facts())
    assert when(given(joined(), revoked, changed), LOST, ADMINISTRATOR, facts=facts())


def test_an_account_opened_before_there_was_staff_reports_its_key_too() -> None:
    (revoked,) = when(given(opened()), LOST, ADMINISTRATOR, facts=Facts())

    assert revoked.public_key == key(1)


def test_a_person_is_erased_once_the_account_is_closed_and_only_the_digest_stays() -> None:
    closed = given(joined(), AccountClosed(account="bridge-2"))
    (erased,) = when(closed, ErasePerson(), OPERATOR, facts=facts())

    assert closed == ClosedAccount(account="bridge-2", person=PERSON)
    assert erased == PersonErased(account="bridge-2", person=PERSON)
    for state in (given(joined()), given(joined(), AccountClosed(account="bridge-2"), erased)):
        with pytest.raises(OutOfPhase):
            when(state, ErasePerson(), OPERATOR, facts=facts())
    with pytest.raises(NotEntitled):
        when(closed, ErasePerson(), ADMINISTRATOR, facts=facts())


def test_a_password_is_set_by_its_own_account_once_it_was_left() -> None:
    own = Actor(account="bridge-2", role="bidder", party=BRIDGE_STREAM)

    assert when(given(joined()), SetPassword(), own, facts=facts(password_waiting=True))
    with pytest.raises(NotFound):
        when(given(joined()), SetPassword(), own, facts=facts())
    for other in (ADMINISTRATOR, OPERATOR):
        with pytest.raises(NotEntitled):
            when(given(joined()), SetPassword(), other, facts=facts(password_waiting=True))


def test_a_password_changes_nothing_that_is_decided_on() -> None:
    state = given(joined())
    (event,) = when(state, SetPassword(), Actor(account="bridge-2", role="bidder"), facts=facts(password_waiting=True))

    assert isinstance(state, LiveAccount)
    assert given(joined(), event) == state
    assert set(event.model_dump()) == {"type", "account"}
