"""What is asked of a lot whose offers are judged: seat and change the committee, give points, draw up the result."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.kernel.message import Identifier, Instant, Sha256, Text
from shared.procedure.lot.judged.values import OfferScore, Unfit
from shared.procedure.lot.messages import LotCommand
from shared.procedure.seating import Replacing


class SeatCommittee(LotCommand):
    """Seat the committee (评标小组) of experts and of the seller's representatives, to be done by `until`."""

    NAME: ClassVar[str] = "seat_committee"
    experts: Annotated[tuple[Identifier, ...], Field(max_length=99)]
    representatives: Annotated[tuple[Identifier, ...], Field(max_length=99)] = ()
    until: Instant


class LeaveCommittee(LotCommand):
    """Give up one's own seat for an interest in the matter (回避)."""

    NAME: ClassVar[str] = "leave_committee"
    explanation: Text


class ReplaceMember(LotCommand):
    """Seat a successor for a member; what the member gave is void."""

    NAME: ClassVar[str] = "replace_member"
    member: Identifier
    successor: Identifier
    ground: Replacing
    explanation: Text


class ScoreOffers(LotCommand):
    """Give one's own points to every offer for every criterion, once, and say which offers are unfit."""

    NAME: ClassVar[str] = "score_offers"
    scores: Annotated[tuple[OfferScore, ...], Field(min_length=1, max_length=10_000)]
    unfit: Annotated[tuple[Unfit, ...], Field(max_length=1000)] = ()


class ReportJudging(LotCommand):
    """Draw up the result from what all members gave; `document` is the committee's written report, by its digest."""

    NAME: ClassVar[str] = "report_judging"
    document: Sha256


COMMANDS = (SeatCommittee, LeaveCommittee, ReplaceMember, ScoreOffers, ReportJudging)
