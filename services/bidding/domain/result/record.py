"""What a tender keeps of its result, besides the award."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from services.bidding.domain.result.messages import (
    CandidateDropped,
    ContractCountersigned,
    ResultEvent,
    SupervisorReported,
    TenderToBeHeldAgain,
    ValidityAnswered,
    ValidityExtended,
)


@dataclass(frozen=True, slots=True)
class Result:
    """Who fell away, how long bids were asked to bind and who agreed, and what was handed in and signed."""

    dropped: tuple[CandidateDropped, ...] = ()
    extensions: tuple[ValidityExtended, ...] = ()
    answers: Mapping[tuple[int, str], bool] = field(default_factory=dict)
    reported: SupervisorReported | None = None
    countersigned: str | None = None

    def is_dropped(self, bid: str) -> bool:
        """Whether that candidate fell away."""
        return any(one.bid == bid for one in self.dropped)


def evolve(result: Result, event: ResultEvent) -> Result:
    """Return the result after an event."""
    match event:
        case CandidateDropped():
            return replace(result, dropped=(*result.dropped, event), reported=None, countersigned=None)
        case ValidityExtended():
            return replace(result, extensions=(*result.extensions, event))
        case ValidityAnswered(number=number, bid=bid, agrees=agrees):
            return replace(result, answers={**result.answers, (number, bid): agrees})
        case SupervisorReported():
            return replace(result, reported=event)
        case ContractCountersigned(contract_sha256=sha256):
            return replace(result, countersigned=sha256)
        case TenderToBeHeldAgain():
            return result
        case _:
            assert_never(event)
