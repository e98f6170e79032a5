"""Documents: the way out of the blob store, for what the asker may see and has seen named."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from services.portal.answers import File
from services.portal.desk import PUBLIC, Desk
from services.portal.identity import Identity
from services.portal.problems import Problem
from services.portal.readings import note
from shared.kernel.errors import NotFound
from shared.kernel.request import Actor
from shared.store.blobs import BlobStore

OCTETS = "application/octet-stream"


class Wanted(BaseModel):
    """The procedure in which a blob is named; not needed for a document of a published one."""

    model_config = ConfigDict(extra="forbid")

    procedure: str = ""


def routes(desk: Desk, identity: Identity, store: BlobStore) -> APIRouter:
    """Return the route of blobs."""
    router = APIRouter()

    @router.get("/api/blobs/{sha256}")
    async def fetch(request: Request, sha256: str, wanted: Annotated[Wanted, Query()]) -> Response:
        """Return a document of a published procedure, or a bid to those who evaluate it, after the opening."""
        asker = await identity.asker(request, procedure=wanted.procedure)
        path = _path(store, sha256)
        if not await _is_document(desk, sha256):
            if not await _is_opened(desk, sha256, wanted.procedure, asker.actor):
                raise _nothing()
            await note(desk, wanted.procedure, "bids", asker.actor, sha256)
        return File(path, headers={"ETag": f'"{sha256}"'}, media_type=OCTETS, filename=sha256)

    return router


async def _is_document(desk: Desk, sha256: str) -> bool:
    try:
        answer = await desk.ask_all("document", {"sha256": sha256}, PUBLIC)
    except Problem as problem:
        if problem.code == NotFound.code:
            return False
        raise
    return bool(answer["public"])


async def _is_opened(desk: Desk, sha256: str, procedure: str, actor: Actor) -> bool:
    """Whether a digest is named in a procedure whose line gives its bids to who asks."""
    if not procedure:
        return False
    try:
        bids = await desk.ask_of(procedure, "bids", {"id": procedure}, actor)
    except Problem as problem:
        if problem.code == NotFound.code:
            return False
        raise
    if not bids["given"]:
        return False
    return _names(await desk.ask_of(procedure, "history", {"id": procedure}, actor), sha256)


def _names(value: Any, text: str) -> bool:
    if isinstance(value, dict):
        return any(_names(item, text) for item in value.values())
    if isinstance(value, list):
        return any(_names(item, text) for item in value)
    return bool(value == text)


def _path(store: BlobStore, sha256: str) -> Path:
    try:
        path = store.path(sha256)
    except ValueError as error:
        raise _nothing() from error
    if not path.exists():
        raise _nothing()
    return path


def _nothing() -> NotFound:
    return NotFound("没有该文件，或尚不可查看", "there is no such file, or none that you may see yet")
