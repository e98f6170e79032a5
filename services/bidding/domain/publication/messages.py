"""What may be asked about publication elsewhere, and what is then on record."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from shared.kernel.message import Command, Event, Instant, Text
from shared.kernel.request import Role

Kind = Literal["notice", "candidates", "result"]
"""招标公告, 中标候选人公示, 中标结果公示."""

Address = Annotated[str, Field(pattern=r"^https?://[^\s]+$", max_length=500)]


class NotePublication(Command):
    """Put on record that a notice was published on a named medium (指定媒介), where and when."""

    type: Literal["bidding.note_publication"] = "bidding.note_publication"
    kind: Kind
    medium: Text
    address: Address
    published_at: Instant


class PublicationNoted(Event):
    """A notice was published on a named medium, as who runs the tender says; `noted_at` is when it said so."""

    type: Literal["bidding.publication_noted.v1"] = "bidding.publication_noted.v1"
    kind: Kind
    medium: Text
    address: Address
    published_at: Instant
    noted_at: Instant
    article: str


PublicationCommand = NotePublication
PublicationEvent = PublicationNoted

ENTITLED: Mapping[str, frozenset[Role]] = {
    "bidding.note_publication": frozenset({"tenderer", "agency"}),
}
