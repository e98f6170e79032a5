"""Whether a bid has the deposit that its tender demands, and what becomes of a bid that has not."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from services.bidding.domain.committee.values import Rejecting
from services.bidding.domain.money.messages import Account, DepositsExamined, Lacking
from services.bidding.domain.money.record import Held
from services.bidding.domain.money.terms import DepositTerms
from services.bidding.domain.receiving import cutoff
from services.bidding.domain.result.validity import binds_until, first_end
from services.bidding.domain.state import Announced
from services.bidding.domain.values import Rejection
from shared.kernel.money import format_yuan
from shared.procedure import deposits
from shared.procedure.asking import breaks
from shared.procedure.books import Law

BASIC = frozenset({"cash", "cheque"})
"""What must come from the basic account (实施条例 第二十六条 names 现金 and 支票 alone)."""

REVOKED = ("投标人已撤销投标", "the bidder has revoked its bid")

Words = tuple[str, str]


def rejected(state: Announced, bids: Collection[str]) -> Mapping[str, Rejection]:
    """Return the bids that the committee has no choice but to reject: without a whole deposit, or revoked (E12)."""
    money = state.beside.money
    words = {one.bid: (one.zh, one.en) for one in money.lacking}
    words |= {bid: REVOKED for bid, token in state.bidders.items() if token in money.revoked}
    return {
        bid: Rejection(bid=bid, cause="unresponsive", explanation=f"{zh} / {en}")
        for bid, (zh, en) in words.items()
        if bid in bids
    }


def check_ground(rejection: Rejection | Rejecting, state: Announced, law: Law) -> None:
    """Raise BreaksClause where a price is rejected for the 标底, which is a reference alone (实施条例 第五十条)."""
    money = state.tender.terms.money
    named = money and money.reference and rejection.cause == "price" and "标底" in rejection.explanation
    if named:
        raise breaks(law.rulebook.clause("R50-REFERENCE"), f"（{rejection.bid}）", f"({rejection.bid})")


def examined(bids: Iterable[str], state: Announced, at: datetime, law: Law) -> tuple[DepositsExamined, ...]:
    """Return what comes of looking at the deposits of bids, where the documents demand any."""
    terms = state.tender.terms.money
    if terms is None or terms.deposit is None:
        return ()
    found = (_lacking(bid, terms.deposit, state, law) for bid in bids)
    article = law.rulebook.clause("E44-DEPOSIT").article
    return (DepositsExamined(lacking=tuple(one for one in found if one), examined_at=at, article=article),)


def _lacking(bid: str, terms: DepositTerms, state: Announced, law: Law) -> Lacking | None:
    """Return what is wrong with the deposit of a bid, if anything: a fen short, a microsecond late, or a flaw."""
    held = state.beside.money.deposits(state.bidders[bid])
    until = first_end(state, law)
    flaws = {one.key: flaw for one in held if (flaw := _flaw(one, terms, state, until))}
    sound = ((one.amount_fen, one.received_at) for one in held if one.key not in flaws)
    short = deposits.missing(sound, terms.amount_fen, cutoff(state.tender))
    if not short:
        return None
    article = law.rulebook.clause("E44-DEPOSIT").article
    lacks = format_yuan(short)
    why = [(f"截止前到账尚缺{lacks}元", f"{lacks} yuan were missing at the deadline"), *flaws.values()]
    zh, en = "；".join(zh for zh, _ in why), "; ".join(en for _, en in why)
    return Lacking(bid=bid, zh=f"未按招标文件要求提交投标保证金：{zh}（{article}）", en=f"no deposit as demanded: {en}")


def check_lasts(bid: str, state: Announced, law: Law) -> None:
    """Raise BreaksClause where who agreed to be bound longer has not extended its deposit (E41)."""
    if not lasts(bid, state, law):
        raise breaks(
            law.rulebook.clause("E41-DEPOSIT"), f"（{bid}）的保函尚未延长。", f"The guarantee of {bid} is not extended."
        )


def lasts(bid: str, state: Announced, law: Law) -> bool:
    """Whether a bid's deposit is valid as long as the bid binds by the extensions that its bidder agreed to.

    A bid that is bound no longer than announced was looked at when it was opened; money has no end.
    """
    terms, until = state.tender.terms.money, binds_until(bid, state, law)
    known = "E41-DEPOSIT" in law.rulebook.clauses
    if not known or terms is None or terms.deposit is None or until <= first_end(state, law):
        return True
    held = state.beside.money.deposits(state.bidders[bid])
    sound = (one.amount_fen for one in held if not _flaw(one, terms.deposit, state, until))
    return sum(sound) >= terms.deposit.amount_fen


def accounts(state: Announced) -> Mapping[str, frozenset[str]]:
    """Return the accounts, by their digests, that each standing bid's deposit came from."""
    return {
        bid: frozenset(one.instrument.account for one in held if isinstance(one.instrument, Account))
        for bid, token in state.bidders.items()
        if (held := state.beside.money.of(token))
    }


def same_account(state: Announced) -> tuple[tuple[str, ...], ...]:
    """Return the groups of bids whose deposits came from one account (实施条例 第四十条第（六）项)."""
    return deposits.same_account(accounts(state))


def _flaw(one: Held, terms: DepositTerms, state: Announced, until: datetime) -> Words | None:
    """Return why a deposit does not count for a bid that binds `until`, whatever its amount and time."""
    paid = one.instrument
    if paid is None or paid.kind not in terms.means:
        return "交纳方式不是招标文件规定的方式", "not by a means that the documents declare"
    if isinstance(paid, Account):
        if _must_tender(state) and paid.domestic and paid.kind in BASIC and not paid.basic:
            return "未从基本账户转出", "not from the basic account"
        return None
    if not paid.verified:
        return "保函未通过核验", "the guarantee was not verified"
    if paid.valid_until < until:
        return "保函有效期短于投标有效期", "the guarantee ends before the validity of bids"
    return None


def _must_tender(state: Announced) -> bool:
    """Whether the project must be tendered (依法必须进行招标): so it is taken to be unless it is known not to."""
    access = state.tender.access
    return access is None or access.must_tender.must is not False
