"""Rights of first refusal: whose they are is in the notice, what each holder says is recorded, the result names it."""

import pytest

from shared.kernel.errors import BadInput, BreaksClause, NotFound, OutOfPhase
from shared.kernel.request import SYSTEM
from shared.procedure.lot.after.commands import DeclarePriority, NoteIdentities, PublishResult
from shared.procedure.lot.after.events import PriorityDeclared, ResultPublished
from shared.procedure.lot.after.values import Right
from tests.lot.after import LETTER, confirmed, contracted, last, sold
from tests.lot.play import Play
from tests.property.factories import equity

ONE, TWO = "股东甲", "股东乙"


def held() -> Play:
    """Return equity with two holders of a right, put up."""
    return equity().announce(priority=(ONE, TWO), review="before")


def says(lot: Play, holder: str, *, exercises: bool) -> PriorityDeclared:
    (event,) = lot.ask(DeclarePriority(holder=holder, exercises=exercises, letter=LETTER))
    assert isinstance(event, PriorityDeclared)
    return event


def test_a_holder_takes_the_leading_price_and_the_result_names_its_right() -> None:
    lot = held()
    says(lot, ONE, exercises=True)
    says(lot, TWO, exercises=False)
    lot.admit(1)
    lot.admit(2, priority=(2,))
    lot.tick()
    lot.bid(1, 102_000)
    lot.bid(2, 102_000)
    lot.tick()
    lot.run_out()
    lot.ask(NoteIdentities(), SYSTEM)
    confirmed(lot)
    contracted(lot)
    lot.ask(PublishResult())
    result = last(lot, ResultPublished)
    assert result.by_priority
    assert result.number == lot.number(2)
    assert result.rights == (Right(holder=ONE, exercises=True), Right(holder=TWO, exercises=False))
    assert lot.audit() == lot.state


def test_a_result_without_a_right_says_so_and_who_was_silent() -> None:
    lot = sold(equity(), priority=(ONE,))
    confirmed(lot)
    contracted(lot)
    lot.ask(PublishResult())
    result = last(lot, ResultPublished)
    assert not result.by_priority
    assert result.rights == (Right(holder=ONE, exercises=None),)


def test_no_more_rights_are_confirmed_than_the_notice_names() -> None:
    lot = held().admit(1, 2, priority=(1, 2))
    with pytest.raises(BreaksClause) as refused:
        lot.admit(3, priority=(3,))
    assert refused.value.article == "公司法 第八十四条"
    assert lot.lot.admitted == 2
    assert lot.audit() == lot.state


def test_a_right_that_was_waived_is_neither_confirmed_nor_taken_back() -> None:
    lot = held()
    says(lot, ONE, exercises=False)
    lot.admit(1, priority=(1,))
    with pytest.raises(BreaksClause):
        lot.admit(2, priority=(2,))
    with pytest.raises(BreaksClause, match="反悔"):
        says(lot, ONE, exercises=True)


def test_who_exercises_may_still_waive() -> None:
    lot = held()
    says(lot, ONE, exercises=True)
    assert not says(lot, ONE, exercises=False).exercises


def test_whom_the_notice_does_not_name_has_no_right() -> None:
    with pytest.raises(NotFound):
        says(held(), "路人", exercises=True)


def test_after_the_bidding_nothing_is_declared() -> None:
    lot = sold(equity(), priority=(ONE,))
    with pytest.raises(OutOfPhase):
        says(lot, ONE, exercises=True)


def test_land_is_sold_without_such_rights() -> None:
    with pytest.raises(BadInput, match="优先购买权"):
        sold(priority=(ONE,))


def test_what_a_holder_says_is_for_the_offices_until_the_lot_is_over() -> None:
    lot = held()
    event = says(lot, ONE, exercises=True)
    assert lot.line.visible(event, "agency", lot.state)
    assert not lot.line.visible(event, "public", lot.state)
    lot.tick()
    assert lot.lot.phase == "unsold"
    assert lot.line.visible(event, "public", lot.state)
