"""A till: the smallest line of business, to test the kernel with. Coins go in; it never holds more than a limit."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, delete, insert

from shared.kernel.decider import Decider
from shared.kernel.errors import BreaksClause, BrokenHistory, Refusal
from shared.kernel.line import Line, Timer, whenever
from shared.kernel.message import Command, Event, Message
from shared.kernel.record import Record
from shared.kernel.request import Actor, Arrival, Request, Role

LIMIT = 100
AT = datetime(2026, 12, 1, 1, tzinfo=UTC)


class PutCoin(Command):
    type: Literal["till.put_coin"] = "till.put_coin"
    fen: int


class CloseTill(Command):
    type: Literal["till.close_till"] = "till.close_till"


class CoinPut(Event):
    type: Literal["till.coin_put.v1"] = "till.coin_put.v1"
    fen: int


class TillClosed(Event):
    type: Literal["till.till_closed.v1"] = "till.till_closed.v1"


class RequestRefused(Event):
    type: Literal["till.request_refused.v1"] = "till.request_refused.v1"
    code: str


class NoFacts(Message):
    pass


TillCommand = Annotated[PutCoin | CloseTill, Field(discriminator="type")]
TillEvent = Annotated[CoinPut | TillClosed | RequestRefused, Field(discriminator="type")]


class Till(Message):
    held: int = 0
    open: bool = True


def decide(request: Request[Any, Any], state: Till) -> Sequence[Event]:
    match request.command:
        case PutCoin(fen=fen):
            if fen == 13:
                raise RuntimeError("a fault in the till")
            if not state.open or state.held + fen > LIMIT:
                raise BreaksClause("钱箱已满", "the till is full", "钱箱规则 第一条")
            return (CoinPut(fen=fen),)
        case _:
            return (TillClosed(),)


def evolve(state: Till, event: Event) -> Till:
    match event:
        case CoinPut(fen=fen):
            if state.held + fen > LIMIT:
                raise BrokenHistory("more than the till can hold")
            return Till(held=state.held + fen, open=state.open)
        case TillClosed():
            return Till(held=state.held, open=False)
        case _:
            return state


def timers(event: Event) -> Sequence[Timer]:
    return (Timer(AT + timedelta(days=1), CloseTill()),) if isinstance(event, CoinPut) and event.fen == 7 else ()


def refused(_request: Any, refusal: Refusal) -> Event:
    return RequestRefused(code=refusal.code)


LINE = Line(
    name="till",
    title_zh="钱箱",
    title_en="Till",
    decider=Decider(Till(), decide, evolve),
    commands=TypeAdapter(TillCommand),
    events=TypeAdapter(TillEvent),
    requests=TypeAdapter(Request[TillCommand, NoFacts]),
    visible=lambda _event, _role, _state: True,
    refused=refused,
    entitled={"till.put_coin": frozenset({"agency"}), "till.close_till": frozenset({"agency", "system"})},
    arriving=frozenset({"till.put_coin"}),
    closing={"till.close_till": whenever},
    timers=timers,
)

metadata = MetaData()
tills = Table("till", metadata, Column("stream", String, primary_key=True), Column("held", Integer, nullable=False))


class Port:
    def facts(self, connection: Connection, arrival: Arrival, command: Command, state: Any) -> tuple[Message, Any]:
        return NoFacts(), None

    def project(self, connection: Connection, record: Record, event: Event, state: Till) -> None:
        connection.execute(delete(tills).where(tills.c.stream == record.stream))
        connection.execute(insert(tills).values(stream=record.stream, held=state.held))

    def receipts(self, record: Record, event: Event) -> Sequence[dict[str, Any]]:
        return ({"position": record.position},) if isinstance(event, CoinPut) else ()


def asked(name: str, fen: int = 1, *, stream: str = "t1", role: Role = "agency", at: datetime = AT) -> Arrival:
    command = {"type": "till.put_coin", "fen": fen}
    return Arrival(id=name, stream=stream, actor=Actor(account="ann", role=role), received_at=at, command=command)


def closing(name: str, *, stream: str = "t1", at: datetime = AT) -> Arrival:
    actor = Actor(account="ann", role="agency")
    return Arrival(id=name, stream=stream, actor=actor, received_at=at, command={"type": "till.close_till"})
