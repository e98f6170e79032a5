"""Lots of land in their countdown, with bidders who hold credentials, at a running platform; and the bids they send."""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from services.land import BOOKS, LINE
from shared.kernel.canonical import encode, instant
from shared.kernel.errors import Refusal
from shared.kernel.record import Record
from shared.kernel.request import Actor, Arrival
from shared.messaging.topology import event_queue
from shared.platform import keys as names
from shared.platform.clock import SimulatedClock, SystemClock
from shared.platform.door import Door
from shared.platform.keys import Keyring
from shared.procedure.lot import commands
from shared.procedure.lot.line import ENTITLED, EVENTS
from shared.procedure.lot.messages import LotCommand
from shared.procedure.lot.speech import Speech
from shared.procedure.lot.state import Lot
from shared.seal import credential as credentials
from shared.seal.keys import signing_public
from shared.seal.wire import text
from shared.store import health, journal, rulebooks
from shared.store.connect import connect
from shared.store.tables import command
from tests.bench.client import Client
from tests.bench.installation import Installation
from tests.bidding.factories import dice
from tests.lot import factories as make
from tests.servers.process import wait_until

SPEECH = Speech(LINE.name, ENTITLED, EVENTS)
SECOND = timedelta(seconds=1)
FRESH_MS = health.FRESH // timedelta(milliseconds=1)

SENT = "bid-"
"""How the ids of the bids begin that are sent over HTTP."""


@dataclass(frozen=True)
class Bid:
    """A bid on its way: the request as it goes over the wire, its lot and price."""

    request: bytes
    lot: str
    price_fen: int


class Hall:
    """An installation's lots. What leads up to the countdown is signed here as the door signs it."""

    def __init__(self, installation: Installation, client: Client) -> None:
        self._settings = installation.settings
        keyring = Keyring(installation.settings.data / "keys")
        self._door = Door(keyring.signing(names.DOOR))
        self._registry = text(keyring.secret(names.CREDENTIALS))
        self.clock = SimulatedClock(installation.settings.data / "clock.json")
        self._client = client
        self._database = connect(installation.settings, LINE.name)
        self._given = 0

    @staticmethod
    def events(installation: Installation) -> Client:
        """Return a client in the place of audit."""
        return Client(installation.settings.broker, event_queue("audit", "#"))

    def begin(self, lots: Sequence[str], bidders: int) -> None:
        """Bring lots into their countdown, with as many bidders in each."""
        actors = [token_of(number) for number in range(bidders)]
        self._give((lot, one, make.AGENCY) for lot in lots for one in (make.draft(), make.announce()))
        self._give((lot, commands.Apply(), actor) for lot in lots for actor in actors)
        for lot in lots:
            applied = [record.data["number"] for record in self.records(lot) if record.type == "land.applied.v1"]
            deposit = make.START_FEN // 5
            self._give((lot, make.deposit(f"{number}", self.clock.now(), deposit), make.AGENCY) for number in applied)
        self._move_to(make.STARTS, lots, "land.bidding_started.v1")
        first = (make.START_FEN, make.START_FEN + make.STEP_FEN)
        self._give(
            (lot, commands.PlaceBid(price_fen=price), actor)
            for lot in lots
            for price, actor in zip(first, actors, strict=False)
        )
        self._move_to(make.ENDS, lots, "land.timed_started.v1")

    def bids(self, lots: Sequence[str], bidders: int, count: int) -> list[Bid]:
        """Return bids, each a step over the one before it in its lot; bidders and lots take turns."""
        holders = {(lot, number): Holder(self._registry, lot, number) for lot in lots for number in range(bidders)}
        at = instant(self.clock.now())
        made = []
        for number in range(count):
            lot, turn = lots[number % len(lots)], number // len(lots)
            price = make.START_FEN + (2 + turn) * make.STEP_FEN
            holder = holders[lot, turn % bidders]
            made.append(Bid(holder.request(f"{SENT}{number}", price, at), lot, price))
        return made

    def records(self, lot: str) -> list[Record]:
        """Return a lot's records as the journal has them, in its order."""
        with self._database.read() as connection:
            return [item.record for item in journal.of_stream(connection, lot)]

    def deciding_ms(self, lot: str) -> float:
        """Return how long it takes to decide a lot's bids again and to take in what was decided, in milliseconds."""
        decider, state, spent = LINE.decider, LINE.decider.initial, 0.0
        with self._database.read() as connection:
            asked = select(command.c.version, command.c.request).where(command.c.stream == lot, command.c.version > 0)
            requests = {version: LINE.requests.validate_json(bytes(raw)) for version, raw in connection.execute(asked)}
            for record in self.records(lot):
                if isinstance(state, Lot):
                    rulebooks.shelve(connection, BOOKS, state.announced.rulebook, state.published)
                event, start = LINE.event(record), perf_counter()
                if record.command_id.startswith(SENT):
                    with suppress(Refusal):
                        LINE.decide(requests[record.version], state)
                state = decider.evolve(state, event)
                spent += perf_counter() - start
        return 1000 * spent

    def is_healthy(self) -> bool:
        """Whether a countdown that ends now would be closed."""
        return self.age_ms() < FRESH_MS

    def age_ms(self) -> int:
        """Return how old the reading is by which a countdown would be closed now."""
        with self._database.read() as connection:
            reading = health.reading(connection, SystemClock().now())
        return reading.age_ms if reading else 10**9

    def _give(self, given: Iterable[tuple[str, LotCommand, Actor]]) -> None:
        calls = []
        for lot, asked, actor in given:
            self._given += 1
            spoken = SPEECH.own(type(asked)).model_validate(dict(asked)).model_dump(mode="json")
            arrival = Arrival(
                id=f"setup-{self._given}", stream=lot, actor=actor, received_at=self.clock.now(), command=spoken
            )
            calls.append(orjson.dumps({"args": [], "kwargs": self._door.command(arrival)}))
        self._client.call("land.command", calls)
        for reply in self._client.replies.values():
            assert orjson.loads(reply)["result"]["outcome"]["refusal"] is None, reply

    def _move_to(self, at: datetime, lots: Sequence[str], kind: str) -> None:
        wait_until(self.is_healthy, "a probe that came round just now")
        self.clock.advance(at - self.clock.now() + SECOND)
        wait_until(lambda: all(self.records(lot)[-1].type == kind for lot in lots), kind)


class Holder:
    """A bidder's credential in a lot, and the requests that it signs."""

    def __init__(self, registry_key: str, lot: str, number: int) -> None:
        private = dice(f"one-time-{lot}-{number}")(32)
        self._key = Ed25519PrivateKey.from_private_bytes(private)
        issued = credentials.issue(
            registry_key,
            tender=lot,
            token=token_of(number).account,
            public_key=signing_public(text(private)),
            facts=credentials.Facts(not_suspended=True, region="370500", deposit=True, not_blacklisted=True),
            until=make.ENDS + timedelta(days=1),
        )
        self._credential = text(encode(issued.model_dump(mode="json")))
        self._lot = lot

    def request(self, id_: str, price_fen: int, at: str) -> bytes:
        """Return a bid as it goes over the wire, signed at an instant."""
        body = orjson.dumps({"procedure": self._lot, "command": {"type": "land.place_bid", "price_fen": price_fen}})
        signed = f"ggzy-request/v1\nPOST\n/api/commands\n{at}\n{hashlib.sha256(body).hexdigest()}"
        lines = {
            "Host": "bench",
            "Content-Length": str(len(body)),
            "Idempotency-Key": id_,
            "X-Ggzy-Credential": self._credential,
            "X-Ggzy-At": at,
            "X-Ggzy-Signature": text(self._key.sign(signed.encode())),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"POST /api/commands HTTP/1.1\r\n{head}\r\n".encode() + body


def token_of(number: int) -> Actor:
    """Return a made-up bidder under its pseudonym."""
    return make.bidder(number)
