"""The platform's time, by which requests are signed, its public keys, and whether the door can do its work."""

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.answers import json
from services.portal.clock import ClockWatch
from services.portal.desk import Desk
from shared.kernel.canonical import instant

ZONE = "Asia/Shanghai"


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
        """Return whether the services can be reached and the clock is right; 503 where not."""
        bus = await desk.bus.alive()
        ok = bus and watch.right
        found = {"ok": ok, "bus": bus, "clock_offset_ms": watch.offset_ms, "lines": sorted(desk.lines)}
        return json(found, 200 if ok else 503)

    return router
