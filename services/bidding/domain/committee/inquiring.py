"""What the committee asks bidders in writing, and what they answer (E24, E26, E43, E44)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from services.bidding.domain.asking import TenderRequest, breaks, needed
from services.bidding.domain.committee.commands import AnswerCommittee, AskBidder, CheckArithmetic
from services.bidding.domain.committee.events import BidderAsked, CommitteeAnswered
from services.bidding.domain.committee.sitting import evaluating, own_seat, standing, terms_of
from services.bidding.domain.committee.values import About, Question
from services.bidding.domain.receiving import law_of
from services.bidding.domain.state import AnnouncedState, Opened
from shared.kernel.errors import BadInput, BreaksClause, OutOfPhase
from shared.kernel.money import format_yuan
from shared.procedure.arithmetic import corrected
from shared.procedure.books import Books

CLAUSE: Mapping[About, str] = {"unclear": "E24", "low_price": "E43", "minor_deviation": "E44", "arithmetic": "E26"}
"""Which clause a question rests on."""


def ask(request: TenderRequest, command: AskBidder, state: AnnouncedState, books: Books) -> BidderAsked:
    """Ask an effective bid's bidder; a deviation may be asked about if the tender file says what it costs."""
    opened = evaluating(state)
    law = law_of(opened, books)
    declared = {deviation.item for deviation in terms_of(opened).deviations}
    if (command.about == "minor_deviation") != (command.item is not None):
        raise BadInput(
            "要求补正细微偏差时，且仅在此时，须指明项目", "name the item of a minor deviation, and of it alone"
        )
    if command.item is not None and command.item not in declared:
        zh = "招标文件没有规定该项细微偏差的量化标准"
        raise BreaksClause(
            zh, "the tender documents do not quantify that deviation", law.rulebook.clause("R49").article
        )
    question = _question(request, opened, command.bid, command.about, command.text)
    asked = question.model_copy(update={"item": command.item})
    article = law.rulebook.clause(CLAUSE[command.about]).article
    return BidderAsked(question=asked, asked_at=request.received_at, article=article)


def check(
    request: TenderRequest, command: CheckArithmetic, state: AnnouncedState, books: Books
) -> Sequence[BidderAsked]:
    """Ask the bidder to confirm the price that governs where its figures do not agree; nothing where they do."""
    opened = evaluating(state)
    own_seat(request, opened)
    row = standing(opened, request.received_at).row(command.bid)
    found = corrected(needed(row.price_fen, "price_fen"), command.capitals, command.bill)
    if not found.amendments:
        return ()
    if not found.price_fen:
        raise BadInput("修正后的报价须大于零", "a corrected price is above zero")
    text = f"请确认按规则修正后的投标报价：{format_yuan(found.price_fen)}元。Please confirm the corrected price."
    question = _question(request, opened, command.bid, "arithmetic", text)
    asked = question.model_copy(update={"corrected_fen": found.price_fen, "amendments": found.amendments})
    article = law_of(opened, books).rulebook.clause("E26").article
    return (BidderAsked(question=asked, asked_at=request.received_at, article=article),)


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


def _question(request: TenderRequest, state: Opened, bid: str, about: About, text: str) -> Question:
    """Return the next question; of the price of a bid one at a time is enough."""
    seat, asked = own_seat(request, state), state.beside.committee.questions
    standing(state, request.received_at).row(bid)
    if about in {"low_price", "arithmetic"} and any((one.bid, one.about) == (bid, about) for one in asked):
        raise OutOfPhase("该投标人已就此被询问", "that bidder has been asked about this already")
    return Question(
        number=len(asked) + 1,
        bid=bid,
        token=state.bidders[bid],
        about=about,
        text=text,
        asked_by=seat.member,
        due=request.received_at + timedelta(minutes=terms_of(state).answer_minutes),
    )
