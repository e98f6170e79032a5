"""Tenders for bidders to bid in: announced as in the demonstration, from one real notice under many names."""

from dataclasses import replace
from itertools import count

from cli.demo.cast import Cast
from cli.demo.play import Play
from cli.demo.telling import Progress
from cli.ocds import Tender
from tests.crash.house import House

_NUMBERS = count(1)


class Tenders:
    """Makes tenders of an installation."""

    def __init__(self, house: House, cast: Cast, notice: Tender) -> None:
        self._house, self._cast, self._notice = house, cast, notice

    def announced(self) -> Play:
        """Return a tender that takes bids from now on."""
        tender = replace(self._notice, procedure=f"crash-{next(_NUMBERS)}")
        play = Play(self._house, self._cast, tender, Progress(quiet=True))
        play._announce()
        return play
