"""What the expert library keeps of an expert besides who it is, and what a draw is made of."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from services.registry.domain.values import AccountId
from shared.kernel.codes import RegionCode
from shared.kernel.message import Identifier, Message, Sha256, Text
from shared.procedure.draw import Expert
from shared.procedure.recusal import Exclusion, Line, Tie

Standing = Literal["available", "paused", "removed"]
Stage = Literal["committing", "binding", "revealing", "drawn", "lapsed"]
DrawId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,48}$")]
"""A draw's name, short enough for its stream's and for the number of its attempt."""


class PastEmployer(Message):
    """A body that employed the expert until a day."""

    party: Text
    ended: date


class Qualification(Message):
    """What makes an expert: 招标投标法 第三十七条 asks for eight years and a senior title, or the same level."""

    specialities: Annotated[tuple[Text, ...], Field(min_length=1, max_length=20)]
    title: Literal["senior", "intermediate"]
    equivalent: bool = False
    years: Annotated[int, Field(ge=0, le=80)]
    employers: Annotated[tuple[Text, ...], Field(max_length=20)] = ()
    past: Annotated[tuple[PastEmployer, ...], Field(max_length=50)] = ()
    region: RegionCode


class Wanted(Message):
    """What is to be drawn: how many of which speciality from which region, and whom they must not be tied to."""

    draw: DrawId
    tender: Identifier
    line: Line
    on: date
    speciality: Text
    region: RegionCode
    seats: Annotated[int, Field(ge=1, le=99)]
    reserve: Annotated[int, Field(ge=0, le=99)]
    others: Annotated[int, Field(ge=0, le=99)] | None = None
    parties: Annotated[tuple[Text, ...], Field(max_length=500)]


class Pool(Message):
    """Who was considered, who had to be left out and why, and the digest of those left, for one attempt."""

    library: tuple[Expert, ...]
    ties: tuple[Tie, ...]
    exclusions: tuple[Exclusion, ...]
    pool_digest: Sha256


class Considered(Message):
    """The experts whom the library holds for a draw, with their relations."""

    library: tuple[Expert, ...]
    ties: tuple[Tie, ...]


class Anchor(Message):
    """The checkpoint over pool and commitments, as the witnesses saw it."""

    origin: str
    size: int
    root: Sha256
    cosignatures: tuple[str, ...]


def expert_stream(expert: AccountId) -> str:
    """Return the stream of an expert."""
    return f"expert-{expert}"


def draw_stream(draw: str) -> str:
    """Return the stream of a draw, all its attempts included."""
    return f"draw-{draw}"


def attempt_id(draw: str, attempt: int) -> str:
    """Return the name under which an attempt's commitments are made, and under which it is verified."""
    return f"{draw}-{attempt}"
