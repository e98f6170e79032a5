"""The values that a tender's events are made of, besides those that commands bring."""

from typing import Annotated, Literal

from pydantic import Field

from services.bidding.domain.values import Fen, Rejection, absent
from shared.kernel.message import Identifier, Instant, Message, Ratio, Sha256, Text
from shared.procedure.opening import Blame
from shared.seal.envelope import Envelope
from shared.seal.statement import Party, Statement
from shared.seal.wire import Bytes17, Bytes32


class Cited(Message):
    """A clause of the pinned rulebook with the value that was used."""

    rule: str
    article: str
    value: int | str
    unit: str
    since: str | None
    verified: bool


class Covers(Message):
    """The dummies of a tender, by the digest of their seed (`shared.seal.covers`): from none to `most` of them.

    Each day that the deadline gains has from none to `per_day` more.
    """

    commitment: Sha256
    most: Annotated[int, Field(ge=1, le=1000)]
    per_day: Annotated[int, Field(ge=1, le=1000)] | None = Field(default=None, exclude_if=absent)


class StandingBid(Message):
    """A bid that stands at the deadline; `order` is its message's place among all received, from 1.

    `bid` names it from here on; `envelope.bid` is the name that its keys and signatures are bound to.
    """

    bid: Identifier
    token: Sha256
    one_time_key: Bytes32
    received_at: Instant
    order: int
    envelope: Envelope


class Checkpoint(Message):
    """A signed tree head with its witnesses, by name; `root` as the checkpoint spells it."""

    origin: Text
    size: Annotated[int, Field(ge=1)]
    root: Text
    cosignatures: Annotated[tuple[str, ...], Field(min_length=1)]


class Share(Message):
    """An authority's share of one bid; null where the authority proved that what was sealed to it is rubbish."""

    bid: Identifier
    share: Bytes17 | None


class ShareFault(Message):
    """What was wrong with the share of one bid."""

    bid: Identifier
    fault: Blame


class CollectedBid(Message):
    """Whether the key of one bid is complete, and what is to blame if not."""

    bid: Identifier
    token: Sha256
    fault: Blame | None

    @property
    def openable(self) -> bool:
        """Whether its key is complete."""
        return self.fault is None


class UnsealedBid(Message):
    """What came of opening one body: its signed statement and that statement's digest, or what is to blame."""

    bid: Identifier
    statement: Statement | None
    statement_sha256: Sha256 | None
    size: int | None
    fault: Blame | None


class RevokedKey(Message):
    """A key that was reported lost: what it signs from `since` on is no signature of its party."""

    public_key: Bytes32
    since: Instant


class Sanction(Message):
    """What stands against a party, or did at the close of reception: 暂停, an entry of the blacklist (失信、禁入)."""

    cause: Literal["suspended", "discredited", "banned"]
    article: str
    since: Instant
    until: Instant


class Sanctioned(Message):
    """What stands against a party (`scheme:id`), by the service's own copy; it may not have begun, or be over."""

    party: str
    sanctions: tuple[Sanction, ...]


class Holder(Message):
    """Whom the registry disclosed behind a token; `account_keys` are those it knows the party to sign with.

    Of these, `revoked` were lost. Where the registry knows them: `person_in_charge` as a mark (`shared.seal.marks`),
    `controllers` and `controlled`, the parties in a chain of control above and below it, as `scheme:id`;
    `sanctions`, what stood against it when reception was closed.
    """

    token: Sha256
    party: Party
    account_keys: tuple[Bytes32, ...] = ()
    revoked: tuple[RevokedKey, ...] = Field(default=(), exclude_if=absent)
    person_in_charge: Sha256 | None = Field(default=None, exclude_if=absent)
    controllers: tuple[str, ...] = Field(default=(), exclude_if=absent)
    controlled: tuple[str, ...] = Field(default=(), exclude_if=absent)
    sanctions: tuple[Sanction, ...] = Field(default=(), exclude_if=absent)


GroundCode = Literal[
    "blacklisted",
    "consortium_changed",
    "consortium_refused",
    "control",
    "no_price",
    "not_invited",
    "not_qualified",
    "of_operator",
    "same_person",
    "suspended",
    "took_no_part",
    "twice",
]
"""Why a bid that was unsealed is invalid all the same."""


class Ground(Message):
    """One reason that makes a bid invalid, with its article; `others` are the bids that it shares the reason with."""

    code: GroundCode
    others: tuple[Identifier, ...] = ()
    article: str
    zh: str
    en: str


class OpenedRow(Message):
    """One line of the opening record (开标记录).

    `revoked` 视为撤销 and `withdrawn` 视为撤回 were not unsealed; `invalid` was, but its signer is not the party
    behind its token (`reason`) or it may not take part (`grounds`). `reason` and `article` are null for `unsealed`
    alone. Prices over the ceiling stand too. `members` are the others of a consortium that `party` leads, `agreement`
    is the document that binds them.
    """

    bid: Identifier
    outcome: Literal["unsealed", "invalid", "revoked", "withdrawn"]
    party: Party
    price_fen: Fen | None = None
    days: int | None = None
    quality: str | None = None
    statement_sha256: Sha256 | None = None
    received_at: Instant
    order: int
    reason: Blame | None = None
    article: str | None = None
    grounds: tuple[Ground, ...] = Field(default=(), exclude_if=absent)
    members: tuple[Party, ...] = Field(default=(), exclude_if=absent)
    agreement: str | None = Field(default=None, exclude_if=absent)


class EvaluatedRow(Message):
    """One bid in the report. `evaluated_fen` or `score` is the result, `rank` null for a rejected bid.

    `tied_with` names bids of equal result that only the tie rule ordered.
    """

    bid: Identifier
    price_fen: Fen
    evaluated_fen: int | None = None
    price_score: Ratio | None = None
    score: Ratio | None = None
    rank: int | None = None
    tied_with: tuple[Identifier, ...] = ()
    rejection: Rejection | None = None


class Candidate(Message):
    """A candidate as the public sees it; `rank` is null where the tenderer decides (评定分离)."""

    rank: int | None
    bid: Identifier
    party: Party
    price_fen: Fen
    days: int
    quality: str
    evaluated_fen: int | None
    score: Ratio | None


class Recount(Message):
    """An open deadline counted again: from `was` to `ends`, never earlier; `provisional` years are not out yet."""

    which: Literal["publicity", "contract"]
    was: Instant
    ends: Instant
    provisional: tuple[int, ...]


class Notice(Message):
    """A result notice: the award notice (中标通知书) or one told to a bidder that did not win (中标结果通知书)."""

    bid: Identifier
    party: Party
