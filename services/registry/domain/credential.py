"""Whom the registry vouches for in a tender, without a record: the rules of issuing a credential."""

from datetime import UTC, datetime, timedelta

from services.registry.domain import law
from services.registry.domain.values import ALL_RIGHTS, AccountRole, Listing, Right, Suspension
from shared.kernel.errors import BreaksClause, NotEntitled
from shared.kernel.message import Message
from shared.seal.credential import Facts
from shared.seal.statement import Party

VALID = timedelta(days=90)


LISTING_ZH = {"discredited": "失信", "banned": "禁入"}


class Applicant(Message):
    """An open account and the party that it acts for, null without a 统一社会信用代码; `roles` are its accounts'.

    `of_operator` tells whether the party is, or is in a relation of control with, who runs the platform.
    """

    role: AccountRole
    region: str
    party: Party | None
    suspension: Suspension | None
    roles: tuple[AccountRole, ...]
    listings: tuple[Listing, ...] = ()
    rights: tuple[Right, ...] = ALL_RIGHTS
    of_operator: bool = False


def vouch(applicant: Applicant, at: datetime) -> tuple[Party, Facts]:
    """Return whom a credential stands for and what it may say. Raise the refusal that stands against it.

    The deposit is not the registry's to check, so it is never said to be there.
    """
    if applicant.role != "bidder":
        raise NotEntitled("只有投标人账户可以领取凭证", "only a bidder's account is given credentials")
    if "act" not in applicant.rights:
        raise NotEntitled("该账户未获授权参与投标", "this account may not act for its party")
    if applicant.party is None:
        raise NotEntitled("该主体未登记统一社会信用代码", "the party has no 统一社会信用代码")
    law.require_apart(applicant.role, applicant.roles)
    law.require_no_tie(applicant.of_operator)
    if applicant.suspension is not None and law.in_force(applicant.suspension, at):
        until = f"{applicant.suspension.until:%Y-%m-%dT%H:%M:%SZ}"
        raise BreaksClause(
            f"该主体暂停投标至 {until}", f"the party is suspended until {until}", applicant.suspension.article
        )
    if entry := law.listed(applicant.listings, at):
        zh = f"该主体被{entry.authority}列入{LISTING_ZH[entry.kind]}名单至 {entry.until:%Y-%m-%dT%H:%M:%SZ}"
        en = f"the party is blacklisted by {entry.authority} until {entry.until:%Y-%m-%dT%H:%M:%SZ}"
        raise BreaksClause(zh, en, entry.article)
    return applicant.party, Facts(not_suspended=True, region=applicant.region, deposit=False, not_blacklisted=True)


def valid_until(at: datetime) -> datetime:
    """Return how long a credential issued at `at` is good for: 90 days, and on to the end of that day in UTC.

    Whole days, because the very instant of issue would point to who asked for it.
    """
    end = at.astimezone(UTC) + VALID + timedelta(days=1)
    return end.replace(hour=0, minute=0, second=0, microsecond=0)
