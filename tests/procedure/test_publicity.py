"""Publicity by the calendar: when it is late and when it ends, on working days, weekends and holidays."""

from datetime import datetime

import pytest

from shared.procedure.books import Law
from shared.procedure.publicity import limit, publicise
from tests.bidding import factories as make
from tests.bidding.factories import beijing

LAW = Law(make.rulebook(), make.CALENDAR)


@pytest.mark.parametrize(
    ("starts", "days", "ends"),
    [
        (beijing(21, 9), 3, beijing(25)),  # Monday: to Thursday
        (beijing(24, 9), 3, beijing(29)),  # Thursday: the third day is a Sunday and moves to Monday
        (beijing(29, 9), 3, beijing(5, month=1, year=2027)),  # to New Year's Day, a Friday, and over the weekend
        (beijing(21, 23, 59), 3, beijing(25)),  # the day of the act is not counted, however late in it
        (beijing(22, 0), 3, beijing(26)),
        (beijing(21, 9), 10, beijing(1, month=1, year=2027)),
    ],
)
def test_publicity_ends_after_its_last_day(starts: datetime, days: int, ends: datetime) -> None:
    publicity = publicise(beijing(21, 8), starts, within="E29-START", lasts="E29", days=days, law=LAW)

    assert publicity.ends == ends


def test_beginning_in_the_last_instant_of_the_third_day_is_in_time() -> None:
    due = limit(beijing(21, 9), "E29-START", LAW).ends_at
    starts = (due - make.MICROSECOND, due)

    late = [publicise(beijing(21, 9), at, within="E29-START", lasts="E29", days=3, law=LAW).late for at in starts]

    assert due == beijing(25)
    assert late == [False, True]
