"""How long a bid binds (投标有效期): from the deadline, and longer for those who agreed to it."""

from datetime import datetime

from services.bidding.domain.state import Announced
from shared.law.clause import Unit
from shared.law.periods import period
from shared.procedure.books import Law


def binds_until(bid: str, state: Announced, law: Law) -> datetime:
    """Return the first instant at which a bid no longer binds (工程建设项目施工招标投标办法 第二十九条).

    Silence is no consent: who has not agreed to an extension is free at the end of what it offered or agreed to.
    """
    result, until = state.beside.result, first_end(state, law)
    for extension in result.extensions:
        if result.answers.get((extension.number, bid)) is not True:
            break
        until = extension.until
    return until


def first_end(state: Announced, law: Law) -> datetime:
    """Return the end of the validity as announced."""
    return end_of(state, state.tender.terms.validity_days, law)


def end_of(state: Announced, days: int, law: Law) -> datetime:
    """Return the end of so many days from the deadline."""
    return period(state.tender.terms.bids_due, days, Unit.DAY, law.calendar, reading=law.rulebook.reading).ends_at
