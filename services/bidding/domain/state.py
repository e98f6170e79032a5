"""The phases of a tender as types: what is known in each, and nothing that is not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.bidding.domain.access.messages import ApplicationsReviewed
from services.bidding.domain.beside import NOTHING_BESIDE, Beside
from services.bidding.domain.ceremony_events import (
    BiddersDisclosed,
    BidsUnsealed,
    KeyCollectionStarted,
    KeysCollected,
    OpeningStarted,
    SharesGiven,
)
from services.bidding.domain.events import (
    CandidatesPublicised,
    EvaluationReported,
    TenderAnnounced,
    TenderAwarded,
    TenderFailed,
)
from services.bidding.domain.outages.messages import OutageDeclared
from services.bidding.domain.received import Received
from services.bidding.domain.remedies.events import TenderTerminated
from services.bidding.domain.result.messages import TenderToBeHeldAgain
from services.bidding.domain.rows import OpenedRow, StandingBid, UnsealedBid
from services.bidding.domain.values import Draft
from shared.procedure.asking import Owner
from shared.seal.wire import Authority


@dataclass(frozen=True, slots=True)
class Unborn:
    """Nothing has happened yet."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, seen by its owner alone."""

    draft: Draft
    owner: Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What every phase after the announcement has: the announcement itself, with the law pinned in it.

    `published` are the calendar years, by digest, that were published since and replace what the law pins of them.
    `beside` is what the chapters keep, whatever the phase; `bidders` is, from the deadline on, the token of each
    standing bid by the bid's name.
    """

    tender: TenderAnnounced
    published: tuple[str, ...] = ()
    beside: Beside = NOTHING_BESIDE
    bidders: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepting(Announced):
    """Sealed messages are received; what they mean is not known here."""

    received: Received = field(default_factory=Received)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony(Announced):
    """What the phases from the deadline to the end of the opening share: the standing bids, who signed in."""

    bids: tuple[StandingBid, ...]
    signed_in: frozenset[str] = frozenset()

    def bid(self, name: str) -> StandingBid | None:
        """Return the standing bid of that name, if there is one."""
        return next((bid for bid in self.bids if bid.bid == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Ceremony):
    """The deadline has passed and the bids are counted; none is opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Convened(Ceremony):
    """The opening has started and waits for witnesses."""

    opening: OpeningStarted


@dataclass(frozen=True, slots=True, kw_only=True)
class Collecting(Ceremony):
    """Keys and shares are handed in; nothing is opened."""

    collection: KeyCollectionStarted
    extended: bool = False
    remedied: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)
    shares: Mapping[Authority, SharesGiven] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsealing(Ceremony):
    """Every key is in or its minutes are over: bodies are opened and tokens disclosed, in either order."""

    collected: KeysCollected
    unsealed: BidsUnsealed | None = None
    disclosed: BiddersDisclosed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Announced):
    """The opening is over and read out; `unsealed` is what the bodies were found to say.

    `opened_at` is null, and `unsealed` empty, where an evaluation was set aside since.
    """

    rows: tuple[OpenedRow, ...]
    unsealed: tuple[UnsealedBid, ...] = ()
    signed_in: frozenset[str] = frozenset()
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualified(Announced):
    """Who may bid in the tender that follows is final: the end of a prequalification or a first stage."""

    review: ApplicationsReviewed


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated(Announced):
    """The committee has reported."""

    rows: tuple[OpenedRow, ...]
    report: EvaluationReported


@dataclass(frozen=True, slots=True, kw_only=True)
class Publicised(Announced):
    """The candidates are before the public."""

    rows: tuple[OpenedRow, ...]
    report: EvaluationReported
    publicity: CandidatesPublicised


@dataclass(frozen=True, slots=True, kw_only=True)
class Awarded(Announced):
    """The winner is decided; should it fall away, the candidates are before the tenderer again."""

    rows: tuple[OpenedRow, ...]
    report: EvaluationReported
    publicity: CandidatesPublicised
    award: TenderAwarded


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracted(Announced):
    """The contract is signed: the end, unless the winner does not sign it too and falls away."""

    rows: tuple[OpenedRow, ...]
    report: EvaluationReported
    publicity: CandidatesPublicised
    award: TenderAwarded
    contract_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Announced):
    """The tender failed or was terminated: the end; it may be held again as another procedure."""

    failure: TenderFailed | TenderToBeHeldAgain | TenderTerminated


@dataclass(frozen=True, slots=True)
class Outage:
    """No tender: a stream on which an outage of the platform is declared."""

    declared: OutageDeclared


AnnouncedState = (
    Accepting
    | Closed
    | Convened
    | Collecting
    | Unsealing
    | Opened
    | Qualified
    | Evaluated
    | Publicised
    | Awarded
    | Contracted
    | Failed
)


@dataclass(frozen=True, slots=True)
class Readings:
    """Who looked at the sealed or personal data of a tender, in a stream of its own."""


TenderState = Unborn | Drafted | Outage | Readings | AnnouncedState


def is_secret_who_bids(state: TenderState) -> bool:
    """Whether who takes part, and how many, is to be told to nobody: before the deadline (电子招标投标办法 第二十一条).

    So it stays where a tender ended before its deadline, for it is usually held again.
    """
    if isinstance(state, Failed) and isinstance(state.failure, TenderTerminated):
        return state.failure.meaning_key is not None
    return isinstance(state, Unborn | Drafted | Accepting)
