"""预披露: the first notice of a transfer by which an enterprise gets another in control, before the formal one (S4)."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from shared.kernel.errors import BadInput
from shared.kernel.message import Identifier, Instant, Sha256, Text
from shared.law.findings import day_of
from shared.procedure.asking import needed
from shared.procedure.books import Books, Law, NoSuchBook
from shared.procedure.lot.asking import Ground, LotRequest, check_owner
from shared.procedure.lot.messages import LotCommand, LotEvent
from shared.procedure.lot.rules import Rules
from shared.procedure.lot.state import Drafted
from shared.procedure.lot.values import Document, Draft
from shared.procedure.publicity import limit


class PreDisclose(LotCommand):
    """Make the drafted transfer public before its formal notice; `approved_at` is when the transfer was approved."""

    NAME: ClassVar[str] = "pre_disclose"
    text: Text
    documents: Annotated[tuple[Document, ...], Field(max_length=50)] = ()
    approved_at: Instant


class PreDisclosed(LotEvent):
    """预披露: what is to be sold, as the draft was then. `late` if it came too long after the approval."""

    NAME: ClassVar[str] = "pre_disclosed.v1"
    lot: Identifier
    draft: Draft
    text: Text
    documents: tuple[Document, ...]
    approved_at: Instant
    at: Instant
    late: bool
    rulebook: Sha256
    calendar: Sha256
    article: str


def pre_disclose(
    request: LotRequest, command: PreDisclose, state: Drafted, rules: Rules, books: Books
) -> Sequence[PreDisclosed]:
    """Make a draft public for the first time, where its line has such a notice; one that is late says so."""
    check_owner(request, state.owner, state.draft.seller)
    if rules.pre_disclosure is None or rules.pre_filed is None or not state.draft.control_changes:
        raise BadInput("不导致控制权变动的，无需预披露", "where control does not change there is no first notice")
    if state.pre_disclosed_at is not None:
        raise BadInput("已经预披露", "the first notice has been made")
    if command.approved_at > request.received_at:
        raise BadInput("批准时间晚于当前时间", "the approval would lie in the future")
    law = law_of_the_day(request, books)
    ground = Ground(rules, law)
    return (
        PreDisclosed(
            lot=request.stream,
            draft=state.draft,
            text=command.text,
            documents=command.documents,
            approved_at=command.approved_at,
            at=request.received_at,
            late=request.received_at >= limit(command.approved_at, rules.pre_filed, law).ends_at,
            rulebook=law.rulebook.digest,
            calendar=law.calendar.digest,
            article=ground.clause("pre_disclosure").article,
        ),
    )


def law_of_the_day(request: LotRequest, books: Books) -> Law:
    """Return the law that the handler found for today. Raise NoSuchBook if it is another day's."""
    law = books.law(needed(request.facts.rulebook, "rulebook"), needed(request.facts.calendar, "calendar"))
    if law.rulebook.announced_on != day_of(request.received_at):
        raise NoSuchBook("the rulebook is not that of the day of the announcement")
    return law
