"""The facts of a lot until its bidding is over. Append-only: add v2, never edit v1."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.kernel.message import Base64Url, Identifier, Instant, Sha256, Text
from shared.procedure.asking import Owner
from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.values import Document, Draft, Fen, ForeignCause, Number, Price, Terms
from shared.seal.wire import Bytes65

Phase = Literal[
    "registration",
    "free",
    "asking",
    "preparing",
    "timed",
    "confirming",
    "naming",
    "tendering",
    "opening",
    "judging",
    "reserve",
    "review",
    "agreement",
    "sold",
    "unsold",
    "ended",
    "defaulted",
]
"""报名, 挂牌 or 自由竞价, 询问, 准备, 限时竞价, 确认参加和一次报价, 投标, 开标, 评标, 底价启封, 资格审核, 协议, 成交,
不成交, 终止, 违约.
"""


class LotDrafted(LotEvent):
    """The draft was written, or written anew."""

    NAME: ClassVar[str] = "lot_drafted.v1"
    draft: Draft
    owner: Owner


class LotAnnounced(LotEvent):
    """The notice: the lot, its terms, and the law that it is held under, pinned by digest.

    `proxy_key` is the public key that maxima of proxies are sealed to. `attempt` counts the lots that were put up for
    the same thing on the same valuation, this one included; `first_at` is when the first of them was announced.
    """

    NAME: ClassVar[str] = "lot_announced.v1"
    lot: Identifier
    draft: Draft
    terms: Terms
    owner: Owner
    announced_at: Instant
    attempt: int = 1
    first_at: Instant
    proxy_key: Bytes65
    rulebook: Sha256
    calendar: Sha256


class NoticeSupplemented(LotEvent):
    """补充公告. Every time to come moves by `shifted_seconds`, so that bids are taken from `starts_at`."""

    NAME: ClassVar[str] = "notice_supplemented.v1"
    text: Text
    cause: ForeignCause | None = None
    documents: tuple[Document, ...]
    shifted_seconds: Annotated[int, Field(ge=0)]
    applications_due: Instant
    starts_at: Instant
    article: str


class Applied(LotEvent):
    """竞买申请: a pseudonym has applied and is known as `number` from here on."""

    NAME: ClassVar[str] = "applied.v1"
    number: Number
    token: Identifier
    documents: tuple[Sha256, ...]
    priority: bool
    received_at: Instant


class DepositRecorded(LotEvent):
    """A deposit was received; `counts` if it was in time and the applicant's own, for this lot alone."""

    NAME: ClassVar[str] = "deposit_recorded.v1"
    number: Number
    token: Identifier
    amount_fen: Fen
    received_at: Instant
    account: Sha256
    payment: Sha256
    own_name: bool
    counts: bool
    article: str | None


class BidderAdmitted(LotEvent):
    """An applicant may bid; `priority` if it holds a right of first refusal. `late` if the review took too long."""

    NAME: ClassVar[str] = "bidder_admitted.v1"
    number: Number
    token: Identifier
    priority: bool
    late: bool


class BidderRefused(LotEvent):
    """An applicant may not bid, and why."""

    NAME: ClassVar[str] = "bidder_refused.v1"
    number: Number
    token: Identifier
    reason: Text
    condition: Text | None
    late: bool


class BidderBarred(LotEvent):
    """An admitted bidder may bid no more; what it bid stands."""

    NAME: ClassVar[str] = "bidder_barred.v1"
    number: Number
    token: Identifier
    reason: Text


class RegistrationExtended(LotEvent):
    """Nobody came: every time to come moves on, for the `times`-th time, as the notice said it would (延长披露)."""

    NAME: ClassVar[str] = "registration_extended.v1"
    shifted_seconds: Annotated[int, Field(ge=1)]
    applications_due: Instant
    starts_at: Instant
    times: int
    article: str


class BiddingStarted(LotEvent):
    """Bids are taken from here on; `ends_at` ends the free phase."""

    NAME: ClassVar[str] = "bidding_started.v1"
    ends_at: Instant


class BidPlaced(LotEvent):
    """A bid was recorded, and leads. `next_fen` is the least that may be bid next, `ends_at` when the phase ends now.

    `automatic` if a proxy made it, `priority` if it took the leading price by a right of first refusal. `extensions`
    counts the countdowns that were restarted.
    """

    NAME: ClassVar[str] = "bid_placed.v1"
    number: Number
    price_fen: Price
    received_at: Instant
    automatic: bool = False
    priority: bool = False
    next_fen: Price
    ends_at: Instant
    extensions: int


class ProxySet(LotEvent):
    """A proxy was set, by its commitment; the maximum is sealed to the service that runs the lot."""

    NAME: ClassVar[str] = "proxy_set.v1"
    number: Number
    commitment: Sha256
    sealed: Base64Url


class StepChanged(LotEvent):
    """The step is another from the next bid on."""

    NAME: ClassVar[str] = "step_changed.v1"
    step_fen: Price
    notice: Text


class AskingStarted(LotEvent):
    """The free phase is over: whoever bid in it is asked, until `ends_at`, whether it wants to go on."""

    NAME: ClassVar[str] = "asking_started.v1"
    leader: Number
    price_fen: Price
    ends_at: Instant


class WentOn(LotEvent):
    """A bidder wants to bid on."""

    NAME: ClassVar[str] = "went_on.v1"
    number: Number


class PreparationStarted(LotEvent):
    """Timed bidding follows at `ends_at`, for all who are admitted."""

    NAME: ClassVar[str] = "preparation_started.v1"
    ends_at: Instant


class TimedStarted(LotEvent):
    """限时竞价 has begun from `from_fen`; a countdown runs until `ends_at`, and calls come at `call_at`."""

    NAME: ClassVar[str] = "timed_started.v1"
    from_fen: Price
    ends_at: Instant
    call_at: Instant


class PriceCalled(LotEvent):
    """The leading price was called for the `call`-th time; the next call is at `call_at`."""

    NAME: ClassVar[str] = "price_called.v1"
    call: int
    price_fen: Price | None
    call_at: Instant


class CountdownMoved(LotEvent):
    """Bids have restarted the countdown: the next call is at `call_at`."""

    NAME: ClassVar[str] = "countdown_moved.v1"
    call_at: Instant


class RequestRefused(LotEvent):
    """A request was refused: what came, by digest, and why."""

    NAME: ClassVar[str] = "request_refused.v1"
    command_type: str
    body_digest: Sha256
    code: str
    article: str
