"""Runs the till as a service in a process of its own: `python -m tests.runtime.till_process DATA BROKER DATABASE`."""

import eventlet

eventlet.monkey_patch()

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nameko.runners import ServiceRunner
from sqlalchemy import Connection

from shared.kernel.record import Record
from shared.messaging.topology import declare
from shared.platform import keys, logs
from shared.platform.settings import load
from shared.runtime.entrypoints import command, due, events
from shared.runtime.handling import Handling
from shared.runtime.tools import Tools
from shared.store.connect import connect
from shared.store.migrate import migrate
from tests.store import till


class Port(till.Port):
    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    def learn(self, connection: Connection, record: Record) -> Iterable[tuple[str, dict[str, Any]]]:
        return [("learned", {"type": "till.close_till"})]

    def hear(self, connection: Connection, key: str, said: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
        return []


class TillService:
    name = "till"
    handling = Handling(till.LINE, Port)

    @command
    def command(self, batch: Any) -> Any:
        return self.handling.answer(batch)

    @events("other.#")
    def learn(self, batch: Any) -> None:
        self.handling.learn(batch)

    @due
    def due(self) -> None:
        self.handling.due()


def main(data: str, broker: str, database: str) -> None:
    settings = load(data=Path(data), broker=broker, database=database)
    logs.configure("till")
    keys.Keyring(settings.data / "keys").make([keys.DOOR, keys.EVENTS, keys.vault("till")], os.urandom)
    migrate(connect(settings, "till"), views=till.metadata)
    declare(settings.broker, [])
    runner = ServiceRunner({"AMQP_URI": settings.broker, "ggzy": settings})
    runner.add_service(TillService)
    runner.start()
    if settings.embedded:
        from tests.runtime.till_client import drive

        drive(settings)
        runner.stop()
    print("ready", flush=True)
    runner.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
