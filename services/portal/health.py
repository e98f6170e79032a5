"""The platform's time, by which requests are signed, its public keys, and whether the door can do its work."""

import asyncio

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
        """
        bus = await desk.bus.alive()
        ok = bus and watch.right
        found = {"ok": ok, "bus": bus, "clock_offset_ms": watch.offset_ms, "lines": sorted(desk.lines)}
        if bus and (behind := await _behind(desk)):
            found["behind"] = behind
        return json(found, 200 if ok else 503)

    return router


async def _behind(desk: Desk) -> list[str]:
    """Return the lines whose journals are behind the ledger; one that does not answer in time is not known to be."""

    async def is_behind(line: str) -> bool:
        try:
            async with asyncio.timeout(SECONDS):
                return bool((await desk.ask(f"{line}_views", "behind", {}, SYSTEM))["behind"])
        except (TimeoutError, Problem):
            return False

    lines = sorted(desk.lines)
    found = await asyncio.gather(*map(is_behind, lines))
    return [line for line, behind in zip(lines, found, strict=True) if behind]
