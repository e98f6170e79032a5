"""The facts by which the bidding for a lot ends, stands still and goes on, or is ended for good; append-only."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.kernel.message import Instant, Text
from shared.procedure.lot.events import Phase
from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.values import (
    Cause,
    EndCause,
    Number,
    Offer,
    Price,
    Reading,
)
from shared.seal.reserve import Share
from shared.seal.wire import Authority, Bytes32


class BiddingEnded(LotEvent):
    """Bidding is over, by the reading of the platform's health; `offer` is the highest, null where there is none.

    `proxy_secret` is the private half of the announced key: every maximum can be read and compared from here on.
    Until `reserve_due` the authorities give their shares of the reserve, where there is one.
    """

    NAME: ClassVar[str] = "bidding_ended.v1"
    offer: Offer | None
    reading: Reading | None
    reserve_due: Instant | None
    proxy_secret: Bytes32


class AgreementOpened(LotEvent):
    """One taker alone: until `until` it may take the lot at no less than the listed price (协议转让)."""

    NAME: ClassVar[str] = "agreement_opened.v1"
    number: Number
    until: Instant
    article: str


class ReserveShareGiven(LotEvent):
    """An authority has given its share of the reserve, and it is the one that was committed to."""

    NAME: ClassVar[str] = "reserve_share_given.v1"
    authority: Authority
    share: Share


class ReserveShareRefused(LotEvent):
    """An authority's share is not the one that was committed to."""

    NAME: ClassVar[str] = "reserve_share_refused.v1"
    authority: Authority


class ReserveOpened(LotEvent):
    """底价启封: amount and salt, which anyone can compare with the commitment in the notice."""

    NAME: ClassVar[str] = "reserve_opened.v1"
    reserve_fen: Price
    salt: Bytes32


class LotSold(LotEvent):
    """成交: to `number` at `price_fen`; where `review` is due, once it qualifies."""

    NAME: ClassVar[str] = "lot_sold.v1"
    number: Number
    price_fen: Price
    at: Instant
    review_due: Instant | None
    article: str


class WinnerReviewed(LotEvent):
    """The highest bidder qualifies, or does not, and why."""

    NAME: ClassVar[str] = "winner_reviewed.v1"
    number: Number
    qualified: bool
    reason: Text
    at: Instant
    late: bool


class LotUnsold(LotEvent):
    """不成交, and why."""

    NAME: ClassVar[str] = "lot_unsold.v1"
    cause: Literal["no_bidder", "too_few", "no_bid", "below_reserve", "not_qualified", "none_fit"]
    at: Instant
    article: str
    zh: str
    en: str


class LotFrozen(LotEvent):
    """中止: the lot stands still, in `phase`, with so much of it left; from `idle_at` on it is reminded to go on.

    `since`, where a fault of the platform's reached into the end of registration: what was to come then moves on with
    the lot, though its time has passed.
    """

    NAME: ClassVar[str] = "lot_frozen.v1"
    cause: Cause
    notice: Text
    at: Instant
    phase: Phase
    left_seconds: Annotated[int, Field(ge=0)] | None
    reading: Reading | None = None
    idle_at: Instant | None = None
    since: Instant | None = Field(default=None, exclude_if=lambda since: since is None)
    article: str

    @property
    def stopped_at(self) -> datetime:
        """From when on nothing comes that was to come, until the lot goes on."""
        return self.since or self.at


class LotThawed(LotEvent):
    """恢复: the lot goes on at `resumes_at`, in `phase`, whose next time is `ends_at`; times to come move too.

    `applications_due` is when registration ends now, where it had not ended.
    """

    NAME: ClassVar[str] = "lot_thawed.v1"
    resumes_at: Instant
    phase: Phase
    ends_at: Instant
    applications_due: Instant | None
    shifted_seconds: Annotated[int, Field(ge=0)]
    notice: Text
    article: str


class LotTerminated(LotEvent):
    """终止: the lot is ended for good."""

    NAME: ClassVar[str] = "lot_terminated.v1"
    cause: EndCause
    notice: Text
    at: Instant
    proxy_secret: Bytes32 | None
    article: str
