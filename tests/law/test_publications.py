"""Publications, any number of them in any arrangement: no time limit that was told is ever shortened."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.kernel import canonical
from shared.law.calendar import CalendarYear, load_calendar, packaged, parse_year
from shared.law.clause import Unit
from shared.law.counting import Reading, Rollover
from shared.law.findings import Period, day_of
from shared.law.periods import not_before, period, recounted

CALENDAR = load_calendar()
BODY = canonical.decode(next(body for body in packaged() if parse_year(body).year == 2027))
NAMED = {row["date"] for row in BODY["holidays"]}
DAYS = [date(2027, 1, 1) + timedelta(n) for n in range(365)]
WEEKDAYS = [day for day in DAYS if day.weekday() < 5 and day.isoformat() not in NAMED]
WEEKENDS = [day for day in DAYS if day.weekday() > 4 and day.isoformat() not in NAMED]


def notice(days: tuple[set[date], set[date]]) -> CalendarYear:
    """Return 2027 with more days off, and weekend days worked."""
    off, worked = days
    more = [{"date": day.isoformat(), "name": "元旦", "statutory": False} for day in off]
    rows = [{"date": day.isoformat(), "name": "元旦"} for day in worked]
    body = {**BODY, "provisional": False, "holidays": BODY["holidays"] + more, "workdays": rows}
    return parse_year(canonical.encode(body))


notices = st.tuples(
    st.sets(st.sampled_from(WEEKDAYS), max_size=40), st.sets(st.sampled_from(WEEKENDS), max_size=40)
).map(notice)
limits = st.builds(
    lambda start, n, unit, rollover: period(start, n, unit, CALENDAR, reading=Reading(rollover_on=rollover)),
    st.dates(date(2026, 12, 1), date(2027, 9, 1)),
    st.integers(1, 45),
    st.sampled_from([Unit.DAY, Unit.WORKING_DAY]),
    st.sampled_from(Rollover),
)


@given(limits, st.lists(notices, min_size=1, max_size=4))
def test_a_limit_never_ends_earlier_than_was_told_and_always_with_the_latest_count(
    told: Period, published: list[CalendarYear]
) -> None:
    limit, counts = told, [told]
    for year in published:
        calendar = CALENDAR.published(year)
        counts.append(period(told.start, told.n, told.unit, calendar, reading=told.reading))
        again = recounted(limit, calendar)
        assert again.ends_at >= limit.ends_at
        limit = again

    assert limit.ends_at == max(count.ends_at for count in counts)
    assert limit.last_day == day_of(limit.ends_at) - timedelta(days=1)
    assert limit.kept == (limit.ends_at > counts[-1].ends_at)


@given(limits, notices)
def test_one_that_was_told_as_an_instant_alone_is_kept_alike(told: Period, year: CalendarYear) -> None:
    calendar = CALENDAR.published(year)

    kept = not_before(period(told.start, told.n, told.unit, calendar, reading=told.reading), told.ends_at)

    assert kept == recounted(told, calendar)
