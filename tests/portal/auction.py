"""An auction as the door sees it: a till whose coins are bids, and watchers who take frame by frame."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson

from services.portal.desk import Given
from services.portal.rooms import Rooms
from shared.kernel.canonical import encode, instant
from shared.kernel.errors import NotFound, NotYet
from shared.kernel.message import Event
from shared.kernel.record import write
from shared.kernel.request import Actor
from shared.messaging.bus import Told
from shared.messaging.hallmark import Hallmark
from shared.platform import keys
from shared.platform.door import Query
from tests.portal.house import LINE, TOKEN, Browser, House, Person
from tests.store.till import AT, CoinPut, TillClosed

ENDS = instant(AT + timedelta(minutes=5))
STRANGER = Actor(account="6" * 64, role="token")
OWN = Actor(account=TOKEN, role="token")


def shown(event: Event) -> Mapping[str, Any] | None:
    match event:
        case CoinPut(fen=fen):
            return {"price_fen": fen, "number": "8" if fen % 2 else "9"}
        case TillClosed():
            return None
        case _:
            return {}


class Auction(House):
    """A till whose coins are bids, watched as they come; and its journal."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.version = 1
        self.standing: dict[str, Any] = {"phase": "timed", "price_fen": None, "number": None, "ends_at": ENDS}
        self.mark = Hallmark(self.keyring.secret(keys.EVENTS))
        self.answers["live"] = self.live
        self.answering = True
        self.meanwhile: Callable[[], None] | None = None

    def given(self) -> Given:
        return replace(super().given(), lines={"till": replace(LINE, live=shown)})

    def live(self, query: Query) -> dict[str, Any]:
        if query.arguments["id"] != "t1":
            raise NotFound("没有", "there is none")
        if not self.answering:
            raise NotYet("暂不应答", "it does not answer now")
        own = "8" if query.actor.account == TOKEN else None
        answer = {"version": self.version, "standing": dict(self.standing), "own": own}
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return answer

    def record(self, event: Event, actor: Actor = STRANGER, *, mark: Hallmark | None = None) -> Told:
        self.version += 1
        self.standing |= shown(event) or {}
        record = write(
            service="till", position=self.version, stream="t1", version=self.version, id="1" * 32, event=event,
            at=AT, received_at=AT, actor=actor, command_id="c", command_digest="0" * 64, cause=None, rulebook=None,
            salt=bytes(32),
        )  # fmt: skip
        return self._told(record.type, {"kind": "record", "leaf": "leaf"}, record.raw, mark)

    def bid(self, fen: int, actor: Actor = STRANGER) -> None:
        self.bus.tell(self.record(CoinPut(fen=fen), actor))

    def head(self) -> None:
        self.bus.tell(self.beacon(self.version))

    def beacon(self, position: int) -> Told:
        said = encode({"service": "till", "position": position})
        return self._told("till.head", {"kind": "head"}, said, None)

    def _told(self, key: str, headers: Mapping[str, Any], body: bytes, mark: Hallmark | None) -> Told:
        return Told(key, (mark or self.mark).marked(key, headers, body), body)

    @property
    def watchers(self) -> int:
        at: Rooms = self.app.state.rooms
        return sum(len(room.watchers) for room in at._rooms.values())


Frame = tuple[str, Any]


@asynccontextmanager
async def watching(browser: Browser, who: Person | None = None) -> AsyncIterator[Callable[[], Any]]:
    """Give what returns the next frame: (name, data)."""
    path = "/api/procedures/t1/live"
    headers = who.sign("GET", path, browser.house.clock.now()) if who else {}
    async with browser.http.stream("GET", path, headers=headers, timeout=20) as answer:
        assert answer.status_code == 200
        frames = _frames(answer)

        async def take() -> Frame:
            async with asyncio.timeout(10):
                return await anext(frames)

        yield take


async def _frames(answer: httpx.Response) -> AsyncIterator[Frame]:
    name = ""
    async for line in answer.aiter_lines():
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, orjson.loads(value)


async def reach(take: Callable[[], Any], wanted: Callable[[Frame], bool]) -> list[Frame]:
    """Return the frames up to one that is wanted."""
    frames = [await take()]
    while not wanted(frames[-1]):
        frames.append(await take())
    return frames


def price(fen: int) -> Callable[[Frame], bool]:
    return lambda frame: bool(frame[1].get("price_fen") == fen)
