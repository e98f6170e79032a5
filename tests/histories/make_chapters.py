"""Plays golden histories with the chapters of a tender; `python -m tests.histories.make_chapters` writes each once."""

from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from services.bidding.domain.access.messages import ScreenBids
from services.bidding.domain.commands import ExtendKeyCollection, SignIn
from services.bidding.domain.documents.messages import AskQuestion, ClarifyTender, TakeDocuments
from services.bidding.domain.money.messages import ClaimDeposit, OpenReference
from services.bidding.domain.result.messages import (
    AnswerValidity,
    CountersignContract,
    ExtendValidity,
    GiveUp,
    ReportToSupervisor,
)
from services.bidding.domain.state import Accepting, Collecting, Publicised
from services.bidding.domain.timetable.messages import ResumeTender, SuspendTender
from services.bidding.domain.values import Score
from shared.kernel.errors import Refusal
from shared.kernel.request import SYSTEM
from shared.seal.wire import text
from tests.bidding import committee as sit
from tests.bidding import factories as make
from tests.bidding import money, remedies
from tests.bidding.phases import ALL, PRICES
from tests.bidding.play import Play
from tests.bidding.test_publication import NOTICE, noted
from tests.histories.history import HERE, write
from tests.histories.make_bidding import INSTALLED, TWO_YEARS

BIDDERS = ALL[:3]


def announced(**terms: Any) -> Play:
    """Return an announced tender under two years of calendars."""
    play = Play(calendar=TWO_YEARS)
    play.draft()
    play.publish(**terms)
    return play


def eventful() -> Play:
    """Return a tender in which much happens beside the phases, and the second candidate gets the contract."""
    play = announced(money=money.TERMS, notice=NOTICE, remedy_minutes=15, publicity_days=3)
    play.ask(noted("notice", make.ANNOUNCED))
    play.ask(TakeDocuments(), make.CRANE.actor, make.beijing(2))
    play.ask(AskQuestion(text="第3项工程量是否有误？"), make.HERON.actor, make.beijing(3))
    play.ask(ClarifyTender(text="第3项更正", affects_bids=True, answers=(1,)), at=make.beijing(8))
    remedies.object_to(play, "documents", make.beijing(9))
    remedies.answer(play, at=make.beijing(10))
    play.ask(SuspendTender(cause="supervision", notice="责令暂停"), remedies.SUPERVISOR, make.beijing(11))
    hold = play.at(Accepting).beside.timetable.holds[0].hold
    play.ask(ResumeTender(hold=hold, notice="恢复"), remedies.SUPERVISOR, make.beijing(12))
    for bidder, price in zip(BIDDERS, PRICES, strict=True):
        money.pay(play, bidder, at=make.beijing(14))
        play.bid(bidder, price, at=make.beijing(15))
    money.pay(play, make.STORK, at=make.beijing(14))
    with suppress(Refusal):
        play.ask(ClaimDeposit(), make.STORK.actor, make.beijing(16))
    due = play.at(Accepting).tender.terms.bids_due
    play.close(at=due + make.MICROSECOND)
    _open(play, due + timedelta(minutes=1))
    play.ask(ScreenBids(), SYSTEM)
    play.report(at=due + make.DAY)
    play.publicise(at=due + 2 * make.DAY)
    remedies.object_to(play, "result", play.now, make.EGRET)
    remedies.answer(play, at=play.now + make.DAY, number=2)
    play.ask(ExtendValidity(days=120, notice="延长投标有效期"))
    play.ask(AnswerValidity(number=1, agrees=True), make.HERON.actor)
    play.ask(AnswerValidity(number=1, agrees=False), make.EGRET.actor)
    _contract(play)
    return play


def _open(play: Play, at: datetime) -> None:
    play.convene(at=at)
    play.witness()
    play.ask(SignIn(), make.CRANE.actor)
    for bidder in BIDDERS[:2]:
        play.key(bidder)
    play.ask(
        ExtendKeyCollection(explanation="平台网络故障"), at=play.at(Collecting).collection.keys_due - make.MICROSECOND
    )
    play.key(make.EGRET)
    play.shares("agency", "platform")
    play.ask(OpenReference(amount_fen=money.REFERENCE, salt=text(money.SALT)))
    play.unseal()
    play.disclose(*BIDDERS)


def _contract(play: Play) -> None:
    ends = play.at(Publicised).publicity.ends
    play.ask(GiveUp(explanation="因自身原因放弃"), make.CRANE.actor, ends)
    play.award("bid-of-heron", at=ends)
    play.ask(ReportToSupervisor(report_sha256="d" * 64))
    play.ask(money.bond(PRICES[1] // 10), make.AGENCY)
    with suppress(Refusal):
        play.sign(PRICES[1] + 1)
    play.sign(PRICES[1], at=ends + make.DAY)
    play.ask(CountersignContract(contract_sha256="c" * 64), make.HERON.actor)


def judged() -> Play:
    """Return a tender whose committee asks, votes, scores and signs, one member dissenting."""
    play = announced(committee=sit.COMMITTEE, method=sit.WEIGHTED)
    for bidder, price in zip(BIDDERS, PRICES, strict=True):
        play.bid(bidder, price)
    play.close()
    play.convene()
    play.witness()
    for bidder in BIDDERS:
        play.key(bidder)
    play.shares("agency", "supervisor")
    play.unseal()
    play.disclose(*BIDDERS)
    sit.form(play)
    number = sit.ask(play, "bid-of-egret", "unclear")
    sit.answer(play, make.EGRET, number)
    sit.reject(play, "bid-of-egret")
    for seat, sitter in enumerate(sit.SEATED):
        marks = {("bid-of-crane", "plan"): 80 + seat, ("bid-of-crane", "record"): 70}
        marks |= {("bid-of-heron", "plan"): 95 - seat, ("bid-of-heron", "record"): 90}
        scores = [Score(bid=bid, factor=factor, score=Decimal(mark)) for (bid, factor), mark in marks.items()]
        sit.score(play, sitter, tuple(scores))
    sit.report(play)
    play.ask(sit.signature(play, sit.SEATED[0], "报价评审有误"), sit.SEATED[0].actor)
    sit.sign_all(play, *sit.SEATED[1:])
    play.publicise(at=make.beijing(24, 9))
    play.award(play.at(Publicised).report.candidates[0], at=play.at(Publicised).publicity.ends)
    return play


if __name__ == "__main__":
    for name, make_play in (("bidding-eventful", eventful), ("bidding-judged", judged)):
        if not (HERE / f"{name}.jsonl").exists():
            write(name, make_play().record, make.rulebook(calendar=TWO_YEARS), INSTALLED)
