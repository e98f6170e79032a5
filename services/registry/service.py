"""The registry as nameko runs it: one line a method."""

from typing import Any

from services.registry import LINE
from services.registry.handlers import (
    IDENTITIES_DUE,
    KEYS_COLLECTED,
    RECEPTION_CLOSED,
    TENDER_AWARDED,
    WITNESSED,
    RegistryPort,
)
from services.registry.views import QUERIES, entitled
from shared.runtime.entrypoints import command, due, events, query
from shared.runtime.handling import Handling
from shared.runtime.views import Views


class Registry:
    """Takes commands, keeps the time of draws, and learns when tokens and names are to be disclosed."""

    name = "registry"
    handling = Handling(LINE, RegistryPort)

    @command
    def command(self, batch: Any) -> Any:
        return self.handling.answer(batch)

    @events(RECEPTION_CLOSED, KEYS_COLLECTED, TENDER_AWARDED, WITNESSED, f"*{IDENTITIES_DUE}")
    def learn(self, batch: Any) -> None:
        self.handling.learn(batch)

    @due
    def keep_time(self) -> None:
        self.handling.due()


class RegistryViews:
    """Answers queries and issues credentials; writes nothing."""

    name = "registry_views"
    views = Views(LINE, QUERIES, entitled)

    @query
    def query(self, said: Any) -> Any:
        return self.views.answer(said)


SERVICES = [Registry, RegistryViews]
