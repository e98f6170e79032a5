"""What may be asked about a tender's times, and what then happens to them."""

from collections.abc import Mapping
from typing import Literal

from shared.kernel.message import Command, Event, Identifier, Instant, Text
from shared.kernel.request import Role

Cause = Literal["objection", "complaint", "supervision", "outage", "force_majeure"]
"""Why a tender is suspended: 异议, 投诉, 监督部门责令, 平台故障, 不可抗力."""


class SuspendTender(Command):
    """Suspend the tender (暂停), with words for the public. What an objection or a complaint suspends is not here."""

    type: Literal["bidding.suspend_tender"] = "bidding.suspend_tender"
    cause: Literal["supervision", "outage", "force_majeure"]
    notice: Text


class ResumeTender(Command):
    """Let go of one hold; when none is left the tender goes on (恢复)."""

    type: Literal["bidding.resume_tender"] = "bidding.resume_tender"
    hold: Identifier
    notice: Text


class ExtendDeadline(Command):
    """Give bidders longer (延长投标截止时间), with words for the public."""

    type: Literal["bidding.extend_deadline"] = "bidding.extend_deadline"
    bids_due: Instant
    notice: Text


class TenderSuspended(Event):
    """The tender stands still by one more hold."""

    type: Literal["bidding.tender_suspended.v1"] = "bidding.tender_suspended.v1"
    hold: Identifier
    cause: Cause
    notice: Text
    suspended_at: Instant
    article: str


class TenderResumed(Event):
    """One hold is let go of; `goes_on` if it was the last."""

    type: Literal["bidding.tender_resumed.v1"] = "bidding.tender_resumed.v1"
    hold: Identifier
    notice: Text
    resumed_at: Instant
    goes_on: bool


class DeadlineMoved(Event):
    """The deadline for bids is later than it was; `closes_at` is the first instant that is too late."""

    type: Literal["bidding.deadline_moved.v1"] = "bidding.deadline_moved.v1"
    cause: Literal["clarification", "suspension", "extension"]
    was: Instant
    bids_due: Instant
    closes_at: Instant
    moved_at: Instant
    notice: Text
    article: str


TimetableCommand = SuspendTender | ResumeTender | ExtendDeadline
TimetableEvent = TenderSuspended | TenderResumed | DeadlineMoved

ENTITLED: Mapping[str, frozenset[Role]] = {
    "bidding.suspend_tender": frozenset({"tenderer", "agency", "supervisor", "operator"}),
    "bidding.resume_tender": frozenset({"tenderer", "agency", "supervisor", "operator"}),
    "bidding.extend_deadline": frozenset({"tenderer", "agency"}),
}
