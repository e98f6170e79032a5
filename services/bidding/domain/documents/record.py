"""What a tender keeps of its documents after their first issue."""

from dataclasses import dataclass, replace
from typing import assert_never

from services.bidding.domain.documents.messages import (
    ClarificationAcknowledged,
    DocumentsEvent,
    DocumentsTaken,
    QuestionAsked,
    TenderClarified,
)
from services.bidding.domain.values import Document


@dataclass(frozen=True, slots=True)
class Documents:
    """The files in force (those of the announcement where null), and what was taken, asked, told and confirmed."""

    files: tuple[Document, ...] | None = None
    clarifications: int = 0
    questions: int = 0
    taken: frozenset[str] = frozenset()
    acknowledged: frozenset[tuple[str, int]] = frozenset()

    @property
    def version(self) -> int:
        """Return the version of the documents: 1 as announced, one more with every clarification."""
        return self.clarifications + 1


def evolve(documents: Documents, event: DocumentsEvent) -> Documents:
    """Return the documents after an event."""
    match event:
        case DocumentsTaken(token=token):
            return replace(documents, taken=documents.taken | {token})
        case QuestionAsked(number=number):
            return replace(documents, questions=number)
        case TenderClarified(number=number):
            return replace(documents, files=event.documents, clarifications=number)
        case ClarificationAcknowledged():
            return replace(documents, acknowledged=documents.acknowledged | {(event.token, event.number)})
        case _:
            assert_never(event)
