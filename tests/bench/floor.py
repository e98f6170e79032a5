"""The floor of an auction, in processes of its own: `python -m tests.bench.floor bid|watch JOB RESULT`.

Bidders send requests made before, at a given rate and each after its own last answer, and note the answers. Watchers
note when a frame showed them a new price. Plain sockets: what is measured is the door, not its clients.
"""

import asyncio
import re
import signal
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from shared.platform.clock import SystemClock

READY = "floor_ready"
_PRICE = re.compile(rb'"price_fen":(\d+)')
_STATUS = re.compile(rb"HTTP/1\.1 (\d+)")


class Bidder:
    """One connection, kept; its requests one after the other."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._turn = asyncio.Lock()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, request: bytes) -> tuple[int, Any]:
        """Return status and body of the answer."""
        async with self._turn:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            status = _STATUS.match(head)
            assert length, head
            assert status, head
            return int(status[1]), orjson.loads(await reader.readexactly(int(length[1])))


async def bid(job: dict[str, Any]) -> dict[str, Any]:
    """Send each request when it is due; return the answers, and how long it all took, in seconds."""
    print(READY, flush=True)
    bidders = [Bidder(job["port"]) for _ in range(job["bidders"])]
    loop, start = asyncio.get_running_loop(), asyncio.get_running_loop().time()

    async def one(number: int, request: str) -> tuple[int, Any]:
        await asyncio.sleep(start + number / job["rate"] - loop.time())
        return await bidders[number % len(bidders)].send(request.encode())

    answers = await asyncio.gather(*(one(number, request) for number, request in enumerate(job["requests"])))
    return {"answers": answers, "seconds": loop.time() - start}


class Watcher(asyncio.Protocol):
    """One connection that notes (time, newest price) when that is another than before."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.seen: list[tuple[float, int]] = []
        self.frames = 0
        self.entered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.left = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the feed."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(f"GET {self._path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        """Take in what came; a frame comes in one piece, as it was sent."""
        now = SystemClock().now().timestamp()
        if b"event: lot" in data and not self.entered.done():
            self.entered.set_result(None)
        self.frames += data.count(b"event: lot")
        prices = _PRICE.findall(data)
        if prices and (not self.seen or int(prices[-1]) != self.seen[-1][1]):
            self.seen.append((now, int(prices[-1])))

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that it was cut off."""
        del exc
        self.left = True


async def watch(job: dict[str, Any]) -> dict[str, Any]:
    """Watch until told to end; return what each watcher saw."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, ended.set)
    watchers = [Watcher(path) for path in job["paths"]]
    for watcher in watchers:
        await loop.create_connection(partial(_itself, watcher), "127.0.0.1", job["port"])
        if watcher is watchers[0]:
            await watcher.entered  # whoever comes first makes the door find the lot's line
    await asyncio.gather(*(watcher.entered for watcher in watchers))
    print(READY, flush=True)
    await ended.wait()
    return {
        "watchers": [{"seen": one.seen, "frames": one.frames, "left": one.left} for one in watchers],
    }


def _itself(watcher: Watcher) -> Watcher:
    return watcher


PLAYS: dict[str, Callable[[dict[str, Any]], Coroutine[Any, Any, dict[str, Any]]]] = {"bid": bid, "watch": watch}


def main(play: str, job: str, result: str) -> None:
    """Play one part and leave its result in a file."""
    made = asyncio.run(PLAYS[play](orjson.loads(Path(job).read_bytes())))
    Path(result).with_suffix(".new").write_bytes(orjson.dumps(made))
    Path(result).with_suffix(".new").replace(result)


if __name__ == "__main__":
    main(*sys.argv[1:])
