"""Runs the audit with a till beside it, on the in-process broker: `python -m tests.audit.audit_process DATA [WITNESS]`.

The till decides commands and its relay has lost the first of them; when all is published, one line of JSON tells what
was seen.
"""

# ruff: noqa: E402, T201 - eventlet patches before anything else is imported; it tells its parent by printing

import eventlet

eventlet.monkey_patch()

import os
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import orjson
from kombu import Connection, Consumer, Producer
from nameko.runners import ServiceRunner
from sqlalchemy import update

from services.audit.service import SERVICES
from services.audit.views import metadata
from shared.kernel.request import Actor
from shared.messaging import topology
from shared.messaging.bus import call_body
from shared.messaging.hallmark import Hallmark
from shared.messaging.relay import Relay
from shared.platform import keys, logs
from shared.platform.door import Door, Query
from shared.platform.settings import Settings, load
from shared.runtime.entrypoints import query
from shared.runtime.lines import lines
from shared.runtime.views import Views
from shared.store import journal
from shared.store.connect import connect
from shared.store.handle import Handler
from shared.store.migrate import migrate
from shared.store.tables import relayed
from tests.audit.house import ORIGIN
from tests.store import till
from tests.store.till import asked

COMMANDS = 600
LOST = 5
PATIENCE = 60


class TillViews:
    """The till's reading side, which publishes lost records again."""

    name = "till_views"
    views = Views(till.LINE, {}, lambda _tools, _connection, _query, _stream: True)

    @query  # type: ignore[untyped-decorator]  # nameko is untyped, and so are its decorators
    def query(self, said: Any) -> Any:
        return self.views.answer(said)


def prepare(settings: Settings) -> Handler:
    """Make keys and tables, and a till that believes its first records to be relayed."""
    keys.Keyring(settings.data / "keys").make([keys.DOOR, keys.LEDGER, keys.EVENTS], os.urandom)
    lines()["till"] = till.LINE
    migrate(connect(settings, "audit"), views=metadata)
    database = connect(settings, "till")
    migrate(database, views=till.metadata)
    with database.write() as connection:
        connection.execute(update(relayed).values(position=LOST))
    return Handler(till.LINE, database, till.Port(), clock=settings.make_clock(), random_bytes=os.urandom)


def run_services(settings: Settings) -> ServiceRunner:
    runner = ServiceRunner({"AMQP_URI": settings.broker, "ggzy": settings, "max_workers": 32})
    for cls in (*SERVICES, TillViews):
        runner.add_service(cls)
    runner.start()
    return runner


class Client:
    """Asks the audit's views, and hears its news."""

    def __init__(self, settings: Settings) -> None:
        self._door = Door(keys.Keyring(settings.data / "keys").signing(keys.DOOR))
        self._clock = settings.make_clock()
        self._connection = Connection(settings.broker)
        self._channel = self._connection.channel()
        self.news: list[dict[str, Any]] = []
        self._replies: list[dict[str, Any]] = []
        queues = [topology.reply_queue("audit-client"), topology.event_queue("listener", "audit.checkpoint_witnessed")]
        Consumer(self._channel, queues[:1], on_message=lambda message: self._take(message, self._replies)).consume()
        Consumer(self._channel, queues[1:], on_message=lambda message: self._take(message, self.news)).consume()

    def ask(self, name: str, **arguments: Any) -> dict[str, Any]:
        actor = Actor(account="inspector", role="supervisor")
        signed = self._door.query(Query(name=name, arguments=arguments, actor=actor, at=self._clock.now()))
        Producer(self._channel).publish(
            call_body(signed),
            exchange=topology.CALLS,
            routing_key="audit_views.query",
            reply_to="audit-client",
            content_type="application/json",
            content_encoding="utf-8",
        )
        while not self._replies:
            self._connection.drain_events(timeout=PATIENCE)
        answer: dict[str, Any] = self._replies.pop()["result"]
        return answer

    def hear(self, size: int) -> dict[str, Any]:
        """Return the first news of a checkpoint of that size."""
        until = monotonic() + PATIENCE
        while not self.news or self.news[-1]["size"] < size:
            self._connection.drain_events(timeout=max(0.1, until - monotonic()))
        return self.news[-1]

    def _take(self, message: Any, into: list[dict[str, Any]]) -> None:
        into.append(orjson.loads(message.body))
        message.ack()


def main(data: str, *witnesses: str) -> None:
    settings = load(data=Path(data), origin=ORIGIN, witnesses=witnesses)
    logs.configure("audit-process")
    handler = prepare(settings)
    runner = run_services(settings)
    client = Client(settings)
    hallmark = Hallmark(keys.Keyring(settings.data / "keys").secret(keys.EVENTS))
    relay = Relay("till", handler.means.database, settings.broker, hallmark)
    eventlet.spawn(relay.run)
    for start in range(0, COMMANDS, 50):
        handler.handle([asked(f"c{number}", 0, stream=f"t{number % 7}") for number in range(start, start + 50)])
        sleep(0)
    news = client.hear(COMMANDS)
    with handler.means.database.read() as connection:
        key = journal.stream_keys(connection, ["t1"])["t1"].hex()
    seen = {
        "news": news,
        "findings": client.ask("findings"),
        "streams": client.ask("streams"),
        "replay": client.ask("replay", stream="t1", key=key),
        "proof": client.ask("proof", service="till", position=COMMANDS),
        "policy": client.ask("policy"),
    }
    print(orjson.dumps(seen).decode(), flush=True)
    relay.stop()
    runner.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
