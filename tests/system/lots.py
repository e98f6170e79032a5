"""Lots of land on one host: sold by an agency, bid on by made-up bidders over the door, with a clock that is moved."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cli.client import Asker
from cli.demo.cast import AGENCY, SUPERVISOR, Cast
from cli.demo.stage import Stage
from services.land import LINE
from shared.kernel.record import Record
from shared.platform import keys
from shared.platform.keys import Keyring
from shared.procedure.lot import commands
from shared.procedure.lot.messages import LotCommand
from shared.procedure.lot.state import Lot
from shared.seal import credential as credentials
from shared.seal.keys import signing_public
from shared.seal.wire import text
from shared.store import journal
from shared.store.connect import connect
from shared.store.database import Database
from tests.bidding.factories import dice
from tests.lot import factories as make
from tests.system.reading import Answer, ask, command

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
STEP = make.STEP_FEN // 100


@dataclass
class Parcels:
    """The lots of one host. A bidder is a number; its credential is signed with the registry's own key."""

    stage: Stage

    @cached_property
    def database(self) -> Database:
        """What land has kept."""
        return connect(self.stage.settings, LINE.name)

    def assemble(self) -> None:
        """Open the accounts of the offices."""
        Cast(self.stage).assemble()

    def announce(self, lot: str, **terms: Any) -> None:
        """Draft and announce a lot that begins in four weeks and is bid on freely for two."""
        starts = self.stage.client.now() + 28 * DAY
        times = {"bidding_starts": starts, "bidding_ends": starts + 14 * DAY}
        due = starts + 10 * DAY
        self.sell(lot, make.draft(title=lot))
        self.sell(lot, make.announce(**times, applications_due=due, deposits_due=due, **terms))

    def admit(self, lot: str, bidders: Sequence[int]) -> None:
        """Let bidders apply and pay, which admits them where the review comes after the bidding."""
        for bidder in bidders:
            self.done(self.ask(lot, bidder, commands.Apply()))
            self.sell(lot, make.deposit(self.number(lot, bidder), self.stage.client.now(), make.START_FEN // 5))

    def number(self, lot: str, bidder: int) -> str:
        """Return a bidder's number in a lot."""
        return self.state(lot).bidders[make.bidder(bidder).account].number

    def sell(self, lot: str, asked: LotCommand) -> None:
        """Let the agency do something that it may."""
        self.done(self.try_to_sell(lot, asked))

    def try_to_sell(self, lot: str, asked: LotCommand) -> Answer:
        """Let the agency ask for something, and return whatever is answered."""
        return self._send(lot, self.stage.player(AGENCY).asker(), asked, uuid.uuid4().hex)

    def bid(self, lot: str, bidder: int, yuan: int, id_: str | None = None) -> Answer:
        """Let a bidder bid, and return whatever is answered."""
        return self.ask(lot, bidder, commands.PlaceBid(price_fen=yuan * 100), id_)

    def ask(self, lot: str, bidder: int, asked: LotCommand, id_: str | None = None) -> Answer:
        """Let a bidder ask for something, and return whatever is answered."""
        return self._send(lot, self._asker(lot, bidder), asked, id_ or uuid.uuid4().hex)

    @staticmethod
    def done(answer: Answer) -> None:
        """See that what was asked was done."""
        assert answer.status < 300, answer.body

    def records(self, lot: str) -> list[Record]:
        """Return a lot's records as the journal has them, in its order."""
        with self.database.read() as connection:
            return [written.record for written in journal.of_stream(connection, lot)]

    def told(self, lot: str, kind: str) -> list[dict[str, Any]]:
        """Return the data of a lot's events of one kind."""
        return [dict(one.data) for one in self.records(lot) if one.type == f"land.{kind}.v1"]

    def state(self, lot: str) -> Lot:
        """Return a lot as its records make it."""
        state = LINE.decider.replay(map(LINE.event, self.records(lot)))
        assert isinstance(state, Lot), state
        return state

    def reach(self, lot: str, phase: str) -> None:
        """Move the clock from end to end until a lot is in a phase; what a loaded machine froze is let go on."""

        def there() -> bool:
            state = self.state(lot)
            if state.phase == phase:
                return True
            if state.frozen is not None and state.frozen.cause == "outage":
                self.try_to_sell(lot, commands.Thaw(resumes_at=self.stage.client.now() + SECOND, notice="故障已排除"))
            elif state.times.ends_at > self.stage.client.now():
                self.move_to(state.times.ends_at)
            return False

        self.stage.wait(f"{lot}: {phase}", there)

    def move_to(self, at: datetime) -> None:
        """Move the clock to an instant once probes come round: what ends then is ended."""
        self.stage.wait("a probe that comes round", self._is_healthy)
        self.stage.move_to(at)

    def redecided(self, lot: str) -> dict[str, Any]:
        """Return what comes of deciding a lot's whole history again."""

        def remade() -> dict[str, Any] | None:
            answer = ask(self.stage, f"/api/procedures/{lot}/redecide", self.stage.player(SUPERVISOR))
            return dict(answer.json) if answer.status < 300 else None

        return self.stage.wait("the ledger", remade)

    def _is_healthy(self) -> bool:
        found = self.stage.client.get("/api/health")["round_trips"]["land"]
        return found is not None and found["age_ms"] < 1500

    def _send(self, lot: str, asker: Any, asked: LotCommand, id_: str) -> Answer:
        body = {"type": f"land.{type(asked).NAME}", **asked.model_dump(mode="json")}
        return command(self.stage, asker, lot, body, id_)

    def _asker(self, lot: str, bidder: int) -> Asker:
        private = dice(f"{lot} {bidder}")(32)
        key = text(Keyring(self.stage.data / "keys").secret(keys.CREDENTIALS))
        issued = credentials.issue(
            key,
            tender=lot,
            token=make.bidder(bidder).account,
            public_key=signing_public(text(private)),
            facts=credentials.Facts(not_suspended=True, region="370500", deposit=True, not_blacklisted=True),
            until=self.stage.client.now() + 99 * DAY,
        )
        return Asker.token(issued.model_dump(mode="json"), Ed25519PrivateKey.from_private_bytes(private))
