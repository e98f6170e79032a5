"""A committee for the tests: its members with real keys, the draw that they came from, and tenders played with it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from services.bidding.domain.commands import ReportEvaluation
from services.bidding.domain.committee.commands import (
    AnswerCommittee,
    AskBidder,
    EndSigning,
    FormCommittee,
    ProposeFinding,
    ReplaceMember,
    ScoreBids,
    SignReport,
    VoteFinding,
)
from services.bidding.domain.committee.values import Adjusting, Discarding, Inquiring, Rejecting
from services.bidding.domain.events import EvaluationReported, TenderEvent
from services.bidding.domain.facts import Facts
from services.bidding.domain.rows import EvaluatedRow
from services.bidding.domain.state import Evaluated, Opened
from services.bidding.domain.values import RejectionCause, Score
from shared.kernel.request import SYSTEM, Actor
from shared.procedure.draw import Commitment, Expert, Reveal, chosen, commit, pool_digest, ranking, seed_of
from shared.procedure.drawn import DrawFile
from shared.procedure.evaluation import definition
from shared.procedure.recusal import Tie
from shared.procedure.seating import Known
from shared.seal.keys import new_signing_key, signing_public
from shared.seal.report import sign_report
from tests.bidding import drafts, phases
from tests.bidding import factories as make
from tests.bidding.play import Elsewhere, Play

BEGINS = make.beijing(22, 11)
UNTIL = make.beijing(22, 18)
ROOT = hashlib.sha256(b"root").digest()
PARTIES = ("agency", "platform", "supervisor")
DRAW = f"{make.STREAM}-draw-1"
NAMES = ("bid-of-crane", "bid-of-heron", "bid-of-egret")
COMMITTEE: dict[str, Any] = {
    "members": 5,
    "experts": 4,
    "combine": "mean",
    "answer_minutes": 60,
    "sign_minutes": 120,
    "deviations": [{"item": "schedule", "title": "缺少进度横道图", "amount_fen": 100_000, "marks": "0.5"}],
}
WEIGHTED: dict[str, Any] = drafts.WEIGHTED | {
    "round_at": "total",
    "definition": definition("lowest_price_ratio", 1),
}


@dataclass(frozen=True)
class Sitter:
    """Somebody who may sit on a committee: an expert's account is its pseudonym."""

    name: str

    @cached_property
    def key(self) -> str:
        return new_signing_key(make.dice(f"{self.name}-account"))

    @property
    def actor(self) -> Actor:
        return Actor(account=self.name, role="expert")

    def known(
        self, *, years: int = 8, senior: bool = True, supervises: bool = False, ties: Sequence[Tie] = ()
    ) -> Known:
        """Return what the registry knows: of an expert that just qualifies unless told otherwise."""
        return Known(
            member=self.name,
            account=self.actor.account,
            account_key=signing_public(self.key),
            years=years,
            senior=senior,
            supervises=supervises,
            ties=tuple(ties),
            enrolled=years > 0,
        )


LIBRARY = tuple(Sitter(f"e{number}") for number in range(1, 10))
CLERK = Sitter("clerk")
KNOWN = (*(sitter.known() for sitter in LIBRARY), CLERK.known(years=0, senior=False))
BIDDERS = tuple(f"{bidder.party.scheme}:{bidder.party.id}" for bidder in phases.BIDDERS)


def draw(
    *,
    refused: Sequence[str] = (),
    of: Sequence[Sitter] = LIBRARY,
    speciality: str = "市政工程",
    **changes: Any,
) -> DrawFile:
    """Return the file of a draw of this tender's experts, made as every party would make it."""
    body: dict[str, Any] = {"draw": DRAW, "seats": 4, "reserve": 3, "parties": BIDDERS, **changes}
    library = tuple(Expert(id=sitter.name, speciality=speciality, region="370500") for sitter in of)
    made, shown = _bound(body["draw"])
    ranked = ranking(seed_of(body["draw"], ROOT, made, shown), [expert.id for expert in library])
    return DrawFile.model_validate(
        {
            "v": 1,
            "line": "construction",
            "on": make.DUE.date(),
            "ties": (),
            "library": library,
            "exclusions": (),
            "pool_digest": pool_digest(body["draw"], library, body["seats"], body["reserve"]),
            "commitments": tuple(made),
            "root": ROOT.hex(),
            "reveals": tuple(shown),
            "refused": tuple(refused),
            "chosen": chosen(ranked, body["seats"], body["reserve"], refused),
            "others": 1,
            **body,
        }
    )


def _bound(name: str) -> tuple[list[Commitment], list[Reveal]]:
    nonces = {party: hashlib.sha256(f"{name}|{party}".encode()).digest() for party in PARTIES}
    made = [commit(party, nonce, name) for party, nonce in nonces.items()]
    return made, [Reveal(party=party, nonce=nonce.hex()) for party, nonce in nonces.items()]


EXPERTS = tuple(Sitter(name) for name in draw().chosen)
SEATED = (*EXPERTS, CLERK)
NEXT = draw(refused=(EXPERTS[0].name,))
"""The draw again, without the first of the experts."""


def facts(file: DrawFile | None = None, known: Sequence[Known] = KNOWN) -> Facts:
    """Return what the handler finds for a committee."""
    return Facts(draw=file or draw(), members=tuple(known))


def opened(*, committee: dict[str, Any] | None = None, **terms: Any) -> Play:
    """Return a tender read out that declares a committee."""
    play = phases.opened(committee=COMMITTEE | (committee or {}), **terms)
    play.now = BEGINS
    return play


def form(play: Play, found: Facts | None = None, **changes: Any) -> Sequence[TenderEvent]:
    body = {"representatives": (CLERK.name,), "until": UNTIL, **changes}
    return play.ask(FormCommittee(**body), make.AGENCY, BEGINS, found or facts())


def sitting(**terms: Any) -> Play:
    """Return a tender whose committee sits."""
    play = opened(**terms)
    form(play)
    return play


def replace(play: Play, gone: str, file: DrawFile = NEXT, **more: Any) -> Any:
    body = {"member": gone, "ground": "recusal", "explanation": "与投标人有利害关系", **more}
    (replaced,) = play.ask(ReplaceMember(**body), make.AGENCY, None, facts(file))
    return replaced


def propose(play: Play, by: Sitter, finding: Rejecting | Adjusting | Discarding | Inquiring) -> int:
    play.ask(ProposeFinding(finding=finding, words="见评标办法"), by.actor)
    return len(play.at(Opened).beside.committee.matters)


def vote(play: Play, number: int, *by: Sitter, in_favour: bool = True) -> None:
    for sitter in by:
        play.ask(VoteFinding(number=number, in_favour=in_favour, words="同意" if in_favour else "不同意"), sitter.actor)


def rejecting(bid: str, cause: RejectionCause = "unqualified") -> Rejecting:
    return Rejecting(bid=bid, cause=cause, explanation="资质证书已失效")


def reject(play: Play, bid: str, cause: RejectionCause = "unqualified") -> None:
    """Let three of five reject a bid."""
    vote(play, propose(play, SEATED[0], rejecting(bid, cause)), *SEATED[1:3])


def ask(play: Play, bid: str, about: Any, **more: Any) -> int:
    """Ask a bidder, one member what is unclear, three of five what its bid may fall by; return the question's place."""
    if about == "unclear":
        play.ask(AskBidder(bid=bid, text="请书面说明"), SEATED[0].actor)
    else:
        vote(play, propose(play, SEATED[0], inquiry(bid, about, **more)), *SEATED[1:3])
    return len(play.at(Opened).beside.committee.questions)


def inquiry(bid: str, about: Any, **more: Any) -> Inquiring:
    return Inquiring(bid=bid, about=about, text="请书面说明", **more)


def answer(play: Play, bidder: make.Bidder, number: int, *, accepts: bool = True, at: Any = None) -> None:
    play.ask(AnswerCommittee(number=number, accepts=accepts, text="说明如下"), bidder.actor, at)


def sheet(plan: str, record: str = "80", bids: Sequence[str] = NAMES) -> tuple[Score, ...]:
    """Return the same scores for every bid."""
    given = (("plan", plan), ("record", record))
    return tuple(Score(bid=bid, factor=factor, score=Decimal(score)) for bid in bids for factor, score in given)


def score(play: Play, sitter: Sitter, scores: tuple[Score, ...]) -> Sequence[TenderEvent]:
    return play.ask(ScoreBids(scores=scores), sitter.actor)


def all_score(play: Play, *, bids: Sequence[str] = NAMES) -> None:
    for sitter in SEATED:
        score(play, sitter, sheet("90", bids=bids))


def report(play: Play, **changes: Any) -> Sequence[TenderEvent]:
    return play.ask(ReportEvaluation(**changes))


def signature(play: Play, sitter: Sitter, dissent: str | None = None) -> SignReport:
    """Return a member's signature under the report as it stands."""
    report = str(play.at(Evaluated).report.contents_sha256)
    return SignReport(dissent=dissent, signature=sign_report(report, dissent, sitter.key))


def sign_all(play: Play, *sitters: Sitter) -> None:
    for sitter in sitters or SEATED:
        play.ask(signature(play, sitter), sitter.actor)


def end_signing(play: Play, at: Any) -> Sequence[TenderEvent]:
    return play.ask(EndSigning(), SYSTEM, at)


def rows(play: Play, **changes: Any) -> dict[str, EvaluatedRow]:
    """Report, and return the rows by bid."""
    (reported,) = report(play, **changes)
    if not isinstance(reported, EvaluationReported):
        raise Elsewhere(type(reported).__name__)
    return {row.bid: row for row in reported.rows}
