"""The registry's decide: the whole table of transitions, one line a command."""

from collections.abc import Mapping, Sequence

from services.registry.domain import accounts, certificates, commands, draws, experts, parties, publishing, relations
from services.registry.domain import expert_commands as asked
from services.registry.domain.asking import Asked
from services.registry.domain.events import RegistryEvent, RequestRefused
from services.registry.domain.state import (
    ClosedAccount,
    DisclosedTender,
    Drawing,
    EnrolledExpert,
    LiveAccount,
    PublishedYear,
    RegisteredParty,
    RegistryState,
    Unborn,
)
from shared.kernel.canonical import digest
from shared.kernel.errors import OutOfPhase, Refusal

STANDINGS: Mapping[type[RegistryState], tuple[str, str]] = {
    Unborn: ("尚未登记", "not registered yet"),
    RegisteredParty: ("已登记主体", "a party"),
    LiveAccount: ("有效账户", "an open account"),
    ClosedAccount: ("已注销账户", "a closed account"),
    DisclosedTender: ("已披露投标代号的项目", "a tender whose tokens are disclosed"),
    EnrolledExpert: ("在库专家", "an expert of the library"),
    Drawing: ("专家抽取", "a draw of experts"),
    PublishedYear: ("已公布的工作日历", "a published year"),
}
"""What a stream of the registry stands at, as refusals say it to people."""


def decide(request: Asked, state: RegistryState) -> Sequence[RegistryEvent]:
    """Return the events of a request. The cases of the five below are the whole table of transitions."""
    return _of_parties(request, state)


def _of_parties(  # noqa: C901, PLR0911 - one return a transition
    request: Asked, state: RegistryState
) -> Sequence[RegistryEvent]:
    match request.command, state:
        case commands.RegisterParty() as command, Unborn():
            return parties.register_party(request, command)
        case commands.AddIdentifier() as command, RegisteredParty():
            return parties.add_identifier(request, command, state)
        case commands.SuspendParty() as command, RegisteredParty():
            return parties.suspend_party(request, command, state)
        case commands.LiftSuspension() as command, RegisteredParty():
            return parties.lift_suspension(request, command, state)
        case commands.BlacklistParty() as command, RegisteredParty():
            return parties.blacklist_party(request, command, state)
        case commands.LiftBlacklisting() as command, RegisteredParty():
            return parties.lift_blacklisting(request, command, state)
        case commands.DeclarePersonInCharge() as command, RegisteredParty():
            return relations.declare_person_in_charge(request, command, state)
        case commands.ErasePersonInCharge() as command, RegisteredParty():
            return relations.erase_person_in_charge(request, command, state)
        case commands.DeclareRelation() as command, RegisteredParty():
            return relations.declare_relation(request, command, state)
        case commands.EndRelation() as command, RegisteredParty():
            return relations.end_relation(request, command, state)
        case _:
            return _of_accounts(request, state)


def _of_accounts(  # noqa: C901, PLR0911 - one return a transition
    request: Asked, state: RegistryState
) -> Sequence[RegistryEvent]:
    match request.command, state:
        case commands.OpenAccount() as command, Unborn():
            return accounts.open_account(request, command)
        case commands.OpenStaffAccount() as command, Unborn():
            return accounts.open_staff_account(request, command)
        case commands.BootstrapOperator() as command, Unborn():
            return accounts.bootstrap_operator(request, command)
        case commands.ChangeKey() as command, LiveAccount():
            return accounts.change_key(request, command, state)
        case commands.ReportKeyLost() as command, LiveAccount():
            return accounts.report_key_lost(request, command, state)
        case commands.SetPassword(), LiveAccount():
            return accounts.set_password(request, state)
        case commands.BindCertificate() as command, LiveAccount():
            return certificates.bind_certificate(request, command, state)
        case commands.RevokeCertificate() as command, LiveAccount():
            return certificates.revoke_certificate(request, command, state)
        case commands.CloseAccount(), LiveAccount():
            return accounts.close_account(request, state)
        case commands.ErasePerson(), ClosedAccount():
            return accounts.erase_person(request, state)
        case _:
            return _of_experts(request, state)


def _of_experts(request: Asked, state: RegistryState) -> Sequence[RegistryEvent]:
    match request.command, state:
        case asked.EnrolExpert() as command, Unborn():
            return experts.enrol_expert(request, command)
        case asked.ChangeExpert() as command, EnrolledExpert():
            return experts.change_expert(request, command, state)
        case asked.TieExpert() as command, EnrolledExpert():
            return experts.tie_expert(request, command, state)
        case asked.SetExpertStanding() as command, EnrolledExpert():
            return experts.set_standing(request, command, state)
        case _:
            return _of_draws(request, state)


def _of_draws(  # noqa: PLR0911 - one return a transition
    request: Asked, state: RegistryState
) -> Sequence[RegistryEvent]:
    match request.command, state:
        case asked.RequestDraw() as command, Unborn():
            return draws.request_draw(request, command)
        case asked.CommitDraw() as command, Drawing():
            return draws.commit_draw(request, command, state)
        case asked.BindDraw() as command, Drawing():
            return draws.bind_draw(request, command, state)
        case asked.RevealDraw() as command, Drawing():
            return draws.reveal_draw(request, command, state)
        case asked.ExpireDraw() as command, Drawing():
            return draws.expire_draw(request, command, state)
        case asked.DeclineSeat() as command, Drawing():
            return draws.decline_seat(request, command, state)
        case asked.AnnounceDraw(), Drawing():
            return draws.announce_draw(state)
        case _:
            return _of_publishing(request, state)


def _of_publishing(request: Asked, state: RegistryState) -> Sequence[RegistryEvent]:
    match request.command, state:
        case commands.DiscloseCredentials() as command, Unborn():
            return publishing.disclose_credentials(request, command)
        case commands.DiscloseIdentities() as command, Unborn():
            return publishing.disclose_identities(request, command)
        case commands.PublishCalendar() as command, (Unborn() | PublishedYear()) as year:
            return publishing.publish_calendar(request, command, year)
        case command, _:
            zh, en = STANDINGS[type(state)]
            raise OutOfPhase(
                f"该登记记录现为“{zh}”，不能办理此事项（{command.type}）", f"{command.type} does not fit: it is {en}"
            )


def refused(request: Asked, refusal: Refusal) -> RequestRefused:
    """Return the event that a refused request leaves."""
    return RequestRefused(
        command_type=request.command.type,
        command_digest=digest(request.command.canonical()),
        code=refusal.code,
        article=refusal.article,
    )
