"""What a lot is: not born, drafted, or announced and in a phase; each field as the facts so far have made it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.procedure.asking import Owner
from shared.procedure.lot.after.record import After
from shared.procedure.lot.endings import LotFrozen
from shared.procedure.lot.events import LotAnnounced, Phase, ProxySet
from shared.procedure.lot.judged.record import Judged
from shared.procedure.lot.named import PriceNamed
from shared.procedure.lot.sealed.record import Tendered
from shared.procedure.lot.values import Draft, Offer
from shared.seal.wire import Authority


@dataclass(frozen=True, slots=True)
class Unborn:
    """Nothing has been said of it."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, its owner's alone; `disclosed` is what of it was pre-disclosed (预披露), and then everyone's."""

    draft: Draft
    owner: Owner
    pre_disclosed_at: datetime | None = None
    disclosed: Draft | None = None


@dataclass(frozen=True, slots=True)
class Bidder:
    """One who applied, as it stands; `deposit_fen` is what came in time."""

    number: str
    token: str
    applied_at: datetime
    claims_priority: bool = False
    deposit_fen: int = 0
    admitted: bool = False
    refused: bool = False
    barred: bool = False
    priority: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """The times to come, as they stand after what moved them. `ends_at` is when the phase of now ends."""

    applications_due: datetime
    deposits_due: datetime
    starts_at: datetime
    free_ends: datetime
    ends_at: datetime

    def shifted(self, by: timedelta, at: datetime) -> "Times":
        """Return the times with those that are still to come at an instant moved on."""
        names = ("applications_due", "deposits_due", "starts_at", "free_ends", "ends_at")
        return Times(**{name: t + by if (t := getattr(self, name)) > at else t for name in names})


@dataclass(frozen=True, slots=True)
class Countdown:
    """The countdown of timed bidding: since when it runs, the calls made in it, and when the next one is due."""

    since: datetime
    calls: int
    call_at: datetime
    extensions: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """An announced lot. `clock` is the latest instant that counted: within a lot time never goes back.

    `bidders` are found by token. `active` are the numbers that bid in the free phase, with their last bid's time,
    which moves with the end of the phase when the lot goes on after standing still;
    `willing` those who said that they go on; `joined` take part where one price decides, `named` are their prices.
    `frozen` stands while the lot does; bids are taken from `resumes_at`. `extensions` is how often the countdown was
    restarted, once the bidding is over.
    `payments` are the deposits' payments, `payers` the accounts they came from, each with the number it was for.
    """

    announced: LotAnnounced
    phase: Phase
    times: Times
    step_fen: int
    clock: datetime
    bidders: Mapping[str, Bidder] = field(default_factory=dict)
    offer: Offer | None = None
    active: Mapping[str, datetime] = field(default_factory=dict)
    willing: frozenset[str] = frozenset()
    countdown: Countdown | None = None
    extensions: int = 0
    proxies: Mapping[str, ProxySet] = field(default_factory=dict)
    joined: frozenset[str] = frozenset()
    named: Mapping[str, PriceNamed] = field(default_factory=dict)
    frozen: LotFrozen | None = None
    resumes_at: datetime | None = None
    reminded_until: datetime | None = None
    payments: Mapping[str, str] = field(default_factory=dict)
    payers: Mapping[str, str] = field(default_factory=dict)
    extended: int = 0
    shares: Mapping[Authority, str] = field(default_factory=dict)
    reserve_fen: int | None = None
    published: tuple[str, ...] = ()
    after: After = field(default_factory=After)
    tender: Tendered = field(default_factory=Tendered)
    judged: Judged = field(default_factory=Judged)

    def by_number(self, number: str) -> Bidder | None:
        """Return the bidder of a number, or None."""
        return next((bidder for bidder in self.bidders.values() if bidder.number == number), None)

    @property
    def winner(self) -> Bidder | None:
        """Whose bid leads; once the lot is sold, the winner."""
        return self.by_number(self.offer.number) if self.offer else None

    @property
    def admitted(self) -> int:
        """How many may bid."""
        return sum(bidder.admitted and not bidder.barred for bidder in self.bidders.values())

    @property
    def next_fen(self) -> int:
        """The least that may be bid next."""
        return self.announced.terms.start_fen if self.offer is None else self.offer.price_fen + self.step_fen


LotState = Unborn | Drafted | Lot

BIDDING: frozenset[Phase] = frozenset({"free", "tendering", "asking", "preparing", "timed"})
"""The phases between the first bid and the last."""

OPEN: frozenset[Phase] = BIDDING | {"registration", "agreement"}
"""The phases in which there is a least price that may be bid, now or when bidding begins."""

APPLYING: frozenset[Phase] = frozenset({"registration", "free", "tendering"})
"""The phases in which applications are taken while their time lasts."""

OVER: frozenset[Phase] = frozenset({"sold", "unsold", "ended", "defaulted"})
"""The phases after which no bid can come."""
