"""Live events: what the public may see, as it is recorded, by server-sent events that resume where they broke off.

The bus says only that something was recorded; whether the public may see it, the line's own history tells. What
becomes public later is not sent then: the event that makes it so is, and who hears it loads again. The many facts of
an auction are not sent here: its own room shows them.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Query, Request
from pydantic import BaseModel, ConfigDict

from services.portal.desk import PUBLIC, Desk
from services.portal.problems import Problem
from services.portal.rooms import Rooms
from services.portal.streaming import MOST_WATCHERS, RESET, Stream, too_many
from shared.messaging.bus import BusTimeout, Told
from shared.platform.logs import logger

GATHER_SECONDS = 0.2
"""A procedure is looked at five times a second at most, however much is recorded."""

BEAT_SECONDS = 15.0
BEHIND = 256
KEPT = 2000


@dataclass(frozen=True, slots=True)
class Frame:
    """One event on its way to the watchers."""

    id: str
    procedure: str
    data: bytes


@dataclass(eq=False, slots=True)
class Watcher:
    """One connection; `procedure` is empty for all."""

    procedure: str
    frames: "asyncio.Queue[bytes]" = field(default_factory=lambda: asyncio.Queue(BEHIND))
    cut_off: bool = False


class Live:
    """What happens, to whoever watches."""

    def __init__(self, desk: Desk, rooms: Rooms) -> None:
        self._desk = desk
        self._rooms = rooms
        self._watchers: set[Watcher] = set()
        self._kept: deque[Frame] = deque(maxlen=KEPT)
        self._positions: dict[str, int] = {}
        self._pending: dict[str, list[dict[str, Any]]] = {}
        self._looking: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                heard = await self._desk.bus.subscribe([f"{name}.#" for name in sorted(self._desk.lines)])
                async for told in heard:
                    self.hear(told)
            except BusTimeout as error:
                logger().warning("live_interrupted", error=type(error).__name__)
            self._reset()
            await asyncio.sleep(GATHER_SECONDS)

    def hear(self, told: Told) -> None:
        """Take in one message of the bus: a record, or the head of a journal that shows a gap."""
        fields = orjson.loads(told.body)
        service, position = fields["service"], fields["position"]
        known = self._positions.get(service)
        if told.headers.get("kind") != "record":
            if known is None or position >= known:  # an older one tells nothing of now
                self._rooms.hear(told, fields)
            if known is not None and position > known:
                self._positions[service] = position
                self._reset()
            self._note_first(service, position)
        elif known is None or position > known:
            if known is not None and position > known + 1:
                self._reset()
            self._note_first(service, position)
            self._positions[service] = position
            if self._rooms.hear(told, fields):
                self._look_soon(fields)

    def _note_first(self, service: str, position: int) -> None:
        """Note the first word of a service: what it had recorded since a room was opened, nobody heard."""
        if service not in self._positions:
            self._positions[service] = position
            self._rooms.doubt(service)

    def watch(self, last_id: str, procedure: str) -> AsyncGenerator[bytes, None]:
        """Return the frames for one watcher, from the one after `last_id` on. Raise Problem if there are too many."""
        if len(self._watchers) >= MOST_WATCHERS:
            raise too_many()
        return self._frames(last_id, procedure)

    async def _frames(self, last_id: str, procedure: str) -> AsyncGenerator[bytes, None]:
        watcher, missed = Watcher(procedure), self._missed(last_id, procedure)
        self._watchers.add(watcher)
        try:
            yield b"retry: 2000\n\n"
            for frame in missed:
                yield frame
            while not watcher.cut_off:
                try:
                    async with asyncio.timeout(BEAT_SECONDS):
                        frame = await watcher.frames.get()
                except TimeoutError:
                    frame = b":\n\n"
                yield frame
        finally:
            self._watchers.discard(watcher)

    def _missed(self, last_id: str, procedure: str) -> list[bytes]:
        if not last_id:
            return []
        ids = [frame.id for frame in self._kept]
        if last_id not in ids:
            return [RESET]
        later = list(self._kept)[ids.index(last_id) + 1 :]
        return [frame.data for frame in later if procedure in {"", frame.procedure}]

    def _look_soon(self, record: dict[str, Any]) -> None:
        stream = record["stream"]
        if stream in self._pending:
            self._pending[stream].append(record)
            return
        self._pending[stream] = [record]
        task = asyncio.create_task(self._look(stream))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _look(self, stream: str) -> None:
        await asyncio.sleep(GATHER_SECONDS)
        records = self._pending.pop(stream)
        service = records[0]["service"]
        try:
            seen = await self._desk.ask(f"{service}_views", "history", {"id": stream}, PUBLIC)
        except Problem as problem:
            if problem.code == "no_answer":
                self._reset()
            return
        public = {_sameness(event) for event in seen["events"]}
        for record in records:
            if _sameness(record) in public:
                self._emit(_frame(record))

    def _emit(self, frame: Frame) -> None:
        self._kept.append(frame)
        for watcher in list(self._watchers):
            if watcher.procedure in {"", frame.procedure}:
                self._give(watcher, frame.data)

    def _reset(self) -> None:
        self._rooms.gap()
        for watcher in list(self._watchers):
            self._give(watcher, RESET)

    def _give(self, watcher: Watcher, frame: bytes) -> None:
        try:
            watcher.frames.put_nowait(frame)
        except asyncio.QueueFull:
            watcher.cut_off = True
            self._watchers.discard(watcher)


class Watched(BaseModel):
    """What is watched: one procedure, or all."""

    model_config = ConfigDict(extra="forbid")

    procedure: str = ""


def routes(live: Live) -> APIRouter:
    """Return the route of live events."""
    router = APIRouter()

    @router.get("/api/events")
    async def events(
        request: Request, watched: Annotated[Watched, Query()], last_event_id: Annotated[str, Header()] = ""
    ) -> Stream:
        """Return public events as they are recorded; `reset` says that some may have been missed."""
        del request
        return Stream(live.watch(last_event_id, watched.procedure))

    return router


def _sameness(event: Mapping[str, Any]) -> bytes:
    """Return what an event is told by: a history gives no numbers, for their gaps would tell of others."""
    return orjson.dumps([event["type"], event["at"], event["data"]], option=orjson.OPT_SORT_KEYS)


def _frame(record: Mapping[str, Any]) -> Frame:
    id_ = f"{record['service']}-{record['position']}"
    shown = {"procedure": record["stream"], **{name: record[name] for name in ("type", "at", "data")}}
    data = orjson.dumps(shown).decode()
    return Frame(id_, record["stream"], f"id: {id_}\nevent: recorded\ndata: {data}\n\n".encode())
