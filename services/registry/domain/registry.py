"""The registry's decide and evolve: one function a command, one case an event."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from services.registry.domain import law
from services.registry.domain.commands import (
    AddIdentifier,
    BootstrapOperator,
    ChangeKey,
    CloseAccount,
    DiscloseCredentials,
    LiftSuspension,
    OpenAccount,
    PublishCalendar,
    RegisterParty,
    RegistryCommand,
    SuspendParty,
)
from services.registry.domain.events import (
    AccountClosed,
    AccountOpened,
    CalendarPublished,
    CredentialsDisclosed,
    IdentifierAdded,
    KeyChanged,
    PartyRegistered,
    PartySuspended,
    RegistryEvent,
    RequestRefused,
    SuspensionLifted,
)
from services.registry.domain.state import (
    ClosedAccount,
    DisclosedTender,
    Facts,
    LiveAccount,
    PublishedYear,
    RegisteredParty,
    RegistryState,
    Unborn,
)
from services.registry.domain.values import (
    Holder,
    Suspension,
    account_stream,
    calendar_stream,
    disclosure_stream,
)
from shared.kernel.canonical import digest
from shared.kernel.codes import party_stream
from shared.kernel.decider import expect
from shared.kernel.errors import BadInput, NotEntitled, NotFound, OutOfPhase, Refusal
from shared.kernel.request import SYSTEM, Request
from shared.seal.credential import token_of
from shared.seal.statement import Party
from shared.seal.wire import raw

Asked = Request[RegistryCommand, Facts]

STANDINGS: Mapping[type[RegistryState], tuple[str, str]] = {
    Unborn: ("尚未登记", "not registered yet"),
    RegisteredParty: ("已登记主体", "a party"),
    LiveAccount: ("有效账户", "an open account"),
    ClosedAccount: ("已注销账户", "a closed account"),
    DisclosedTender: ("已披露投标代号的项目", "a tender whose tokens are disclosed"),
    PublishedYear: ("已公布的工作日历", "a published year"),
}
"""What a stream of the registry stands at, as refusals say it to people."""


def decide(request: Asked, state: RegistryState) -> Sequence[RegistryEvent]:  # noqa: C901, PLR0911 - one table
    """Return the events of a request. The cases are the whole table of transitions."""
    match request.command, state:
        case RegisterParty() as command, Unborn():
            return _register_party(request, command)
        case AddIdentifier() as command, RegisteredParty():
            return _add_identifier(request, command, state)
        case SuspendParty() as command, RegisteredParty():
            return _suspend_party(request, command, state)
        case LiftSuspension() as command, RegisteredParty():
            return _lift_suspension(request, command, state)
        case OpenAccount() as command, Unborn():
            return _open_account(request, command)
        case BootstrapOperator() as command, Unborn():
            return _bootstrap_operator(request, command)
        case ChangeKey() as command, LiveAccount():
            return _change_key(request, command, state)
        case CloseAccount(), LiveAccount():
            return _close_account(request, state)
        case DiscloseCredentials() as command, Unborn():
            return _disclose_credentials(request, command)
        case PublishCalendar() as command, (Unborn() | PublishedYear()) as year:
            return _publish_calendar(request, command, year)
        case command, _:
            zh, en = STANDINGS[type(state)]
            raise OutOfPhase(
                f"该登记记录现为“{zh}”，不能办理 {command.type}", f"{command.type} does not fit: it is {en}"
            )


def evolve(state: RegistryState, event: RegistryEvent) -> RegistryState:  # noqa: C901, PLR0911 - one case an event
    """Return the state after an event. Raise BrokenHistory where it cannot follow."""
    match event:
        case PartyRegistered():
            expect(state, Unborn, event)
            return RegisteredParty(identifiers=event.identifiers)
        case IdentifierAdded():
            party = expect(state, RegisteredParty, event)
            return party.model_copy(update={"identifiers": (*party.identifiers, event.identifier)})
        case PartySuspended():
            suspension = Suspension(reason=event.reason, article=event.article, until=event.until)
            return expect(state, RegisteredParty, event).model_copy(update={"suspension": suspension})
        case SuspensionLifted():
            return expect(state, RegisteredParty, event).model_copy(update={"suspension": None})
        case AccountOpened():
            expect(state, Unborn, event)
            return LiveAccount(account=event.account, role=event.role)
        case KeyChanged():
            return expect(state, LiveAccount, event)
        case AccountClosed():
            expect(state, LiveAccount, event)
            return ClosedAccount()
        case CredentialsDisclosed():
            expect(state, Unborn, event)
            return DisclosedTender()
        case CalendarPublished():
            if not isinstance(state, Unborn):
                expect(state, PublishedYear, event)
            return PublishedYear(revision=event.revision, digest=event.digest)
        case RequestRefused():
            return state
        case _:
            assert_never(event)


def refused(request: Asked, refusal: Refusal) -> RequestRefused:
    """Return the event that a refused request leaves."""
    return RequestRefused(
        command_type=request.command.type,
        command_digest=digest(request.command.canonical()),
        code=refusal.code,
        article=refusal.article,
    )


def _register_party(request: Asked, command: RegisterParty) -> Sequence[RegistryEvent]:
    identifiers = (command.identifier, *command.additional)
    _require_stream(request, party_stream(command.identifier))
    for identifier in identifiers:
        law.require_body(identifier)
    law.require_one_code(identifiers)
    law.require_free(request.facts.taken)
    return (PartyRegistered(kind=command.kind, name=command.name, identifiers=identifiers),)


def _add_identifier(request: Asked, command: AddIdentifier, party: RegisteredParty) -> Sequence[RegistryEvent]:
    law.require_body(command.identifier)
    law.require_one_code((*party.identifiers, command.identifier))
    law.require_free(request.facts.taken)
    return (IdentifierAdded(identifier=command.identifier),)


def _suspend_party(request: Asked, command: SuspendParty, party: RegisteredParty) -> Sequence[RegistryEvent]:
    if command.until <= request.received_at:
        raise BadInput("暂停的截止时间须晚于现在", "a suspension must end later than now")
    if law.in_force(party.suspension, request.received_at):
        raise OutOfPhase("该主体已在暂停期内，请先解除", "a suspension is in force; lift it first")
    return (PartySuspended(reason=command.reason, article=command.article, until=command.until),)


def _lift_suspension(request: Asked, command: LiftSuspension, party: RegisteredParty) -> Sequence[RegistryEvent]:
    if not law.in_force(party.suspension, request.received_at):
        raise OutOfPhase("该主体不在暂停期内", "no suspension is in force")
    return (SuspensionLifted(reason=command.reason, article=command.article),)


def _open_account(request: Asked, command: OpenAccount) -> Sequence[RegistryEvent]:
    _require_account_name(request, command.account)
    law.require_new_key(request.facts.key_used)
    party = request.facts.party
    if command.party is not None and party is None:
        raise NotFound("没有登记该主体，请先登记", "no such party; register it first")
    if command.role == "bidder" and (party is None or not party.has_uscc):
        raise NotEntitled(
            "投标人账户须属于已登记统一社会信用代码的主体",
            "a bidder's account needs a party with a 统一社会信用代码; add it first",
        )
    if party is not None:
        law.require_apart(command.role, party.roles)
    opened = AccountOpened(
        account=command.account,
        role=command.role,
        region=command.region,
        party=command.party,
        public_key=command.public_key,
    )
    return (opened,)


def _bootstrap_operator(request: Asked, command: BootstrapOperator) -> Sequence[RegistryEvent]:
    _require_account_name(request, command.account)
    law.require_new_key(request.facts.key_used)
    if request.facts.operators:
        raise OutOfPhase("已有运营账户，由其开立其他账户", "there is an operator; it opens further accounts")
    opened = AccountOpened(
        account=command.account, role="operator", region=command.region, party=None, public_key=command.public_key
    )
    return (opened,)


def _change_key(request: Asked, command: ChangeKey, account: LiveAccount) -> Sequence[RegistryEvent]:
    _require_own(request, account)
    law.require_new_key(request.facts.key_used)
    return (KeyChanged(account=account.account, public_key=command.public_key),)


def _close_account(request: Asked, account: LiveAccount) -> Sequence[RegistryEvent]:
    _require_own(request, account)
    if account.role == "operator" and request.facts.operators <= 1:
        raise OutOfPhase(
            "这是最后一个运营账户，请先开立另一个", "this is the last operator's account; open another first"
        )
    return (AccountClosed(account=account.account),)


def _disclose_credentials(request: Asked, command: DiscloseCredentials) -> Sequence[RegistryEvent]:
    _require_stream(request, disclosure_stream(command.tender))
    found = request.facts.disclosure
    assert found is not None
    assert found.tender == command.tender
    tokens = tuple(dict.fromkeys(command.tokens))
    by_token = {holder.token: _checked(holder, raw(found.tender_key)) for holder in found.holders}
    disclosed = CredentialsDisclosed(
        tender=command.tender,
        tender_key=found.tender_key,
        holders=tuple(by_token[token] for token in tokens if token in by_token),
        unknown=tuple(token for token in tokens if token not in by_token),
    )
    return (disclosed,)


def _publish_calendar(
    request: Asked, command: PublishCalendar, before: Unborn | PublishedYear
) -> Sequence[RegistryEvent]:
    year = law.read_calendar(command.body)
    _require_stream(request, calendar_stream(year.year))
    revision = 1
    if isinstance(before, PublishedYear):
        revision = before.revision + 1
        if before.digest == year.digest:
            raise OutOfPhase(
                f"{year.year}年的这份日历已经公布", f"this very calendar of {year.year} is published already"
            )
    return (CalendarPublished(year=year.year, revision=revision, digest=year.digest, body=command.body),)


def _checked(holder: Holder, tender_key: bytes) -> Holder:
    """Compute the token again, as everyone can once the key is disclosed: a wrong holder is never recorded."""
    if token_of(tender_key, Party(scheme=holder.scheme, id=holder.id, name=holder.name)) != holder.token:
        raise ValueError("a holder's token is not that of the tender's key")
    return holder


def _require_stream(request: Asked, stream: str) -> None:
    if request.stream != stream:
        raise BadInput(f"应提交到 {stream}", f"this belongs to the stream {stream}")


def _require_account_name(request: Asked, account: str) -> None:
    _require_stream(request, account_stream(account))
    law.require_impersonal(account)
    if account == SYSTEM.account:
        raise BadInput("该账户名由平台保留", "this name is the platform's own")


def _require_own(request: Asked, account: LiveAccount) -> None:
    if request.actor.role != "operator" and request.actor.account != account.account:
        raise NotEntitled("只能办理本账户的事项", "an account may do this for itself only")
