"""Disclosure: who holds a tender's tokens is told once, and anyone can compute it again."""

import hashlib
import hmac

import pytest

from services.registry.domain.commands import DiscloseCredentials
from services.registry.domain.events import CredentialsDisclosed
from services.registry.domain.state import Disclosure, Facts, Unborn
from services.registry.domain.values import Holder
from shared.kernel.codes import PartyId
from shared.kernel.errors import BadInput, NotEntitled, OutOfPhase
from shared.kernel.request import SYSTEM
from shared.seal.credential import tender_key, token_of
from shared.seal.statement import Party
from shared.seal.wire import raw, text
from tests.registry.world import code, given, key, when

K_T = tender_key(b"m" * 32, "T1")
UNKNOWN = "0" * 64


def holder(identifier: PartyId, name: str = "东营路桥有限公司") -> Holder:
    party = Party(scheme=identifier.scheme, id=identifier.id, name=name)
    return Holder(token=token_of(K_T, party), **dict(party), account_keys=(key(1),))


def found(*holders: Holder) -> Facts:
    return Facts(disclosure=Disclosure(tender="T1", tender_key=text(K_T), holders=holders))


ONE, TWO = holder(code(1)), holder(code(2))


def ask(*tokens: str) -> DiscloseCredentials:
    return DiscloseCredentials(tender="T1", tokens=tokens)


def test_holders_are_told_in_the_order_asked_once_each_and_unknown_tokens_listed() -> None:
    (event,) = when(Unborn(), ask(TWO.token, UNKNOWN, ONE.token, TWO.token), SYSTEM, facts=found(ONE, TWO))

    assert event == CredentialsDisclosed(tender="T1", tender_key=text(K_T), holders=(TWO, ONE), unknown=(UNKNOWN,))


def test_who_did_not_bid_is_not_told() -> None:
    (event,) = when(Unborn(), ask(ONE.token), SYSTEM, facts=found(ONE, TWO))

    assert event.holders == (ONE,)


def test_anyone_computes_the_tokens_again_from_the_disclosed_key() -> None:
    (event,) = when(Unborn(), ask(ONE.token, TWO.token), SYSTEM, facts=found(ONE, TWO))

    for told in event.holders:
        message = f"{told.scheme}|{told.id}".encode()
        assert hmac.new(raw(event.tender_key), message, hashlib.sha256).hexdigest() == told.token


def test_a_holder_that_does_not_compute_is_never_recorded() -> None:
    forged = TWO.model_copy(update={"token": ONE.token})

    with pytest.raises(ValueError, match="token"):
        when(Unborn(), ask(ONE.token), SYSTEM, facts=found(forged))


def test_a_tender_is_disclosed_once() -> None:
    (event,) = when(Unborn(), ask(ONE.token), SYSTEM, facts=found(ONE))

    with pytest.raises(OutOfPhase):
        when(given(event), ask(TWO.token), SYSTEM, facts=found(TWO))


def test_only_the_platform_itself_discloses() -> None:
    with pytest.raises(NotEntitled):
        when(Unborn(), ask(ONE.token), facts=found(ONE))


def test_a_tender_is_disclosed_in_its_own_stream() -> None:
    with pytest.raises(BadInput):
        when(Unborn(), ask(ONE.token), SYSTEM, facts=found(ONE), stream="disclosure-T2")
