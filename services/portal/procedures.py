"""Procedures: lists, pages, histories, openings and envelopes, as each asker's role may see them; and their replay."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from services.portal import trail
from services.portal.answers import json
from services.portal.desk import Desk
from services.portal.identity import Identity
from services.portal.paging import Page, by_content, listed, named
from services.portal.problems import Problem
from services.portal.readings import given
from shared.kernel.canonical import MAX_INTEGER
from shared.kernel.errors import NotFound
from shared.kernel.request import Actor

AUDIT = "audit_views"
PARTS = ("opening", "envelopes", "rulebook", "alarms")


class Listing(Page):
    """Which page of which line's list."""

    line: str


class Moment(BaseModel):
    """A point of a replay: an instant or a version, and the role through whose eyes."""

    model_config = ConfigDict(extra="forbid")

    at: str | None = None
    version: int | None = Field(default=None, ge=1, le=MAX_INTEGER)
    as_: str | None = Field(default=None, alias="as")


class Procedures:
    """Procedures, as whoever asks may see them."""

    def __init__(self, desk: Desk, identity: Identity) -> None:
        self._desk = desk
        self._identity = identity

    def routes(self) -> APIRouter:
        """Return the routes of procedures."""
        router = APIRouter()
        router.get("/api/procedures")(self.procedures)
        router.get("/api/procedures/{id}", name="procedure")(self._showing("procedure"))
        router.get("/api/procedures/{id}/history")(self.history)
        for name in PARTS:
            router.get(f"/api/procedures/{{id}}/{name}", name=name)(self._showing(name))
        router.get("/api/procedures/{id}/replay")(self.replay)
        router.get("/api/procedures/{id}/redecide")(self.redecide)
        router.get("/api/procedures/{id}/trail")(self.trail)
        return router

    async def procedures(self, request: Request, listing: Annotated[Listing, Query()]) -> Response:
        """Return a page of a line's public list, newest first; the header Link leads to the next."""
        if listing.line not in self._desk.lines:
            raise NotFound("没有这条业务线", "there is no such line of business")
        asker = await self._identity.asker(request)

        async def fetch(behind: Any) -> tuple[list[Any], Any]:
            given = {} if behind is None else {"after": behind}
            page = await self._desk.ask(f"{listing.line}_views", "procedures", given, asker.actor)
            return page["procedures"], page["after"]

        return await listed(request, "procedures", listing, fetch, named("stream"))

    async def history(self, request: Request, id: str, page: Annotated[Page, Query()]) -> Response:  # noqa: A002 - the path's own word
        """Return a page of a procedure's events as the asker's role may see them, oldest first."""
        asker = await self._identity.asker(request, procedure=id)

        async def fetch(_behind: Any) -> tuple[list[Any], Any]:
            return (await self._desk.ask_of(id, "history", {"id": id}, asker.actor))["events"], None

        return await listed(request, "events", page, fetch, by_content)

    def _showing(self, name: str) -> Callable[..., Awaitable[Response]]:
        async def show(request: Request, id: str) -> Response:  # noqa: A002 - the path's own word
            asker = await self._identity.asker(request, procedure=id)
            answer = await self._desk.ask_of(id, name, {"id": id}, asker.actor)
            return json(await given(self._desk, id, name, asker.actor, answer))

        show.__doc__ = f"Return a procedure's {name}, as the asker's role may see it."
        return show

    async def replay(self, request: Request, id: str, moment: Annotated[Moment, Query()]) -> Response:  # noqa: A002 - the path's own word
        """Return what stood in the record at an instant or version, and what a role could see of it."""
        asker = await self._identity.signed(request, procedure=id)
        asked = moment.model_dump(by_alias=True, exclude_none=True)
        if (key := await key_of(self._desk, id, asker.actor)) is not None:
            asked["key"] = key
        return json(await self._desk.ask(AUDIT, "replay", {"stream": id, **asked}, asker.actor))

    async def redecide(self, request: Request, id: str) -> Response:  # noqa: A002 - the path's own word
        """Make every recorded decision again from its stored request and tell whether the record agrees."""
        asker = await self._identity.signed(request, procedure=id)
        asked: dict[str, Any] = {"stream": id, "requests": await requests_of(self._desk, id, asker.actor)}
        asked |= await law_of(self._desk, id, asker.actor)
        asked["service"] = self._desk.line_of(id)
        return json(await self._desk.ask(AUDIT, "redecide", asked, asker.actor))

    async def trail(self, request: Request, id: str) -> Response:  # noqa: A002 - the path's own word
        """Return time, asker and network address of every step on record (电子招标投标办法 第四十九条)."""
        asker = await self._identity.signed(request, procedure=id)
        found = await requests_of(self._desk, id, asker.actor)
        return json({"procedure": id, "steps": trail.shown(self._desk.vault, found)})


async def key_of(desk: Desk, stream: str, actor: Actor) -> str | None:
    """Return the key of a stream, or None where its line does not give it to who asks. Raise Problem."""
    answer = await _told(desk, stream, "stream_key", {"stream": stream}, actor)
    return None if answer is None else str(answer["key"])


async def requests_of(desk: Desk, stream: str, actor: Actor) -> list[dict[str, Any]]:
    """Return the stored requests of a stream, as its line keeps them. Raise Problem for who may not have them."""
    found: list[dict[str, Any]] = []
    first: int | None = 1
    while first is not None:
        page = await desk.ask_of(stream, "requests", {"stream": stream, "first": first}, actor)
        found += page["requests"]
        first = page["next"]
    return list(await given(desk, stream, "requests", actor, found))


async def law_of(desk: Desk, stream: str, actor: Actor) -> dict[str, Any]:
    """Return a stream's `rulebook` and the `calendars` it pins, as text; nothing for one under none. Raise Problem."""
    answer = await _told(desk, stream, "rulebook", {"id": stream}, actor)
    return {} if answer is None else dict(answer)


async def _told(desk: Desk, stream: str, name: str, arguments: dict[str, str], actor: Actor) -> Any:
    try:
        return await desk.ask_of(stream, name, arguments, actor)
    except Problem as problem:
        if problem.code == NotFound.code:
            return None
        raise
