"""Working calendars: one stream a year, published by the operator, corrected by a later notice, read by everyone."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.registry.domain.commands import PublishCalendar
from services.registry.domain.events import CalendarPublished
from services.registry.domain.state import Unborn
from shared.kernel.canonical import decode, digest, encode
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, OutOfPhase
from shared.kernel.request import Actor
from shared.law.calendar import load_calendar, packaged, parse_year
from shared.store import calendars
from shared.store.database import Database
from tests.registry.office import Office, OfficeCases
from tests.registry.world import SUPERVISOR, given, when

PROVISIONAL = next(body for body in packaged() if parse_year(body).year == 2027)
STREAM = "calendar-2027"


def notice(**changes: Any) -> str:
    """Return the file of 2027 as an invented notice arranges it."""
    return encode({**decode(PROVISIONAL), "provisional": False, **changes}).decode()


def day(text: str) -> dict[str, Any]:
    return {"date": text, "name": "元旦", "statutory": False}


FIRST = notice()
CORRECTED = notice(holidays=[*decode(PROVISIONAL)["holidays"], day("2027-01-04")])


def published(body: str, revision: int = 1) -> CalendarPublished:
    return CalendarPublished(year=2027, revision=revision, digest=digest(body.encode()), body=body)


def test_a_year_is_published_once_its_notice_is_out() -> None:
    (event,) = when(Unborn(), PublishCalendar(body=FIRST), stream=STREAM)

    assert event == published(FIRST)


def test_a_correction_is_the_next_revision_and_so_is_the_way_back() -> None:
    (second,) = when(given(published(FIRST)), PublishCalendar(body=CORRECTED), stream=STREAM)
    (third,) = when(given(published(FIRST), second), PublishCalendar(body=FIRST), stream=STREAM)

    assert (second, third) == (published(CORRECTED, 2), published(FIRST, 3))


def test_what_is_published_already_is_not_published_again() -> None:
    with pytest.raises(OutOfPhase) as refusal:
        when(given(published(FIRST)), PublishCalendar(body=FIRST), stream=STREAM)

    assert "已经公布" in refusal.value.zh
    assert "published already" in refusal.value.en


def test_a_provisional_year_is_not_published() -> None:
    with pytest.raises(BreaksClause) as refusal:
        when(Unborn(), PublishCalendar(body=PROVISIONAL.decode()), stream=STREAM)

    assert refusal.value.article == "全国年节及纪念日放假办法"
    assert "暂定" in refusal.value.zh
    assert "provisional" in refusal.value.en


@pytest.mark.parametrize(
    ("body", "zh", "en"),
    [
        (FIRST + "\n", "规范", "canonical"),
        ("not json", "规范", "canonical"),
        ("[]", "日历文件", "calendar file"),
        (notice(year="2027"), "日历文件", "calendar file"),
        (notice(more=1), "日历文件", "calendar file"),
        (notice(origin={"notices": []}), "自相矛盾", "names no notice"),
        (notice(holidays=[{"date": "2027-01-04", "name": "元旦"}]), "自相矛盾", "a row of holidays"),
        (notice(holidays=[day("20270104")]), "自相矛盾", "YYYY-MM-DD"),
        (notice(holidays=[day("some day")]), "自相矛盾", "not a day"),
        (notice(holidays=[day("2026-12-31")]), "自相矛盾", "not in 2027"),
        (notice(holidays=[day("2027-01-04")] * 2), "自相矛盾", "twice"),
        (notice(workdays=[{"date": "2027-01-04", "name": "元旦"}]), "自相矛盾", "weekday"),
    ],
)
def test_what_is_no_calendar_file_is_refused_with_the_reason(body: str, zh: str, en: str) -> None:
    with pytest.raises(BadInput) as refusal:
        when(Unborn(), PublishCalendar(body=body), stream=STREAM)

    assert zh in refusal.value.zh
    assert en in refusal.value.en


def test_a_year_is_published_in_its_own_stream() -> None:
    with pytest.raises(BadInput):
        when(Unborn(), PublishCalendar(body=FIRST), stream="calendar-2026")


def test_the_operator_alone_publishes() -> None:
    with pytest.raises(NotEntitled):
        when(Unborn(), PublishCalendar(body=FIRST), SUPERVISOR, stream=STREAM)


class TestOffice(OfficeCases):
    """What the registry tells of calendars."""

    @pytest.fixture
    def database(self, tmp_path: Path) -> Database:
        return Database(f"sqlite:///{tmp_path / 'registry.db'}")

    def test_everyone_sees_which_calendar_counts_and_on_what_notice(self, office: Office) -> None:
        public = Actor(account="anyone", role="public")
        before = office.ask("calendars", public)["answer"]["calendars"]
        office.give(PublishCalendar(body=FIRST), stream=STREAM)
        office.give(PublishCalendar(body=CORRECTED), stream=STREAM)

        after = office.ask("calendars", public)["answer"]["calendars"]
        whole = office.ask("calendar", public, year=2027)["answer"]

        assert [(one["year"], one["provisional"], one["revision"]) for one in before[-2:]] == [
            (2026, False, 0),
            (2027, True, 0),
        ]
        assert (after[-1]["provisional"], after[-1]["revision"]) == (False, 2)
        assert after[-1]["digest"] == digest(CORRECTED.encode())
        assert whole["origin"]["notices"][0]["name"] == "全国年节及纪念日放假办法"
        assert day("2027-01-04") in whole["holidays"]
        assert office.ask("calendar", public, year=1999)["refusal"]["code"] == "not_found"

    def test_the_calendar_that_counts_is_the_last_published(self, office: Office) -> None:
        for body in (CORRECTED, FIRST):
            office.give(PublishCalendar(body=body), stream=STREAM)

        with office.tools.database.read() as connection:
            counts = calendars.current(connection)

        assert counts.is_working_day(date(2027, 1, 4))
        assert counts == load_calendar().published(parse_year(FIRST.encode()))
