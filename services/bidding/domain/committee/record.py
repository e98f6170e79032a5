"""What a tender keeps of its evaluation committee."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import assert_never

from services.bidding.domain.committee.events import (
    BidderAsked,
    BidsScored,
    CoefficientDrawn,
    CommitteeAnswered,
    CommitteeEvent,
    CommitteeFormed,
    EvaluationExtended,
    FindingProposed,
    FindingVoted,
    MemberRecused,
    MemberReplaced,
    MoreTimeAsked,
    ReportSigned,
    SigningEnded,
)
from services.bidding.domain.committee.values import Answer, Drawn, DrawnOf, Matter, Question, Vote
from services.bidding.domain.values import Score
from shared.procedure.committee import Decision, decided
from shared.procedure.seating import Seat

Cast = FindingProposed | FindingVoted
Work = Cast | BidderAsked | CommitteeAnswered | BidsScored


@dataclass(frozen=True, slots=True)
class Committee:
    """The members and their work; null or empty where there is none yet.

    `groups` are the draws of its specialities, where there are several, and who sits by each now. `vacant` are seats
    given up and not filled, `replaced` who sat before, `refused` who was drawn and is to sit no more. `saying` are the
    members who said that the time is too short since it was last extended.
    """

    seats: tuple[Seat, ...] = ()
    draw: Drawn | None = None
    groups: tuple[DrawnOf, ...] = ()
    until: datetime | None = None
    vacant: frozenset[str] = frozenset()
    replaced: tuple[str, ...] = ()
    saying: frozenset[str] = frozenset()
    matters: tuple[Matter, ...] = ()
    questions: tuple[Question, ...] = ()
    scores: Mapping[str, tuple[Score, ...]] = field(default_factory=dict)
    coefficients: Mapping[str, Decimal] = field(default_factory=dict)
    signed: Mapping[str, ReportSigned] = field(default_factory=dict)
    ended: bool = False

    def seat_of(self, account: str) -> Seat | None:
        """Return the seat of an account that has one and has not given it up."""
        return next((seat for seat in self.seats if seat.account == account and seat.member not in self.vacant), None)

    def outcome(self, matter: Matter) -> Decision:
        """Return what the votes on a matter come to."""
        return decided([vote.in_favour for vote in matter.votes], len(self.seats))


def evolve(committee: Committee, event: CommitteeEvent) -> Committee:  # noqa: PLR0911 - one return a fact
    """Return the committee's record after an event."""
    match event:
        case CoefficientDrawn(name=name, value=value):
            return replace(committee, coefficients={**committee.coefficients, name: value})
        case CommitteeFormed(seats=seats, draw=draw, until=until, draws=draws):
            return replace(committee, seats=seats, draw=draw, until=until, groups=draws)
        case MemberRecused(member=member):
            return replace(committee, vacant=committee.vacant | {member})
        case MemberReplaced():
            return _replaced(committee, event)
        case MoreTimeAsked(member=member):
            return replace(committee, saying=committee.saying | {member})
        case EvaluationExtended(until=until):
            return replace(committee, until=until, saying=frozenset())
        case ReportSigned(member=member):
            return replace(committee, signed={**committee.signed, member: event})
        case SigningEnded():
            return replace(committee, ended=True)
        case _:
            return _worked(committee, event)


def anew(committee: Committee) -> Committee:
    """Return the committee with its members and what was drawn for it, and none of its work."""
    return replace(committee, saying=frozenset(), matters=(), questions=(), scores={}, signed={}, ended=False)


def _worked(committee: Committee, event: Work) -> Committee:
    match event:
        case FindingProposed(number=number, finding=finding):
            matter = Matter(number=number, finding=finding, votes=(_vote(event, in_favour=True),))
            return replace(committee, matters=(*committee.matters, matter))
        case FindingVoted(in_favour=in_favour):
            return replace(
                committee, matters=_voted(committee.matters, event.number, _vote(event, in_favour=in_favour))
            )
        case BidderAsked(question=question):
            return replace(committee, questions=(*committee.questions, question))
        case CommitteeAnswered(number=number):
            answer = Answer(accepts=event.accepts, text=event.text, answered_at=event.answered_at)
            return replace(committee, questions=_answered(committee.questions, number, answer))
        case BidsScored(member=member, scores=scores):
            return replace(committee, scores={**committee.scores, member: scores})
        case _:
            assert_never(event)


def _replaced(committee: Committee, event: MemberReplaced) -> Committee:
    """Seat the successor; nothing is left of what the member found, scored, or said (实施条例 第四十八条)."""
    gone = event.member
    return replace(
        committee,
        seats=tuple(event.seat if seat.member == gone else seat for seat in committee.seats),
        draw=committee.draw if committee.groups else event.draw or committee.draw,
        groups=tuple(_regrouped(group, event) for group in committee.groups),
        vacant=committee.vacant - {gone},
        replaced=(*committee.replaced, gone),
        saying=committee.saying - {gone},
        matters=tuple(_without(matter, gone) for matter in committee.matters),
        scores={member: scores for member, scores in committee.scores.items() if member != gone},
    )


def _regrouped(group: DrawnOf, event: MemberReplaced) -> DrawnOf:
    """Return a draw's group with the successor in the seat of the member who went, if it sat by that draw."""
    if event.member not in group.members or event.draw is None:
        return group
    members = tuple(event.seat.member if name == event.member else name for name in group.members)
    return group.model_copy(update={"drawn": event.draw, "members": members})


def _without(matter: Matter, member: str) -> Matter:
    return matter.model_copy(update={"votes": tuple(vote for vote in matter.votes if vote.member != member)})


def _vote(event: Cast, *, in_favour: bool) -> Vote:
    return Vote(member=event.member, in_favour=in_favour, words=event.words)


def _voted(matters: tuple[Matter, ...], number: int, vote: Vote) -> tuple[Matter, ...]:
    return tuple(
        matter.model_copy(update={"votes": (*matter.votes, vote)}) if matter.number == number else matter
        for matter in matters
    )


def _answered(questions: tuple[Question, ...], number: int, answer: Answer) -> tuple[Question, ...]:
    return tuple(
        question.model_copy(update={"answer": answer}) if question.number == number else question
        for question in questions
    )
