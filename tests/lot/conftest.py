"""The lot with which most tests of bidding begin."""

import pytest

from services.land import LINE
from tests.lot.play import Play, play


@pytest.fixture
def lot() -> Play:
    """Return a listing in which bidders 1 and 2 have bid, so that timed bidding follows."""
    lot = play(LINE).started()
    lot.bid(1, 100_000)
    lot.bid(2, 101_000)
    return lot
