"""The facts of a tender. Append-only: add v2, never edit v1."""

from typing import Annotated, Literal

from pydantic import Field

from services.bidding.domain.access.messages import ApplicationsReviewed
from services.bidding.domain.access.values import Access
from services.bidding.domain.beside import ChapterEvent
from services.bidding.domain.ceremony_events import (
    BiddersDisclosed,
    BidderSignedIn,
    BidsUnsealed,
    KeyCollectionExtended,
    KeyCollectionStarted,
    KeyGiven,
    KeyRefused,
    KeysCollected,
    OpeningCompleted,
    OpeningStarted,
    SharesGiven,
    SharesRefused,
)
from services.bidding.domain.committee.values import Minutes
from services.bidding.domain.outages.messages import OutageDeclared
from services.bidding.domain.readings.messages import ReadingNoted
from services.bidding.domain.remedies.events import EvaluationSetAside, TenderTerminated
from services.bidding.domain.rows import Candidate, Cited, Covers, EvaluatedRow, Notice, Recount, StandingBid
from services.bidding.domain.values import Adjustment, Document, Draft, Fen, Rejection, Score, Terms, absent
from shared.kernel.message import Event, Identifier, Instant, Sha256, Text
from shared.procedure.asking import Owner
from shared.seal.statement import Party
from shared.seal.wire import Bytes32, Bytes65


class TenderDrafted(Event):
    """The draft was written, or written anew."""

    type: Literal["bidding.tender_drafted.v1"] = "bidding.tender_drafted.v1"
    draft: Draft
    owner: Owner


class TenderAnnounced(Event):
    """招标公告: the tender, its terms, and the law that it is held under, pinned by digest.

    `meaning_public_key` is the key that what is handed in is sealed to. `tie_rule` orders equal results. `access`
    says who may bid.
    """

    type: Literal["bidding.tender_announced.v1"] = "bidding.tender_announced.v1"
    tender: Identifier
    draft: Draft
    terms: Terms
    owner: Owner
    announced_at: Instant
    meaning_public_key: Bytes65
    tie_rule: Literal["lower_price_then_earlier"] = "lower_price_then_earlier"
    rulebook: Sha256
    calendar: Sha256
    clauses: tuple[Cited, ...]
    access: Access | None = Field(default=None, exclude_if=absent)
    covers: Covers | None = Field(default=None, exclude_if=absent)


class BidRefused(Event):
    """A message was turned away, with legal effect: on record. `digest` is the SHA-256 of its sealed text."""

    type: Literal["bidding.bid_refused.v1"] = "bidding.bid_refused.v1"
    token: Identifier
    ground: Literal["late", "not_sealed"]
    digest: Sha256
    received_at: Instant
    article: str
    zh: str
    en: str


class SealedReceived(Event):
    """One sealed message is in: a bid, a replacement, a withdrawal or a cover, which nobody here can tell.

    `one_time_key` is the public key that the registry vouches for; `digest` the SHA-256 of the sealed bytes.
    """

    type: Literal["bidding.sealed_received.v1"] = "bidding.sealed_received.v1"
    token: Sha256
    one_time_key: Bytes32
    sealed: str  # base64url as the decision read it: to check each letter at every replay would cost half its time
    digest: Sha256
    received_at: Instant


class ReceptionClosed(Event):
    """The deadline has passed: the meaning key is released and the standing bids are known."""

    type: Literal["bidding.reception_closed.v1"] = "bidding.reception_closed.v1"
    closed_at: Instant
    meaning_key: Bytes32
    bids: tuple[StandingBid, ...]
    withdrawn: int
    covers: int


class CoversRevealed(Event):
    """The seed of the covers is out: `number` were to be sent, and `received` messages said that they were covers."""

    type: Literal["bidding.covers_revealed.v1"] = "bidding.covers_revealed.v1"
    seed: Bytes32
    number: int
    received: int


class TenderFailed(Event):
    """招标失败: the tender ends without a winner and is held again as another procedure."""

    type: Literal["bidding.tender_failed.v1"] = "bidding.tender_failed.v1"
    cause: Literal[
        "fewer_than_three",
        "fewer_than_three_unsealed",
        "fewer_than_three_qualified",
        "all_rejected",
        "no_competition",
    ]
    failed_at: Instant
    article: str
    zh: str
    en: str


class EvaluationReported(Event):
    """评标报告: results, rejections, and at most three candidates, ranked unless the tenderer decides (评定分离).

    `minutes` are those of a committee that sits on the platform; `contents_sha256` is what its members sign.
    """

    type: Literal["bidding.evaluation_reported.v1"] = "bidding.evaluation_reported.v1"
    reported_at: Instant
    rows: tuple[EvaluatedRow, ...]
    adjustments: tuple[Adjustment, ...]
    scores: tuple[Score, ...]
    candidates: tuple[Identifier, ...]
    no_competition: Text | None
    articles: tuple[str, ...]
    minutes: Minutes | None = Field(default=None, exclude_if=lambda minutes: minutes is None)
    contents_sha256: Sha256 | None = Field(default=None, exclude_if=lambda digest: digest is None)


class CandidatesPublicised(Event):
    """中标候选人公示 from `starts` to `ends`; `late` if it began later than the law allows after the report."""

    type: Literal["bidding.candidates_publicised.v1"] = "bidding.candidates_publicised.v1"
    candidates: tuple[Candidate, ...]
    rejections: tuple[Rejection, ...]
    starts: Instant
    ends: Instant
    late: bool
    article: str
    document: Document | None = Field(default=None, exclude_if=absent)


class TenderAwarded(Event):
    """定标: the winner, its notice, the notices of the others, and when contract and written report are due."""

    type: Literal["bidding.tender_awarded.v1"] = "bidding.tender_awarded.v1"
    bid: Identifier
    party: Party
    price_fen: Fen
    awarded_at: Instant
    contract_due: Instant
    others: tuple[Notice, ...]
    articles: tuple[str, ...]
    reasons: Text | None = Field(default=None, exclude_if=lambda words: words is None)
    report_due: Instant | None = Field(default=None, exclude_if=lambda due: due is None)


class ContractSigned(Event):
    """The contract is signed; `late` if after the day it was due, with the article."""

    type: Literal["bidding.contract_signed.v1"] = "bidding.contract_signed.v1"
    contract_sha256: Sha256
    price_fen: Fen
    signed_at: Instant
    late: bool
    article: str


class DeadlinesRecounted(Event):
    """A year's calendar, its file by digest, was published: days count by it from here on; `deadline` was open."""

    type: Literal["bidding.deadlines_recounted.v1"] = "bidding.deadlines_recounted.v1"
    year: int
    calendar_year: Sha256
    calendar: Sha256
    deadline: Recount | None
    article: str


class RequestRefused(Event):
    """A request was refused without legal effect: what came, by digest, and why."""

    type: Literal["bidding.request_refused.v1"] = "bidding.request_refused.v1"
    command_type: str
    body_digest: Sha256
    code: str
    article: str


TenderEvent = Annotated[
    TenderDrafted
    | TenderAnnounced
    | BidRefused
    | SealedReceived
    | ReceptionClosed
    | CoversRevealed
    | TenderFailed
    | OpeningStarted
    | KeyCollectionStarted
    | KeyCollectionExtended
    | BidderSignedIn
    | KeyGiven
    | KeyRefused
    | SharesGiven
    | SharesRefused
    | KeysCollected
    | BidsUnsealed
    | BiddersDisclosed
    | OpeningCompleted
    | ApplicationsReviewed
    | EvaluationReported
    | CandidatesPublicised
    | TenderAwarded
    | ContractSigned
    | DeadlinesRecounted
    | RequestRefused
    | EvaluationSetAside
    | TenderTerminated
    | OutageDeclared
    | ReadingNoted
    | ChapterEvent,
    Field(discriminator="type"),
]
