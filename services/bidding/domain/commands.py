"""What actors may ask of a tender: each command holds only what the actor itself may say."""

from typing import Annotated, Literal

from pydantic import Field

from services.bidding.domain.access.messages import AccessCommand
from services.bidding.domain.committee.commands import CommitteeCommand
from services.bidding.domain.documents.messages import DocumentsCommand
from services.bidding.domain.money.messages import MoneyCommand
from services.bidding.domain.outages.messages import OutagesCommand
from services.bidding.domain.publication.messages import PublicationCommand
from services.bidding.domain.readings.messages import ReadingsCommand
from services.bidding.domain.remedies.messages import RemediesCommand
from services.bidding.domain.result.messages import ResultCommand
from services.bidding.domain.rows import Share
from services.bidding.domain.timetable.messages import TimetableCommand
from services.bidding.domain.values import Adjustment, Document, Draft, Fen, Invitee, Rejection, Score, Terms, absent
from shared.kernel.message import Base64Url, Command, Identifier, Sha256, Text
from shared.seal.credential import Credential
from shared.seal.wire import Authority, Bytes16, Bytes32, Bytes64


class DraftTender(Command, Draft):
    """Write the draft, or write it anew."""

    type: Literal["bidding.draft_tender"] = "bidding.draft_tender"


class PublishTender(Command, Terms):
    """Announce the drafted tender on these terms; `invitations` are those whom an invited tender invites, sealed."""

    type: Literal["bidding.publish_tender"] = "bidding.publish_tender"
    invitations: Annotated[tuple[Invitee, ...], Field(max_length=200)] = Field(default=(), exclude_if=absent)


class DeliverSealed(Command):
    """Hand in one sealed message: a bid, its replacement, its withdrawal or a cover; which, only its sender knows.

    `signature` is that of a delivery (`shared.seal.credential`): the one-time key's, over tender, token and digest.
    """

    type: Literal["bidding.deliver_sealed"] = "bidding.deliver_sealed"
    credential: Credential
    sealed: Base64Url
    signature: Bytes64


class CloseReception(Command):
    """Close the reception of bids at the deadline and learn what was received."""

    type: Literal["bidding.close_reception"] = "bidding.close_reception"


class StartOpening(Command):
    """Start the opening ceremony (开标)."""

    type: Literal["bidding.start_opening"] = "bidding.start_opening"


class NoteWitness(Command):
    """Note that witnesses have cosigned a checkpoint that holds the start of the opening."""

    type: Literal["bidding.note_witness"] = "bidding.note_witness"


class ProceedUnwitnessed(Command):
    """Go on without witnesses, their minutes being over."""

    type: Literal["bidding.proceed_unwitnessed"] = "bidding.proceed_unwitnessed"


class SignIn(Command):
    """Sign in at the opening (签到)."""

    type: Literal["bidding.sign_in"] = "bidding.sign_in"


class GiveKey(Command):
    """Give the bidder's half of the key to its own bid; `signature` is the one-time key's."""

    type: Literal["bidding.give_key"] = "bidding.give_key"
    bid: Identifier
    k_b: Bytes16
    signature: Bytes64


class GiveShares(Command):
    """Give one authority's shares for every bid.

    A null share says that what the bidder sealed for it is rubbish; `private_key` (of this tender alone) proves it.
    """

    type: Literal["bidding.give_shares"] = "bidding.give_shares"
    authority: Authority
    shares: tuple[Share, ...]
    private_key: Bytes32 | None = None


class ExtendKeyCollection(Command):
    """Give the further minutes for keys that the tender documents set as a remedy (补救方案)."""

    type: Literal["bidding.extend_key_collection"] = "bidding.extend_key_collection"
    explanation: Text


class EndKeyCollection(Command):
    """End the collection of keys, its minutes being over."""

    type: Literal["bidding.end_key_collection"] = "bidding.end_key_collection"


class RecordUnsealing(Command):
    """Record what came of unsealing every bid whose key is complete."""

    type: Literal["bidding.record_unsealing"] = "bidding.record_unsealing"


class NoteDisclosure(Command):
    """Note whom the registry disclosed behind the tokens of the bids."""

    type: Literal["bidding.note_disclosure"] = "bidding.note_disclosure"


class ReportEvaluation(Command):
    """Report the committee's evaluation: what it rejected, adjusted and scored.

    `no_competition` is its reason for rejecting all where fewer than three effective bids are left. Where the
    committee sits on the platform, all that is on record already; `before_contract` is what is to be settled before it.
    """

    type: Literal["bidding.report_evaluation"] = "bidding.report_evaluation"
    rejections: tuple[Rejection, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    scores: tuple[Score, ...] = ()
    no_competition: Text | None = None
    before_contract: Text | None = Field(default=None, exclude_if=lambda words: words is None)


class PublishCandidates(Command):
    """Publicise the candidates (中标候选人公示).

    `document` is the publicity's own file, with the persons in charge, their certificates and how to object.
    """

    type: Literal["bidding.publish_candidates"] = "bidding.publish_candidates"
    document: Document | None = Field(default=None, exclude_if=absent)


class AwardTender(Command):
    """Decide the winner (定标); with `reasons` by the tenderer's own rule where candidates are not ranked."""

    type: Literal["bidding.award_tender"] = "bidding.award_tender"
    bid: Identifier
    reasons: Text | None = Field(default=None, exclude_if=lambda words: words is None)


class SignContract(Command):
    """Record the signed contract, by its digest, and its price."""

    type: Literal["bidding.sign_contract"] = "bidding.sign_contract"
    contract_sha256: Sha256
    price_fen: Fen


class RecountDeadlines(Command):
    """Count open deadlines again: a year's working calendar was published."""

    type: Literal["bidding.recount_deadlines"] = "bidding.recount_deadlines"
    year: int


PhaseCommand = (
    DraftTender
    | PublishTender
    | DeliverSealed
    | CloseReception
    | StartOpening
    | NoteWitness
    | ProceedUnwitnessed
    | SignIn
    | GiveKey
    | GiveShares
    | EndKeyCollection
    | ExtendKeyCollection
    | RecordUnsealing
    | NoteDisclosure
    | ReportEvaluation
    | PublishCandidates
    | AwardTender
    | SignContract
    | RecountDeadlines
)
ChapterCommand = (
    AccessCommand
    | CommitteeCommand
    | DocumentsCommand
    | MoneyCommand
    | PublicationCommand
    | ReadingsCommand
    | ResultCommand
    | TimetableCommand
    | RemediesCommand
    | OutagesCommand
)
TenderCommand = Annotated[PhaseCommand | ChapterCommand, Field(discriminator="type")]
