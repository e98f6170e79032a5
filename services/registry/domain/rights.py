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
from services.registry.domain.evolving_library import DrawEvent
from services.registry.domain.expert_events import (
    DrawAnnounced,
    DrawBound,
    DrawCommitted,
    DrawLapsed,
    DrawRevealed,
)
from services.registry.domain.state import Drawing
from services.registry.domain.values import AccountRole, account_stream, calendar_stream, disclosure_stream
from shared.kernel.message import Event
from shared.kernel.request import Actor, Role

_OPERATOR: frozenset[Role] = frozenset({"operator"})
_SUPERVISOR: frozenset[Role] = frozenset({"supervisor"})
_SYSTEM: frozenset[Role] = frozenset({"system"})
_AGENCY: frozenset[Role] = frozenset({"agency"})
_EXPERT: frozenset[Role] = frozenset({"expert"})
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
    "registry.declare_person_in_charge": _OPERATOR | _SUPERVISOR | _STAFFED,
    "registry.erase_person_in_charge": _OPERATOR,
    "registry.declare_relation": _OPERATOR | _SUPERVISOR | _STAFFED,
    "registry.end_relation": _OPERATOR | _SUPERVISOR | _STAFFED,
    "registry.open_staff_account": _OPERATOR | _STAFFED,
    "registry.set_password": _ANY_ACCOUNT,
    "registry.report_key_lost": _ANY_ACCOUNT,
    "registry.bind_certificate": _ANY_ACCOUNT,
    "registry.revoke_certificate": _ANY_ACCOUNT,
    "registry.erase_person": _OPERATOR,
    "registry.enrol_expert": _OPERATOR,
    "registry.change_expert": _OPERATOR,
    "registry.tie_expert": _OPERATOR | _EXPERT,
    "registry.set_expert_standing": _OPERATOR | _SUPERVISOR | _EXPERT,
    "registry.request_draw": _AGENCY,
    "registry.commit_draw": _AGENCY | _SUPERVISOR,
    "registry.reveal_draw": _AGENCY | _SUPERVISOR,
    "registry.bind_draw": _SYSTEM,
    "registry.expire_draw": _SYSTEM,
    "registry.decline_seat": _OPERATOR | _EXPERT,
    "registry.announce_draw": _SYSTEM,
    "registry.disclose_credentials": _SYSTEM,
    "registry.disclose_identities": _SYSTEM,
    "registry.publish_calendar": _OPERATOR,
}


PUBLIC = (
    PartySuspended
    | SuspensionLifted
    | PartyBlacklisted
    | BlacklistingLifted
    | CredentialsDisclosed
    | CalendarPublished
    | DrawCommitted
    | DrawBound
    | DrawRevealed
    | DrawLapsed
    | DrawAnnounced
)
"""What everyone may see; the rest is for the office."""


def visible(event: Event, role: Role, state: Any) -> bool:
    """Whether a role may see an event: suspensions, the blacklist, disclosures and calendars are public.

    So is of a draw what names nobody; who was considered and who sits is secret until the tender has its result
    (招标投标法 第三十七条).

    Who is registered is not for everyone: near a deadline a new name would hint at who is going to bid
    (电子招标投标办法 第二十一条).
    """
    return role in OFFICE or isinstance(event, PUBLIC) or (isinstance(event, DrawEvent) and _announced(state))


def _announced(state: Any) -> bool:
    return isinstance(state, Drawing) and state.announced


def has_right_to_stream(actor: Actor, stream: str) -> bool:
    """Whether an actor is to have a whole stream: the office any, an account its own, everyone the public ones."""
    own = {account_stream(actor.account), actor.party} if actor.role in _ANY_ACCOUNT else set()
    return actor.role in OFFICE or stream in own or stream.startswith((disclosure_stream(""), calendar_stream("")))
