"""The public log: its files in the layout of c2sp.org/tlog-tiles, its policy, its proofs, and what was found."""

import re
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from services.portal.answers import File, json
from services.portal.desk import PUBLIC, Desk
from services.portal.identity import Identity
from services.portal.paging import Page, listed, named
from shared.kernel.canonical import MAX_INTEGER
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
    position: int = Field(ge=1, le=MAX_INTEGER)


class Ledger:
    """The log as anyone may read it, and what the audit tells the supervisor of it."""

    def __init__(self, desk: Desk, identity: Identity) -> None:
        self._desk = desk
        self._identity = identity
        self._folder = desk.settings.data / "ledger"

    def routes(self) -> APIRouter:
        """Return the routes of the ledger."""
        router = APIRouter()
        router.get("/api/ledger/policy")(self.policy)
        router.get("/api/ledger/proof")(self.proof)
        router.get("/api/ledger/findings")(self.findings)
        router.get("/api/ledger/unwitnessed")(self.unwitnessed)
        router.get("/ledger/{path:path}")(self.static)
        return router

    async def policy(self) -> Response:
        """Return this installation's policy (c2sp.org/tlog-policy), which a verifier should get by another way too."""
        return Response((await self._desk.ask(AUDIT, "policy", {}, PUBLIC))["policy"], media_type=TEXT)

    async def proof(self, place: Annotated[Place, Query()]) -> Response:
        """Return the proof that a record is in the log (c2sp.org/tlog-proof), to be checked offline."""
        return Response((await self._desk.ask(AUDIT, "proof", place.model_dump(), PUBLIC))["proof"], media_type=TEXT)

    async def findings(self, request: Request, page: Annotated[Page, Query()]) -> Response:
        """Return a page of what broke a rule on its way into the log, oldest first, to the supervisor."""
        asker = await self._identity.signed(request)

        async def fetch(behind: Any) -> tuple[list[Any], Any]:
            found = await self._desk.ask(AUDIT, "findings", {"after": behind or 0}, asker.actor)
            return found["findings"], found["after"]

        return await listed(request, "findings", page, fetch, named("number"))

    async def unwitnessed(self, request: Request) -> Response:
        """Return what no witness has cosigned yet, to the supervisor and the operator."""
        asker = await self._identity.signed(request)
        return json(await self._desk.ask(AUDIT, "unwitnessed", {}, asker.actor))

    async def static(self, path: str) -> Response:
        """Return the checkpoint or a tile."""
        return _file(self._folder, path)


def _file(folder: Path, path: str) -> Response:
    if not _PATH.fullmatch(path) or not (file := folder / path).is_file():
        raise NotFound("账本中没有该文件", "there is no such file in the ledger")
    if path == "checkpoint":
        return File(file, media_type=TEXT, headers=FRESH)
    return File(file, media_type="application/octet-stream", headers=FOR_EVER)
