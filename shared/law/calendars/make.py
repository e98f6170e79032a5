"""Makes the calendar files from chinesecalendar's figures: `python -m shared.law.calendars.make`.

Days that 全国年节及纪念日放假办法 names are marked statutory. A year that the package does not have gets these
days alone and is provisional: the notice's arranged days (调休, 补假) are not guessed.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from chinese_calendar import constants

from shared.kernel import canonical

YEARS = range(2020, 2028)
FIGURES = "chinesecalendar 1.11.0 (MIT, Copyright (c) 2017 Lirian Su)"
MEASURE = "全国年节及纪念日放假办法"

# 春节 (正月初一), 清明, 端午, 中秋, tabled by the rules of GB/T 33661-2017 农历的编算和颁行;
# tests/law/test_lunar_days.py computes new moons and solar terms and finds the same days.
LUNAR = {
    2020: ((1, 25), (4, 4), (6, 25), (10, 1)),
    2021: ((2, 12), (4, 4), (6, 14), (9, 21)),
    2022: ((2, 1), (4, 5), (6, 3), (9, 10)),
    2023: ((1, 22), (4, 5), (6, 22), (9, 29)),
    2024: ((2, 10), (4, 4), (6, 10), (9, 17)),
    2025: ((1, 29), (4, 4), (5, 31), (10, 6)),
    2026: ((2, 17), (4, 5), (6, 19), (9, 25)),
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
}

# 国务院办公厅关于…年部分节假日安排的通知. A number that two sources give differently is null.
NUMBERS = {
    2020: "国办发明电〔2019〕16号",
    2021: "国办发明电〔2020〕27号",
    2022: "国办发明电〔2021〕11号",
    2023: "国办发明电〔2022〕16号",
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
AMENDMENTS = {2020: [{"name": "国务院办公厅关于延长2020年春节假期的通知", "number": None}]}
NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


def statutory_days(year: int) -> dict[date, str]:
    """Return the days off that the measure itself names: 11 a year, 13 from 2025 (fourth revision, 国务院令第795号)."""
    spring, tomb, boat, moon = (date(year, *day) for day in LUNAR[year])
    revised = year >= 2025  # noqa: PLR2004 - in force from 2025-01-01: adds 除夕 and 5月2日
    days = {date(year, 1, 1): "元旦", tomb: "清明节", boat: "端午节"}
    days |= {spring + timedelta(n): "春节" for n in range(-1 if revised else 0, 3)}
    days |= {date(year, 5, 1 + n): "劳动节" for n in range(2 if revised else 1)}
    return days | {moon: "中秋节"} | {date(year, 10, 1 + n): "国庆节" for n in range(3)}


def build(year: int) -> bytes:
    """Return the canonical bytes of a year's file."""
    statutory = statutory_days(year)
    arranged = {day: _name(holiday) for day, holiday in constants.holidays.items() if day.year == year}
    worked = {day: _name(holiday) for day, holiday in constants.workdays.items() if day.year == year}
    provisional = year not in NUMBERS
    holidays = statutory if provisional else arranged
    if missing := statutory.keys() - holidays.keys():
        raise ValueError(f"{year}: the package does not have {sorted(missing)} off")
    return canonical.encode(
        {
            "year": year,
            "provisional": provisional,
            "origin": _origin(year, provisional=provisional),
            "holidays": [
                {"date": day.isoformat(), "name": name, "statutory": day in statutory}
                for day, name in sorted(holidays.items())
            ],
            "workdays": [{"date": day.isoformat(), "name": name} for day, name in sorted(worked.items())],
        }
    )


def _origin(year: int, *, provisional: bool) -> dict[str, Any]:
    if provisional:
        measure = {"name": MEASURE, "number": "国务院令第795号"}
        return {"notices": [measure], "figures": "周末与办法所定节日; 农历日期按 GB/T 33661-2017; 未含调休与补假"}
    notices = [_notice(year), *AMENDMENTS.get(year, [])]
    # The last days of December are arranged by the notice of the year after.
    if any(day.year == year and day.month == 12 for day in (*constants.holidays, *constants.workdays)):  # noqa: PLR2004 - December
        notices.append(_notice(year + 1))
    return {"notices": notices, "figures": FIGURES}


def _notice(year: int) -> dict[str, str]:
    return {"name": f"国务院办公厅关于{year}年部分节假日安排的通知", "number": NUMBERS[year]}


def _name(holiday: str) -> str:
    chinese: str = constants.Holiday(holiday).chinese
    return NAMES.get(chinese, chinese)


def main() -> None:
    """Write every year's file beside this script."""
    for year in YEARS:
        (Path(__file__).parent / f"{year}.json").write_bytes(build(year))


if __name__ == "__main__":
    main()
