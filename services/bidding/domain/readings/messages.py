"""What the platform puts on record before it gives somebody sealed or personal data."""

from collections.abc import Mapping
from typing import Literal

from shared.kernel.message import Command, Event, Instant
from shared.kernel.reading import Reading
from shared.kernel.request import Role


class NoteReading(Command, Reading):
    """Note that somebody is about to be given the answer to a query."""

    type: Literal["bidding.note_reading"] = "bidding.note_reading"


class ReadingNoted(Event, Reading):
    """Somebody was given the answer to a query; `digest` is that of what was given."""

    type: Literal["bidding.reading_noted.v1"] = "bidding.reading_noted.v1"
    at: Instant


ReadingsCommand = NoteReading

READING: Mapping[str, str] = {
    "envelopes": "bidding.note_reading",
    "requests": "bidding.note_reading",
    "bids": "bidding.note_reading",
}
"""The queries whose answers are sealed or personal: envelopes, signed requests with their origin, bids' bodies."""

ENTITLED: Mapping[str, frozenset[Role]] = {"bidding.note_reading": frozenset({"system"})}
