"""The values that a lot is made of, as commands bring them and events keep them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from shared.kernel.canonical import MAX_INTEGER
from shared.kernel.codes import PartyId, RegionCode
from shared.kernel.message import Identifier, Instant, Message, Ratio, Sha256, Text
from shared.procedure.lot.judged.terms import Judging
from shared.seal.keys import AuthorityKeys
from shared.seal.reserve import SealedReserve

Fen = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
"""An amount of money in fen, not negative."""

Price = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
"""A price in fen, above zero."""

Number = Annotated[str, Field(pattern=r"^[1-9][0-9]{5}$")]
"""竞买号: the six digits under which a bidder is known in one lot."""

HUNDRED = 100

Way = Literal["listing", "auction", "online", "tender"]
"""挂牌 (a listing, then timed bidding), 拍卖 (timed from the start), 网络竞价 (free, then timed), 招标 (sealed)."""

Trigger = Literal["asked", "last_hour", "always", "automatic", "never"]
"""When timed bidding follows the free one (four variants are in use, and none is law for all):

`asked`: whoever bid is asked for some minutes whether it goes on (汕头); `last_hour`: when two or more bid within the
last hour, after a preparation (福建); `always`: after every free phase (钦州); `automatic`: when two or more have bid
(无锡, 太仓); `never`: the highest price of the listing decides.
"""

Cause = Literal[
    "outage", "dispute", "court", "force_majeure", "irregularity", "reserve_not_opened", "not_opened", "authority"
]
"""Why a lot stands still (中止)."""

EndCause = Literal["court", "ownership", "collusion", "policy", "force_majeure", "irregularity", "destroyed", "idle"]
"""Why a lot is ended for good (终止); `idle` is said by the platform alone, of what stood still for too long."""

ForeignCause = Literal["third_party", "force_majeure"]
"""What does not come from the seller, and so may change a notice that else stands as it is."""


class Seller(PartyId):
    """出让人, 转让方: who sells, by its identifier in a scheme such as CN-USCC."""

    name: Text


class Particular(Message):
    """One thing that the notice says of what is sold, as 面积 of a parcel."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    value: Text


class Document(Message):
    """One file of the documents (出让文件, 披露文件), by its digest; `size` in bytes."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    size: Annotated[int, Field(ge=0, le=MAX_INTEGER)]
    sha256: Sha256


class Right(Message):
    """What the seller states of its right to sell: `approval` is that of the project or plan (批准文件), by its digest.

    `clear`: nobody disputes whose it is (权属清晰); `seized`: a court or an office has sealed it up (查封、扣押).
    """

    approval: Sha256
    clear: bool
    seized: bool


class Conditions(Message):
    """资格条件: what bidders must meet, each in the words of the notice, by which alone an applicant is refused.

    `filed_at`: when they were filed with the office over the seller; `consent` is its answer, by its digest.
    """

    texts: Annotated[tuple[Text, ...], Field(min_length=1, max_length=20)]
    filed_at: Instant | None = None
    consent: Sha256 | None = None


class Showing(Message):
    """展示: from when to when, and where, what is sold can be looked at."""

    starts: Instant
    ends: Instant
    where: Text


class Draft(Message):
    """What is put up. `made` names fields whose values were made up; `attempt_of` the failed attempt before this one.

    `kind` is what is sold in the line's own words (`land_use`, `mining`, `equity`); `appraised_fen` the approved
    valuation, where there is one, and `appraised_on` the day that it is of; `term_years` for how long a right is sold.
    `control_changes`: with what is sold the control of an enterprise goes to another.
    """

    title: Text
    kind: Identifier
    region: RegionCode
    seller: Seller
    way: Way
    particulars: Annotated[tuple[Particular, ...], Field(max_length=60)]
    appraised_fen: Price | None = None
    term_years: Annotated[int, Field(ge=1, le=100)] | None = None
    control_changes: bool = False
    right: Right | None = None
    appraised_on: date | None = None
    attempt_of: Identifier | None = None
    made: tuple[Identifier, ...] = ()


class Extension(Message):
    """披露延长: without a taker the registration goes on by `working_days` at a time, at most `times` times."""

    working_days: Annotated[int, Field(ge=1, le=250)]
    times: Annotated[int, Field(ge=1, le=50)]


class LoanRate(Message):
    """银行贷款利率: what a bank asks of a loan by the year from a day on, as a share (0.0345)."""

    since: date
    yearly: Annotated[Ratio, Field(ge=0, le=1)]


class Instalments(Message):
    """分期付款: the share due first, in hundredths, and the months for the rest, at `rates`, oldest first.

    A day's interest is the year's over `days_in_year`.
    """

    first_percent: Annotated[int, Field(ge=1, le=99)]
    rest_months: Annotated[int, Field(ge=1, le=60)]
    rates: Annotated[tuple[LoanRate, ...], Field(max_length=20)] = ()
    days_in_year: Literal[360, 365] = 360


class Timing(Message):
    """The minutes of the timed phase, each a declared value: for asking, preparing, one countdown and its calls.

    `window_minutes` is the last hour of the trigger of that name. A countdown has `calls` (报价询问) at equal parts;
    the last one ends it. `extensions_most` is a hard limit to restarted countdowns, null for none. `from_next`: the
    timed phase is told to start a step above the highest free bid (福建), else at that bid itself (汕头).
    """

    ask_minutes: Annotated[int, Field(ge=1, le=60)] = 5
    window_minutes: Annotated[int, Field(ge=1, le=240)] = 60
    prepare_minutes: Annotated[int, Field(ge=1, le=120)] = 15
    countdown_minutes: Annotated[int, Field(ge=1, le=60)] = 5
    calls: Annotated[int, Field(ge=1, le=3)] = 3
    extensions_most: Annotated[int, Field(ge=1)] | None = None
    from_next: bool = False


class Tendering(Message):
    """How a tender (招标) is opened and decided: within how many minutes halves and shares are given, and by what.

    `price`: 价高者得, the highest price alone decides; `conditions`: 综合条件最佳者得, as a committee (评标小组) finds
    by what `judging` declares.
    """

    award: Literal["price", "conditions"]
    opening_minutes: Annotated[int, Field(ge=1, le=180)] = 60
    judging: Judging | None = Field(default=None, exclude_if=lambda judging: judging is None)


class Once(Message):
    """一次报价: once a bid passes the guide price (市场指导价) and `listing_percent` of it, the listing stops.

    Who confirms within `confirm_minutes` that it takes part, names one sealed price within `name_minutes`: above that
    limit, and at most `most_percent` of the guide price over it.
    """

    guide_fen: Price
    listing_percent: Annotated[int, Field(ge=1, le=1000)]
    most_percent: Annotated[int, Field(ge=1, le=1000)]
    confirm_minutes: Annotated[int, Field(ge=1, le=1440)]
    name_minutes: Annotated[int, Field(ge=1, le=1440)]

    @property
    def listing_most_fen(self) -> int:
        """The highest price that is bid in the listing."""
        return self.guide_fen * (HUNDRED + self.listing_percent) // HUNDRED

    @property
    def most_fen(self) -> int:
        """The highest price that is named."""
        return self.guide_fen * (HUNDRED + self.most_percent) // HUNDRED


class Terms(Message):
    """The terms that a lot is announced on; what the law leaves open is declared here.

    Registration lasts until `applications_due`, deposits count when received by `deposits_due`. Bids are taken from
    `bidding_starts`, free ones until `bidding_ends` (the same instant where all bidding is timed). `whole_steps`: every
    price is the start price and whole steps. `most_fen`: no bid above it is taken, as a slip of the hand.
    Prices are those of one of `units` (of one share), where there are more. `review` says
    whether qualification is examined before the bidding or after it. `instant_counts`: whether what arrives at the very
    instant of an end counts. `reserve` is sealed to `authorities`, who open it within `reserve_minutes`.
    `priority` are holders of a right of first refusal (优先购买权) in this lot. `proxies`: whether 自动出价 is offered.
    `confirmation`: whether both sign 成交确认书 at once, or the winner first a proof (竞得证明) that the seller checks.
    `contract_days` are the days for the contract, of the kind that the law counts in.
    `approval` is the written approval of a start price that needs one, by its digest. `conditions` are what bidders
    must meet, `showing` when what is sold can be looked at.
    `tender`, where that is the way: prices are handed in from `bidding_starts` until `bidding_ends`, and the reserve
    (标底) is opened with them. `once`: whether one sealed price each decides a listing whose bids pass a limit.
    """

    documents: Annotated[tuple[Document, ...], Field(min_length=1, max_length=200)]
    applications_due: Instant
    deposits_due: Instant
    bidding_starts: Instant
    bidding_ends: Instant
    start_fen: Price
    step_fen: Price
    whole_steps: bool
    most_fen: Price | None = None
    deposit_fen: Fen
    units: Annotated[int, Field(ge=1, le=MAX_INTEGER)] = 1
    trigger: Trigger
    timing: Timing = Timing()
    review: Literal["before", "after"]
    instant_counts: bool
    authorities: AuthorityKeys
    reserve: SealedReserve | None = None
    reserve_minutes: Annotated[int, Field(ge=1, le=180)] = 30
    priority: Annotated[tuple[Text, ...], Field(max_length=50)] = ()
    proxies: bool = True
    extension: Extension | None = None
    instalments: Instalments | None = None
    confirmation: Literal["direct", "proof"] = "direct"
    contract_days: Annotated[int, Field(ge=1, le=60)]
    approval: Sha256 | None = None
    conditions: Conditions | None = None
    showing: Showing | None = None
    tender: Tendering | None = None
    once: Once | None = None

    @property
    def whole_fen(self) -> int:
        """The start price of all that is sold: what deposits and the time of a notice are measured by."""
        return self.start_fen * self.units


class Reading(Message):
    """A reading of the platform's health, taken by the installation's clock when a phase was to end.

    `age_ms` is how long ago the last probe came all the way round (door, broker, service, commit, relay, door);
    `mended_at` when probes came round again after they last had not, null if they always have. `down_since` is when
    they last had before that, or, where they do not come round now, before now.
    """

    age_ms: Annotated[int, Field(ge=0)]
    mended_at: Instant | None = None
    down_since: Instant | None = Field(default=None, exclude_if=lambda since: since is None)


class Offer(Message):
    """The price that leads: whose, when it was recorded, and whether a proxy made it or a right of first refusal."""

    number: Number
    price_fen: Price
    at: Instant
    automatic: bool = False
    priority: bool = False
