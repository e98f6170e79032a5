"""The people and papers of these tests: law-abiding defaults, and how a request is put to the decider."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from stdnum.cn import uscc

from services.registry import LINE
from services.registry.domain.commands import (
    BootstrapOperator,
    DiscloseCredentials,
    OpenAccount,
    RegisterParty,
)
from services.registry.domain.events import AccountOpened, PartyRegistered, PartySuspended, RegistryEvent
from services.registry.domain.state import Facts, KnownParty, RegistryState
from services.registry.domain.values import account_stream, disclosure_stream
from shared.kernel.codes import USCC, PartyId, party_stream
from shared.kernel.message import Command
from shared.kernel.request import Actor, Request
from shared.seal.wire import text

AT = datetime(2026, 12, 1, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
RESIDENT = "110101199003071233"
"""A made-up 居民身份证号 whose check holds (GB 11643-1999)."""

OPERATOR = Actor(account="op-1", role="operator", region="370500")
SUPERVISOR = Actor(account="sup-1", role="supervisor", region="370500")


def code(number: int) -> PartyId:
    """Return the 统一社会信用代码 of an enterprise of Dongying with this serial."""
    stem = f"91370500{number:09d}"
    return PartyId(scheme=USCC, id=stem + uscc.calc_check_digit(stem))


def key(number: int) -> str:
    """Return 32 bytes as a public key; here none signs."""
    return text(random.Random(number).randbytes(32))


BRIDGE = code(1)
BRIDGE_STREAM = party_stream(BRIDGE)
ABROAD = PartyId(scheme="GB-COH", id="01234567")


def register(*identifiers: PartyId, name: str = "东营路桥有限公司") -> RegisterParty:
    first, *more = identifiers or (BRIDGE,)
    return RegisterParty(identifier=first, additional=tuple(more), name=name, kind="enterprise")


def open_account(account: str = "bridge-1", **changes: Any) -> OpenAccount:
    given = {"role": "bidder", "region": "370502", "party": BRIDGE_STREAM, "public_key": key(1), **changes}
    return OpenAccount(account=account, **given)


def known(*roles: Any, has_uscc: bool = True) -> KnownParty:
    return KnownParty(stream=BRIDGE_STREAM, position=1, has_uscc=has_uscc, roles=roles)


def registered(*identifiers: PartyId) -> PartyRegistered:
    return PartyRegistered(kind="enterprise", name="东营路桥有限公司", identifiers=identifiers or (BRIDGE,))


def suspended(until: datetime = AT + timedelta(days=365)) -> PartySuspended:
    return PartySuspended(reason="串通投标", article="招标投标法 第五十三条", until=until)


def opened(account: str = "bridge-1", **changes: Any) -> AccountOpened:
    return AccountOpened(**open_account(account, **changes).model_dump(exclude={"type"}))


def given(*events: RegistryEvent) -> RegistryState:
    """Return the state after events."""
    state: RegistryState = LINE.decider.replay(events)
    return state


def stream_of(command: Command) -> str:
    """Return the stream that a command which begins one belongs to."""
    match command:
        case RegisterParty(identifier=identifier):
            return party_stream(identifier)
        case OpenAccount(account=account) | BootstrapOperator(account=account):
            return account_stream(account)
        case DiscloseCredentials(tender=tender):
            return disclosure_stream(tender)
        case _:
            return "any"


def when(
    state: RegistryState,
    command: Command,
    actor: Actor = OPERATOR,
    *,
    facts: Facts | None = None,
    stream: str = "",
    at: datetime = AT,
) -> Sequence[Any]:
    """Return the events of a request."""
    request = Request[Any, Facts](
        id="c1",
        stream=stream or stream_of(command),
        actor=actor,
        received_at=at,
        command=command,
        facts=facts or Facts(),
    )
    return LINE.decide(request, state)
