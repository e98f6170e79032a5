"""What the documents declare about money, and how what they do not declare is refused."""

from datetime import datetime

from services.bidding.domain.asking import TenderRequest
from services.bidding.domain.money.terms import MoneyTerms
from services.bidding.domain.state import Announced
from shared.kernel.errors import BadInput
from shared.procedure.asking import breaks
from shared.procedure.books import Law


def declared(state: Announced) -> MoneyTerms:
    """Return what the documents declare of money."""
    return state.tender.terms.money or MoneyTerms()


def not_declared(zh: str, en: str) -> BadInput:
    """Return the refusal of what the documents do not ask for."""
    return BadInput(f"招标文件没有规定{zh}", f"the documents ask for no {en}")


def check_stated(statement: str | None, law: Law) -> None:
    """Raise BreaksClause for a payment that is recorded by nobody's statement."""
    if statement is None and "STATEMENT" in law.rulebook.clauses:
        raise breaks(law.rulebook.clause("STATEMENT"), "未附摘要。", "There is none.")


def check_past(moment: datetime, request: TenderRequest) -> None:
    """Raise BadInput for what is recorded before it happens."""
    if moment > request.received_at:
        raise BadInput("所记时间晚于现在", "the time recorded is yet to come")
