"""Who sees what of the documents: questions and clarifications are everyone's, who took them is nobody's yet."""

from services.bidding.domain.audiences import OFFICE
from services.bidding.domain.documents.messages import (
    ClarificationAcknowledged,
    DocumentsEvent,
    DocumentsTaken,
    QuestionAsked,
    TenderClarified,
)
from services.bidding.domain.state import TenderState, is_secret_who_bids
from shared.kernel.request import Role


def visible(event: DocumentsEvent, role: Role, state: TenderState) -> bool:
    """Return whether a role may see a fact about the documents (电子招标投标办法 第二十一条).

    招标投标法 第二十二条 binds the tenderer too: who took them is told to no office before the deadline.
    """
    match event:
        case TenderClarified():
            return True
        case QuestionAsked():
            return role in {"tenderer", "agency"} or not is_secret_who_bids(state)
        case DocumentsTaken() | ClarificationAcknowledged():
            return role in OFFICE and not is_secret_who_bids(state)
