"""What may be asked about the tender documents, and what then becomes of them."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from services.bidding.domain.values import Document
from shared.kernel.message import Command, Event, Instant, Sha256, Text
from shared.kernel.request import Role

Number = Annotated[int, Field(ge=1, le=10_000)]
"""The place of a question or a clarification among those of its tender, from 1."""


class TakeDocuments(Command):
    """Say that one has taken the documents as they stand, to be told of every change. Nobody must."""

    type: Literal["bidding.take_documents"] = "bidding.take_documents"


class AskQuestion(Command):
    """Ask about the documents (提出疑问), without a name."""

    type: Literal["bidding.ask_question"] = "bidding.ask_question"
    text: Text


class ClarifyTender(Command):
    """Clarify or modify the documents (澄清或者修改).

    `documents` are files that come in addition or, by the same name, instead; `affects_bids` says whether it may
    affect how bids are made; `answers` are the questions that it answers, by number.
    """

    type: Literal["bidding.clarify_tender"] = "bidding.clarify_tender"
    text: Text
    documents: Annotated[tuple[Document, ...], Field(max_length=200)] = ()
    affects_bids: bool
    answers: tuple[Number, ...] = ()


class AcknowledgeClarification(Command):
    """Confirm that one has received a clarification."""

    type: Literal["bidding.acknowledge_clarification"] = "bidding.acknowledge_clarification"
    number: Number


class DocumentsTaken(Event):
    """Who holds this token took the documents, at this version."""

    type: Literal["bidding.documents_taken.v1"] = "bidding.documents_taken.v1"
    token: Sha256
    version: int
    taken_at: Instant


class QuestionAsked(Event):
    """A question about the documents; whose it is, nothing in it tells, nor which others are of the same."""

    type: Literal["bidding.question_asked.v1"] = "bidding.question_asked.v1"
    number: Number
    text: Text
    asked_at: Instant


class TenderClarified(Event):
    """The documents were clarified or modified: they are at `version` now, and `documents` are all in force."""

    type: Literal["bidding.tender_clarified.v1"] = "bidding.tender_clarified.v1"
    number: Number
    version: int
    text: Text
    changed: tuple[Document, ...]
    documents: tuple[Document, ...]
    affects_bids: bool
    answers: tuple[Number, ...]
    issued_at: Instant
    articles: tuple[str, ...]


class ClarificationAcknowledged(Event):
    """Who holds this token confirmed that it received a clarification."""

    type: Literal["bidding.clarification_acknowledged.v1"] = "bidding.clarification_acknowledged.v1"
    token: Sha256
    number: Number
    at: Instant


DocumentsCommand = TakeDocuments | AskQuestion | ClarifyTender | AcknowledgeClarification
DocumentsEvent = DocumentsTaken | QuestionAsked | TenderClarified | ClarificationAcknowledged

ENTITLED: Mapping[str, frozenset[Role]] = {
    "bidding.take_documents": frozenset({"token"}),
    "bidding.ask_question": frozenset({"token"}),
    "bidding.clarify_tender": frozenset({"tenderer", "agency"}),
    "bidding.acknowledge_clarification": frozenset({"token"}),
}
