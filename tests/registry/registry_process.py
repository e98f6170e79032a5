"""Runs the registry as services over the embedded broker and one round through it: `python -m ... DATA`."""

# ruff: noqa: E402, T201 - eventlet patches before anything else is imported; it tells its parent by printing
import eventlet

eventlet.monkey_patch()

import os
import sys
from datetime import timedelta
from pathlib import Path
from queue import Queue as Inbox
from typing import Any

import orjson
from kombu import Connection, Producer
from nameko.runners import ServiceRunner

from services.registry import views
from services.registry.domain.commands import BootstrapOperator
from services.registry.service import SERVICES
from shared.kernel.message import Command
from shared.kernel.request import SYSTEM, Actor, Arrival
from shared.messaging import embedded, topology
from shared.messaging.hallmark import Hallmark
from shared.messaging.lane import Lane
from shared.messaging.relay import Relay
from shared.platform import keys, logs
from shared.platform.clock import SystemClock
from shared.platform.door import Door, Query
from shared.platform.settings import Settings, load
from shared.store.connect import connect
from shared.store.migrate import migrate
from tests.registry.office import ONE_TIME, keys_collected
from tests.registry.world import BRIDGE, BRIDGE_STREAM, OPERATOR, key, open_account, register, stream_of

embedded.register()


class Caller:
    """Calls as nameko's own clients do, and hears every event."""

    def __init__(self, settings: Settings) -> None:
        self.door = Door(keys.Keyring(settings.data / "keys").signing(keys.DOOR))
        self.now = SystemClock().now
        self.replies: Inbox[Any] = Inbox()
        self.told: Inbox[Any] = Inbox()
        self.producer = Producer(Connection(settings.broker).channel())
        for lane, inbox in (
            (Lane(settings.broker, topology.reply_queue("caller")), self.replies),
            (Lane(settings.broker, topology.event_queue("caller", "registry.#")), self.told),
        ):
            ready = eventlet.event.Event()
            eventlet.spawn(lane.run, lambda messages, inbox=inbox: [inbox.put(m) for m in messages], ready.send)
            ready.wait()

    def send(self, exchange: Any, key: str, body: bytes, **options: Any) -> None:
        self.producer.publish(
            body,
            exchange=exchange,
            routing_key=key,
            content_type="application/json",
            content_encoding="utf-8",
            **options,
        )

    def call(self, key: str, kwargs: Any) -> Any:
        body = orjson.dumps({"args": [], "kwargs": kwargs})
        self.send(topology.CALLS, key, body, reply_to="caller", correlation_id="1")
        return orjson.loads(self.replies.get(timeout=20).body)["result"]

    def give(self, command: Command, actor: Actor = OPERATOR) -> Any:
        stream, at, body = stream_of(command), self.now(), command.model_dump(mode="json")
        arrival = Arrival(id=f"c-{stream}", stream=stream, actor=actor, received_at=at, command=body)
        return self.call("registry.command", self.door.command(arrival))["outcome"]

    def ask(self, name: str, actor: Actor, **arguments: Any) -> Any:
        query = Query(name=name, actor=actor, at=self.now() - timedelta(seconds=1), arguments=arguments)
        return self.call("registry_views.query", self.door.query(query))

    def hear(self, count: int) -> list[Any]:
        """Return type and position of the next records told."""
        records: list[Any] = []
        while len(records) < count:
            message = self.told.get(timeout=20)
            if message.headers["kind"] == "record":
                body = orjson.loads(message.body)
                records.append([body["type"], body["position"]])
        return records


def drive(settings: Settings) -> dict[str, Any]:
    """Return what one tender's round looks like from outside."""
    caller = Caller(settings)
    commands = [register(), open_account()]
    outcomes = [caller.give(BootstrapOperator(account="op-1", public_key=key(50)), SYSTEM)]
    outcomes += [caller.give(command) for command in commands]
    bidder = Actor(account="bridge-1", role="bidder", party=BRIDGE_STREAM)
    credential = caller.ask("issue_credential", bidder, tender="T1", public_key=ONE_TIME)["answer"]
    told = keys_collected(credential["token"])
    forged = told.body.replace(b'"T1"', b'"T2"')
    caller.send(topology.EVENTS, told.key, forged, headers=told.headers)
    hallmark = Hallmark(keys.Keyring(settings.data / "keys").secret(keys.EVENTS))
    marked = hallmark.marked(told.key, told.headers, told.body)
    caller.send(topology.EVENTS, told.key, forged, headers=marked)
    caller.send(topology.EVENTS, told.key, told.body, headers=marked)
    heard = caller.hear(4)
    resend = orjson.dumps({"args": [], "kwargs": {"first": 2, "last": 3}})
    caller.send(topology.CALLS, "registry_views.resend", resend)
    return {
        "refusals": [outcome["refusal"] for outcome in outcomes],
        "heard": heard,
        "again": caller.hear(2),
        "refused": caller.ask("parties", bidder)["refusal"]["code"],
        "parties": [party["name"] for party in caller.ask("parties", OPERATOR)["answer"]["parties"]],
        "identifier": BRIDGE.id,
        "token": credential["token"],
    }


def main(data: str) -> None:
    settings = load(data=Path(data))
    logs.configure("registry")
    keys.Keyring(settings.data / "keys").make(
        [keys.DOOR, keys.TOKENS, keys.CREDENTIALS, keys.EVENTS, keys.vault("registry")], os.urandom
    )
    migrate(connect(settings, "registry"), views=views.metadata)
    runner = ServiceRunner({"AMQP_URI": settings.broker, "ggzy": settings})
    for service in SERVICES:
        runner.add_service(service)
    runner.start()
    hallmark = Hallmark(keys.Keyring(settings.data / "keys").secret(keys.EVENTS))
    relay = Relay("registry", connect(settings, "registry"), settings.broker, hallmark)
    eventlet.spawn(relay.run)
    print(orjson.dumps(drive(settings)).decode(), flush=True)
    relay.stop()
    runner.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
