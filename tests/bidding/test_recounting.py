"""A working calendar that is published later: open deadlines are counted again, none is shortened, none reopened."""

from datetime import date, timedelta

import pytest

from services.bidding import BOOKS
from services.bidding.domain.events import CandidatesPublicised, ContractSigned, DeadlinesRecounted, TenderAwarded
from services.bidding.domain.recounting import as_counted
from services.bidding.domain.result.messages import CountersignContract, ReportToSupervisor, SupervisorReported
from services.bidding.domain.rows import Recount
from services.bidding.domain.state import Accepting, Awarded, Contracted, Publicised
from shared.kernel.canonical import instant
from shared.kernel.errors import OutOfPhase
from shared.law.calendar import CalendarYear
from tests.bidding import factories as make
from tests.bidding.notices import published_year
from tests.bidding.phases import PRICES, accepting, awarded, evaluated, publicised
from tests.bidding.play import Play

NEW_YEAR = published_year(off=[date(2027, 1, 4), date(2027, 1, 5)])
"""元旦 goes on to Tuesday 5 January."""

WORKED = published_year(worked=[date(2027, 1, 9)])
"""A Saturday is worked."""

YEAR_END = published_year(2026, off=[date(2026, 12, 28), date(2026, 12, 29)])
"""A correction of 2026: Monday and Tuesday are off, as the last days of a December may be by the next year's notice."""


def recounted(play: Play, year: CalendarYear) -> DeadlinesRecounted:
    (event,) = play.recount(year)
    assert isinstance(event, DeadlinesRecounted)
    return event


def publicised_over_new_year() -> Play:
    """Return a publicity from Thursday 31 December: its third day, Sunday 3 January, moves to Monday 4."""
    play = evaluated()
    play.publicise(at=make.beijing(31, 9))
    return play


def test_an_open_publicity_is_counted_again_and_lasts_longer() -> None:
    play = publicised_over_new_year()
    was = play.at(Publicised).publicity.ends

    event = recounted(play, NEW_YEAR)

    ends = make.beijing(7, month=1, year=2027)
    assert was == make.beijing(5, month=1, year=2027)
    assert event.deadline == Recount(which="publicity", was=was, ends=ends, provisional=())
    assert event.article == "民法典 第二百零三条"
    with pytest.raises(OutOfPhase):
        play.award("bid-of-crane", at=ends - make.MICROSECOND)
    play.award("bid-of-crane", at=ends)
    assert play.at(Awarded)


def test_no_publicity_is_shortened() -> None:
    play = evaluated()
    play.publicise(at=make.beijing(6, 9, month=1, year=2027))  # the third day, Saturday 9 January, moves to Monday 11
    was = play.at(Publicised).publicity.ends

    event = recounted(play, WORKED)

    assert was == make.beijing(12, month=1, year=2027)
    assert event.deadline == Recount(which="publicity", was=was, ends=was, provisional=())


def test_what_was_lengthened_once_is_not_shortened_by_a_correction() -> None:
    play = publicised_over_new_year()
    recounted(play, NEW_YEAR)
    longer = play.at(Publicised).publicity.ends

    event = recounted(play, published_year())

    assert event.deadline is not None
    assert (event.deadline.was, event.deadline.ends) == (longer, longer)
    assert play.audit() == play.state


@pytest.mark.parametrize(("early", "open_"), [(make.MICROSECOND, True), (make.MICROSECOND * 0, False)])
def test_a_publicity_that_has_ended_is_not_begun_again(early: timedelta, open_: bool) -> None:
    play = publicised_over_new_year()
    ends = play.at(Publicised).publicity.ends

    (event,) = play.recount(NEW_YEAR, at=ends - early)

    assert isinstance(event, DeadlinesRecounted)
    assert (event.deadline is not None) == open_


def test_the_day_for_the_contract_is_counted_again() -> None:
    play = publicised()
    play.award("bid-of-crane", at=make.beijing(4, 9, month=1, year=2027))
    late = play.copy()
    off = published_year(off=[date(2027, 2, 3), date(2027, 2, 4)])  # with 春节 after it, off until Monday 8 February

    event = recounted(play, off)

    due = make.beijing(10, month=2, year=2027)
    assert event.deadline == Recount(
        which="contract", was=late.at(Awarded).award.contract_due, ends=due, provisional=()
    )
    (good,) = play.copy().sign(PRICES[0], at=due - make.MICROSECOND)
    (bad,) = play.sign(PRICES[0], at=due)
    assert isinstance(good, ContractSigned)
    assert isinstance(bad, ContractSigned)
    assert (good.late, bad.late) == (False, True)


def test_a_tender_without_an_open_deadline_counts_its_later_ones_by_the_new_calendar() -> None:
    play = evaluated()

    event = recounted(play, NEW_YEAR)
    (publicity,) = play.publicise(at=make.beijing(31, 9))

    assert event.deadline is None
    assert isinstance(publicity, CandidatesPublicised)
    assert publicity.ends == make.beijing(7, month=1, year=2027)


def test_another_year_that_is_still_provisional_is_named() -> None:
    play = awarded()  # the contract is due in January 2027

    event = recounted(play, YEAR_END)

    assert event.deadline is not None
    assert event.deadline.provisional == (2027,)


def test_the_deadline_for_bids_is_never_moved() -> None:
    play = accepting()

    event = recounted(play, published_year(2026, off=[make.DUE.date()]))

    assert event.deadline is None
    assert play.at(Accepting).tender.terms.bids_due == make.DUE
    play.close(at=make.DUE + make.MICROSECOND)


def test_the_same_calendar_again_has_no_effect() -> None:
    play = awarded()
    recounted(play, NEW_YEAR)

    assert play.recount(NEW_YEAR) == ()


def test_a_tender_of_which_nothing_is_left_is_left_alone() -> None:
    play = awarded()
    play.sign(PRICES[0])
    unsigned = play.copy()
    play.ask(CountersignContract(contract_sha256="c" * 64), make.CRANE.actor)
    play.ask(ReportToSupervisor(report_sha256="d" * 64))

    assert play.recount(NEW_YEAR) == ()
    assert recounted(unsigned, NEW_YEAR).deadline is None


def test_the_report_is_due_no_earlier_than_was_told_at_the_award_and_later_where_days_are_off() -> None:
    play = awarded()
    play.sign(PRICES[0])
    was = play.at(Contracted).award.report_due
    assert was == make.beijing(14, month=1, year=2027)  # the fifteenth day is Wednesday 13 January
    off, worked = play.copy(), play.copy()

    off.recount(published_year(off=[date(2027, 1, 13)]))
    worked.recount(published_year(worked=[date(2027, 1, 9)]))
    (later,) = off.ask(ReportToSupervisor(report_sha256="d" * 64), at=was)
    (as_told,) = worked.ask(ReportToSupervisor(report_sha256="d" * 64), at=was)

    assert isinstance(later, SupervisorReported)
    assert isinstance(as_told, SupervisorReported)
    assert (later.due, later.late) == (was + make.DAY, False)
    assert (as_told.due, as_told.late) == (was, True)


def test_the_rulebook_and_the_announcement_stay_what_they_were() -> None:
    play = awarded()
    before = play.at(Awarded).tender

    recounted(play, NEW_YEAR)
    play.sign(PRICES[0])

    assert play.at(Contracted).tender == before
    assert play.audit() == play.state


def test_an_award_after_the_publication_is_due_by_the_new_calendar() -> None:
    play = publicised()  # until Monday 28 December
    recounted(play, published_year(off=[date(2027, 1, 28), date(2027, 1, 29)]))

    (event,) = play.award("bid-of-crane", at=make.beijing(29, 9))

    assert isinstance(event, TenderAwarded)
    assert event.contract_due == make.beijing(2, month=2, year=2027)  # Thursday 28 and Friday 29 January are off


def shown(play: Play) -> dict[str, dict[str, object]]:
    """Return what the tender's page adds to its candidates and its award."""
    tender = play.at(Awarded).tender
    return as_counted(play.events, lambda published: BOOKS.law(tender.rulebook, tender.calendar, published))


def test_a_deadline_is_shown_with_the_years_that_were_provisional_when_it_was_counted() -> None:
    play = awarded()

    before = shown(play)
    recounted(play, NEW_YEAR)
    after = shown(play)

    due = play.at(Awarded).award.contract_due
    assert before == {"candidates": {"provisional": []}, "award": {"provisional": [2027]}}
    assert after == {"candidates": {"provisional": []}, "award": {"provisional": [], "contract_due": instant(due)}}


def test_a_publicity_over_new_year_is_shown_as_it_ends_now() -> None:
    play = publicised_over_new_year()
    recounted(play, NEW_YEAR)
    ends = play.at(Publicised).publicity.ends
    play.award("bid-of-crane", at=ends)

    assert shown(play)["candidates"] == {"provisional": [], "ends": instant(ends)}
