"""What a tender keeps of its objections and complaints, and who confirmed its opening."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar, assert_never

from services.bidding.domain.remedies.events import (
    ComplaintDecided,
    ComplaintEvent,
    ComplaintExamined,
    ComplaintMade,
    ComplaintPaused,
    ComplaintResumed,
    ComplaintWithdrawn,
    InterestDeclared,
    ObjectionAnswered,
    ObjectionEvent,
    ObjectionRaised,
    ObjectionRepeated,
    ObjectionWithdrawn,
    OpeningConfirmed,
    RemediesEvent,
)
from shared.procedure.remedies import Complaint, Objection

T = TypeVar("T", Objection, Complaint)


@dataclass(frozen=True, slots=True)
class Remedies:
    """Objections and complaints by their numbers, and who confirmed the opening.

    `interested` are the accounts of those who object in their own names, by the numbers of their objections.
    """

    objections: tuple[Objection, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    confirmed: frozenset[str] = frozenset()
    interested: Mapping[int, str] = field(default_factory=dict)

    def objection(self, number: int) -> Objection | None:
        """Return the objection of that number, if there is one."""
        return next((one for one in self.objections if one.number == number), None)

    def complaint(self, number: int) -> Complaint | None:
        """Return the complaint of that number, if there is one."""
        return next((one for one in self.complaints if one.number == number), None)

    def waits(self, about: str) -> bool:
        """Whether an objection about something waits for its answer."""
        return any(one.open and one.about == about for one in self.objections)


def evolve(kept: Remedies, event: RemediesEvent) -> Remedies:
    """Return the remedies after an event."""
    if isinstance(event, OpeningConfirmed):
        return replace(kept, confirmed=kept.confirmed | {event.token})
    if isinstance(event, InterestDeclared):
        return replace(kept, interested={**kept.interested, event.number: event.account})
    if isinstance(event, ObjectionEvent):
        return replace(kept, objections=_objections(kept.objections, event))
    return replace(kept, complaints=_complaints(kept.complaints, event))


def _objections(kept: tuple[Objection, ...], event: ObjectionEvent) -> tuple[Objection, ...]:
    match event:
        case InterestDeclared() | ObjectionRepeated():
            return kept
        case ObjectionRaised():
            raised = Objection(event.number, event.about, event.by, event.raised_at, event.answer_due)
            return (*kept, raised)
        case ObjectionAnswered(answered_at=at):
            return _changed(kept, event.number, lambda one: replace(one, answered_at=at))
        case ObjectionWithdrawn():
            return _changed(kept, event.number, lambda one: replace(one, withdrawn=True))
        case _:
            assert_never(event)


def _complaints(kept: tuple[Complaint, ...], event: ComplaintEvent) -> tuple[Complaint, ...]:
    match event:
        case ComplaintMade():
            return (*kept, Complaint(event.number, event.about, event.by, event.made_at, event.acceptance_due))
        case ComplaintExamined(accepted=True, examined_at=at):
            return _changed(kept, event.number, lambda one: replace(one, accepted_at=at))
        case ComplaintPaused(paused_at=at):
            return _changed(kept, event.number, lambda one: replace(one, paused_since=at))
        case ComplaintResumed(resumed_at=at):
            return _changed(kept, event.number, lambda one: one.gone_on(at))
        case ComplaintExamined() | ComplaintDecided() | ComplaintWithdrawn():
            return _changed(kept, event.number, lambda one: replace(one, ended=True))
        case _:
            assert_never(event)


def _changed(kept: tuple[T, ...], number: int, change: Callable[[T], T]) -> tuple[T, ...]:
    return tuple(change(one) if one.number == number else one for one in kept)
