import pytest

from shared.law.calendar import Calendar, load_calendar


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    return load_calendar()
