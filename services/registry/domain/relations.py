"""Decisions about who is in charge of a party and who controls it, and the chains of control that follow.

招标投标法实施条例 第三十四条: parties with the same person in charge (单位负责人), or in a relation of control or
management (控股、管理关系), do not bid for one lot; all such bids are invalid.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.registry.domain import law
from services.registry.domain.asking import Asked, require_jurisdiction
from services.registry.domain.commands import (
    DeclarePersonInCharge,
    DeclareRelation,
    EndRelation,
    ErasePersonInCharge,
)
from services.registry.domain.events import (
    PersonInChargeDeclared,
    PersonInChargeErased,
    RegistryEvent,
    RelationDeclared,
    RelationEnded,
)
from services.registry.domain.state import RegisteredParty
from services.registry.domain.values import Charge, Relation
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, NotFound, OutOfPhase
from shared.kernel.request import Role

OFFICES: frozenset[Role] = frozenset({"operator", "supervisor"})
"""Who may declare anything of any party in its region; others declare of their own, and nothing backwards in time."""


def declare_person_in_charge(
    request: Asked, command: DeclarePersonInCharge, party: RegisteredParty
) -> Sequence[RegistryEvent]:
    """Declare who is in charge. A party does so backwards only the first time: nobody leaves office after a bid."""
    _require_keeper(request)
    if not request.facts.person_known:
        raise NotFound(
            "平台没有该人员的姓名和证件号码，或已用于他处，请先提交",
            "name and identity number of this person were not told yet, or are used elsewhere; tell the platform first",
        )
    since = command.since or request.received_at
    if party.charges:
        _require_forward(request, since)
    return (PersonInChargeDeclared(person=command.person, since=since),)


def erase_person_in_charge(
    request: Asked, command: ErasePersonInCharge, party: RegisteredParty
) -> Sequence[RegistryEvent]:
    """Erase who was in charge and is no longer (个人信息保护法 第四十七条)."""
    require_jurisdiction(request)
    if command.person not in {charge.person for charge in party.charges}:
        raise NotFound("该主体没有留存这一人员的信息", "nothing of this person is kept for the party")
    now = in_charge(party.charges, request.received_at)
    later = [charge for charge in party.charges if charge.since > request.received_at]
    if command.person in {charge.person for charge in (now, *later) if charge}:
        raise OutOfPhase("该人员现任或将任单位负责人", "this person is in charge, or is going to be")
    return (PersonInChargeErased(person=command.person),)


def declare_relation(request: Asked, command: DeclareRelation, party: RegisteredParty) -> Sequence[RegistryEvent]:
    """Declare a relation of control, known until then or not: what is added hides nothing."""
    _require_keeper(request)
    law.require_body(command.other)
    if command.other in party.identifiers:
        raise BadInput("主体不能与自身存在控股、管理关系", "a party is in no relation with itself")
    if command.until is not None and command.until <= command.since:
        raise BadInput("关系的起止须有序", "a relation begins before it ends")
    said = (command.side, command.other, command.kind)
    for known in party.relations:
        if said == (known.side, known.other, known.kind) and (known.until is None or known.until > command.since):
            raise OutOfPhase(f"该关系已登记为第 {known.number} 号", f"this relation is declared: number {known.number}")
    fields = command.model_dump(exclude={"type", "other"})
    by_office = request.actor.role in OFFICES
    relation = Relation(number=len(party.relations) + 1, other=command.other, by_office=by_office, **fields)
    return (RelationDeclared(relation=relation),)


def end_relation(request: Asked, command: EndRelation, party: RegisteredParty) -> Sequence[RegistryEvent]:
    """End a relation: a party what it declared itself and from now on, an office any and as it was."""
    _require_keeper(request)
    relation = next((one for one in party.relations if one.number == command.number), None)
    if relation is None:
        raise NotFound(f"没有第 {command.number} 号关系", f"there is no relation {command.number}")
    until = command.until or request.received_at
    if relation.until is not None and relation.until <= until:
        raise OutOfPhase("该关系届时已经终止", "the relation is over by then")
    if until < relation.since:
        raise BadInput("关系的起止须有序", "a relation begins before it ends")
    if relation.by_office and request.actor.role not in OFFICES:
        raise NotEntitled(
            "该关系由运营机构或监督部门登记，须由其终止", "an office declared this relation; an office ends it"
        )
    _require_forward(request, until)
    return (RelationEnded(number=command.number, until=until, reason=command.reason),)


def in_charge(charges: Sequence[Charge], at: datetime) -> Charge | None:
    """Return who is in charge at `at`: the last said of those whose time has come."""
    return next((charge for charge in reversed(charges) if charge.since <= at), None)


def reached(edges: Iterable[tuple[str, str]], start: str) -> frozenset[str]:
    """Return all that edges (from, to) lead to from `start`, however many there are between; never `start` itself."""
    following: dict[str, set[str]] = {}
    for origin, target in edges:
        following.setdefault(origin, set()).add(target)
    found: set[str] = set()
    ahead = [start]
    while ahead:
        new = following.get(ahead.pop(), set()) - found
        found |= new
        ahead += new
    return frozenset(found - {start})


def _require_keeper(request: Asked) -> None:
    """Refuse everyone but an office of the region and the party's own administrators."""
    if request.actor.role in OFFICES:
        require_jurisdiction(request)
    elif not request.facts.administers:
        raise NotEntitled(
            "仅限本主体的管理员和运营、监督部门", "for the party's own administrators, the operator and the supervisor"
        )


def _require_forward(request: Asked, at: datetime) -> None:
    if at < request.received_at and request.actor.role not in OFFICES:
        raise BreaksClause(
            "自行申报的变更自申报时起生效，不得追溯；更正请联系运营机构",
            "what a party declares changes from then on, never backwards; an office corrects",
            law.SAME_LOT,
        )
