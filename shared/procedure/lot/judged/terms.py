"""What the notice declares of how offers are judged: the criteria with their points, and who judges."""

from typing import Annotated, Literal

from pydantic import Field

from shared.kernel.message import Identifier, Message, Text
from shared.procedure.committee import Combination

Points = Annotated[int, Field(ge=1, le=99)]


class Criterion(Message):
    """One thing that offers are judged by, and the most points that it can earn."""

    factor: Identifier
    title: Text
    points: Points


class Judging(Message):
    """综合评审: what an offer can earn, a hundred points in all, and the committee (评标小组) that gives them.

    The price earns `price_points` by the sale formula of that name and version, each of the `criteria` what the members
    give. `combine` is what becomes of the members' own sums; the total is rounded to `places`. Equal totals are ranked
    by the higher price and then the earlier arrival, or by the earlier arrival alone.
    """

    price_points: Points
    formula: Literal["highest_price_ratio"] = "highest_price_ratio"
    version: Literal[1] = 1
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=50)]
    members: Annotated[int, Field(ge=1, le=99)]
    experts: Annotated[int, Field(ge=0, le=99)]
    combine: Combination = "mean"
    places: Annotated[int, Field(ge=0, le=4)] = 2
    equal: Literal["price", "earlier"] = "price"
