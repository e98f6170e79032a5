"""The platform's time, by which requests are signed, its public keys, and whether the door can do its work."""

import asyncio
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.answers import json
from services.portal.clock import ClockWatch
from services.portal.desk import SYSTEM, Desk
from services.portal.problems import Problem
from shared.kernel.canonical import instant

ZONE = "Asia/Shanghai"

SECONDS = 1.0
"""How long a look at the services' health waits for one of them."""


def routes(desk: Desk, watch: ClockWatch) -> APIRouter:
    """Return the routes of time, keys and health."""
    router = APIRouter()

    @router.get("/api/time")
    async def time() -> Response:
        """Return the installation's time; a demonstration's is simulated."""
        return json({"now": instant(desk.clock.now()), "simulated": desk.clock.simulated, "zone": ZONE})

    @router.get("/api/keys")
    async def public_keys() -> Response:
        """Return the public keys that receipts and credentials are checked with; compare them by another way too."""
        return json(dict(desk.public_keys))

    @router.get("/api/health")
    async def health() -> Response:
        """Return whether the services can be reached and the clock is right; 503 where not.

        `behind` names the lines, if any, that take no commands until `ggzy recover` has brought their records back.
        `round_trips` tells of each line with timed auctions how many milliseconds ago a probe came all the way round,
        and since when they do without a gap; null where none does. An auction closes only while they do.
        """
        bus, lines = await desk.bus.alive(), sorted(desk.lines)
        ok = bus and watch.right
        found = {"ok": ok, "bus": bus, "clock_offset_ms": watch.offset_ms, "lines": lines}
        if bus and (behind := [line for line, is_so in (await _told(desk, "behind", lines)).items() if is_so]):
            found["behind"] = behind
        if timed := [line for line in lines if desk.lines[line].timed]:
            found["round_trips"] = await _told(desk, "round_trip", timed)
        return json(found, 200 if ok else 503)

    return router


async def _told(desk: Desk, name: str, lines: Sequence[str]) -> dict[str, Any]:
    """Return what each line tells under a name; None of one that does not answer in time."""

    async def told(line: str) -> Any:
        try:
            async with asyncio.timeout(SECONDS):
                return (await desk.ask(f"{line}_views", name, {}, SYSTEM))[name]
        except (TimeoutError, Problem):
            return None

    return dict(zip(lines, await asyncio.gather(*map(told, lines)), strict=True))
