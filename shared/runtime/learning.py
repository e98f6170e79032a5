"""Learning: what a service takes in of the events of others, each once; what keeps failing is set aside, loudly."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from time import monotonic
from typing import Any

import orjson
from sqlalchemy import insert, select, tuple_

from shared.kernel.canonical import digest
from shared.kernel.record import Record, read
from shared.messaging.lane import Hold
from shared.platform.logs import logger
from shared.runtime.calls import Told
from shared.runtime.tools import ServicePort, Tools
from shared.store import aside
from shared.store.database import is_fault
from shared.store.tables import inbox

ATTEMPTS = 5
"""How often an event is tried, with the lane's growing rests between, before those behind it go on without it."""

AGAIN_SECONDS = 60.0
"""How long at least what was set aside rests before it is tried again."""

Commands = Iterable[tuple[str, dict[str, Any]]]


class NoEffect(Hold):
    """The service could not do what follows from what it learnt, or not yet; its database is not to blame."""


class Learning:
    """Takes in what the others tell. `give` gives the commands that follow because of a cause; raises Hold."""

    def __init__(self, tools: Tools, port: ServicePort, give: Callable[[str, Commands], None]) -> None:
        self._tools = tools
        self._port = port
        self._give = give
        self._failures = Counter[str]()
        self._retrying = threading.Lock()
        self._rested_since = -AGAIN_SECONDS

    def take(self, batch: Sequence[Told]) -> None:
        """Take in a batch. Raise Hold while the database is away or an event may be tried again."""
        records = [read(message.body) for message in batch if message.headers.get("kind") == "record"]
        if monotonic() - self._rested_since >= AGAIN_SECONDS:
            self.retry()
        for record in self._new(records):
            self._learn(record)
        for message in batch:
            if message.headers.get("kind") != "record":
                self._hear(message)

    def retry(self) -> int:
        """Try once more what was set aside, oldest first; return how many are left. Raise Hold as `take` does."""
        with self._retrying:
            self._rested_since = monotonic()
            with self._tools.database.read() as connection:
                kept = [read(body) for body in aside.bodies(connection)]
            return sum(not self._retried(record) for record in kept)

    def _retried(self, record: Record) -> bool:
        try:
            self._effect(record)
        except Exception as error:
            if not is_poison(error):
                raise
            logger().error("event_still_aside", **_named(record), cause=type(error).__name__)
            return False
        with self._tools.database.write() as connection:
            aside.drop(connection, record.service, record.position)
        logger().info("event_learnt_after_all", **_named(record))
        return True

    def _learn(self, record: Record) -> None:
        given_up = self._tried(_cause(record), lambda: self._effect(record))
        with self._tools.database.write() as connection:
            if given_up is not None:
                aside.put(connection, record, type(given_up).__name__, self._tools.clock.now())
            connection.execute(insert(inbox).values(service=record.service, position=record.position))
        if given_up is not None:
            logger().critical("event_set_aside", **_named(record), cause=type(given_up).__name__)

    def _effect(self, record: Record) -> None:
        with self._tools.database.write() as connection:
            commands = list(self._port.learn(connection, record))
        self._give(_cause(record), commands)

    def _hear(self, message: Told) -> None:
        """Take in what is no record; what fails is passed over with an alarm, for the next of its kind says more."""
        cause = f"heard-{digest(message.body)[:32]}"

        def effect() -> None:
            said = orjson.loads(message.body)
            with self._tools.database.write() as connection:
                commands = list(self._port.hear(connection, message.key, said))
            self._give(cause, commands)

        if (given_up := self._tried(cause, effect)) is not None:
            logger().critical("news_passed_over", kind=message.key, cause=type(given_up).__name__)

    def _tried(self, cause: str, effect: Callable[[], None]) -> Exception | None:
        """Return None if it has its effect, or why it has not after the last attempt. Raise Hold before that."""
        try:
            effect()
        except Exception as error:
            if not is_poison(error):
                raise
            self._failures[cause] += 1
            if self._failures[cause] < ATTEMPTS:
                raise NoEffect(f"{cause} has no effect yet: {type(error).__name__}") from error
            del self._failures[cause]
            return error
        self._failures.pop(cause, None)
        return None

    def _new(self, records: Sequence[Record]) -> list[Record]:
        keys = [(record.service, record.position) for record in records]
        with self._tools.database.read() as connection:
            query = select(inbox.c.service, inbox.c.position)
            rows = connection.execute(query.where(tuple_(inbox.c.service, inbox.c.position).in_(keys)))
            seen = {(service, position) for service, position in rows}
        fresh = {key: record for key, record in zip(keys, records, strict=True) if key not in seen}
        return list(fresh.values())


def is_poison(error: Exception) -> bool:
    """Whether a failure is the event's own or its command's, not that of the database."""
    return isinstance(error, NoEffect) or not (isinstance(error, Hold) or is_fault(error))


def _cause(record: Record) -> str:
    return f"{record.service}-{record.position}"


def _named(record: Record) -> dict[str, Any]:
    return {"of_service": record.service, "position": record.position, "kind": record.type}
