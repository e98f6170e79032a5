"""Bidding as a service while calendars change: published ones are learnt, installed ones replaced, tenders go on."""

from datetime import date

import pytest
from sqlalchemy import insert

from services.bidding import BOOKS, LINE
from services.bidding.domain.commands import CloseReception
from services.bidding.domain.money.messages import RecordRefund
from services.bidding.domain.state import Accepting, Failed
from services.bidding.pages import page
from shared.kernel.canonical import instant
from shared.kernel.request import SYSTEM
from shared.law.calendar import packaged, parse_year
from shared.store import calendars, journal
from shared.store.tables import quarantine
from tests.bidding import drafts, money
from tests.bidding import factories as make
from tests.bidding.house import House
from tests.bidding.notices import published_file
from tests.bidding.play import OPENING

NOTICE = published_file(off=[date(2027, 1, 4)])
CORRECTION = published_file(off=[date(2027, 1, 4), date(2027, 1, 5)])


def test_running_tenders_are_counted_again_once_and_ended_ones_are_not(house: House) -> None:
    for stream in ("t1", "t2", "t3"):
        house.announce(stream)
    house.hour.at = OPENING
    house.give(CloseReception(), SYSTEM, stream="t3")

    house.learn(NOTICE)
    house.learn(NOTICE)

    told = ["tender_drafted", "tender_announced", "deadlines_recounted"]
    assert [house.types(stream) for stream in ("t1", "t2")] == [told, told]
    assert house.state(Failed, "t3").published == ()
    assert house.state(Accepting).published == (parse_year(NOTICE).digest,)


def refund_due(house: House) -> str:
    """Return by when a deposit is to go back, as its tender's page says."""
    with house.tools.database.read() as connection:
        told = [(item.record, LINE.event(item.record)) for item in journal.of_stream(connection, "t1")]
        sections = page(connection, LINE.decider.replay(event for _, event in told), told)
    (refund,) = sections["refunds_due"]
    return str(refund["due"])


def test_a_tender_that_failed_is_counted_again_as_long_as_a_deposit_is_to_go_back(house: House) -> None:
    for stream in ("t1", "t2"):
        house.give(drafts.draft_tender(), stream=stream)
        house.give(drafts.publish_tender(money={"deposit": money.DEPOSIT}), stream=stream)
    house.hour.at = money.PAID
    for stream in ("t1", "t2"):
        house.give(money.record(make.CRANE), make.OPERATOR, stream=stream)
    house.hour.at = OPENING
    for stream in ("t1", "t2"):
        house.give(CloseReception(), SYSTEM, stream=stream)
    paid = RecordRefund(
        token=make.CRANE.token, number=1, paid_fen=money.AMOUNT, paid_at=OPENING, statement=money.STATEMENT
    )
    assert house.give(paid, make.OPERATOR, stream="t2").refusal is None

    before = refund_due(house)

    house.learn(published_file(2026, off=[date(2026, 12, 28), date(2026, 12, 29)]))

    assert len(house.state(Failed, "t1").published) == 1
    assert house.state(Failed, "t2").published == ()
    assert before == instant(make.beijing(29))  # the fifth day, Sunday 27 December, moves to Monday
    assert refund_due(house) == instant(make.beijing(31))


def test_what_is_announced_afterwards_is_under_the_published_calendar(house: House) -> None:
    before = house.announce("t1")
    house.learn(NOTICE)

    after = house.announce("t2")

    assert house.types("t2") == ["tender_drafted", "tender_announced"]
    assert BOOKS.law(after.tender.rulebook, after.tender.calendar).calendar.years[2027] == parse_year(NOTICE)
    assert BOOKS.law(before.tender.rulebook, before.tender.calendar).calendar.years[2027].provisional


def test_of_revisions_that_arrive_in_any_order_the_last_counts(house: House) -> None:
    house.announce()

    house.learn(CORRECTION, revision=2, position=2)
    house.learn(NOTICE, revision=1, position=1)

    assert house.state(Accepting).published == (parse_year(CORRECTION).digest,)
    with house.tools.database.read() as connection:
        assert calendars.current(connection).years[2027] == parse_year(CORRECTION)


def test_a_published_calendar_is_known_after_a_new_start(house: House) -> None:
    house.announce()
    house.learn(NOTICE)

    house.start()
    house.hour.at = OPENING
    house.give(CloseReception(), SYSTEM)

    assert house.types()[-2:] == ["reception_closed", "tender_failed"]
    assert house.state(Failed).published == (parse_year(NOTICE).digest,)


def test_an_upgrade_of_the_installed_files_breaks_no_running_tender(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = house.announce()
    files = tuple(NOTICE if parse_year(body).year == 2027 else body for body in packaged())

    monkeypatch.setattr(calendars, "packaged", lambda: files)
    house.start()
    after = house.announce("t2")
    house.hour.at = OPENING
    house.give(CloseReception(), SYSTEM)

    assert house.types()[-2:] == ["reception_closed", "tender_failed"]
    assert before.tender.calendar != after.tender.calendar
    assert BOOKS.law(before.tender.rulebook, before.tender.calendar).calendar.years[2027].provisional
    assert not BOOKS.law(after.tender.rulebook, after.tender.calendar).calendar.years[2027].provisional


def test_one_broken_tender_holds_up_no_other(house: House) -> None:
    house.announce("t1")
    house.announce("t2")
    with house.tools.database.write() as connection:
        connection.execute(insert(quarantine).values(stream="t1", reason="test"))

    house.learn(NOTICE)

    assert house.types("t1")[-1] == "tender_announced"
    assert house.types("t2")[-1] == "deadlines_recounted"
