"""Outcomes: what became of a command, fetched later by who gave it, and by nobody else."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.portal.answers import json
from services.portal.desk import Desk
from services.portal.identity import Identity


def routes(desk: Desk, identity: Identity) -> APIRouter:
    """Return the route of outcomes."""
    router = APIRouter()

    @router.get("/api/outcomes/{id}")
    async def fetch(request: Request, id: str) -> Response:  # noqa: A002 - the path's own word
        """Return the stored outcome of the asker's own command; 404 does not tell whether another has one."""
        asker = await identity.signed(request)
        return json(await desk.ask_all("outcome", {"id": id}, asker.actor))

    return router
