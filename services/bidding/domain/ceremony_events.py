"""The facts of the opening ceremony (开标). Append-only: add v2, never edit v1."""

from typing import Literal

from pydantic import Field

from services.bidding.domain.rows import (
    Checkpoint,
    CollectedBid,
    Holder,
    OpenedRow,
    Share,
    ShareFault,
    UnsealedBid,
)
from services.bidding.domain.values import absent
from shared.kernel.message import Event, Identifier, Instant, Sha256, Text
from shared.procedure.opening import Blame
from shared.seal.wire import Authority, Bytes16, Bytes32


class OpeningStarted(Event):
    """开标 has started; witnesses are waited for until `witness_until`."""

    type: Literal["bidding.opening_started.v1"] = "bidding.opening_started.v1"
    started_at: Instant
    witness_until: Instant


class KeyCollectionStarted(Event):
    """Keys are collected until `keys_due`; `checkpoint` is null where the opening goes on unwitnessed."""

    type: Literal["bidding.key_collection_started.v1"] = "bidding.key_collection_started.v1"
    witnessed: bool
    checkpoint: Checkpoint | None
    started_at: Instant
    keys_due: Instant


class KeyCollectionExtended(Event):
    """Keys are collected until `keys_due`, later than it was, by the remedy that the documents set (补救方案).

    `cause` is null for that; a time in which the platform did not run gives the minutes anew by itself.
    """

    type: Literal["bidding.key_collection_extended.v1"] = "bidding.key_collection_extended.v1"
    explanation: Text
    keys_due: Instant
    extended_at: Instant
    article: str
    cause: Literal["silence"] | None = Field(default=None, exclude_if=absent)


class BidderSignedIn(Event):
    """A bidder signed in at the opening (签到)."""

    type: Literal["bidding.bidder_signed_in.v1"] = "bidding.bidder_signed_in.v1"
    token: Sha256
    at: Instant


class KeyGiven(Event):
    """A bidder gave its half of the key, and it is the one it committed to."""

    type: Literal["bidding.key_given.v1"] = "bidding.key_given.v1"
    bid: Identifier
    token: Sha256
    k_b: Bytes16


class KeyRefused(Event):
    """A bidder gave a wrong key; it may try again until the minutes are over."""

    type: Literal["bidding.key_refused.v1"] = "bidding.key_refused.v1"
    bid: Identifier
    token: Sha256
    fault: Blame


class SharesGiven(Event):
    """One authority gave its shares of every bid.

    Where a share is null, `rubbish` says so as its bidder's fault and `private_key` proves it to everyone.
    """

    type: Literal["bidding.shares_given.v1"] = "bidding.shares_given.v1"
    authority: Authority
    shares: tuple[Share, ...]
    rubbish: tuple[ShareFault, ...]
    private_key: Bytes32 | None


class SharesRefused(Event):
    """One authority's shares were not good through its own fault; it may give them again."""

    type: Literal["bidding.shares_refused.v1"] = "bidding.shares_refused.v1"
    authority: Authority
    faults: tuple[ShareFault, ...]


class KeysCollected(Event):
    """No more keys are taken: what can be opened is now opened, all together."""

    type: Literal["bidding.keys_collected.v1"] = "bidding.keys_collected.v1"
    at: Instant
    bids: tuple[CollectedBid, ...]


class BidsUnsealed(Event):
    """Every body with a complete key was opened, or failed alone."""

    type: Literal["bidding.bids_unsealed.v1"] = "bidding.bids_unsealed.v1"
    bids: tuple[UnsealedBid, ...]


class BiddersDisclosed(Event):
    """The registry disclosed the tender's token key, so that anyone can see who stands behind each token."""

    type: Literal["bidding.bidders_disclosed.v1"] = "bidding.bidders_disclosed.v1"
    tender_key: Bytes32
    holders: tuple[Holder, ...]


class OpeningCompleted(Event):
    """The opening is over: the opening record, read out and published."""

    type: Literal["bidding.opening_completed.v1"] = "bidding.opening_completed.v1"
    at: Instant
    rows: tuple[OpenedRow, ...]
    articles: tuple[str, ...]
