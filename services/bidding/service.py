"""Bidding as nameko services: commands, what it learns from others, timers and unsealing; and its queries."""

from typing import Any

from services.bidding import LINE, sanctioned, seating
from services.bidding.handlers import BiddingPort
from services.bidding.unsealing import work_on
from services.bidding.views import QUERIES, entitled
from shared.runtime.calls import Asked, Told
from shared.runtime.entrypoints import command, due, events, query
from shared.runtime.handling import Handling
from shared.runtime.views import Views


class Bidding:
    """Decides on construction tenders."""

    name = "bidding"
    handling = Handling(LINE, BiddingPort)

    @command
    def command(self, batch: list[Asked]) -> Any:
        """Decide a batch of signed commands."""
        return self.handling.answer(batch)

    @events(
        "registry.credentials_disclosed.v1",
        "registry.calendar_published.v1",
        "audit.checkpoint_witnessed",
        "bidding.outage_declared.v1",
        *seating.HEARD,
        *sanctioned.HEARD,
    )
    def learn(self, batch: list[Told]) -> None:
        """Take in what the registry tells, what the witnesses saw, and which outage was declared."""
        self.handling.learn(batch)

    @due
    def keep_time(self) -> None:
        """Give the commands of the timers that are due."""
        self.handling.due()

    @due
    def unseal(self) -> None:
        """Check the bodies of closed tenders, and open those whose keys are collected."""
        work_on(self.handling.tools, self.handling)


class BiddingViews:
    """Answers queries about construction tenders."""

    name = "bidding_views"
    views = Views(LINE, QUERIES, entitled)

    @query
    def query(self, asked: Any) -> Any:
        """Answer one signed query."""
        return self.views.answer(asked)


SERVICES = [Bidding, BiddingViews]
