"""Where a tender is played: in pure memory, or through the service's own handling on a real database."""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import MetaData

from services.bidding import LINE
from services.bidding.domain.asking import TenderRequest
from services.bidding.domain.events import TenderEvent
from services.bidding.domain.state import TenderState
from shared.kernel import errors
from shared.kernel.errors import Refusal
from shared.kernel.message import Command, Event, Message
from shared.kernel.outcome import Outcome
from shared.kernel.record import Record
from shared.kernel.request import Arrival
from shared.procedure.asking import FactMissing
from shared.store import journal
from shared.store.database import Connection, Database
from shared.store.handle import Failed, Handler
from shared.store.migrate import migrate

_BY_CODE = {kind.code: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Refusal)}


class Stage(Protocol):
    """Decides requests, and keeps nothing of what it refuses to decide."""

    def decide(self, request: TenderRequest, state: TenderState) -> Sequence[TenderEvent]:
        """Return the events of a request. Raise the Refusal that its asker is told."""
        ...

    def apart(self, requests: Sequence[TenderRequest]) -> "Stage":
        """Return a stage on which the same was asked before, to be played on apart."""
        ...


class Pure:
    """The decider alone."""

    def decide(self, request: TenderRequest, state: TenderState) -> Sequence[TenderEvent]:
        """Decide in memory."""
        events: Any = LINE.decide(request, state)
        return tuple(events)

    def apart(self, requests: Sequence[TenderRequest]) -> "Pure":
        """Return this: it keeps nothing."""
        del requests
        return self


class Given:
    """A port that finds the facts that a play gives it."""

    def __init__(self) -> None:
        self.facts_given: tuple[Any, Any] = (None, None)

    def facts(self, connection: Connection, arrival: Arrival, command: Command, state: Any) -> tuple[Message, Any]:
        return self.facts_given

    def project(self, connection: Connection, record: Record, event: Event, state: Any) -> None:
        """Keep no query tables."""

    def receipts(self, record: Record, event: Event) -> Sequence[dict[str, Any]]:
        return ()


class Stored:
    """The line as the service runs it: every decision is a transaction, its events are read back from the journal."""

    def __init__(self, database: Database) -> None:
        migrate(database, views=MetaData())
        self._database, self._port = database, Given()
        self._clock = _Hour()
        random_bytes: Callable[[int], bytes] = random.Random(1).randbytes
        self._handler = Handler(LINE, database, self._port, clock=self._clock, random_bytes=random_bytes)

    def decide(self, request: TenderRequest, state: TenderState) -> Sequence[TenderEvent]:
        """Handle the request as a command that arrived."""
        self._clock.at = request.received_at
        self._port.facts_given = request.facts, request.secrets
        fields = request.model_dump(mode="json", include={"id", "stream", "actor", "received_at", "command"})
        arrival = Arrival.model_validate({**fields, "actor": request.actor})
        (result,) = self._handler.handle([arrival])
        if isinstance(result, Failed):
            raise FactMissing(str(result))
        if isinstance(result, Refusal):
            raise result
        if result.refusal is not None:
            told = result.refusal
            raise _BY_CODE[told.code](told.zh, told.en, told.article)
        return self._recorded(result)

    def apart(self, requests: Sequence[TenderRequest]) -> Stage:
        """Ask the same of a database of its own; what was refused is refused again, and so on record there too."""
        stage = made()
        for request in requests:
            with suppress(Refusal):
                stage.decide(request, LINE.decider.initial)
        return stage

    def _recorded(self, outcome: Outcome) -> tuple[TenderEvent, ...]:
        positions = [event.position for event in outcome.events]
        if not positions:
            return ()
        with self._database.read() as connection:
            written = journal.positions(connection, positions[0], positions[-1])
        events: Any = tuple(LINE.event(item.record) for item in written)
        return tuple(events)


class _Hour:
    simulated = True

    def __init__(self) -> None:
        self.at: datetime

    def now(self) -> datetime:
        return self.at


MAKE: list[Callable[[], Stage]] = [Pure]
"""How the next play's stage is made; the last entry counts."""


def made() -> Stage:
    """Return the stage of a new play."""
    return MAKE[-1]()
