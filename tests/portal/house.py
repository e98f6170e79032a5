"""A small installation for the portal's tests: the till as its line, a registry, and a bus inside this process."""

import asyncio
import hashlib
import random
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from sqlalchemy import select

from services.portal.app import make_app
from services.portal.desk import Given
from shared.kernel.canonical import encode, instant
from shared.kernel.errors import NotEntitled, NotFound, Refusal
from shared.kernel.outcome import Outcome, told
from shared.kernel.request import Arrival
from shared.messaging.bus import BusFault, BusTimeout, Told
from shared.platform import confidential, keys
from shared.platform.door import Gatekeeper, Query
from shared.platform.settings import Settings
from shared.seal.credential import Facts, issue
from shared.seal.keys import hpke_public
from shared.seal.wire import text
from shared.store import tables
from shared.store.connect import connect
from shared.store.handle import Failed, Handler
from shared.store.migrate import migrate
from tests.store import till
from tests.store.till import AT

TOKEN = "7" * 64
LINE = replace(till.LINE, entitled={**till.LINE.entitled, "till.put_coin": frozenset({"agency", "token"})})


class HandClock:
    """A clock that tests move."""

    simulated = True

    def __init__(self) -> None:
        self.at = AT

    def now(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> None:
        self.at += timedelta(**by)


class Bus:
    """A bus whose services are functions, and which can lose what is called or never answer."""

    def __init__(self) -> None:
        self.services: dict[str, Callable[[Mapping[str, Any]], Any]] = {}
        self.calls: list[tuple[str, Mapping[str, Any]]] = []
        self.silent: set[str] = set()
        self.hung: set[str] = set()
        self.faulty: set[str] = set()
        self.listeners: list[asyncio.Queue[Told]] = []

    async def call(self, service: str, method: str, kwargs: Mapping[str, Any], until: datetime) -> Any:
        name = f"{service}.{method}"
        if name in self.hung:
            await asyncio.Event().wait()
        self.calls.append((name, kwargs))
        if name in self.silent or name not in self.services:
            raise BusTimeout(name)
        if name in self.faulty:
            raise BusFault("KeyError")
        return orjson.loads(orjson.dumps(self.services[name](kwargs)))

    async def subscribe(self, patterns: Sequence[str]) -> AsyncGenerator[Told, None]:
        told: asyncio.Queue[Told] = asyncio.Queue()
        self.listeners.append(told)
        return self._told(told)

    async def _told(self, told: "asyncio.Queue[Told]") -> AsyncGenerator[Told, None]:
        while True:
            yield await told.get()

    def tell(self, told: Told) -> None:
        for listener in self.listeners:
            listener.put_nowait(told)

    async def alive(self) -> bool:
        return not self.silent

    async def close(self) -> None:
        self.listeners.clear()


@dataclass(frozen=True)
class Person:
    """Somebody with a key: an account, or the holder of a credential."""

    headers: Mapping[str, str]
    key: Ed25519PrivateKey

    def sign(self, method: str, path: str, at: datetime, body: bytes = b"") -> dict[str, str]:
        """Return the headers that sign a request."""
        message = f"ggzy-request/v1\n{method}\n{path}\n{instant(at)}\n{hashlib.sha256(body).hexdigest()}"
        return {
            **self.headers,
            "X-Ggzy-At": instant(at),
            "X-Ggzy-Signature": text(self.key.sign(message.encode())),
        }


def key_of(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


class House:
    """The installation with its people, and the application of its portal."""

    def __init__(self, data: Path) -> None:
        self.settings = Settings(data=data, upload_limit=5_000_000)
        self.keyring = keys.Keyring(data / "keys")
        names = [
            keys.DOOR,
            keys.CREDENTIALS,
            keys.RECEIPTS,
            keys.ARRIVALS,
            keys.EVENTS,
            confidential.key_name("registry"),
        ]
        self.keyring.make(names, random.Random(7).randbytes)
        self.question_key = confidential.service_key(self.keyring, "registry")
        self.keyring.publish(confidential.key_name("registry"), hpke_public(self.question_key))
        self.clock = HandClock()
        self.bus = Bus()
        self.database = connect(self.settings, "till")
        migrate(self.database, views=till.metadata)
        self.accounts = {"ann": "agency", "bob": "bidder", "sue": "supervisor"}
        self.answers: dict[str, Callable[[Query], Any]] = {"outcome": self._outcome}
        self.registry: dict[str, Callable[[Query], Any]] = {"account": self._account}
        self._gatekeeper = Gatekeeper(self.keyring.public(keys.DOOR))
        self._handler = Handler(
            LINE, self.database, till.Port(), clock=self.clock, random_bytes=random.Random(1).randbytes
        )
        self.bus.services = {
            "till.command": self._command,
            "till_views.query": lambda asked: self._query(asked, self.answers),
            "registry_views.query": lambda asked: self._query(asked, self.registry),
            "audit_views.query": lambda asked: self._query(asked, self.answers),
        }
        self.app: FastAPI = make_app(self.settings, self.given())

    def given(self) -> Given:
        lines = {"till": LINE}
        return Given(clock=self.clock, bus=self.bus, lines=lines, random_bytes=random.Random(5).randbytes)

    def person(self, account: str) -> Person:
        return Person({"X-Ggzy-Account": account}, key_of(account))

    def holder(self, tender: str = "t1", *, hours: int = 1) -> Person:
        """Return the holder of a credential in a tender."""
        one_time = key_of(f"one-time {tender}")
        credential = issue(
            text(self.keyring.secret(keys.CREDENTIALS)),
            tender=tender,
            token=TOKEN,
            public_key=text(one_time.public_key().public_bytes_raw()),
            facts=Facts(not_suspended=True, region="370500", deposit=True),
            until=AT + timedelta(hours=hours),
        )
        return Person({"X-Ggzy-Credential": text(encode(credential.model_dump(mode="json")))}, one_time)

    def arrivals(self) -> list[str]:
        """Return the ids of the commands that are kept."""
        with self.database.read() as connection:
            return list(connection.execute(select(tables.arrival.c.id).order_by(tables.arrival.c.id)).scalars())

    def outcomes(self) -> list[str]:
        """Return the ids of the commands that have their outcome."""
        with self.database.read() as connection:
            return list(connection.execute(select(tables.command.c.id).order_by(tables.command.c.id)).scalars())

    def _command(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        arrival = self._gatekeeper.command(asked["asked"], asked["signature"])
        (result,) = self._handler.handle([arrival])
        if isinstance(result, Failed):
            return {"fault": str(result)}
        if isinstance(result, Refusal):
            result = Outcome(id=arrival.id, stream=arrival.stream, refusal=told(result))
        return {"outcome": result.model_dump(mode="json")}

    def _query(self, asked: Mapping[str, Any], answers: Mapping[str, Callable[[Query], Any]]) -> dict[str, Any]:
        query = self._gatekeeper.query(asked["asked"], asked["signature"])
        if query.name == confidential.NAME:
            inner = confidential.open_question(self.question_key, query.arguments["sealed"])
            answered = self._query({"asked": inner.asked, "signature": inner.signature}, answers)
            return {"answer": confidential.seal_answer(inner.reply_key, answered)}
        try:
            if query.name not in answers:
                raise NotFound("没有这种查询", "there is no such query")
            return {"answer": answers[query.name](query)}
        except Refusal as refusal:
            return {"refusal": told(refusal).model_dump(mode="json")}

    def _account(self, query: Query) -> dict[str, Any]:
        name = query.arguments["id"]
        if name not in self.accounts:
            raise NotFound("没有该账户", "no such account")
        if query.actor.role != "system" and query.actor.account != name:
            raise NotEntitled("无权查看", "not yours")
        key = text(key_of(name).public_key().public_bytes_raw())
        role = self.accounts[name]
        return {"account": name, "role": role, "region": "370500", "party": None, "public_key": key, "open": True}

    def _outcome(self, query: Query) -> Any:
        own = (tables.command.c.actor == query.actor.account, tables.command.c.id == query.arguments["id"])
        with self.database.read() as connection:
            outcome = connection.execute(select(tables.command.c.outcome).where(*own)).scalar()
        if outcome is None:
            raise NotFound("没有找到", "nothing there")
        return orjson.loads(bytes(outcome))

    def seen(self, call: str) -> list[Arrival]:
        """Return the commands that were sent, as they were signed."""
        return [
            self._gatekeeper.command(asked["asked"], asked["signature"])
            for name, asked in self.bus.calls
            if name == call
        ]

    def queries(self, name: str) -> list[Query]:
        """Return the queries of a name that were asked."""
        asked = [
            self._gatekeeper.query(kwargs["asked"], kwargs["signature"])
            for call, kwargs in self.bus.calls
            if call.endswith(".query")
        ]
        return [query for query in asked if query.name == name]


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until something that others do is done. Raise TimeoutError if it is not in time."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.02)


class Browser:
    """Asks the portal over HTTP, signing for whoever asks."""

    def __init__(self, house: House, http: httpx.AsyncClient) -> None:
        self.house = house
        self.http = http

    async def ask(
        self,
        method: str,
        path: str,
        who: Person | None = None,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        signed = who.sign(method, path, self.house.clock.now(), body) if who else {}
        return await self.http.request(method, path, content=body, headers={**signed, **(headers or {})})

    async def give(
        self, who: Person | None, id_: str = "c1", *, procedure: str = "t1", fen: Any = 1, kind: str = "till.put_coin"
    ) -> httpx.Response:
        """Give the till a command."""
        command = {"type": kind} | ({"fen": fen} if kind == "till.put_coin" else {})
        body = encode({"procedure": procedure, "command": command})
        return await self.ask("POST", "/api/commands", who, body, {"Idempotency-Key": id_})
