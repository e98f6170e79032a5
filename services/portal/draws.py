"""The expert library and its draws: how each stands, and the file from which anyone makes a draw again."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.portal.answers import json
from services.portal.desk import Desk
from services.portal.identity import Identity
from services.portal.paging import Page, listed, named
from shared.kernel.message import Identifier

VIEWS = "registry_views"


class Draws:
    """The rooms of experts and draws."""

    def __init__(self, desk: Desk, identity: Identity) -> None:
        self._desk = desk
        self._identity = identity

    def routes(self) -> APIRouter:
        """Return the routes of experts and draws."""
        router = APIRouter()
        router.get("/api/experts")(self.experts)
        router.get("/api/draws/{draw}")(self.draw)
        router.get("/api/draws/{draw}/file")(self.file)
        return router

    async def experts(self, request: Request, page: Annotated[Page, Query()]) -> Response:
        """Return a page of the library, by pseudonym: to the office, and to an expert its own entry."""
        asker = await self._identity.signed(request)

        async def fetch(behind: Any) -> tuple[list[Any], Any]:
            found = await self._desk.ask(VIEWS, "experts", {"after": behind or ""}, asker.actor)
            return found["experts"], found["next"]

        return await listed(request, "experts", page, fetch, named("expert"))

    async def draw(self, request: Request, draw: Identifier) -> Response:
        """Return how a draw stands, without a name."""
        asker = await self._identity.asker(request)
        return json(await self._desk.ask(VIEWS, "draw", {"draw": draw}, asker.actor))

    async def file(self, request: Request, draw: Identifier) -> Response:
        """Return the file of a draw: to the office once it is drawn, to everyone once its tender has a result."""
        asker = await self._identity.asker(request)
        return json(await self._desk.ask(VIEWS, "draw_file", {"draw": draw}, asker.actor))
