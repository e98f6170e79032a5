"""The tabled lunar days, found again from the moon and the sun.

Formulas: J. Meeus, Astronomical Algorithms, 2nd ed.: chapter 49 (new moons, largest periodic terms) and chapter 25
(sun, low accuracy). Together they are good to some minutes, which settles the day in Beijing for these years.
Rules: GB/T 33661-2017: a month begins on the day of its new moon; the months that hold 雨水 (330°), 夏至 (90°) and
秋分 (180°) are the first, the fifth and the eighth; 清明 is the day on which the sun reaches 15°.
"""

from datetime import UTC, date, datetime, timedelta
from math import floor, radians, sin

import pytest

from shared.law.calendars.make import LUNAR
from shared.law.findings import day_of

J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
TERRESTRIAL = timedelta(seconds=70)  # TT - UTC in the 2020s, to a second or two


def moment(julian_ephemeris_day: float) -> datetime:
    return J2000 + timedelta(days=julian_ephemeris_day - 2451545.0) - TERRESTRIAL


def new_moon(k: int) -> datetime:
    t = k / 1236.85
    e = 1 - 0.002516 * t
    sun = radians(2.5534 + 29.10535670 * k)
    moon = radians(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    latitude = radians(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    node = radians(124.7746 - 1.56375588 * k)
    correction = (
        -0.40720 * sin(moon)
        + 0.17241 * e * sin(sun)
        + 0.01608 * sin(2 * moon)
        + 0.01039 * sin(2 * latitude)
        + 0.00739 * e * sin(moon - sun)
        - 0.00514 * e * sin(moon + sun)
        + 0.00208 * e * e * sin(2 * sun)
        - 0.00111 * sin(moon - 2 * latitude)
        - 0.00057 * sin(moon + 2 * latitude)
        + 0.00056 * e * sin(2 * moon + sun)
        - 0.00042 * sin(3 * moon)
        + 0.00042 * e * sin(sun + 2 * latitude)
        + 0.00038 * e * sin(sun - 2 * latitude)
        - 0.00024 * e * sin(2 * moon - sun)
        - 0.00017 * sin(node)
    )
    return moment(2451550.09766 + 29.530588861 * k + 0.00015437 * t * t + correction)


def sun_longitude(at: datetime) -> float:
    t = (at + TERRESTRIAL - J2000) / timedelta(days=36525)
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t * t
    anomaly = radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    center = (
        (1.914602 - 0.004817 * t) * sin(anomaly)
        + (0.019993 - 0.000101 * t) * sin(2 * anomaly)
        + 0.000289 * sin(3 * anomaly)
    )
    return (mean + center - 0.00569 - 0.00478 * sin(radians(125.04 - 1934.136 * t))) % 360


def term(year: int, longitude: int) -> datetime:
    """Return the instant at which the sun reaches `longitude` in a year, by bisection."""
    guess = datetime(year, 3, 20, 12, tzinfo=UTC) + timedelta(days=((longitude + 60) % 360 - 60) * 365.2422 / 360)
    low, high = guess - timedelta(days=6), guess + timedelta(days=6)
    for _ in range(40):
        middle = low + (high - low) / 2
        reached = (sun_longitude(middle) - longitude + 180) % 360 - 180 >= 0
        low, high = (low, middle) if reached else (middle, high)
    return high


def month_holding(day: date) -> date:
    """Return the first day of the lunar month that `day` lies in."""
    k = floor((day.year + day.timetuple().tm_yday / 365.25 - 2000) * 12.3685) + 2
    while day_of(new_moon(k)) > day:
        k -= 1
    return day_of(new_moon(k))


@pytest.mark.parametrize("year", LUNAR)
def test_the_tabled_days_are_those_of_the_moon_and_the_sun(year: int) -> None:
    rain_water, summer, autumn = (month_holding(day_of(term(year, degrees))) for degrees in (330, 90, 180))

    computed = (rain_water, day_of(term(year, 15)), summer + timedelta(4), autumn + timedelta(14))

    assert tuple((day.month, day.day) for day in computed) == LUNAR[year]


@pytest.mark.parametrize(
    ("computed", "known"),
    [
        # Meeus, examples 49.a and 27.b: a new moon and a solstice to the minute.
        (new_moon(-283), datetime(1977, 2, 18, 3, 37, tzinfo=UTC)),
        (term(1962, 90), datetime(1962, 6, 21, 21, 24, tzinfo=UTC)),
    ],
)
def test_the_formulas_reproduce_the_worked_examples(computed: datetime, known: datetime) -> None:
    assert abs(computed - known) < timedelta(minutes=20)
