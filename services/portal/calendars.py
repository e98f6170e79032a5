"""Working calendars: which counts in each year and whether it is published, for everyone to count by."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from services.portal.accounts import REGISTRY
from services.portal.answers import json
from services.portal.desk import Desk
from services.portal.identity import Identity


def routes(desk: Desk, identity: Identity) -> APIRouter:
    """Return the routes of calendars."""
    router = APIRouter()

    @router.get("/api/calendars")
    async def calendars(request: Request) -> Response:
        """Return each year's calendar by its origin, published or provisional."""
        asker = await identity.asker(request)
        return json(await desk.ask(REGISTRY, "calendars", {}, asker.actor))

    @router.get("/api/calendars/{year}")
    async def calendar(request: Request, year: Annotated[int, Path(ge=1, le=9999)]) -> Response:
        """Return a year's calendar with its days off and the weekend days worked instead."""
        asker = await identity.asker(request)
        return json(await desk.ask(REGISTRY, "calendar", {"year": year}, asker.actor))

    return router
