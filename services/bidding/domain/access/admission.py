"""Who of the bidders may take part, judged at the opening, when all of them are known: a pure rule over all bids."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.bidding.domain.access.messages import PartiesAdmitted
from services.bidding.domain.access.values import Admitted, How, name_of
from services.bidding.domain.events import TenderAnnounced
from services.bidding.domain.rows import Ground, GroundCode, Holder, Sanction
from shared.procedure.books import Law
from shared.procedure.relations import Bidder, Clash, Relation, clashes
from shared.seal.statement import Statement

SAID: Mapping[GroundCode, tuple[str, str, str]] = {
    "consortium_changed": (
        "E15",
        "资格预审后联合体增减、更换成员，投标无效",
        "the consortium is not the one that was qualified",
    ),
    "consortium_refused": (
        "E15",
        "公告载明不接受联合体投标，投标无效",
        "the announcement admits no consortia",
    ),
    "control": (
        "E14",
        "与同一标段的其他投标人存在控股、管理关系，相关投标均无效",
        "in a relation of control or management with another bidder of the lot",
    ),
    "no_price": ("E25", "投标文件没有报价，投标无效", "the bid states no price"),
    "not_invited": ("E2", "未受邀请，投标无效", "the bidder was not invited"),
    "not_qualified": ("E5", "未通过资格预审，不具有投标资格", "the bidder did not pass the prequalification"),
    "of_operator": (
        "D9",
        "平台运营机构及与其有控股、管理关系的单位不得在本平台投标",
        "the operator of the platform, or one in a relation of control with it, does not bid on it",
    ),
    "same_person": (
        "E14",
        "与同一标段的其他投标人单位负责人为同一人，相关投标均无效",
        "the same person is in charge of another bidder of the lot",
    ),
    "took_no_part": ("E39", "未在第一阶段提交技术建议，不能参加第二阶段", "the bidder took no part in the first stage"),
    "twice": (
        "E15",
        "联合体成员在同一标段另行投标，相关投标均无效",
        "a member of a consortium bids for the lot otherwise too",
    ),
}
"""Of each ground: its clause, and what the opening record says."""

OUTSIDE: Mapping[How, GroundCode] = {
    "invitation": "not_invited",
    "prequalification": "not_qualified",
    "first_stage": "took_no_part",
}
OF_SANCTION: Mapping[str, tuple[GroundCode, str, str]] = {
    "suspended": ("suspended", "截止时该主体在暂停期内，投标无效", "the party was suspended when reception was closed"),
    "discredited": (
        "blacklisted",
        "截止时该主体在失信名单内，投标无效",
        "the party was listed as discredited when reception was closed",
    ),
    "banned": ("blacklisted", "截止时该主体在禁入名单内，投标无效", "the party was banned when reception was closed"),
}
"""Of each sanction: its ground and what the opening record says. The article is the sanction's own."""

OF_RELATION: Mapping[Relation, GroundCode] = {"same_person": "same_person", "control": "control", "twice": "twice"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One bid that was unsealed and is its bidder's own."""

    bid: str
    holder: Holder
    statement: Statement

    @property
    def members(self) -> tuple[str, ...]:
        """The others of the consortium that the bidder leads, as `scheme:id`."""
        return tuple(map(name_of, self.statement.consortium.members)) if self.statement.consortium else ()

    def bidder(self) -> Bidder:
        """Return who stands behind the bid: by what the registry disclosed and by what the bid declares."""
        declared = self.statement.declared
        persons = {*(declared.persons_in_charge if declared else ()), self.holder.person_in_charge}
        controllers = {f"{one.scheme}:{one.id}" for one in declared.controllers} if declared else set()
        return Bidder(
            bid=self.bid,
            parties=frozenset({name_of(self.holder.party), *self.members}),
            persons=frozenset(person for person in persons if person is not None),
            controllers=frozenset({*controllers, *self.holder.controllers}),
            controlled=frozenset(self.holder.controlled),
        )


def grounds(
    entries: Sequence[Entry], tender: TenderAnnounced, listed: PartiesAdmitted | None, law: Law
) -> dict[str, tuple[Ground, ...]]:
    """Return why each bid that may not take part is invalid; a bid that is not named may.

    All bids of a tender are compared with each other, whatever else stands against one of them; parties that are
    related may both apply, or propose, before one of them bids.
    """
    if tender.access is None:
        return {}
    bidders = {entry.bid: entry.bidder() for entry in entries}
    tied = clashes(tuple(bidders.values())) if tender.draft.kind == "tender" else ()
    found = {
        entry.bid: (
            *_alone(entry, bidders[entry.bid], tender, listed, law),
            *_tied(entry.bid, tied, law),
        )
        for entry in entries
    }
    return {bid: against for bid, against in found.items() if against}


def _alone(
    entry: Entry, bidder: Bidder, tender: TenderAnnounced, listed: PartiesAdmitted | None, law: Law
) -> Iterator[Ground]:
    """Yield what stands against a bid by itself."""
    if tender.draft.kind == "tender" and entry.statement.price_fen is None:
        yield _ground("no_price", law)
    if (bidder.parties | bidder.related) & _barred(tender):
        yield _ground("of_operator", law)
    yield from map(_of_sanction, entry.holder.sanctions)
    if entry.statement.consortium is not None and tender.terms.consortia == "refused":
        yield _ground("consortium_refused", law)
    if listed is not None and (code := _outside(entry, listed)):
        yield _ground(code, law)


def _barred(tender: TenderAnnounced) -> frozenset[str]:
    return frozenset(tender.access.barred if tender.access else ())


def _outside(entry: Entry, listed: PartiesAdmitted) -> GroundCode | None:
    """Return why a bidder is not one of those listed. Who leads counts; a qualified consortium is all its members."""
    of_party: dict[str, Admitted] = {party.party: party for party in listed.parties}
    found = of_party.get(name_of(entry.holder.party))
    if found is None:
        return OUTSIDE[listed.how]
    if listed.how == "prequalification" and set(found.members) != set(entry.members):
        return "consortium_changed"
    return None


def _tied(bid: str, tied: Sequence[Clash], law: Law) -> Iterator[Ground]:
    for clash in tied:
        if clash.bid == bid:
            yield _ground(OF_RELATION[clash.relation], law, clash.others)


def _of_sanction(sanction: Sanction) -> Ground:
    code, zh, en = OF_SANCTION[sanction.cause]
    return Ground(code=code, article=sanction.article, zh=zh, en=en)


def _ground(code: GroundCode, law: Law, others: tuple[str, ...] = ()) -> Ground:
    rule, zh, en = SAID[code]
    return Ground(code=code, others=others, article=law.rulebook.clause(rule).article, zh=zh, en=en)
