"""Accounts: who may have one, with which key, and who may change it."""

from typing import Any

import pytest

from services.registry.domain.commands import BootstrapOperator, ChangeKey, CloseAccount
from services.registry.domain.events import AccountClosed, AccountOpened, KeyChanged
from services.registry.domain.state import ClosedAccount, Facts, Unborn
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, NotFound, OutOfPhase
from shared.kernel.request import SYSTEM, Actor
from tests.registry.world import (
    BRIDGE_STREAM,
    OPERATOR,
    RESIDENT,
    given,
    key,
    known,
    open_account,
    opened,
    stream_of,
    when,
)

OWN = Actor(account="bridge-1", role="bidder")
FIRST = BootstrapOperator(account="op-1", public_key=key(9))


def test_a_bidder_gets_an_account_for_a_party_with_a_unified_code() -> None:
    events = when(Unborn(), open_account(), facts=Facts(party=known()))

    assert events == (
        AccountOpened(account="bridge-1", role="bidder", region="370502", party=BRIDGE_STREAM, public_key=key(1)),
    )


def test_a_party_without_a_unified_code_has_no_bidder() -> None:
    with pytest.raises(NotEntitled):
        when(Unborn(), open_account(), facts=Facts(party=known(has_uscc=False)))


def test_such_a_party_may_have_another_account() -> None:
    assert when(Unborn(), open_account(role="tenderer"), facts=Facts(party=known(has_uscc=False)))


def test_a_bidder_acts_for_a_party() -> None:
    with pytest.raises(NotEntitled):
        when(Unborn(), open_account(party=None))


def test_a_supervisor_needs_no_party() -> None:
    assert when(Unborn(), open_account("sup-2", role="supervisor", party=None, region=""))


def test_an_account_for_an_unknown_party_is_refused() -> None:
    with pytest.raises(NotFound):
        when(Unborn(), open_account(role="agency"))


@pytest.mark.parametrize(("role", "other"), [("bidder", "operator"), ("operator", "bidder")])
def test_who_runs_the_platform_does_not_bid_on_it(role: str, other: str) -> None:
    with pytest.raises(BreaksClause) as refusal:
        when(Unborn(), open_account(role=role), facts=Facts(party=known(other)))

    assert refusal.value.article == "电子招标投标办法 第二十三条"
    assert when(Unborn(), open_account(role=role), facts=Facts(party=known(role, "tenderer")))


def test_a_key_is_one_accounts_alone() -> None:
    with pytest.raises(BreaksClause) as refusal:
        when(Unborn(), open_account(), facts=Facts(party=known(), key_used=True))

    assert refusal.value.article == "电子签名法 第十三条"


@pytest.mark.parametrize("name", [RESIDENT, "13800138000", "86-138-0013-8000", "system"])
def test_an_account_is_named_for_no_person_and_not_for_the_platform(name: str) -> None:
    with pytest.raises(BadInput):
        when(Unborn(), open_account(name, role="expert", party=None))


@pytest.mark.parametrize("name", [RESIDENT[:-1] + "4", "1380013800", "12800138000", "systems"])
def test_a_name_that_only_looks_like_one_is_fine(name: str) -> None:
    assert when(Unborn(), open_account(name, role="expert", party=None))


def test_an_account_is_opened_in_its_own_stream() -> None:
    with pytest.raises(BadInput):
        when(Unborn(), open_account(), facts=Facts(party=known()), stream="account-other")


def test_only_the_operator_opens_accounts() -> None:
    with pytest.raises(NotEntitled):
        when(Unborn(), open_account(), SYSTEM, facts=Facts(party=known()))


@pytest.mark.parametrize("role", ["public", "token", "system"])
def test_nobodys_roles_are_given_to_no_account(role: str) -> None:
    with pytest.raises(ValueError, match="role"):
        open_account(role=role)


@pytest.mark.parametrize("public_key", ["", key(1)[:-1], key(1) + "AA", "not base64!"])
def test_a_key_is_32_bytes(public_key: str) -> None:
    with pytest.raises(ValueError, match="public_key"):
        open_account(public_key=public_key)


def test_the_first_operator_is_made_by_the_system_and_only_once() -> None:
    (event,) = when(Unborn(), FIRST, SYSTEM)

    assert (event.role, event.party) == ("operator", None)
    with pytest.raises(OutOfPhase):
        when(Unborn(), FIRST, SYSTEM, facts=Facts(operators=1))
    with pytest.raises(NotEntitled):
        when(Unborn(), FIRST, OPERATOR)


@pytest.mark.parametrize("actor", [OWN, OPERATOR])
def test_an_account_and_the_operator_change_its_key(actor: Actor) -> None:
    events = when(given(opened()), ChangeKey(public_key=key(2)), actor)

    assert events == (KeyChanged(account="bridge-1", public_key=key(2)),)


def test_nobody_else_changes_a_key_or_closes_an_account() -> None:
    other = Actor(account="bridge-2", role="bidder")

    for command in (ChangeKey(public_key=key(2)), CloseAccount()):
        with pytest.raises(NotEntitled):
            when(given(opened()), command, other)


def test_a_used_key_is_not_taken_again() -> None:
    with pytest.raises(BreaksClause):
        when(given(opened()), ChangeKey(public_key=key(1)), OWN, facts=Facts(key_used=True))


def test_a_closed_account_stays_closed() -> None:
    (event,) = when(given(opened()), CloseAccount(), OWN)
    closed = given(opened(), event)

    assert (event, closed) == (AccountClosed(account="bridge-1"), ClosedAccount(account="bridge-1"))
    for command in (ChangeKey(public_key=key(2)), CloseAccount(), open_account()):
        with pytest.raises(OutOfPhase):
            when(closed, command, facts=Facts(party=known()), stream=stream_of(open_account()))


@pytest.mark.parametrize(("operators", "closes"), [(1, False), (2, True)])
def test_the_last_operator_stays(operators: int, closes: bool) -> None:
    state: Any = given(opened("op-1", role="operator", party=None))
    facts = Facts(operators=operators)

    if closes:
        assert when(state, CloseAccount(), facts=facts)
    else:
        with pytest.raises(OutOfPhase):
            when(state, CloseAccount(), facts=facts)
