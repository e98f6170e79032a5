"""What may be asked about an outage of the platform, and what then happens to the tenders that it fell on."""

from collections.abc import Mapping
from typing import Literal

from shared.kernel.message import Command, Event, Identifier, Instant, Message, Text
from shared.kernel.request import Role

PREFIX = "outage-"
"""How the streams of outages are named; no tender is."""


SILENT = "silence-"
"""How an outage is named that the platform found itself, by the time in which it did not run."""


class Silence(Message):
    """A time in which the service did not run, from its last beat to the next one."""

    starts: Instant
    until: Instant


class DeclareOutage(Command):
    """Declare an outage from `starts` to `until`, or that it lasts longer than was declared; with words for all."""

    type: Literal["bidding.declare_outage"] = "bidding.declare_outage"
    cause: Text
    starts: Instant
    until: Instant
    notice: Text


class ExtendAfterOutage(Command):
    """Extend the deadline, if a declared outage fell on it."""

    type: Literal["bidding.extend_after_outage"] = "bidding.extend_after_outage"
    outage: Identifier
    starts: Instant
    until: Instant
    notice: Text


class OutageDeclared(Event):
    """平台故障公告: since when the platform could not be used, and until when."""

    type: Literal["bidding.outage_declared.v1"] = "bidding.outage_declared.v1"
    cause: Text
    starts: Instant
    until: Instant
    notice: Text
    declared_at: Instant


class OutageNoted(Event):
    """An outage fell on this tender's deadline; `extended` is false where reception was closed before it was told."""

    type: Literal["bidding.outage_noted.v1"] = "bidding.outage_noted.v1"
    outage: Identifier
    starts: Instant
    until: Instant
    extended: bool
    noted_at: Instant
    article: str


OutagesCommand = DeclareOutage | ExtendAfterOutage

ENTITLED: Mapping[str, frozenset[Role]] = {
    "bidding.declare_outage": frozenset({"operator"}),
    "bidding.extend_after_outage": frozenset({"system"}),
}
