"""The provider that a service's methods work through: the handling of commands, of others' events and of timers."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from nameko.extensions import DependencyProvider

from shared.kernel.errors import Refusal
from shared.kernel.line import Line
from shared.kernel.outcome import Outcome, told
from shared.kernel.request import SYSTEM, Arrival
from shared.messaging.lane import Hold
from shared.platform.door import NotFromTheDoor, Query
from shared.platform.logs import logger
from shared.platform.settings import Settings
from shared.runtime.calls import Asked, Probed, Told
from shared.runtime.guarding import Guard, Heads
from shared.runtime.learning import Learning, NoEffect
from shared.runtime.probing import Probing
from shared.runtime.pulse import Pulse
from shared.runtime.tools import ServicePort, Tools
from shared.store import timers
from shared.store.database import is_fault
from shared.store.handle import Failed, Handler
from shared.store.journal import Written
from shared.store.recover import recover

RETRY = timedelta(seconds=1)
AT_ONCE = 200
"""How many commands are given in one transaction because of one cause."""


class Handling(DependencyProvider):
    """Gives a service's methods one `Handled`. `port` makes the service's port from its tools."""

    def __init__(self, line: Line, port: Any) -> None:
        self._line = line
        self._port = port

    def setup(self) -> None:
        """Open the database and the keys."""
        self._handled = self.handled(self.container.config["ggzy"])
        self._heads = Heads(self._line.name, self._handled.tools, self._handled.guard)

    def start(self) -> None:
        """Begin to hear of the ledger's head, which the first commands wait for."""
        self._handled.guard.begin()
        self._listening = self.container.spawn_managed_thread(self._heads.run, identifier="heads")

    def stop(self) -> None:
        """Hear no more, and return when that is so."""
        self._heads.stop()
        self._listening.wait()

    def kill(self) -> None:
        """Hear no more, without waiting."""
        self._heads.stop()

    def handled(self, settings: Settings) -> "Handled":
        """Return the handling of this line in an installation."""
        tools = Tools(self._line.name, settings)
        return Handled(self._line, tools, self._port(tools))

    def get_dependency(self, worker_ctx: Any) -> "Handled":
        """Return what the methods use."""
        del worker_ctx
        return self._handled


class Handled:
    """Commands, events of others and timers, all through one handler, one at a time."""

    def __init__(self, line: Line, tools: Tools, port: ServicePort) -> None:
        self.tools = tools
        self.guard = Guard(line.name, tools)
        self.pulse = Pulse(tools)
        self._lock = threading.Lock()
        self._probing = Probing(line.name, tools)
        self._learning = Learning(tools, port, lambda cause, commands: self._give(self._because(cause, commands)))
        self._handler = Handler(
            line,
            tools.database,
            port,
            clock=tools.clock,
            random_bytes=tools.random_bytes,
            stream_key=tools.stream_key,
        )

    def answer(self, batch: Sequence[Asked]) -> list[dict[str, Any]]:
        """Return the answer to each signed command; nothing to a probe. Raise Hold while the database is away."""
        read_in = [{} if isinstance(asked, Probed) else self._arrival(asked) for asked in batch]
        good = [arrival for arrival in read_in if isinstance(arrival, Arrival)]
        results = iter(self._handle(good))
        if probes := [asked for asked in batch if isinstance(asked, Probed)]:
            self._probed(probes)
        return [_answer(item, next(results)) if isinstance(item, Arrival) else item for item in read_in]

    def learn(self, batch: Sequence[Told]) -> None:
        """Take in events of other services, each once. Raise Hold where that must wait."""
        with _held():
            self.guard.require_level()
            self._learning.take(batch)

    def learn_again(self) -> int:
        """Try what was set aside once more; return how many events are left there. Raise Hold as `learn` does."""
        with _held():
            self.guard.require_level()
            return self._learning.retry()

    def give(self, stream: str, body: dict[str, Any], cause: str) -> None:
        """Give the system's own command because of `cause`, which makes its id. Raise Hold if it must wait."""
        self._give([self._of(f"{cause}-0", cause, stream, body)])

    def due(self) -> None:
        """Give the commands of the timers that are due. Those that must wait are tried again in a second."""
        try:
            self.guard.require_level()
            self.pulse.beat()
            claimed = timers.claim(self.tools.database, self.tools.clock.now())
            if not claimed:
                return
            results = self._handle([item.arrival for item in claimed])
            again = [item.id for item, result in zip(claimed, results, strict=True) if not isinstance(result, Outcome)]
            done = [item.id for item in claimed if item.id not in again]
            timers.settle(self.tools.database, done, again, self.tools.clock.now() + RETRY)
        except Exception as error:
            if is_fault(error):
                raise Hold("the database is away") from error
            raise

    def recover(self, missing: Sequence[Written]) -> None:
        """Append records that the ledger holds and the journal lacks. Raise NotRecovered."""
        with self._lock:
            recover(self._handler.means, missing)

    def query(self, asked: Asked) -> Query | None:
        """Return the query that the door signed, or None if it did not."""
        try:
            return self.tools.gatekeeper.query(asked.asked, asked.signature)
        except NotFromTheDoor:
            logger().error("query_not_from_the_door")
            return None

    def _handle(self, arrivals: Sequence[Arrival]) -> list[Outcome | Refusal | Failed]:
        try:
            if (not_yet := self.guard.refusal()) is not None:
                return [not_yet for _ in arrivals]
            with self._lock:
                self.pulse.beat()
                return self._handler.handle(arrivals) if arrivals else []
        except Exception as error:
            if is_fault(error):
                raise Hold("the database is away") from error
            raise

    def _probed(self, probes: Sequence[Probed]) -> None:
        """Take in probes. None comes round while the service takes no commands."""
        with _held():
            if self.guard.refusal() is None:
                with self._lock:
                    self._probing.take(probes)

    def _arrival(self, asked: Asked) -> Arrival | dict[str, Any]:
        try:
            return self.tools.gatekeeper.command(asked.asked, asked.signature)
        except NotFromTheDoor:
            logger().error("command_not_from_the_door")
            return {"fault": "not signed by the door"}

    def _give(self, arrivals: Sequence[Arrival]) -> None:
        """Give commands, as many at once as leave room for others between."""
        for first in range(0, len(arrivals), AT_ONCE):
            self.guard.require_level()
            if any(not isinstance(result, Outcome) for result in self._handle(arrivals[first : first + AT_ONCE])):
                raise NoEffect("the effect of what was learnt must wait")

    def _because(self, cause: str, commands: Iterable[tuple[str, dict[str, Any]]]) -> list[Arrival]:
        """Return the commands of one cause. Each id tells its content: given again among others, it is the same."""
        made = [self._of(cause, cause, *item) for item in commands]
        return [one.model_copy(update={"id": f"{cause}-{one.body_digest()[:16]}"}) for one in made]

    def _of(self, id_: str, cause: str, stream: str, body: dict[str, Any]) -> Arrival:
        at = self.tools.clock.now()
        return Arrival(id=id_, stream=stream, actor=SYSTEM, received_at=at, correlation=cause, command=body)


@contextmanager
def _held() -> Iterator[None]:
    """Raise Hold in the place of a fault of the database."""
    try:
        yield
    except Exception as error:
        if is_fault(error):
            raise Hold("the database is away") from error
        raise


def _answer(arrival: Arrival, result: Outcome | Refusal | Failed) -> dict[str, Any]:
    if isinstance(result, Failed):
        return {"fault": str(result)}
    if isinstance(result, Refusal):
        result = Outcome(id=arrival.id, stream=arrival.stream, refusal=told(result))
    return {"outcome": result.model_dump(mode="json")}
