"""What every decision asks of a request: its facts, its secret, its owner; and how it says no."""

from datetime import timedelta
from functools import lru_cache

from services.bidding.domain.commands import TenderCommand
from services.bidding.domain.events import TenderAnnounced
from services.bidding.domain.facts import Facts, Secrets
from shared.kernel.canonical import digest
from shared.kernel.codes import PartyId
from shared.kernel.errors import NotEntitled
from shared.kernel.request import Request
from shared.procedure.asking import FactMissing, Owner, is_own
from shared.procedure.books import Law
from shared.seal.keys import AnnouncedKeys, AuthorityKeys, hpke_public

TenderRequest = Request[TenderCommand, Facts]

INSTANT = timedelta(microseconds=1)
"""The least step of the clock."""


def meaning_key(request: TenderRequest, tender: TenderAnnounced) -> str:
    """Return the tender's private meaning key. Raise FactMissing if the service does not hold it."""
    secrets = request.secrets
    key = secrets.meaning_key if isinstance(secrets, Secrets) else None
    if key is None or hpke_public(key) != tender.meaning_public_key:
        raise FactMissing("the private meaning key of this tender is needed for this decision")
    return key


def alias(request: TenderRequest, what: str) -> str:
    """Return who asks, for one matter alone: what it does in another is not seen to be of the same (SHA-256, hex)."""
    return digest(f"ggzy-alias/v1|{request.stream}|{what}|{request.actor.account}".encode())


def announced_keys(tender: TenderAnnounced) -> AnnouncedKeys:
    """Return the four public keys as the announcement holds them."""
    return _announced_keys(tender.tender, tender.meaning_public_key, tender.terms.authorities)


@lru_cache(maxsize=256)
def _announced_keys(tender: str, meaning: str, authorities: AuthorityKeys) -> AnnouncedKeys:
    """Keep the last few: each is checked to be four points on the curve, and every delivery needs them."""
    return AnnouncedKeys(tender=tender, meaning=meaning, authorities=authorities)


def check_owner(request: TenderRequest, owner: Owner, buyer: PartyId) -> None:
    """Raise NotEntitled unless the asker is the tender's own agency or tenderer, an operator, or the platform."""
    if request.actor.role not in {"system", "operator"} and not is_own(request.actor, owner, buyer):
        raise NotEntitled(
            "只有本项目的招标人或其代理机构可以办理", "only this tender's own tenderer or agency may do this"
        )


def check_staff(request: TenderRequest) -> None:
    """Raise NotEntitled for who was removed, whatever the door signed: the registry's word counts here too."""
    if request.facts.removed:
        zh = "该账户已注销，或未获授权办理此事项，请由本单位其他人员办理"
        raise NotEntitled(zh, "this account was closed, or not opened for that: let another of your staff do it")


def articles(law: Law, *rules: str) -> tuple[str, ...]:
    """Return the articles of clauses, as events cite them."""
    return tuple(law.rulebook.clause(rule).article for rule in rules)
