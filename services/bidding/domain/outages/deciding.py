"""Decisions about outages: their declaration, and the extension of each deadline that one fell on."""

from collections.abc import Sequence
from datetime import timedelta

from services.bidding.domain.asking import TenderRequest, articles
from services.bidding.domain.outages.messages import (
    PREFIX,
    DeclareOutage,
    ExtendAfterOutage,
    OutageDeclared,
    OutageNoted,
)
from services.bidding.domain.receiving import law_of
from services.bidding.domain.state import (
    Accepting,
    AnnouncedState,
    Contracted,
    Failed,
    Outage,
    Qualified,
    TenderState,
    Unborn,
)
from services.bidding.domain.timetable.messages import DeadlineMoved
from services.bidding.domain.timetable.moving import move, on_working_day
from shared.kernel.errors import BadInput
from shared.procedure.books import Books


def declare(request: TenderRequest, command: DeclareOutage, state: TenderState) -> Sequence[OutageDeclared]:
    """Declare an outage on a stream of its own, or anew if it lasts longer: nothing that was promised is taken back."""
    if not request.stream.startswith(PREFIX) or not isinstance(state, Unborn | Outage):
        raise BadInput(f"故障公告的编号以 {PREFIX} 开头", f"an outage's id begins with {PREFIX}")
    if command.until <= command.starts:
        raise BadInput("故障的结束应晚于开始", "an outage ends after it starts")
    if isinstance(state, Outage):
        told = state.declared
        if command.starts != told.starts or command.until <= told.until:
            raise BadInput("只能将已公告的故障延后结束", "a declared outage can only be made to end later")
    fields = command.model_dump(exclude={"type"})
    return (OutageDeclared.model_validate({**fields, "declared_at": request.received_at}),)


def extend(
    request: TenderRequest, command: ExtendAfterOutage, state: AnnouncedState, books: Books
) -> Sequence[OutageNoted | DeadlineMoved]:
    """Extend the deadline by the time lost, where the outage fell on it, and note once that it did."""
    law, due = law_of(state, books), state.tender.terms.bids_due
    after = command.until + timedelta(hours=law.rulebook.figure("OUTAGE", int))
    counted = state.beside.outages.get(command.outage, command.starts)
    if (
        isinstance(state, Contracted | Failed | Qualified)
        or command.until <= counted
        or not command.starts <= due < after
    ):
        return ()
    (article,) = articles(law, "OUTAGE")
    told = command.model_dump(include={"outage", "starts", "until"})
    told |= {"extended": isinstance(state, Accepting), "noted_at": request.received_at, "article": article}
    noted = OutageNoted.model_validate(told)
    if not isinstance(state, Accepting):
        return (noted,)
    later = on_working_day(max(due + (command.until - counted), after), law.calendar)
    return noted, move(request, state, later, cause="extension", notice=command.notice, article=article)
