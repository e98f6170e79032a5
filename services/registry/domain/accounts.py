"""Decisions about accounts: who has one, for whom, with which key, and who may change that."""

from collections.abc import Sequence

from services.registry.domain import law
from services.registry.domain.asking import Asked, require_jurisdiction, require_stream
from services.registry.domain.commands import BootstrapOperator, ChangeKey, OpenAccount, OpenStaffAccount, ReportKeyLost
from services.registry.domain.events import (
    AccountClosed,
    AccountOpened,
    KeyChanged,
    KeyRevoked,
    PasswordSet,
    PersonErased,
    RegistryEvent,
    StaffAccountOpened,
)
from services.registry.domain.state import ClosedAccount, LiveAccount
from services.registry.domain.values import account_stream
from shared.kernel.errors import BadInput, NotEntitled, NotFound, OutOfPhase
from shared.kernel.request import SYSTEM


def open_account(request: Asked, command: OpenAccount) -> Sequence[RegistryEvent]:
    """Open an account that may do all that its role may."""
    _require_openable(request, command)
    opened = AccountOpened(
        account=command.account,
        role=command.role,
        region=_region(request, command),
        party=command.party,
        public_key=command.public_key,
    )
    return (opened,)


def open_staff_account(request: Asked, command: OpenStaffAccount) -> Sequence[RegistryEvent]:
    """Open the account of one person, who is answerable for what it does (电子招标投标办法 第四十九条)."""
    if request.actor.role != "operator":
        own = (command.role, command.party) == (request.actor.role, request.actor.party)
        if not request.facts.administers or not own:
            raise NotEntitled(
                "仅本主体的管理员可为本主体开立同类账户",
                "only an administrator of the party opens further accounts of the same role for it",
            )
    _require_openable(request, command)
    if not request.facts.person_known:
        raise NotFound(
            "平台没有该人员信息，或已用于其他账户，请先提交",
            "who this is was not told yet, or is used for another account; tell the platform first",
        )
    fields = command.model_dump(exclude={"type", "region"})
    return (StaffAccountOpened(**fields, region=_region(request, command)),)


def bootstrap_operator(request: Asked, command: BootstrapOperator) -> Sequence[RegistryEvent]:
    """Open the first operator's account."""
    _require_account_name(request, command.account)
    law.require_new_key(request.facts.key_used)
    if request.facts.operators:
        raise OutOfPhase("已有运营账户，由其开立其他账户", "there is an operator; it opens further accounts")
    opened = AccountOpened(
        account=command.account, role="operator", region=command.region, party=None, public_key=command.public_key
    )
    return (opened,)


def change_key(request: Asked, command: ChangeKey, account: LiveAccount) -> Sequence[RegistryEvent]:
    """Renew a key: what the old one signed stays valid."""
    require_own(request, account)
    law.require_new_key(request.facts.key_used)
    return (KeyChanged(account=account.account, public_key=command.public_key),)


def report_key_lost(request: Asked, command: ReportKeyLost, account: LiveAccount) -> Sequence[RegistryEvent]:
    """Revoke the key in use from now on; who lost it is heard at once (电子签名法 第十五条, 条文待核)."""
    require_own(request, account)
    if not account.public_key:
        raise OutOfPhase("该账户的密钥已挂失", "the account's key was reported lost already")
    revoked = KeyRevoked(
        account=account.account, public_key=account.public_key, since=request.received_at, reason=command.reason
    )
    return (revoked,)


def set_password(request: Asked, account: LiveAccount) -> Sequence[RegistryEvent]:
    """Let the password that its owner left with the registry count."""
    if request.actor.account != account.account:
        raise NotEntitled("只能设置本账户的密码", "an account sets its own password only")
    if not request.facts.password_waiting:
        raise NotFound("请先提交新密码", "leave the new password with the platform first")
    return (PasswordSet(account=account.account),)


def close_account(request: Asked, account: LiveAccount) -> Sequence[RegistryEvent]:
    """Close an account for good; others of its party go on."""
    require_own(request, account)
    if account.role == "operator" and request.facts.operators <= 1:
        raise OutOfPhase(
            "这是最后一个运营账户，请先开立另一个", "this is the last operator's account; open another first"
        )
    return (AccountClosed(account=account.account),)


def erase_person(request: Asked, account: ClosedAccount) -> Sequence[RegistryEvent]:
    """Erase who a closed account belonged to (个人信息保护法 第四十七条)."""
    require_jurisdiction(request)
    if account.person is None:
        raise OutOfPhase("该账户未留存人员信息", "nothing of a person is kept for this account")
    return (PersonErased(account=account.account, person=account.person),)


def require_own(request: Asked, account: LiveAccount) -> None:
    """Refuse everyone but the account itself, an administrator of its party, and the operator of its region."""
    if request.actor.account == account.account or request.facts.administers:
        return
    if request.actor.role != "operator":
        raise NotEntitled("只能办理本账户的事项", "an account may do this for itself only")
    require_jurisdiction(request)


def _require_openable(request: Asked, command: OpenAccount | OpenStaffAccount) -> None:
    _require_account_name(request, command.account)
    law.require_new_key(request.facts.key_used)
    if request.facts.jurisdiction is not None:
        require_jurisdiction(request)
        if region := _region(request, command):
            law.require_region(command.role, region, request.received_at)
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


def _region(request: Asked, command: OpenAccount | OpenStaffAccount) -> str:
    """Return the region of an account: an office that names none has that of who opens it."""
    inherits = request.facts.jurisdiction is not None and command.role in law.OFFICES
    return command.region or (request.actor.region if inherits else "")


def _require_account_name(request: Asked, account: str) -> None:
    require_stream(request, account_stream(account))
    law.require_impersonal(account)
    if account == SYSTEM.account:
        raise BadInput("该账户名由平台保留", "this name is the platform's own")
