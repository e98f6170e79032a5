"""What may be asked about who bids and how bids resemble each other, and what then is on record."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from services.bidding.domain.access.values import Admitted, How
from services.bidding.domain.values import absent
from shared.kernel.message import Command, Event, Identifier, Instant, Message, Sha256, Text
from shared.kernel.request import Role
from shared.seal.statement import Party
from shared.seal.wire import Bytes32

Item = Literal["same_author", "same_agent", "same_staff", "alike", "mixed", "same_account"]
"""The six cases of 实施条例 第四十条, in its order."""

Basis = Literal["same_file", "same_mark", "same_device", "equal_prices", "even_prices", "same_account", "found"]
"""What a note rests on: what the platform computed, or what the committee found."""


class Failing(Message):
    """A declared criterion that an applicant does not meet, and why."""

    criterion: Identifier
    reason: Text


class Judgment(Message):
    """The review of one application: what it fails; with nothing, it is qualified."""

    bid: Identifier
    failings: tuple[Failing, ...] = ()


class ReviewApplications(Command):
    """Review the applications of a prequalification (资格审查), each; of a first stage there is nothing to judge."""

    type: Literal["bidding.review_applications"] = "bidding.review_applications"
    judgments: tuple[Judgment, ...] = ()


class ScreenBids(Command):
    """Compare the bids with each other: the platform gives it to itself when the opening is over."""

    type: Literal["bidding.screen_bids"] = "bidding.screen_bids"


class NoteCollusion(Command):
    """Note that bids are deemed collusive (视为串通), by which case and on what evidence."""

    type: Literal["bidding.note_collusion"] = "bidding.note_collusion"
    item: Item
    bids: Annotated[tuple[Identifier, ...], Field(min_length=2)]
    evidence: Text


class PartiesAdmitted(Event):
    """The parties that alone may bid, with the salt of the announcement's commitment to them."""

    type: Literal["bidding.parties_admitted.v1"] = "bidding.parties_admitted.v1"
    how: How
    procedure: Identifier | None = Field(default=None, exclude_if=absent)
    parties: tuple[Admitted, ...]
    salt: Bytes32


class Reviewed(Message):
    """One application in the review."""

    bid: Identifier
    party: Party
    members: tuple[Party, ...] = Field(default=(), exclude_if=absent)
    failings: tuple[Failing, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether it may go on."""
        return not self.failings


class ApplicationsReviewed(Event):
    """The review is over: who is qualified is final."""

    type: Literal["bidding.applications_reviewed.v1"] = "bidding.applications_reviewed.v1"
    rows: tuple[Reviewed, ...]
    reviewed_at: Instant
    articles: tuple[str, ...]


class QualificationNotified(Event):
    """资格预审结果通知书: what one applicant is told of its own application."""

    type: Literal["bidding.qualification_notified.v1"] = "bidding.qualification_notified.v1"
    token: Sha256
    bid: Identifier
    passed: bool
    failings: tuple[Failing, ...]
    notified_at: Instant
    article: str


class CollusionNoted(Event):
    """Bids that resemble each other in a way that the law lists. A `warning` is a reason to look, never to reject."""

    type: Literal["bidding.collusion_noted.v1"] = "bidding.collusion_noted.v1"
    number: int
    item: Item
    basis: Basis
    level: Literal["finding", "warning"]
    bids: tuple[Identifier, ...]
    evidence: Text
    by: Literal["platform", "committee"]
    noted_at: Instant
    article: str


AccessCommand = ReviewApplications | ScreenBids | NoteCollusion
AccessEvent = PartiesAdmitted | QualificationNotified | CollusionNoted

ENTITLED: Mapping[str, frozenset[Role]] = {
    "bidding.review_applications": frozenset({"tenderer", "agency"}),
    "bidding.screen_bids": frozenset({"system"}),
    "bidding.note_collusion": frozenset({"agency", "expert"}),
}
