"""Time limits of remedies: when a right lapses before a day, and days that are not counted."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.law.calendar import DAY
from shared.law.findings import day_of
from shared.procedure.books import Law
from shared.procedure.publicity import limit
from shared.procedure.remedies import Complaint, Objection, lapses_at, limit_without
from tests.bidding import factories as make
from tests.bidding.factories import beijing

LAW = Law(make.rulebook(), make.CALENDAR)
KNEW = beijing(1, 9)


def test_a_right_that_lapses_ten_days_before_the_22nd_can_be_used_until_the_end_of_the_12th() -> None:
    assert lapses_at(beijing(22, 9), "E8", LAW) == beijing(13)
    assert lapses_at(beijing(22), "E8-PREQUALIFICATION", LAW) == beijing(21)


def test_without_a_pause_the_limit_is_the_clause_s_own() -> None:
    assert limit_without(KNEW, "E36", LAW, ()) == limit(KNEW, "E36", LAW)


def test_each_day_that_a_pause_touches_is_left_out() -> None:
    pause = (beijing(3, 23, 59), beijing(5, 0, 1))  # three days, of two of them a minute

    found = limit_without(KNEW, "E36", LAW, (pause,))

    assert found.counted_to == day_of(beijing(14))


def test_days_off_in_a_pause_do_not_lengthen_a_limit_in_working_days() -> None:
    friday_to_monday = (beijing(4, 9), beijing(7, 9))

    found = limit_without(KNEW, "E36-ACCEPTANCE", LAW, (friday_to_monday,))

    assert found.last_day == day_of(beijing(8))  # the 2nd, the 3rd and the 8th: Friday and Monday are left out


def test_a_pause_after_the_limit_or_on_its_first_day_changes_nothing() -> None:
    same = limit(KNEW, "E36", LAW)

    assert limit_without(KNEW, "E36", LAW, ((beijing(12), beijing(20)),)) == same
    assert limit_without(KNEW, "E36", LAW, ((beijing(1), beijing(1, 23)),)) == same


instants = st.integers(0, 60 * 24 * 60).map(lambda minutes: KNEW + timedelta(minutes=minutes))
pauses = st.lists(st.tuples(instants, instants).map(lambda pair: (min(pair), max(pair))), max_size=5)


@given(pauses)
def test_exactly_the_clause_s_days_lie_outside_the_pauses(given_pauses: list[tuple[datetime, datetime]]) -> None:
    found = limit_without(KNEW, "E36", LAW, given_pauses)

    days = [found.start + DAY * n for n in range(1, (found.counted_to - found.start).days + 1)]
    counted = [day for day in days if not any(day_of(a) <= day <= day_of(b) for a, b in given_pauses)]
    assert len(counted) == 10


@given(pauses, pauses)
def test_more_pauses_never_make_a_limit_shorter(
    some: list[tuple[datetime, datetime]], more: list[tuple[datetime, datetime]]
) -> None:
    assert limit_without(KNEW, "E36", LAW, some).ends_at <= limit_without(KNEW, "E36", LAW, some + more).ends_at


def test_an_open_objection_takes_time_until_now_and_an_answered_one_until_its_answer() -> None:
    waiting = Objection(1, "result", "a", KNEW, beijing(5))
    answered = Objection(1, "result", "a", KNEW, beijing(5), answered_at=beijing(3))

    assert (waiting.open, answered.open) == (True, False)
    assert waiting.not_counted(beijing(9)) == (KNEW, beijing(9))
    assert answered.not_counted(beijing(9)) == (KNEW, beijing(3))


def test_a_pause_that_lasts_counts_until_now_and_is_kept_when_it_ends() -> None:
    paused = Complaint(1, "conduct", "a", KNEW, beijing(5), accepted_at=KNEW, paused_since=beijing(2))

    gone_on = paused.gone_on(beijing(4))

    assert paused.not_counted(beijing(3)) == ((beijing(2), beijing(3)),)
    assert gone_on.not_counted(beijing(9)) == ((beijing(2), beijing(4)),)
