"""Who may do what and see what in the registry."""

from collections.abc import Mapping
from typing import Any, get_args

from services.registry.domain.events import (
    BlacklistingLifted,
    CalendarPublished,
    CredentialsDisclosed,
    PartyBlacklisted,
    PartySuspended,
    SuspensionLifted,
)
from services.registry.domain.values import AccountRole, account_stream, calendar_stream, disclosure_stream
from shared.kernel.message import Event
from shared.kernel.request import Actor, Role

_OPERATOR: frozenset[Role] = frozenset({"operator"})
_SUPERVISOR: frozenset[Role] = frozenset({"supervisor"})
_SYSTEM: frozenset[Role] = frozenset({"system"})
_STAFFED: frozenset[Role] = frozenset({"bidder", "tenderer", "agency"})
_ANY_ACCOUNT: frozenset[Role] = frozenset(get_args(AccountRole))

OFFICE: frozenset[Role] = _OPERATOR | _SUPERVISOR | _SYSTEM
"""Who sees all of the registry: who keeps it, who supervises it, and the platform itself."""

ENTITLED: Mapping[str, frozenset[Role]] = {
    "registry.register_party": _OPERATOR,
    "registry.add_identifier": _OPERATOR,
    "registry.suspend_party": _SUPERVISOR,
    "registry.lift_suspension": _SUPERVISOR,
    "registry.open_account": _OPERATOR,
    "registry.bootstrap_operator": _SYSTEM,
    "registry.change_key": _ANY_ACCOUNT,
    "registry.close_account": _ANY_ACCOUNT,
    "registry.blacklist_party": _SUPERVISOR,
    "registry.lift_blacklisting": _SUPERVISOR,
    "registry.open_staff_account": _OPERATOR | _STAFFED,
    "registry.set_password": _ANY_ACCOUNT,
    "registry.report_key_lost": _ANY_ACCOUNT,
    "registry.bind_certificate": _ANY_ACCOUNT,
    "registry.revoke_certificate": _ANY_ACCOUNT,
    "registry.erase_person": _OPERATOR,
    "registry.disclose_credentials": _SYSTEM,
    "registry.publish_calendar": _OPERATOR,
}


PUBLIC = (
    PartySuspended | SuspensionLifted | PartyBlacklisted | BlacklistingLifted | CredentialsDisclosed | CalendarPublished
)
"""What everyone may see; the rest is for the office."""


def visible(event: Event, role: Role, _state: Any) -> bool:
    """Whether a role may see an event: suspensions, the blacklist, disclosures and calendars are public, no more.

    Who is registered is not for everyone: near a deadline a new name would hint at who is going to bid
    (电子招标投标办法 第二十一条).
    """
    return role in OFFICE or isinstance(event, PUBLIC)


def has_right_to_stream(actor: Actor, stream: str) -> bool:
    """Whether an actor is to have a whole stream: the office any, an account its own, everyone the public ones."""
    own = {account_stream(actor.account), actor.party} if actor.role in _ANY_ACCOUNT else set()
    return actor.role in OFFICE or stream in own or stream.startswith((disclosure_stream(""), calendar_stream("")))
