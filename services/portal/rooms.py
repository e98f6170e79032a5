"""Auction rooms: whoever watches a lot sees it as it stands, made once for all; a bidder sees its own bids at once.

A room is filled from the records that the bus tells, which bear the services' mark; the line itself says what a record
alone tells. It is asked only when a room opens, after a gap, where a record does not tell all, and where the bus has
fallen silent. `connected` in a frame says whether what it shows is current: how the lot stood at an instant no more
than LOST_SECONDS before, by a word of its line since which nothing is missing, or by its line's own answer. Where it is
false, the frame shows what was last known, and the price may have moved. It says nothing of whether bids are taken.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

import orjson
from fastapi import APIRouter, Request

from services.portal.desk import PUBLIC, Desk
from services.portal.identity import Identity
from services.portal.problems import Problem
from services.portal.room import NEVER, Moved, Room, Watcher
from services.portal.streaming import MOST_WATCHERS, RESET, Stream, too_many
from shared.kernel.canonical import instant, parse_instant
from shared.kernel.errors import BrokenHistory
from shared.kernel.line import Line
from shared.kernel.request import Actor
from shared.messaging.bus import Told

PAUSE_SECONDS = 0.2
"""Between two frames of a room: a watcher is shown the newest state, five times a second at most."""

BEAT_SECONDS = 2.0
"""A room in which nothing happens is shown again, with the time that is left."""

MOST_OWN = 64


@dataclass(frozen=True, slots=True)
class Opening:
    """What a line answered to who wants to watch, when it was asked, and how many records had been heard till then."""

    answer: Mapping[str, Any]
    asked: float
    records: int


class Rooms:
    """Every lot that is watched now."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._rooms: dict[str, Room] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._last_word: dict[str, float] = {}
        self._records = 0

    def hear(self, told: Told, fields: Mapping[str, Any]) -> bool:
        """Take in a record or a head; return whether only the history of its stream tells what is public of it.

        What no service told changes no room.
        """
        line = self._desk.lines.get(fields["service"])
        if line is None or line.live is None or not self._desk.hallmark.holds(*told):
            return True
        self._last_word[line.name] = monotonic()
        if told.headers.get("kind") != "record":
            return True
        self._records += 1
        shown = _shown(line, told.body)
        if (room := self._rooms.get(fields["stream"])) is not None:
            self._move(room, Moved(fields["version"], shown), fields)
        return shown is None

    def gap(self) -> None:
        """Ask anew how the lots stand, and say so: records may have been missed."""
        for room in self._rooms.values():
            room.doubt()
            for watcher in room.watchers:
                watcher.give(RESET)

    def doubt(self, line: str) -> None:
        """Ask anew how a line's lots stand: nobody listened to it when they were asked for."""
        for room in self._rooms.values():
            if room.line == line:
                room.doubt()

    async def watch(self, stream: str, actor: Actor) -> AsyncGenerator[bytes, None]:
        """Return the frames of a lot for who asks. Raise Problem where it may not watch, or too many do."""
        if sum(len(room.watchers) for room in self._rooms.values()) >= MOST_WATCHERS:
            raise too_many()
        if stream in self._rooms and actor.role != "token":  # what is watched is public
            return self._frames(stream, Watcher(frozenset()), None)
        asked, records = monotonic(), self._records
        answer = await self._desk.ask_of(stream, "live", {"id": stream}, actor)
        names = frozenset(filter(None, (actor.account, answer["own"]))) if actor.role == "token" else frozenset()
        return self._frames(stream, Watcher(names), Opening(answer, asked, records))

    async def _frames(self, stream: str, watcher: Watcher, opening: "Opening | None") -> AsyncGenerator[bytes, None]:
        is_new = stream not in self._rooms
        room = self._enter(stream, watcher)
        if opening is not None and (is_new or room.version > 0):  # after a gap, only a later answer counts
            room.set_up(opening.answer, opening.asked)
            if is_new and opening.records != self._records:  # one of them may have been the lot's
                room.version = 0
        try:
            yield b"retry: 2000\n\n"
            while len(watcher.own) <= MOST_OWN:
                if watcher.own:
                    yield watcher.own.popleft()
                elif watcher.seen < room.number:
                    watcher.seen = room.number
                    yield room.frame
                else:
                    watcher.wake.clear()
                    await watcher.wake.wait()
        finally:
            room.watchers.discard(watcher)
            room.named.discard(watcher)
            room.news.set()

    def _enter(self, stream: str, watcher: Watcher) -> Room:
        """Return a lot's room with one more watcher in it, who is shown the newest frame first."""
        room = self._rooms.get(stream)
        if room is None:
            room = self._rooms[stream] = Room(stream, self._desk.line_of(stream))
            task = asyncio.create_task(self._keep(room))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        room.watchers.add(watcher)
        if watcher.names:
            room.named.add(watcher)
        watcher.seen = max(0, room.number - 1)
        return room

    async def _keep(self, room: Room) -> None:
        """Show a room for as long as somebody watches."""
        while room.watchers:
            room.news.clear()
            if room.catch_up() or not room.is_current(self._word(room)):
                await self._ask(room)
            room.tell(self._frame(room))
            await asyncio.sleep(PAUSE_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT_SECONDS):
                    await room.news.wait()
        del self._rooms[room.stream]

    async def _ask(self, room: Room) -> None:
        """Ask the line how a lot stands, unless it is being asked; an answer that is slow in coming is shown then."""
        if room.looking is None or room.looking.done():
            room.looking = asyncio.create_task(self._look(room))
        await asyncio.wait({room.looking}, timeout=PAUSE_SECONDS)
        if not room.looking.done():
            room.looking.add_done_callback(lambda _task: room.news.set())

    async def _look(self, room: Room) -> None:
        """Take in a line's answer, unless records were missed meanwhile. Without one the room shows what was."""
        asked, gaps = monotonic(), room.gaps
        with suppress(Problem):
            answer = await self._desk.ask_of(room.stream, "live", {"id": room.stream}, PUBLIC)
            if room.gaps == gaps:
                room.set_up(answer, asked)
            if room.catch_up():
                room.news.set()

    def _word(self, room: Room) -> float:
        return self._last_word.get(room.line, NEVER)

    def _move(self, room: Room, one: Moved, record: Mapping[str, Any]) -> None:
        """Take in a record; a bidder is shown its own bid at once on each device, and what its proxy bid for it."""
        room.heard.append(one)
        if one.shown != {}:
            room.news.set()
        if not one.shown:
            return
        names = {record["actor"]["account"], one.shown.get("number")}
        if own := [watcher for watcher in room.named if watcher.names & names]:
            frame = _sse("own", {"procedure": room.stream, **one.shown, "received_at": record["received_at"]})
            for watcher in own:
                watcher.give(frame)

    def _frame(self, room: Room) -> bytes:
        now, ends = self._desk.clock.now(), room.shown.get("ends_at")
        left = max(timedelta(), parse_instant(ends) - now) // timedelta(milliseconds=1) if ends else None
        shown = {"procedure": room.stream, **room.shown, "at": instant(now), "left_ms": left}
        return _sse("lot", {**shown, "connected": room.is_current(self._word(room))})


def routes(rooms: Rooms, identity: Identity) -> APIRouter:
    """Return the route of a lot's live feed."""
    router = APIRouter()

    @router.get("/api/procedures/{id}/live")
    async def live(request: Request, id: str) -> Stream:  # noqa: A002 - the path's own word
        """Return how a lot stands, as it moves; `own` is a bid of the asker's, `reset` says that some was missed.

        `connected` says whether a frame shows how the lot stood no more than three seconds before; if not, the price
        may have moved.
        """
        asker = await identity.asker(request, procedure=id)
        return Stream(await rooms.watch(id, asker.actor))

    return router


def _shown(line: Line, record: bytes) -> Mapping[str, Any] | None:
    """Return what a record alone shows; None where it does not tell, or is of a kind that this program knows not."""
    if line.live is None:
        return None
    try:
        return line.live(line.event_of(record))
    except BrokenHistory:
        return None


def _sse(name: str, data: Mapping[str, Any]) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"
