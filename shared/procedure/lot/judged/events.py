"""The facts of a lot whose offers are judged. Append-only: add v2, never edit v1."""

from typing import ClassVar

from shared.kernel.message import Identifier, Instant, Sha256, Text
from shared.procedure.lot.judged.values import JudgedOffer, OfferScore, Unfit
from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.values import Number, Offer
from shared.procedure.seating import Replacing, Seat


class JudgingOpened(LotEvent):
    """评标: these offers were opened, count, and are judged; the names behind all that was opened are read out."""

    NAME: ClassVar[str] = "judging_opened.v1"
    numbers: tuple[Number, ...]
    at: Instant
    article: str


class CommitteeSeated(LotEvent):
    """The committee sits, to be done by `until`."""

    NAME: ClassVar[str] = "committee_seated.v1"
    seats: tuple[Seat, ...]
    at: Instant
    until: Instant
    articles: tuple[str, ...]


class MemberLeft(LotEvent):
    """A member gave up its seat, which is empty until somebody else has it."""

    NAME: ClassVar[str] = "member_left.v1"
    member: Identifier
    explanation: Text
    at: Instant
    article: str


class MemberReplaced(LotEvent):
    """A member was replaced: what it gave is void, and given again by who replaces it."""

    NAME: ClassVar[str] = "member_replaced.v1"
    member: Identifier
    seat: Seat
    ground: Replacing
    explanation: Text
    at: Instant
    article: str


class OffersScored(LotEvent):
    """A member gave its own points."""

    NAME: ClassVar[str] = "offers_scored.v1"
    member: Identifier
    scores: tuple[OfferScore, ...]
    unfit: tuple[Unfit, ...]
    at: Instant


class JudgingReported(LotEvent):
    """The result: every offer that was judged, best first; `offer` is the best, null where none is fit."""

    NAME: ClassVar[str] = "judging_reported.v1"
    rows: tuple[JudgedOffer, ...]
    offer: Offer | None
    document: Sha256
    at: Instant
    late: bool
    article: str


JUDGED = (JudgingOpened, CommitteeSeated, MemberLeft, MemberReplaced, OffersScored, JudgingReported)
"""Every fact of judging."""

ALONE = (MemberLeft, MemberReplaced, OffersScored)
"""What goes on in a committee, and shows nothing to who watches the lot."""
