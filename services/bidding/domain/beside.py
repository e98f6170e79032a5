"""What a tender keeps beside its phases: one record for each chapter of its rules, whatever the phase."""

from dataclasses import dataclass, field, replace

from services.bidding.domain.access import record as access
from services.bidding.domain.access.messages import AccessEvent
from services.bidding.domain.access.record import Entrants
from services.bidding.domain.committee import record as committee
from services.bidding.domain.committee.events import CommitteeEvent
from services.bidding.domain.committee.record import Committee
from services.bidding.domain.documents import record as documents
from services.bidding.domain.documents.messages import DocumentsEvent
from services.bidding.domain.documents.record import Documents
from services.bidding.domain.money import record as money
from services.bidding.domain.money.messages import MoneyEvent
from services.bidding.domain.money.record import Money
from services.bidding.domain.outages import record as outages
from services.bidding.domain.outages.messages import OutageNoted
from services.bidding.domain.outages.record import Outages
from services.bidding.domain.publication import record as publication
from services.bidding.domain.publication.messages import PublicationEvent
from services.bidding.domain.publication.record import Publication
from services.bidding.domain.remedies import record as remedies
from services.bidding.domain.remedies.events import RemediesEvent
from services.bidding.domain.remedies.record import Remedies
from services.bidding.domain.result import record as result
from services.bidding.domain.result.messages import ResultEvent
from services.bidding.domain.result.record import Result
from services.bidding.domain.timetable import record as timetable
from services.bidding.domain.timetable.messages import TimetableEvent
from services.bidding.domain.timetable.record import Timetable

ChapterEvent = (
    AccessEvent
    | CommitteeEvent
    | DocumentsEvent
    | MoneyEvent
    | ResultEvent
    | TimetableEvent
    | PublicationEvent
    | RemediesEvent
    | OutageNoted
)
"""The facts of the chapters; a few of them change the phase too."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The records of the chapters."""

    entrants: Entrants = field(default_factory=Entrants)
    committee: Committee = field(default_factory=Committee)
    documents: Documents = field(default_factory=Documents)
    money: Money = field(default_factory=Money)
    result: Result = field(default_factory=Result)
    timetable: Timetable = field(default_factory=Timetable)
    publication: Publication = ()
    remedies: Remedies = field(default_factory=Remedies)
    outages: Outages = field(default_factory=dict)


NOTHING_BESIDE = Beside()


def evaluated_again(beside: Beside) -> Beside:
    """Return the records when the evaluation was set aside: the committee sits, and starts anew."""
    return replace(beside, committee=committee.anew(beside.committee))


def kept(beside: Beside, event: ChapterEvent) -> Beside:  # noqa: PLR0911 - one return a chapter
    """Return the records after an event of a chapter."""
    if isinstance(event, AccessEvent):
        return replace(beside, entrants=access.evolve(beside.entrants, event))
    if isinstance(event, CommitteeEvent):
        return replace(beside, committee=committee.evolve(beside.committee, event))
    if isinstance(event, DocumentsEvent):
        return replace(beside, documents=documents.evolve(beside.documents, event))
    if isinstance(event, MoneyEvent):
        return replace(beside, money=money.evolve(beside.money, event))
    if isinstance(event, ResultEvent):
        return replace(beside, result=result.evolve(beside.result, event))
    if isinstance(event, RemediesEvent):
        return replace(beside, remedies=remedies.evolve(beside.remedies, event))
    if isinstance(event, PublicationEvent):
        return replace(beside, publication=publication.evolve(beside.publication, event))
    if isinstance(event, OutageNoted):
        return replace(beside, outages=outages.evolve(beside.outages, event))
    return replace(beside, timetable=timetable.evolve(beside.timetable, event))
