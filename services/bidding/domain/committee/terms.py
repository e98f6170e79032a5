"""What a tender file declares about its evaluation committee; a tender that declares none is reported on as a whole."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from shared.kernel.message import Identifier, Message, Ratio, Text
from shared.kernel.money import Fen
from shared.procedure.committee import Combination

Minutes = Annotated[int, Field(ge=1, le=10_080)]
"""A time of a minute to a week."""


class Deviation(Message):
    """A minor deviation (细微偏差) that the tender file names, and what it costs whoever does not mend it.

    `amount_fen` is added to the evaluated price; `marks` come off the total where bids are scored.
    """

    item: Identifier
    title: Text
    amount_fen: Fen = 0
    marks: Annotated[Ratio, Field(ge=0, le=100, decimal_places=4)] = Decimal(0)


class Speciality(Message):
    """How many of the experts are drawn from one speciality (专业), in a draw of their own."""

    speciality: Text
    experts: Annotated[int, Field(ge=1, le=99)]


class CommitteeTerms(Message):
    """The committee, and how it works, as announced.

    `experts` of the `members` are drawn by lot, or appointed where `appointed_because` says why the project is special.
    `combine` is what becomes of the members' marks. `answer_minutes` are given to bidders for what they are asked,
    `sign_minutes` to members for signing: who is silent until then agrees. With `decided_by`, the tenderer's own
    published rule, candidates are recommended unranked and the tenderer decides (评定分离). `specialities` say of which
    the experts are; where none is named, all come from one draw.
    """

    members: Annotated[int, Field(ge=1, le=99)]
    experts: Annotated[int, Field(ge=0, le=99)]
    appointed_because: Text | None = None
    combine: Combination
    answer_minutes: Minutes
    sign_minutes: Minutes
    deviations: Annotated[tuple[Deviation, ...], Field(max_length=100)] = ()
    decided_by: Text | None = None
    specialities: Annotated[tuple[Speciality, ...], Field(max_length=20)] = Field(
        default=(), exclude_if=lambda specialities: not specialities
    )
