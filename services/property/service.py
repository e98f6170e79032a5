"""Property as nameko services: commands, what it learns from others, and the time that lots keep; and its queries."""

from typing import Any

from services.property import LINE
from services.property.handlers import property_port
from services.property.views import QUERIES, entitled
from shared.runtime.calls import Asked, Told
from shared.runtime.entrypoints import command, due, events, query
from shared.runtime.handling import Handling
from shared.runtime.lots.hearing import HEARD
from shared.runtime.views import Views


class Property:
    """Decides on state-owned property."""

    name = "property"
    handling = Handling(LINE, property_port)

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


class PropertyViews:
    """Answers queries about state-owned property."""

    name = "property_views"
    views = Views(LINE, QUERIES, entitled)

    @query
    def query(self, asked: Any) -> Any:
        """Answer one signed query."""
        return self.views.answer(asked)


SERVICES = [Property, PropertyViews]
