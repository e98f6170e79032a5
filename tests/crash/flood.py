"""Asks a door for too much, unsigned and under forged names, until it is ended: `python -m tests.crash.flood URL`.

Prints, at SIGTERM, how many requests were answered and with which status.
"""

import asyncio
import signal
import sys
from collections import Counter
from urllib.parse import urlsplit

CONNECTIONS = 50
"""Each asks again as soon as it is answered."""

FORGED = (
    "X-Ggzy-Account: nobody-{number}\r\nX-Ggzy-At: 2026-12-01T00:00:00.000000Z\r\nX-Ggzy-Signature: AAAA\r\n",
    "X-Ggzy-Credential: AAAA{number}\r\nX-Ggzy-At: 2026-12-01T00:00:00.000000Z\r\nX-Ggzy-Signature: AAAA\r\n",
    "Authorization: Bearer 2026-12-01.{number}\r\n",
)
BODY = '{"procedure":"crash-1","command":{"type":"bidding.deliver_sealed","sealed":"AAAA"}}'


def requests(number: int) -> list[bytes]:
    """Return what one connection asks in turn: pages, events and submissions, of nobody or under a forged name."""
    named = [one.format(number=number) for one in FORGED]
    asked = [f"GET /api/procedures?line=bidding HTTP/1.1\r\n{name}" for name in ("", *named)]
    submitted = [
        f"POST /api/commands HTTP/1.1\r\n{name}Idempotency-Key: f{number}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(BODY)}\r\n"
        for name in ("", *named)
    ]
    return [
        *(f"{head}Host: door\r\n\r\n".encode() for head in asked),
        *(f"{head}Host: door\r\n\r\n{BODY}".encode() for head in submitted),
    ]


async def ask(host: str, port: int, number: int, statuses: Counter[str]) -> None:
    """Ask on one connection without end, and on another where the door closes it."""
    while True:
        reader, writer = await asyncio.open_connection(host, port)
        try:
            while True:
                for request in requests(number):
                    writer.write(request)
                    head = await reader.readuntil(b"\r\n\r\n")
                    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if line)
                    await reader.readexactly(int(fields.get(b"content-length", b"0")))
                    statuses[head[9:12].decode()] += 1
        except (OSError, asyncio.IncompleteReadError):
            statuses["closed"] += 1
        finally:
            writer.close()


async def main(url: str) -> None:
    """Ask on all connections until SIGTERM."""
    door, statuses, ended = urlsplit(url), Counter[str](), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    asking = [
        asyncio.create_task(ask(door.hostname or "", door.port or 0, number, statuses)) for number in range(CONNECTIONS)
    ]
    await ended.wait()
    for one in asking:
        one.cancel()
    sys.stdout.write(" ".join(f"{status}:{count}" for status, count in sorted(statuses.items())))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
