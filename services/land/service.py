"""Land as nameko services: commands, what it learns from others, and the time that lots keep; and its queries."""

from typing import Any

from services.land import LINE
from services.land.handlers import land_port
from services.land.views import QUERIES, entitled
from shared.runtime.calls import Asked, Told
from shared.runtime.entrypoints import command, due, events, query
from shared.runtime.handling import Handling
from shared.runtime.lots.hearing import HEARD
from shared.runtime.views import Views


class Land:
    """Decides on land-use and mining rights."""

    name = "land"
    handling = Handling(LINE, land_port)

    @command
    def command(self, batch: list[Asked]) -> Any:
        """Decide a batch of signed commands."""
        return self.handling.answer(batch)

    @events(*HEARD)
    def learn(self, batch: list[Told]) -> None:
        """Take in what the registry tells."""
        self.handling.learn(batch)

    @due
    def keep_time(self) -> None:
        """Give the commands of the timers that are due."""
        self.handling.due()


class LandViews:
    """Answers queries about land and mining rights."""

    name = "land_views"
    views = Views(LINE, QUERIES, entitled)

    @query
    def query(self, asked: Any) -> Any:
        """Answer one signed query."""
        return self.views.answer(asked)


SERVICES = [Land, LandViews]
