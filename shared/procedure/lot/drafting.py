"""From draft to announcement (公告), and what may be added to it afterwards."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.kernel.errors import BadInput, NotEntitled
from shared.law.findings import day_of
from shared.law.periods import earliest_target_day
from shared.procedure.asking import Owner, is_own, needed
from shared.procedure.books import Books
from shared.procedure.lot import noticing
from shared.procedure.lot.after import relisting
from shared.procedure.lot.after.paying import check_terms
from shared.procedure.lot.asking import Ground, LotRequest, check_owner
from shared.procedure.lot.commands import AnnounceLot, DraftLot, SupplementNotice
from shared.procedure.lot.disclosing import law_of_the_day
from shared.procedure.lot.events import LotAnnounced, LotDrafted, NoticeSupplemented
from shared.procedure.lot.rules import Rules
from shared.procedure.lot.sealed import checking
from shared.procedure.lot.state import Drafted, Lot, Unborn
from shared.procedure.lot.values import Draft, Terms
from shared.procedure.lot.words import WAYS

LONGEST_ID = 44
"""Streams of other services are named after a lot and its line, and their names end at 64 characters."""


def draft(request: LotRequest, command: DraftLot, state: Unborn | Drafted, rules: Rules) -> Sequence[LotDrafted]:
    """Write the draft, or write it anew; it stays its first writer's."""
    if len(request.stream) > LONGEST_ID:
        raise BadInput(f"项目编号最多 {LONGEST_ID} 个字符", f"a procedure's id has at most {LONGEST_ID} characters")
    written = Draft.model_validate(dict(command), extra="ignore")
    if written.way not in rules.ways:
        zh, en = "、".join(f"{WAYS[way]} {way}" for way in rules.ways), ", ".join(rules.ways)
        raise BadInput(f"本类标的不采用这种交易方式，可采用：{zh}", f"this kind is sold in other ways: {en}")
    owner = Owner(account=request.actor.account, party=request.actor.party)
    if isinstance(state, Drafted):
        if not is_own(request.actor, state.owner, state.draft.seller):
            raise NotEntitled("该编号已被使用，请另选编号", "this id is taken; choose another")
        if state.pre_disclosed_at is not None and _told(written) != _told(state.draft):
            raise BadInput("已预披露的标的和转让方不能更换", "what was pre-disclosed, and whose it is, stays the same")
        owner = state.owner
    return (LotDrafted(draft=written, owner=owner),)


def announce(
    request: LotRequest, command: AnnounceLot, state: Drafted, rules: Rules, books: Books
) -> Sequence[LotAnnounced]:
    """Announce the draft on terms that keep the law of the day, which is pinned from here on."""
    check_owner(request, state.owner, state.draft.seller)
    terms, law = Terms.model_validate(dict(command), extra="ignore"), law_of_the_day(request, books)
    ground = Ground(rules, law)
    attempt, first_at = relisting.linked(request, state.draft, ground)
    if attempt == 1:
        _check_pre_disclosed(request, state, ground)
    noticing.check(request.stream, request.received_at, state.draft, terms, ground, first=attempt == 1)
    check_terms(terms, ground)
    proxy_key = needed(request.facts.proxy_key, "proxy_key")
    checking.check(request.stream, state.draft, terms, proxy_key, ground)
    return (
        LotAnnounced(
            lot=request.stream,
            draft=state.draft,
            terms=terms,
            owner=state.owner,
            announced_at=request.received_at,
            attempt=attempt,
            first_at=first_at,
            proxy_key=proxy_key,
            rulebook=law.rulebook.digest,
            calendar=law.calendar.digest,
        ),
    )


def supplement(
    request: LotRequest, command: SupplementNotice, lot: Lot, ground: Ground
) -> Sequence[NoticeSupplemented]:
    """Add to the notice; where too little time is left, what is to come moves so much (L9), or by as much anew (S7)."""
    check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    if lot.phase != "registration":
        raise ground.not_now("notice", "竞价已经开始，公告不再补充", "bidding has begun: the notice stands as it is")
    if ground.rules.foreign_only and command.cause is None:
        zh, en = "请说明非转让方的原因。", "say which cause that is not the seller's it comes from"
        raise ground.breaks("supplement", zh, en)
    lacking = _lacking(request, lot, ground)
    return (
        NoticeSupplemented(
            text=command.text,
            cause=command.cause,
            documents=command.documents,
            shifted_seconds=int(lacking.total_seconds()),
            applications_due=lot.times.applications_due + lacking,
            starts_at=lot.times.starts_at + lacking,
            article=ground.clause("supplement").article,
        ),
    )


def _lacking(request: LotRequest, lot: Lot, ground: Ground) -> timedelta:
    """Return how much is missing of the time that a notice of now would need."""
    rule = ground.announced(lot.announced.terms.whole_fen, first=lot.announced.attempt == 1)
    if rule is None:
        return timedelta()
    law, target = ground.law, _announced_until(lot, ground.rules)
    n, unit = law.rulebook.figure(rule, int), law.rulebook.clause(rule).unit
    day = earliest_target_day(request.received_at, n, unit, law.calendar, reading=law.rulebook.reading)
    return max(timedelta(), day - day_of(target))


def _told(draft: Draft) -> tuple[object, ...]:
    return draft.title, draft.kind, draft.region, draft.seller, draft.control_changes


def _check_pre_disclosed(request: LotRequest, state: Drafted, ground: Ground) -> None:
    """Raise BreaksClause where control changes and the first notice has not stood long enough (S4)."""
    rule = ground.rules.pre_disclosure
    if rule is None or not state.draft.control_changes:
        return
    if state.pre_disclosed_at is None:
        raise ground.breaks("pre_disclosure", "尚未预披露。", "there was no first notice")
    noticing.keep(ground, rule, state.pre_disclosed_at, request.received_at)


def _announced_until(lot: Lot, rules: Rules) -> datetime:
    return lot.times.applications_due if rules.until_applications else lot.times.starts_at
