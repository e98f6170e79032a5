"""Decisions made again under later calendars: pinned files are known by digest, published ones by the ledger."""

from datetime import date

import pytest

from services.audit.calendars import shelve
from services.audit.domain.replaying import Redecided, remake
from services.bidding import BOOKS, LINE
from shared.kernel.canonical import decode, digest, encode
from shared.kernel.errors import BadInput
from shared.kernel.record import write
from shared.law.calendar import Calendar, packaged, parse_year
from shared.procedure.books import NoSuchBook
from tests.audit.house import House
from tests.audit.journal import Journal, Message
from tests.audit.test_bidding import recorded
from tests.bidding import factories as make
from tests.bidding.house import CalendarPublished
from tests.bidding.notices import published_file
from tests.bidding.play import Play
from tests.store.till import AT

EARLIER = encode({**decode(packaged()[-1]), "origin": {"notices": [{"name": "前一版暂定日历"}]}})
"""A file of 2027 as an earlier installation had it, not installed today."""

PINNED = make.CALENDAR.published(parse_year(EARLIER))
NOTICE = published_file(off=[date(2027, 1, 4)])
CORRECTION = published_file(off=[date(2027, 1, 4), date(2027, 1, 5)])


def played(calendar: Calendar = PINNED) -> Play:
    """Return a tender announced under a calendar, and counted again when the notice came out and was corrected."""
    play = Play(calendar=calendar).draft()
    play.publish()
    play.recount(parse_year(NOTICE))
    play.recount(parse_year(CORRECTION))
    play.close()
    return play


def published(body: bytes, revision: int) -> Message:
    """Return what the registry told when it published a year."""
    event = CalendarPublished(year=2027, revision=revision, digest=digest(body), body=body.decode())
    record = write(
        service="registry", position=revision, stream="calendar-2027", version=revision, id=f"e{revision}", event=event,
        at=AT, received_at=AT, actor=make.OPERATOR, command_id="c", command_digest="0" * 64, cause=None, rulebook=None,
        salt=bytes(32),
    )  # fmt: skip
    return Journal("registry").message(record)


@pytest.fixture
def play() -> Play:
    play = played()
    for shelf in (BOOKS._rulebooks, BOOKS._years, BOOKS._made):
        shelf.clear()  # the auditor has nothing of the service's
    return play


def audited(house: House, play: Play, *calendars: bytes) -> Redecided:
    """Make the decisions again with the rulebook and the files that somebody gave."""
    rulebook = make.rulebook(calendar=PINNED).canonical().decode()
    with house.database.read() as connection:
        shelve(connection, LINE, rulebook, [body.decode() for body in calendars])
    return remake(LINE, *recorded(play))


def test_every_decision_is_made_again_under_what_the_ledger_tells(house: House, play: Play) -> None:
    house.take([published(NOTICE, 1), published(CORRECTION, 2)])

    made = audited(house, play, EARLIER)

    assert (made.difference, made.decisions) == ("", len(play.record))


def test_a_pinned_file_that_is_installed_no_more_must_be_given(house: House, play: Play) -> None:
    house.take([published(NOTICE, 1), published(CORRECTION, 2)])

    with pytest.raises(NoSuchBook):
        audited(house, play)


def test_a_calendar_that_was_never_published_is_not_believed_from_who_gives_it(house: House, play: Play) -> None:
    house.take([published(NOTICE, 1)])

    with pytest.raises(NoSuchBook, match=digest(CORRECTION)):
        audited(house, play, EARLIER, CORRECTION)


def test_what_is_no_rulebook_is_told_so(house: House) -> None:
    with house.database.read() as connection, pytest.raises(BadInput):
        shelve(connection, LINE, "{}", [])
