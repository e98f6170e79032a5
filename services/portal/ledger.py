"""The public log: its files in the layout of c2sp.org/tlog-tiles, its policy, its proofs, and what was found."""

import re
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import FileResponse, Response

from services.portal.answers import json
from services.portal.desk import PUBLIC, Desk
from services.portal.identity import Identity
from shared.kernel.errors import NotFound

AUDIT = "audit_views"
TEXT = "text/plain; charset=utf-8"
FRESH = {"Cache-Control": "no-cache"}
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}

_PATH = re.compile(r"checkpoint|tile/(?:entries|[0-9]{1,2})/(?:x[0-9]{3}/)*[0-9]{3}(?:\.p/[0-9]{1,3})?")


class Place(BaseModel):
    """A record's place in a service's journal."""

    model_config = ConfigDict(extra="forbid")

    service: str
    position: int = Field(ge=1)


class After(BaseModel):
    """Which page of findings."""

    model_config = ConfigDict(extra="forbid")

    after: int = Field(default=0, ge=0)


def routes(desk: Desk, identity: Identity) -> APIRouter:
    """Return the routes of the ledger."""
    router = APIRouter()
    folder = desk.settings.data / "ledger"

    @router.get("/api/ledger/policy")
    async def policy() -> Response:
        """Return this installation's policy (c2sp.org/tlog-policy), which a verifier should get by another way too."""
        return Response((await desk.ask(AUDIT, "policy", {}, PUBLIC))["policy"], media_type=TEXT)

    @router.get("/api/ledger/proof")
    async def proof(place: Annotated[Place, Query()]) -> Response:
        """Return the proof that a record is in the log (c2sp.org/tlog-proof), to be checked offline."""
        return Response((await desk.ask(AUDIT, "proof", place.model_dump(), PUBLIC))["proof"], media_type=TEXT)

    @router.get("/api/ledger/findings")
    async def findings(request: Request, page: Annotated[After, Query()]) -> Response:
        """Return a page of what broke a rule on its way into the log, to the supervisor."""
        asker = await identity.signed(request)
        return json(await desk.ask(AUDIT, "findings", {"after": page.after}, asker.actor))

    @router.get("/api/ledger/unwitnessed")
    async def unwitnessed(request: Request) -> Response:
        """Return what no witness has cosigned yet, to the supervisor and the operator."""
        asker = await identity.signed(request)
        return json(await desk.ask(AUDIT, "unwitnessed", {}, asker.actor))

    @router.get("/ledger/{path:path}")
    async def static(path: str) -> Response:
        """Return the checkpoint or a tile."""
        return _file(folder, path)

    return router


def _file(folder: Path, path: str) -> Response:
    if not _PATH.fullmatch(path) or not (file := folder / path).is_file():
        raise NotFound("账本中没有该文件", "there is no such file in the ledger")
    if path == "checkpoint":
        return FileResponse(file, media_type=TEXT, headers=FRESH)
    return FileResponse(file, media_type="application/octet-stream", headers=FOR_EVER)
