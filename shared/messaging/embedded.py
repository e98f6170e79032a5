"""The in-process broker of the embedded mode: kombu's memory transport, woken by a put and acking in runs."""

import threading
from collections.abc import Callable
from queue import Empty
from time import monotonic
from typing import Any, ClassVar

from kombu.transport import TRANSPORT_ALIASES, memory, virtual

SCHEME = "embedded"


class Channel(memory.Channel):
    """A memory channel whose queues outlive it, whose acks may cover a run, and which wakes who waits."""

    queues: ClassVar[dict[str, Any]] = {}
    do_restore = True

    def _put(self, queue: str, message: Any, **options: Any) -> None:
        super()._put(queue, message, **options)
        self._wake()

    def _put_fanout(self, exchange: str, message: Any, routing_key: str | None = None, **options: Any) -> None:
        super()._put_fanout(exchange, message, routing_key, **options)
        self._wake()

    def _wake(self) -> None:
        with waiting():
            waiting().notify_all()

    def basic_ack(self, delivery_tag: Any, multiple: bool = False) -> None:
        """Acknowledge a delivery, and with `multiple` every earlier one, as AMQP does."""
        if not multiple:
            super().basic_ack(delivery_tag)
            return
        for tag in list(self.qos._delivered):  # noqa: SLF001 - the base class keeps deliveries there, in order
            super().basic_ack(tag)
            if tag == delivery_tag:
                return

    def close(self) -> None:
        """Close the channel, returning what was not acked, and leave the queues as they are."""
        virtual.Channel.close(self)


class Transport(memory.Transport):
    """The memory transport with an event in place of a poll."""

    Channel = Channel
    global_state = virtual.BrokerState()
    driver_type = SCHEME
    driver_name = SCHEME

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:
        """Deliver one message, waiting until there is one. Raise TimeoutError after `timeout` seconds."""
        del connection
        until = None if timeout is None else monotonic() + timeout
        while not self._deliver_one():
            left = None if until is None else until - monotonic()
            if left is not None and left <= 0:
                raise TimeoutError
            with waiting():
                waiting().wait(left if left is not None and left < _PATIENCE else _PATIENCE)

    def _deliver_one(self) -> bool:
        deliver: Callable[..., None] = self._deliver
        try:
            self.cycle.get(deliver, timeout=0)
        except Empty:
            return False
        return True


_PATIENCE = 0.2  # a put between the look and the wait is seen after this long at the latest
_CONDITION: list[threading.Condition] = []


def waiting() -> threading.Condition:
    """Return the condition that a put notifies; made at first use, when eventlet has patched the locks."""
    if not _CONDITION:
        _CONDITION.append(threading.Condition())
    return _CONDITION[0]


def register() -> None:
    """Let kombu know `embedded://`."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
