"""What the committee asks bidders in writing, and what they answer (E24, E26, E43, E44)."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from services.bidding.domain.asking import TenderRequest
from services.bidding.domain.committee.commands import AnswerCommittee, AskBidder
from services.bidding.domain.committee.events import BidderAsked, CommitteeAnswered
from services.bidding.domain.committee.sitting import evaluating, own_seat, standing, terms_of
from services.bidding.domain.committee.values import About, Inquiring, Question
from services.bidding.domain.receiving import law_of
from services.bidding.domain.state import AnnouncedState, Opened
from shared.kernel.errors import BadInput, BreaksClause, OutOfPhase
from shared.procedure.arithmetic import Corrected, corrected
from shared.procedure.asking import breaks, needed
from shared.procedure.books import Books, Law

CLAUSE: Mapping[About, str] = {
    "unclear": "E24",
    "low_price": "E43",
    "minor_deviation": "E44",
    "arithmetic": "E26",
}
"""Which clause a question rests on."""


def ask(request: TenderRequest, command: AskBidder, state: AnnouncedState, books: Books) -> BidderAsked:
    """Ask what an effective bid means; whatever is answered, nobody falls by it."""
    opened = evaluating(state)
    seat = own_seat(request, opened)
    standing(opened, request.received_at).row(command.bid)
    question = _question(request, opened, command.bid, "unclear", command.text)
    return _asked(request, question.model_copy(update={"asked_by": seat.member}), law_of(opened, books))


def check_inquiry(request: TenderRequest, finding: Inquiring, state: Opened, law: Law) -> None:
    """Raise for an inquiry that is about nothing: figures that agree, a deviation that the tender file lets be."""
    if (finding.about == "minor_deviation") != (finding.item is not None):
        raise BadInput(
            "要求补正细微偏差时，且仅在此时，须指明项目", "name the item of a minor deviation, and of it alone"
        )
    if finding.item is not None and finding.item not in {one.item for one in terms_of(state).deviations}:
        zh = "招标文件没有规定该项细微偏差的量化标准"
        raise BreaksClause(
            zh, "the tender documents do not quantify that deviation", law.rulebook.clause("R49").article
        )
    if finding.about != "arithmetic" and (finding.capitals or finding.bill):
        raise BadInput("仅在核对算术错误时填写大写金额和清单", "capitals and a bill belong to arithmetic alone")
    if finding.about == "arithmetic" and not _corrected(request, finding, state).amendments:
        raise BadInput("各处金额一致，无须修正", "the figures agree: there is nothing to correct")


def inquire(request: TenderRequest, finding: Inquiring, number: int, state: Opened, law: Law) -> BidderAsked:
    """Ask what the committee has carried: for an error of arithmetic, to confirm the price that governs."""
    question = _question(request, state, finding.bid, finding.about, finding.text)
    more: dict[str, object] = {"matter": number, "item": finding.item}
    if finding.about == "arithmetic":
        found = _corrected(request, finding, state)
        more |= {"corrected_fen": found.price_fen, "amendments": found.amendments}
    return _asked(request, question.model_copy(update=more), law)


def answer(request: TenderRequest, command: AnswerCommittee, state: AnnouncedState, books: Books) -> CommitteeAnswered:
    """Take a bidder's answer to what it was asked, in time, and to nothing else."""
    opened = evaluating(state)
    clause = law_of(opened, books).rulebook.clause("E24")
    token = request.actor.account
    mine = [one for one in opened.beside.committee.questions if one.token == token and one.number == command.number]
    if not mine:
        raise breaks(clause, "评标委员会没有向您提出该问题。", "The committee asked you no such question.")
    if mine[0].settled(request.received_at):
        raise OutOfPhase("该问题已经答复，或答复时间已过", "it is answered, or its time is over", clause.article)
    return CommitteeAnswered(
        number=command.number,
        token=token,
        accepts=command.accepts,
        text=command.text,
        answered_at=request.received_at,
    )


def check_settled(state: Opened, now: datetime, abouts: Collection[About], law: Law) -> None:
    """Raise OutOfPhase while a question about any of these waits for its answer and still has time."""
    if any(one.about in abouts and not one.settled(now) for one in state.beside.committee.questions):
        article = law.rulebook.clause("E24").article
        raise OutOfPhase("尚有问题待投标人答复", "bidders still have time to answer", article)


def _corrected(request: TenderRequest, finding: Inquiring, state: Opened) -> Corrected:
    row = standing(state, request.received_at).row(finding.bid)
    found = corrected(needed(row.price_fen, "price_fen"), finding.capitals, finding.bill)
    if not found.price_fen:
        raise BadInput("修正后的报价须大于零", "a corrected price is above zero")
    return found


def _question(request: TenderRequest, state: Opened, bid: str, about: About, text: str) -> Question:
    return Question(
        number=len(state.beside.committee.questions) + 1,
        bid=bid,
        token=state.bidders[bid],
        about=about,
        text=text,
        due=request.received_at + timedelta(minutes=terms_of(state).answer_minutes),
    )


def _asked(request: TenderRequest, question: Question, law: Law) -> BidderAsked:
    article = law.rulebook.clause(CLAUSE[question.about]).article
    return BidderAsked(question=question, asked_at=request.received_at, article=article)
