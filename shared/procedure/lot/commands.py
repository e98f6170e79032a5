"""What actors may ask of a lot until its bidding is over: each command holds only what the actor itself may say."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.kernel.message import Base64Url, Instant, Sha256, Text
from shared.procedure.lot.messages import LotCommand
from shared.procedure.lot.values import Cause, Document, Draft, EndCause, Fen, ForeignCause, Number, Price, Terms
from shared.seal.reserve import Share
from shared.seal.wire import Authority


class DraftLot(LotCommand, Draft):
    """Write the draft of a lot, or write it anew."""

    NAME: ClassVar[str] = "draft_lot"


class AnnounceLot(LotCommand, Terms):
    """Announce the drafted lot on these terms (出让公告, 信息披露)."""

    NAME: ClassVar[str] = "announce_lot"


class SupplementNotice(LotCommand):
    """Supplement the notice (补充公告): with documents and in words, never its terms.

    `cause`: what it comes from, where the line lets nothing else change a notice.
    """

    NAME: ClassVar[str] = "supplement_notice"
    text: Text
    cause: ForeignCause | None = None
    documents: Annotated[tuple[Document, ...], Field(max_length=50)] = ()


class Apply(LotCommand):
    """Apply to bid (竞买申请), under a pseudonym; `documents` are digests of what the applicant hands in.

    `priority`: the applicant claims a right of first refusal, for the seller to confirm.
    """

    NAME: ClassVar[str] = "apply"
    documents: Annotated[tuple[Sha256, ...], Field(max_length=50)] = ()
    priority: bool = False


class RecordDeposit(LotCommand):
    """Record a deposit that was received (竞买保证金), by the digests of the account it came from and of the payment.

    `own_name`: whether the payer is the applicant itself, as the bank's entry says.
    """

    NAME: ClassVar[str] = "record_deposit"
    number: Number
    amount_fen: Fen
    received_at: Instant
    account: Sha256
    payment: Sha256
    own_name: bool = True


class AdmitBidder(LotCommand):
    """Admit an applicant to the bidding; `priority` confirms its right of first refusal."""

    NAME: ClassVar[str] = "admit_bidder"
    number: Number
    priority: bool = False


class RefuseBidder(LotCommand):
    """Refuse an applicant, with the reason; `condition`: which of the notice's conditions it does not meet, from 1."""

    NAME: ClassVar[str] = "refuse_bidder"
    number: Number
    reason: Text
    condition: Annotated[int, Field(ge=1, le=20)] | None = None


class BarBidder(LotCommand):
    """Bar an admitted bidder from bidding on, with the reason; what it bid stands."""

    NAME: ClassVar[str] = "bar_bidder"
    number: Number
    reason: Text


class PlaceBid(LotCommand):
    """Bid a price. A holder of a right of first refusal may bid the leading price itself."""

    NAME: ClassVar[str] = "place_bid"
    price_fen: Price


class SetProxy(LotCommand):
    """Let the platform bid up to a maximum (自动出价), which is sealed to the service that runs the lot.

    `commitment` binds maximum and salt (`shared.seal.proxy`), which are disclosed when the lot has ended.
    """

    NAME: ClassVar[str] = "set_proxy"
    commitment: Sha256
    sealed: Annotated[Base64Url, Field(max_length=1000)]


class GoOn(LotCommand):
    """Say, when asked, that one wants to bid on (愿意继续竞价)."""

    NAME: ClassVar[str] = "go_on"


class KeepTime(LotCommand):
    """Do what the lot's time asks for now: begin, ask, call or end a phase."""

    NAME: ClassVar[str] = "keep_time"


class GiveReserveShare(LotCommand):
    """Give one authority's share of the sealed reserve price (底价)."""

    NAME: ClassVar[str] = "give_reserve_share"
    authority: Authority
    share: Share


class Freeze(LotCommand):
    """Let the lot stand still (中止), with the cause and a public notice."""

    NAME: ClassVar[str] = "freeze"
    cause: Cause
    notice: Text


class Thaw(LotCommand):
    """Let a frozen lot go on (恢复) at `resumes_at`, with a public notice."""

    NAME: ClassVar[str] = "thaw"
    resumes_at: Instant
    notice: Text


class Terminate(LotCommand):
    """End the lot for good (终止), with the cause and a public notice."""

    NAME: ClassVar[str] = "terminate"
    cause: EndCause
    notice: Text


class ChangeStep(LotCommand):
    """Change the step (增价幅度) from the next bid on, as the host of an auction or a listing may."""

    NAME: ClassVar[str] = "change_step"
    step_fen: Price
    notice: Text


class ReviewWinner(LotCommand):
    """Say whether the highest bidder qualifies, where the review comes after the bidding."""

    NAME: ClassVar[str] = "review_winner"
    qualified: bool
    reason: Text
