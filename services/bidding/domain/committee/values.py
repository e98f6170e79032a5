"""The values that the committee's record is made of: seats, findings with their votes, questions, and the minutes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from services.bidding.domain.values import Adjustment, Fen, Rejection, Score
from shared.kernel.message import Identifier, Instant, Message, Ratio, Sha256, Text
from shared.procedure.arithmetic import Amendment, BillLine
from shared.procedure.seating import SeatKind

Number = Annotated[int, Field(ge=1, le=10_000)]
"""The place of a finding or a question among those of its tender, from 1."""

About = Literal["unclear", "low_price", "minor_deviation", "arithmetic"]
"""含义不明确等, 明显低价, 细微偏差, 算术错误: what a bidder may be asked about in writing."""


class Drawn(Message):
    """Which draw experts came from: its name, its pool, and the file that shows it, the latter two by digest."""

    draw: Identifier
    pool: Sha256
    file: Sha256


class DrawnOf(Message):
    """The draw of one speciality, and who sits by it."""

    speciality: Text
    drawn: Drawn
    members: tuple[Identifier, ...]


class Rejecting(Rejection):
    """The finding that a bid is to be rejected for one of the seven causes."""

    kind: Literal["rejection"] = "rejection"


class Adjusting(Adjustment):
    """The finding that a declared deviation of a bid is worth so much money."""

    kind: Literal["adjustment"] = "adjustment"


class Discarding(Message):
    """The finding that too few effective bids are left for competition, so that all are rejected."""

    kind: Literal["no_competition"] = "no_competition"
    explanation: Text


class Inquiring(Message):
    """The finding that a bidder is to be asked about what its bid may fall by, so that no member alone can ask it.

    `item` is the declared minor deviation. For `arithmetic`, `capitals` is the bid's price as 人民币大写 and `bill` its
    priced lines, as written.
    """

    kind: Literal["inquiry"] = "inquiry"
    bid: Identifier
    about: Literal["low_price", "minor_deviation", "arithmetic"]
    text: Text
    item: Identifier | None = None
    capitals: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    bill: Annotated[tuple[BillLine, ...], Field(max_length=500)] = ()


Finding = Annotated[Rejecting | Adjusting | Discarding | Inquiring, Field(discriminator="kind")]


class Vote(Message):
    """One member's vote on a finding, with its words."""

    member: Identifier
    in_favour: bool
    words: Text


class Matter(Message):
    """A finding that was put to the vote."""

    number: int
    finding: Finding
    votes: tuple[Vote, ...]


class Answer(Message):
    """A bidder's written answer. `accepts`: it confirms, mends or explains as asked; false refuses to."""

    accepts: bool
    text: Text
    answered_at: Instant


class Question(Message):
    """What the committee asked a bidder in writing, to be answered before `due`.

    `asked_by` is the member who wants something clarified, null where the committee voted (`matter`). `item` is the
    declared deviation to be mended; `corrected_fen` the price to be confirmed, with why.
    """

    number: int
    bid: Identifier
    token: Sha256
    about: About
    text: Text
    asked_by: Identifier | None = None
    matter: Number | None = None
    due: Instant
    item: Identifier | None = None
    corrected_fen: Fen | None = None
    amendments: tuple[Amendment, ...] = ()
    answer: Answer | None = None

    def settled(self, now: datetime) -> bool:
        """Whether it is answered, or its time is over."""
        return self.answer is not None or now >= self.due

    def failed(self, now: datetime) -> bool:
        """Whether the bidder refused, or let the time go by."""
        return self.settled(now) and not (self.answer and self.answer.accepts)


class Member(Message):
    """A member as the report names it."""

    member: Identifier
    kind: SeatKind


class MemberScores(Message):
    """One member's own scores."""

    member: Identifier
    scores: tuple[Score, ...]


class Coefficient(Message):
    """A figure of the price formula that was drawn at the opening, by name."""

    name: Identifier
    value: Ratio


class Charge(Message):
    """A declared minor deviation that a bid did not mend, and what it costs."""

    bid: Identifier
    item: Identifier
    amount_fen: Fen
    marks: Ratio


class Minutes(Message):
    """What a committee's report rests on, besides its results.

    `before_contract` is what is to be settled before the contract; who is silent at `sign_until` agrees.
    """

    members: tuple[Member, ...]
    replaced: tuple[Identifier, ...]
    scores: tuple[MemberScores, ...]
    matters: tuple[Matter, ...]
    questions: tuple[Question, ...]
    charges: tuple[Charge, ...]
    coefficients: tuple[Coefficient, ...]
    before_contract: Text | None
    sign_until: Instant
