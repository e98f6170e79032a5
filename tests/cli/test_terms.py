"""Terms as a clerk gives them: times, amounts, defaults, and the legal periods that they keep or fall short of."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.law import line, rulebook_on
from cli.moments import moment
from cli.output import Misused
from cli.terms import compose, fen, readable, shortfalls
from cli.times import local
from shared.kernel.canonical import instant
from shared.law.findings import BEIJING
from tests.seal.world import tender

DOCUMENT = {"name": "招标文件.pdf", "size": 10, "sha256": "a" * 64}
KEYS = tender().announced.authorities.model_dump(mode="json")
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
RULEBOOK, CALENDAR = rulebook_on("bidding", date(2026, 12, 1))


def terms(**changes: Any) -> dict[str, Any]:
    """Return terms that keep every period by a day's breadth."""
    given = {
        "sale_starts": "2026-12-01 10:00",
        "sale_ends": "2026-12-07",
        "bids_due": "2026-12-22 00:00",
        "authorities": KEYS,
    }
    return compose({**given, **changes}, [DOCUMENT])


def short_of(**changes: Any) -> dict[str, Any]:
    found = shortfalls(terms(**changes), NOW, RULEBOOK, CALENDAR)
    return {shortfall.field: shortfall for shortfall in found}


def test_terms_that_keep_every_period_fall_short_of_none() -> None:
    assert short_of() == {}


def test_a_deadline_one_day_early_is_one_day_short_of_twenty() -> None:
    short = short_of(bids_due="2026-12-21 23:59")["bids_due"]

    assert short.article == "招标投标法 第二十四条"
    assert "尚缺1日" in short.zh
    assert "1 calendar day short" in short.en
    assert short.earliest == date(2026, 12, 22)


def test_a_sale_of_four_days_is_one_day_short_of_five() -> None:
    short = short_of(sale_ends="2026-12-06 23:59")["sale_ends"]

    assert short.article == "招标投标法实施条例 第十六条"
    assert short.earliest == date(2026, 12, 7)


def test_a_sale_may_not_begin_before_the_announcement() -> None:
    assert short_of(sale_starts="2026-11-30 23:59")["sale_starts"].earliest == date(2026, 12, 1)


def test_publicity_of_two_days_is_one_day_short_of_three() -> None:
    assert "尚缺 1 日" in short_of(publicity_days=2)["publicity_days"].zh


def test_every_shortfall_is_listed_at_once() -> None:
    assert set(short_of(sale_ends="2026-12-02", bids_due="2026-12-03", publicity_days=1)) == {
        "sale_ends",
        "bids_due",
        "publicity_days",
    }


APPLYING = {"method": {"kind": "qualification", "criteria": [{"criterion": "grade", "title": "资质"}]}}


def test_a_prequalification_is_due_five_days_after_the_sale_and_not_twenty_after_its_start() -> None:
    short = short_of(**APPLYING, bids_due="2026-12-12 23:59")["bids_due"]

    assert (short.rule, short.article) == ("E4", "招标投标法实施条例 第十七条")
    assert short.earliest == date(2026, 12, 13)
    assert short_of(**APPLYING, bids_due="2026-12-13") == {}


def test_the_documents_of_a_prequalification_are_on_sale_for_five_days_too() -> None:
    assert short_of(**APPLYING, sale_ends="2026-12-06 23:59")["sale_ends"].rule == "E3"


@given(st.integers(0, 40))
def test_the_earliest_day_named_is_lawful_and_the_day_before_is_not(days: int) -> None:
    due = datetime(2026, 12, 1, tzinfo=BEIJING) + timedelta(days=days)
    short = short_of(bids_due=due.isoformat()).get("bids_due")

    if short is None:
        assert days >= 21
        return
    assert short.earliest is not None
    assert "bids_due" not in short_of(bids_due=short.earliest.isoformat())
    assert "bids_due" in short_of(bids_due=(short.earliest - timedelta(days=1)).isoformat())


def test_what_is_lawful_here_is_what_the_line_reads() -> None:
    assert readable(line("bidding"), terms())["bids_due"] == "2026-12-21T16:00:00.000000Z"


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-12-23 09:00", "2026-12-23T01:00:00.000000Z"),
        ("2026-12-23", "2026-12-22T16:00:00.000000Z"),
        ("2026-12-23T09:00:00+08:00", "2026-12-23T01:00:00.000000Z"),
        ("2026-12-23T01:00:00Z", "2026-12-23T01:00:00.000000Z"),
        (" 2026-12-23 09:00:30 ", "2026-12-23T01:00:30.000000Z"),
    ],
)
def test_a_time_without_a_zone_is_beijing_time(text: str, utc: str) -> None:
    assert moment(text) == utc


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "0001-01-01", "2026-12-23 25:00", "十二月"])
def test_what_is_no_time_is_told_how_to_write_one(text: str) -> None:
    with pytest.raises(Misused, match="2026-12-23 09:00"):
        moment(text)


@given(st.datetimes(datetime(1970, 1, 2), datetime(9990, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
def test_a_canonical_time_stays_as_it_is(at: datetime) -> None:
    assert moment(instant(at)) == instant(at)


def test_a_time_is_shown_with_its_zone() -> None:
    assert local(NOW) == "2026-12-01 09:00:00（北京时间 UTC+8）"


@pytest.mark.parametrize("yuan", ["1,000", "1e3", "-1", "0.001", "一百元", ""])
def test_an_amount_that_could_be_misread_is_refused(yuan: str) -> None:
    with pytest.raises(Misused, match="unreadable amount"):
        fen(yuan)


def test_two_documents_of_one_name_are_refused() -> None:
    with pytest.raises(Misused, match="the same name"):
        compose({"documents": [DOCUMENT]}, [DOCUMENT])


@pytest.mark.parametrize("changes", [{"opening_minutes": 0}, {"method": {"kind": "lottery"}}, {"authorities": {}}])
def test_terms_that_the_line_cannot_read_name_the_field(changes: dict[str, Any]) -> None:
    with pytest.raises(Misused, match=next(iter(changes))):
        readable(line("bidding"), terms(**changes))
