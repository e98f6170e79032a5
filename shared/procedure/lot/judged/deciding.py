"""What may be asked while offers are judged, and which room decides it."""

from shared.procedure.lot.asking import Events, Ground, LotRequest
from shared.procedure.lot.judged import forming, scoring
from shared.procedure.lot.judged.commands import (
    LeaveCommittee,
    ReplaceMember,
    ReportJudging,
    ScoreOffers,
    SeatCommittee,
)
from shared.procedure.lot.state import Lot

Command = SeatCommittee | LeaveCommittee | ReplaceMember | ScoreOffers | ReportJudging


def decide(request: LotRequest, command: Command, lot: Lot, ground: Ground) -> Events:
    """Return the facts of a request, or raise its refusal."""
    match command:
        case SeatCommittee():
            return forming.seat(request, command, lot, ground)
        case LeaveCommittee():
            return forming.leave(request, command, lot, ground)
        case ReplaceMember():
            return forming.replace(request, command, lot, ground)
        case ScoreOffers():
            return scoring.score(request, command, lot, ground)
        case ReportJudging():
            return scoring.report(request, command, lot, ground)
