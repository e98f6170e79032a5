"""The nameko classes of a line of lots: it decides, learns from others and keeps time; and it answers queries."""

from collections.abc import Callable, Mapping
from typing import Any

from shared.kernel.line import Line
from shared.runtime.calls import Asked, Told
from shared.runtime.entrypoints import command, due, events, query
from shared.runtime.handling import Handling
from shared.runtime.lots.hearing import HEARD
from shared.runtime.lots.port import LotPort
from shared.runtime.queries import Answering, Entitled
from shared.runtime.tools import Tools
from shared.runtime.views import Views


def services_of(
    line: Line, port: Callable[[Tools], LotPort], queries: Mapping[str, Answering], entitled: Entitled
) -> list[type]:
    """Return the two services of a line: `<line>`, which decides, and `<line>_views`, which answers."""

    class Deciding:
        """Decides on lots."""

        name = line.name
        handling = Handling(line, port)

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

    class Viewing:
        """Answers queries about lots."""

        name = f"{line.name}_views"
        views = Views(line, queries, entitled)

        @query
        def query(self, asked: Any) -> Any:
            """Answer one signed query."""
            return self.views.answer(asked)

    return [Deciding, Viewing]
