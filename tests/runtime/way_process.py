"""A process of the way that probes go: `python -m tests.runtime.way_process service|relay DATA BROKER DATABASE`.

On the in-process broker `service` is the relay and the socket too.
"""

# ruff: noqa: E402 - eventlet patches before anything else is imported
import eventlet

eventlet.monkey_patch()

import sys
from collections.abc import Callable
from pathlib import Path

from nameko.runners import ServiceRunner

from shared.messaging.hallmark import Hallmark
from shared.messaging.relay import Relay
from shared.messaging.topology import declare, event_queue
from shared.platform import keys, logs
from shared.platform.settings import Settings, load
from shared.runtime.socket_door import SocketDoor
from shared.store.connect import connect
from shared.store.migrate import migrate
from tests.runtime.till_process import TillService
from tests.store import till


def relay(settings: Settings) -> Relay:
    hallmark = Hallmark(keys.Keyring(settings.data / "keys").secret(keys.EVENTS))
    return Relay("till", connect(settings, "till"), settings.broker, hallmark, timed=True)


def ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def run_relay(settings: Settings) -> None:
    declare(settings.broker, [event_queue("ledger", "#")])
    ready()
    relay(settings).run()


def run_service(settings: Settings) -> None:
    migrate(connect(settings, "till"), views=till.metadata)
    runner = ServiceRunner({"AMQP_URI": settings.broker, "ggzy": settings})
    runner.add_service(TillService)
    runner.start()
    if settings.embedded:
        beside: list[Callable[[], None]] = [SocketDoor(settings).run, relay(settings).run]
        for run in beside:
            eventlet.spawn(run)
    ready()
    runner.wait()


def main(part: str, data: str, broker: str, database: str) -> None:
    settings = load(data=Path(data), broker=broker, database=database, clock="simulated")
    logs.configure(part)
    {"service": run_service, "relay": run_relay}[part](settings)


if __name__ == "__main__":
    main(*sys.argv[1:])
