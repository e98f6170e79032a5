"""What a tender keeps beside its phases: one record for each chapter of its rules, whatever the phase."""

from dataclasses import dataclass, field, replace

from services.bidding.domain.documents import record as documents
from services.bidding.domain.documents.messages import DocumentsEvent
from services.bidding.domain.documents.record import Documents
from services.bidding.domain.timetable import record as timetable
from services.bidding.domain.timetable.messages import TimetableEvent
from services.bidding.domain.timetable.record import Timetable

ChapterEvent = DocumentsEvent | TimetableEvent
"""The facts that change no phase by themselves."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The records of the chapters."""

    documents: Documents = field(default_factory=Documents)
    timetable: Timetable = field(default_factory=Timetable)


NOTHING_BESIDE = Beside()


def kept(beside: Beside, event: ChapterEvent) -> Beside:
    """Return the records after an event of a chapter."""
    if isinstance(event, DocumentsEvent):
        return replace(beside, documents=documents.evolve(beside.documents, event))
    return replace(beside, timetable=timetable.evolve(beside.timetable, event))
