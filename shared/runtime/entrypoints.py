"""The entrypoints of a service: commands in batches, queries, events of others, and timers that are due.

Subclasses of nameko's own, each with a queue, connection and channel of its own: a multiple ack for one never
settles a message of another, an error acks nothing, and what cannot be read is dead-lettered.
"""

from collections.abc import Callable, Sequence
from functools import partial
from time import sleep
from typing import Any

from eventlet.event import Event
from kombu import Message, Queue
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint
from nameko.rpc import Rpc

from shared.messaging.hallmark import Hallmark
from shared.messaging.lane import Hold, Lane
from shared.messaging.topology import call_queue, event_queue
from shared.platform import keys
from shared.platform.logs import logger
from shared.runtime.calls import (
    Asked,
    Resend,
    Told,
    Unreadable,
    answer_body,
    fault_body,
    read_call,
    read_probe,
    read_resend,
    reply_body,
)
from shared.store.database import is_fault

TICK = 0.2
PACE = 0.05
"""Seconds from one batch of commands to the next, where they come one upon the other."""

HELD = 1.0
"""Seconds of rest after work that must wait."""


class Lived:
    """The life of an entrypoint with a thread of its own: mixed in before a nameko entrypoint."""

    container: Any

    def start(self) -> None:
        """Begin, and return when the queue is being consumed."""
        self._gone: Event = Event()
        self._ready: Event = Event()
        self.container.spawn_managed_thread(self._live, identifier=type(self).__name__)
        self._ready.wait()

    def stop(self) -> None:
        """Finish what is in hand and return when it is finished."""
        self._end()
        self._gone.wait()

    def kill(self) -> None:
        """Finish without waiting."""
        self._end()

    def _live(self) -> None:
        try:
            self._run(self._started)
        finally:
            self._started()
            self._gone.send()

    def _started(self) -> None:
        if not self._ready.ready():
            self._ready.send()

    def _run(self, ready: Callable[[], None]) -> None:
        raise NotImplementedError

    def _end(self) -> None:
        raise NotImplementedError

    def _call(self, *arguments: Any) -> Any:
        """Run the service's method in a worker and return its result, or raise what it raised."""
        return _result(self._spawn(*arguments))

    def _spawn(self, *arguments: Any) -> Event:
        done = Event()

        def finish(_context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            done.send((result, exc_info))
            return result, exc_info

        try:
            self.container.spawn_worker(self, arguments, {}, handle_result=finish)
        except ContainerBeingKilled as error:
            raise OSError("the service is being stopped") from error
        return done


class Batched(Lived):
    """An entrypoint that takes its messages in batches from one lane."""

    most = 200
    pace = 0.0

    def queue(self) -> Queue:
        """Return the queue to consume."""
        raise NotImplementedError

    def read(self, message: Message) -> Any:
        """Return what a message says. Raise Unreadable if it is not for this queue."""
        raise NotImplementedError

    def setup(self) -> None:
        """Prepare the lane; nothing is consumed yet."""
        self._lane = Lane(self.container.config["AMQP_URI"], self.queue(), most=self.most, pace=self.pace)

    def _run(self, ready: Callable[[], None]) -> None:
        self._lane.run(self._work, ready)

    def _end(self) -> None:
        self._lane.stop()

    def _work(self, messages: Sequence[Message]) -> None:
        batch = [(message, said) for message in messages if (said := self._read(message)) is not None]
        if batch:
            self._handle(batch)

    def _handle(self, batch: Sequence[tuple[Message, Any]]) -> None:
        """Let the service handle a batch; if that fails, each message alone, so that one bad one stops no other."""
        try:
            answers = self._call([said for _message, said in batch])
        except (Hold, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - nameko has logged it; the message goes where an operator looks
            if len(batch) == 1:
                self._dead_letter(batch[0][0], type(error).__name__)
                return
            for item in batch:
                self._handle([item])
            return
        for (message, _said), answer in zip(batch, answers or [None] * len(batch), strict=True):
            self._lane.reply(message, reply_body(answer))

    def _read(self, message: Message) -> Any:
        try:
            return self.read(message)
        except Unreadable as error:
            self._dead_letter(message, str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is made of, one message must not end the lane for all
            self._dead_letter(message, type(error).__name__)
        return None

    def _dead_letter(self, message: Message, cause: str) -> None:
        logger().error("message_dead_lettered", queue=self.queue().name, cause=cause, size=len(message.body))
        message.reject(requeue=False)


class Command(Batched, Rpc):
    """Takes signed commands in batches; a standard nameko client may call it."""

    rpc_consumer = None
    pace = PACE

    def queue(self) -> Queue:
        """Return the service's call queue."""
        return call_queue(self.container.service_name)

    def read(self, message: Message) -> Asked:
        """Return the signed call in nameko's own form; a probe comes the same way as what it probes for."""
        return read_probe(message) if _method(message) == "probe" else read_call(message)


class Query(Batched, Rpc):
    """Answers signed queries side by side, on a queue of their own (`<line>_views`)."""

    rpc_consumer = None
    most = 20

    def queue(self) -> Queue:
        """Return the views' call queue."""
        return call_queue(self.container.service_name)

    def read(self, message: Message) -> Asked | Resend:
        """Return the signed call in nameko's own form, or a `resend`, for which no answer is given."""
        return read_resend(message) if _method(message) == "resend" else read_call(message)

    def _handle(self, batch: Sequence[tuple[Message, Any]]) -> None:
        under_way = [(message, said, self._spawn(said)) for message, said in batch]
        for message, said, done in under_way:
            if isinstance(said, Resend):
                continue  # it may take long; who finds rows still missing asks again
            result, exc_info = done.wait()
            self._lane.reply(message, answer_body(result) if exc_info is None else fault_body(exc_info[1]))


class Events(Batched, Entrypoint):
    """Takes events of the services that match the patterns, in batches, with their exact bytes."""

    most = 1024

    def __init__(self, *patterns: str, **options: Any) -> None:
        self.patterns = patterns
        super().__init__(**options)

    def setup(self) -> None:
        """Prepare the lane, and to know what the services tell from what they do not."""
        super().setup()
        self._hallmark = Hallmark(keys.Keyring(self.container.config["ggzy"].data / "keys").secret(keys.EVENTS))

    def queue(self) -> Queue:
        """Return the service's queue of events."""
        return event_queue(self.container.service_name, *self.patterns)

    def read(self, message: Message) -> Told:
        """Return the event with its headers; the body is not decoded here. Raise Unreadable if no service told it."""
        body = bytes(message.body) if isinstance(message.body, bytes) else str(message.body).encode()
        key, headers = message.delivery_info["routing_key"], dict(message.headers or {})
        if not self._hallmark.holds(key, headers, body):
            raise Unreadable("no service told this")
        return Told(key, headers, body)


class Due(Lived, Entrypoint):
    """Calls the service's method each fifth of a second by a clock that cannot be set, to run the timers due."""

    def setup(self) -> None:
        """Prepare; nothing runs yet."""
        self._ending = False

    def _run(self, ready: Callable[[], None]) -> None:
        ready()
        while not self._ending:
            try:
                self._call()
            except Exception as error:
                if not isinstance(error, Hold) and not is_fault(error):
                    raise
                logger().warning("timers_held", cause=type(error).__name__)
                sleep(HELD)
            sleep(TICK)

    def _end(self) -> None:
        self._ending = True


def _method(message: Message) -> str:
    return str(message.delivery_info["routing_key"]).rpartition(".")[2]


def _result(done: Event) -> Any:
    result, exc_info = done.wait()
    if exc_info is not None:
        raise exc_info[1]
    return result


command = Command.decorator
query = Query.decorator
due = Due.decorator
events = partial(Events.decorator)
