"""How calendars and provisional deadlines are shown to people."""

from cli.calendar import origin, provisional, standing


def test_a_deadline_counted_with_a_provisional_year_says_so_and_another_says_nothing() -> None:
    assert provisional([2027]) == "（2027年日历为暂定 / provisional）"
    assert provisional([]) == ""


def test_a_year_says_whether_it_is_published_and_on_which_notices() -> None:
    year = {"provisional": False, "origin": {"notices": [{"name": "通知", "number": "国办发明电〔2025〕7号"}]}}
    without = {"provisional": True, "origin": {"notices": [{"name": "办法", "number": None}]}}

    assert (standing(year), origin(year)) == ("已公布 published", "通知 国办发明电〔2025〕7号")
    assert (standing(without), origin(without)) == ("暂定 provisional", "办法")
