"""What a notice must keep before it is announced: its contents, the order of its times, periods, money, conditions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor

from shared.kernel.canonical import MAX_INTEGER
from shared.kernel.errors import BadInput
from shared.kernel.money import format_yuan
from shared.law.periods import interval
from shared.procedure.lot.asking import Ground
from shared.procedure.lot.values import Draft, Terms
from shared.procedure.publicity import limit
from shared.seal.reserve import sealed_to


@dataclass(frozen=True, slots=True)
class Span:
    """A time for which a clause sets a least; `field` of the terms is where it ends."""

    clause: str
    field: str
    start: datetime
    end: datetime


def check(stream: str, now: datetime, draft: Draft, terms: Terms, ground: Ground, *, first: bool) -> None:
    """Raise BreaksClause or BadInput for a notice that may not go out now; `first` on its valuation, or a later one."""
    _check_contents(draft, ground)
    _check_right(draft, ground)
    _check_order(now, draft, terms)
    _check_bidding(draft, terms, ground)
    _check_periods(now, draft, terms, ground, first=first)
    _check_money(draft, terms, ground, first=first)
    _check_conditions(now, terms, ground)
    if terms.reserve is not None and not sealed_to(stream, terms.reserve, terms.authorities):
        raise BadInput("底价未按公告的三方密钥密封，请重新密封", "seal the reserve to the announced keys")


def keep(ground: Ground, clause_id: str, start: datetime, end: datetime) -> None:
    """Raise BreaksClause unless the least time that a clause sets lies between two acts."""
    clause, law = ground.law.rulebook.clause(clause_id), ground.law
    n = law.rulebook.figure(clause_id, int)
    found = interval(start, end, n, clause.unit, law.calendar, reading=law.rulebook.reading)
    if not found.holds:
        raise ground.broken(clause_id, found.zh, found.en)


def _check_contents(draft: Draft, ground: Ground) -> None:
    """Raise BreaksClause unless the notice says what it must of what is sold (L2), and for how long (M9)."""
    said = {item.name for item in draft.particulars}
    missing = [name for name in ground.rules.required if name not in said]
    if missing:
        listed = "、".join(missing)
        raise ground.breaks("notice", f"公告缺少：{listed}。", f"the notice lacks: {listed}")
    years = draft.term_years
    if ground.rules.term is not None and years != ground.figure("term"):
        raise ground.breaks("term", "出让年限不符。", "it is sold for another time than that")
    if ground.rules.term_most is not None and (years is None or years > ground.figure("term_most")):
        raise ground.breaks("term_most", "出让年限未载明或者过长。", "the time is not said, or is too long")


def _check_right(draft: Draft, ground: Ground) -> None:
    """Raise BreaksClause unless the seller states an approved, clear and unseized title."""
    right = draft.right
    if right is None:
        raise ground.breaks("right", "请申明批准文件和权属。", "state the approval and whose it is")
    if not right.clear:
        raise ground.breaks("right", "权属不清。", "the ownership is not clear")
    if right.seized:
        raise ground.breaks("right", "标的被查封、扣押。", "it is sealed up or seized")


def _check_order(now: datetime, draft: Draft, terms: Terms) -> None:
    ends = terms.bidding_ends if draft.way in {"listing", "tender"} else terms.bidding_starts
    if not now < terms.applications_due <= ends:
        zh, en = "报名截止应在公告之后、竞价之前", "applications end after the notice and before the bidding does"
        raise BadInput(zh, en)
    if not terms.applications_due <= terms.deposits_due <= ends:
        raise BadInput(
            "保证金到账截止不早于报名截止，不晚于竞价", "deposits are due from the end of applications to the bidding"
        )
    if not now < terms.bidding_starts <= terms.bidding_ends:
        raise BadInput("竞价的开始和结束时间有误", "bidding starts after the notice and ends after it starts")


def _check_bidding(draft: Draft, terms: Terms, ground: Ground) -> None:
    free = terms.bidding_starts < terms.bidding_ends
    _check_once(draft, terms, ground)
    if terms.units > 1 and (draft.way == "tender" or terms.whole_fen > MAX_INTEGER):
        raise BadInput("招标按总价报价；总价不得超过可记录的最大金额", "a tender is for the whole; it must be writable")
    if draft.way == "listing" and not free:
        raise BadInput("挂牌应有报价期", "a listing has a time for bids")
    if draft.way == "auction" and free:
        raise BadInput("拍卖没有自由报价期", "an auction has no free phase")
    if not free and terms.trigger != "always":
        raise BadInput("没有自由报价期的，限时竞价必须进行", "without a free phase, timed bidding always follows")
    if draft.way != "tender" and terms.trigger not in ground.rules.triggers:
        raise ground.breaks("trigger", "限时竞价的启动方式不符。", "timed bidding does not follow in this way")
    calls = ground.rules.calls
    if draft.way == "auction" and calls is not None and terms.timing.calls != ground.figure("calls"):
        raise ground.breaks("calls", "报价询问次数不符。", "the price is not called so often")


def _check_once(draft: Draft, terms: Terms, ground: Ground) -> None:
    """Raise BadInput for one sealed price each (L13) where the line or the way has none, or its limits make none."""
    once = terms.once
    if once is None:
        return
    if ground.rules.once is None or draft.way != "listing":
        raise BadInput("本标的不采用一次报价", "no single price decides for what is sold in this way")
    if once.listing_percent >= once.most_percent or not terms.start_fen <= once.listing_most_fen < once.most_fen:
        raise BadInput("一次报价的区间有误", "there is no room between the limits of the named price")
    if once.most_fen * terms.units > MAX_INTEGER or (
        terms.most_fen is not None and terms.most_fen <= once.listing_most_fen
    ):
        raise BadInput("最高限价应高于停止挂牌的限度", "the highest price taken lies below the limit of the listing")


def _check_periods(now: datetime, draft: Draft, terms: Terms, ground: Ground, *, first: bool) -> None:
    for span in spans(draft, terms, now, ground, first=first):
        keep(ground, span.clause, span.start, span.end)
    if draft.way == "auction" and ground.rules.showing is not None:
        _check_showing(now, terms, ground.rules.showing, ground)
    _check_extension(terms, ground)


def spans(draft: Draft, terms: Terms, now: datetime, ground: Ground, *, first: bool) -> Iterator[Span]:
    """Yield the times between two acts for which the law sets a least, were the notice to go out now."""
    rules = ground.rules
    announced = ground.announced(terms.whole_fen, first=first)
    if announced is not None:
        ends = "applications_due" if rules.until_applications else "bidding_starts"
        yield Span(announced, ends, now, getattr(terms, ends))
    if draft.way == "listing" and rules.listing is not None:
        yield Span(rules.listing, "bidding_ends", terms.bidding_starts, terms.bidding_ends)
    if draft.way == "listing" and rules.applications is not None:
        yield Span(rules.applications, "bidding_ends", terms.applications_due, terms.bidding_ends)
    if draft.way == "auction" and rules.auction_notice is not None:
        yield Span(rules.auction_notice, "bidding_starts", now, terms.bidding_starts)


def _check_showing(now: datetime, terms: Terms, clause: str, ground: Ground) -> None:
    """Raise BreaksClause for an auction that shows too little of what it sells (T8)."""
    showing = terms.showing
    if showing is None or not now <= showing.starts <= showing.ends <= terms.bidding_starts:
        raise ground.breaks("showing", "请载明拍卖前的展示。", "say when it is shown before the auction")
    keep(ground, clause, showing.starts, showing.ends)


def _check_extension(terms: Terms, ground: Ground) -> None:
    """Raise BreaksClause for an extension that is too short, BadInput where the line knows none (S8)."""
    if terms.extension is None:
        return
    if ground.rules.extension is None:
        raise BadInput("本类标的的报名不延期", "registration is not extended for this kind")
    if terms.extension.working_days < ground.figure("extension"):
        raise ground.breaks("extension", "延长期过短。", "the extension is too short")


def _check_money(draft: Draft, terms: Terms, ground: Ground, *, first: bool) -> None:
    if terms.most_fen is not None and terms.most_fen < terms.start_fen:
        raise BadInput("最高限价低于起始价", "the highest price taken lies below the start price")
    rules = ground.rules
    if rules.deposit_least is not None:
        least = ceil(ground.share("deposit_least") * terms.whole_fen)
        if terms.deposit_fen < least:
            yuan = format_yuan(least)
            raise ground.breaks("deposit_least", f"保证金至少为 {yuan} 元。", f"the deposit is {yuan} yuan at least")
    if rules.deposit_most is not None:
        most = floor(ground.share("deposit_most") * terms.whole_fen)
        if terms.deposit_fen > most:
            yuan = format_yuan(most)
            raise ground.breaks("deposit_most", f"保证金至多为 {yuan} 元。", f"the deposit is {yuan} yuan at most")
    _check_start(draft, terms, ground, first=first)


def _check_start(draft: Draft, terms: Terms, ground: Ground, *, first: bool) -> None:
    """Raise BreaksClause for a first price below the valuation, or a later one far below it without leave (S5)."""
    if ground.rules.first_price is None:
        return
    if draft.appraised_fen is None:
        raise ground.breaks("first_price", "请载明经核准或者备案的评估结果。", "give the approved valuation")
    if first and terms.start_fen < draft.appraised_fen:
        raise ground.breaks("first_price", "首次挂牌价低于评估结果。", "the first price is below the valuation")
    if ground.rules.relisted is None or first or terms.approval is not None:
        return
    if terms.start_fen < ground.share("relisted") * draft.appraised_fen:
        raise ground.breaks("relisted", "请附书面批准文件。", "give the written approval")


def _check_conditions(now: datetime, terms: Terms, ground: Ground) -> None:
    """Raise BreaksClause for conditions where there may be none (S10), or that are not agreed yet (S12)."""
    conditions, rules = terms.conditions, ground.rules
    if conditions is None:
        return
    if rules.open_to_all:
        raise ground.breaks("admission", "请删除资格条件。", "leave the conditions out")
    if rules.filing is None or conditions.consent is not None:
        return
    filed = conditions.filed_at
    if filed is None or now < limit(filed, rules.filing, ground.law).ends_at:
        raise ground.breaks("filing", "资格条件尚未备案或者期限未满。", "they are not filed, or not long enough")
