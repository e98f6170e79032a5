"""From draft to announcement (公告), and what may be added to it afterwards."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.kernel.errors import BadInput, NotEntitled
from shared.law.findings import day_of
from shared.law.periods import earliest_target_day, interval
from shared.procedure.books import Books, NoSuchBook
from shared.procedure.lot.asking import Ground, LotRequest, check_owner, is_own, needed
from shared.procedure.lot.commands import AnnounceLot, DraftLot, SupplementNotice
from shared.procedure.lot.events import LotAnnounced, LotDrafted, NoticeSupplemented
from shared.procedure.lot.rules import Rules
from shared.procedure.lot.state import Drafted, Lot, Unborn
from shared.procedure.lot.values import Draft, Owner, Terms
from shared.seal.reserve import sealed_to

LONGEST_ID = 53
"""Streams of other services are named after a lot, and their names end at 64 characters."""


def draft(request: LotRequest, command: DraftLot, state: Unborn | Drafted, rules: Rules) -> Sequence[LotDrafted]:
    """Write the draft, or write it anew; it stays its first writer's."""
    if len(request.stream) > LONGEST_ID:
        raise BadInput(f"项目编号最多 {LONGEST_ID} 个字符", f"a procedure's id has at most {LONGEST_ID} characters")
    written = Draft.model_validate(dict(command), extra="ignore")
    if written.way not in rules.ways:
        raise BadInput("本类标的不采用这种交易方式", "this kind is not sold in this way")
    owner = Owner(account=request.actor.account, party=request.actor.party)
    if isinstance(state, Drafted):
        if not is_own(request.actor, state.owner, state.draft.seller):
            raise NotEntitled("该编号已被使用，请另选编号", "this id is taken; choose another")
        owner = state.owner
    return (LotDrafted(draft=written, owner=owner),)


def announce(
    request: LotRequest, command: AnnounceLot, state: Drafted, rules: Rules, books: Books
) -> Sequence[LotAnnounced]:
    """Announce the draft on terms that keep the law of the day, which is pinned from here on."""
    check_owner(request, state.owner, state.draft.seller)
    facts, terms = request.facts, Terms.model_validate(dict(command), extra="ignore")
    law = books.law(needed(facts.rulebook, "rulebook"), needed(facts.calendar, "calendar"))
    if law.rulebook.announced_on != day_of(request.received_at):
        raise NoSuchBook("the rulebook is not that of the day of the announcement")
    ground = Ground(rules, law)
    _check_contents(state.draft, ground)
    _check_order(request, state.draft, terms)
    _check_periods(request, state.draft, terms, ground)
    _check_money(state.draft, terms, ground)
    _check_reserve(request.stream, terms)
    return (
        LotAnnounced(
            lot=request.stream,
            draft=state.draft,
            terms=terms,
            owner=state.owner,
            announced_at=request.received_at,
            proxy_key=needed(facts.proxy_key, "proxy_key"),
            rulebook=law.rulebook.digest,
            calendar=law.calendar.digest,
        ),
    )


def supplement(
    request: LotRequest, command: SupplementNotice, lot: Lot, ground: Ground
) -> Sequence[NoticeSupplemented]:
    """Add to the notice; where too little time is left until the bidding, it begins so much later (L9)."""
    check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    if lot.phase != "registration":
        raise ground.not_now("notice", "竞价已经开始，公告不再补充", "bidding has begun: the notice stands as it is")
    clause, target = ground.clause("announced"), _announced_until(lot, ground.rules)
    calendar, reading = ground.law.calendar, ground.law.rulebook.reading
    day = earliest_target_day(request.received_at, ground.figure("announced"), clause.unit, calendar, reading=reading)
    lacking = max(timedelta(), day - day_of(target))
    return (
        NoticeSupplemented(
            text=command.text,
            documents=command.documents,
            shifted_seconds=int(lacking.total_seconds()),
            starts_at=lot.times.starts_at + lacking,
            article=ground.clause("notice").article,
        ),
    )


def _announced_until(lot: Lot, rules: Rules) -> datetime:
    return lot.times.applications_due if rules.until_applications else lot.times.starts_at


def _check_contents(draft: Draft, ground: Ground) -> None:
    """Raise BreaksClause unless the notice says what it must of what is sold (L2)."""
    said = {item.name for item in draft.particulars}
    missing = [name for name in ground.rules.required if name not in said]
    if missing:
        listed = "、".join(missing)
        raise ground.breaks("notice", f"公告缺少：{listed}。", f"the notice lacks: {listed}")


def _check_order(request: LotRequest, draft: Draft, terms: Terms) -> None:
    ends = terms.bidding_starts if draft.way != "listing" else terms.bidding_ends
    if not request.received_at < terms.applications_due <= ends:
        zh, en = "报名截止应在公告之后、竞价之前", "applications end after the notice and before the bidding does"
        raise BadInput(zh, en)
    if not terms.applications_due <= terms.deposits_due <= ends:
        raise BadInput(
            "保证金到账截止不早于报名截止，不晚于竞价", "deposits are due from the end of applications to the bidding"
        )
    if not request.received_at < terms.bidding_starts <= terms.bidding_ends:
        raise BadInput("竞价的开始和结束时间有误", "bidding starts after the notice and ends after it starts")
    free = terms.bidding_starts < terms.bidding_ends
    if draft.way == "listing" and not free:
        raise BadInput("挂牌应有报价期", "a listing has a time for bids")
    if draft.way == "auction" and free:
        raise BadInput("拍卖没有自由报价期", "an auction has no free phase")
    if not free and terms.trigger != "always":
        raise BadInput("没有自由报价期的，限时竞价必须进行", "without a free phase, timed bidding always follows")


def _check_periods(request: LotRequest, draft: Draft, terms: Terms, ground: Ground) -> None:
    until = terms.applications_due if ground.rules.until_applications else terms.bidding_starts
    _keep(ground, "announced", request.received_at, until)
    if draft.way == "listing" and ground.rules.listing is not None:
        _keep(ground, "listing", terms.bidding_starts, terms.bidding_ends)
    if draft.way == "listing" and ground.rules.applications is not None:
        _keep(ground, "applications", terms.applications_due, terms.bidding_ends)


def _keep(ground: Ground, rule: str, start: datetime, end: datetime) -> None:
    """Raise BreaksClause unless the least time that a rule sets lies between two acts."""
    clause, law = ground.clause(rule), ground.law
    found = interval(start, end, ground.figure(rule), clause.unit, law.calendar, reading=law.rulebook.reading)
    if not found.holds:
        raise ground.breaks(rule, found.zh, found.en)


def _check_money(draft: Draft, terms: Terms, ground: Ground) -> None:
    if terms.most_fen is not None and terms.most_fen < terms.start_fen:
        raise BadInput("最高限价低于起始价", "the highest price taken lies below the start price")
    rules = ground.rules
    if rules.deposit_least is not None and terms.deposit_fen < ground.share("deposit_least") * terms.start_fen:
        raise ground.breaks("deposit_least", "保证金低于下限。", "the deposit is less than that")
    if rules.deposit_most is not None and terms.deposit_fen > ground.share("deposit_most") * terms.start_fen:
        raise ground.breaks("deposit_most", "保证金高于上限。", "the deposit is more than that")
    _check_start(draft, terms, ground)


def _check_start(draft: Draft, terms: Terms, ground: Ground) -> None:
    """Raise BreaksClause for a first price below the valuation, or a later one far below it without leave (S5)."""
    if ground.rules.first_price is None or draft.appraised_fen is None:
        return
    if draft.attempt_of is None and terms.start_fen < draft.appraised_fen:
        raise ground.breaks("first_price", "首次挂牌价低于评估结果。", "the first price is below the valuation")
    if ground.rules.relisted is None or draft.attempt_of is None or terms.approval is not None:
        return
    if terms.start_fen < ground.share("relisted") * draft.appraised_fen:
        raise ground.breaks("relisted", "请附书面批准文件。", "give the written approval")


def _check_reserve(lot: str, terms: Terms) -> None:
    if terms.reserve is not None and not sealed_to(lot, terms.reserve, terms.authorities):
        raise BadInput(
            "底价未按公告的三方密钥密封，请重新密封", "the reserve is not sealed to the announced keys: seal it again"
        )
