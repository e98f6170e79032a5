"""Evidence bundles: one procedure's records with all that shows them, for who is given the stream's key.

A record that its reader may not have is in it by its leaf alone: that nothing else is missing can be seen all the same.
"""

import asyncio
import base64
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.portal.desk import Desk
from services.portal.identity import Identity
from services.portal.problems import Problem
from services.portal.procedures import law_of, requests_of
from shared.kernel.errors import NotEntitled, NotYet
from shared.kernel.request import Actor
from shared.ledger import bundle
from shared.ledger.errors import LedgerFault

AUDIT = "audit_views"

NO_RULEBOOK = "{}"
"""What stands in the bundle of a stream that is under none, such as the registry's."""


def routes(desk: Desk, identity: Identity) -> APIRouter:
    """Return the route of bundles."""
    router = APIRouter()

    @router.get("/api/procedures/{id}/bundle")
    async def make(request: Request, id: str) -> Response:  # noqa: A002 - the path's own word
        """Return the evidence bundle of a procedure; the line says who may have its stream."""
        asker = await identity.asker(request, procedure=id)
        evidence = await gather(desk, id, asker.actor)
        try:
            packed = await asyncio.to_thread(bundle.make, evidence)
        except LedgerFault as fault:
            raise NotYet("账本尚未收齐该项目的记录，请稍候", "the ledger has not all records yet") from fault
        disposition = {"Content-Disposition": f'attachment; filename="{id}.zip"'}
        return Response(packed, media_type="application/zip", headers=disposition)

    return router


async def gather(desk: Desk, stream: str, actor: Actor) -> bundle.Evidence:
    """Return what goes into the bundle, once the line has given the asker the stream's key. Raise Problem.

    Requests behind its records stay out: the stream may have grown between the two questions.
    """
    key = await desk.ask_of(stream, "stream_key", {"stream": stream}, actor)
    line = desk.line_of(stream)
    told = await desk.ask(AUDIT, "evidence", {"service": line, "stream": stream, "key": key["key"]}, actor)
    listed = told["records"]
    leaves = {item["version"]: item["leaf"].encode() for item in listed if item["record"] is None}
    commands = {} if leaves else await _commands(desk, stream, actor)
    return bundle.Evidence(
        service=told["service"],
        stream=stream,
        checkpoint=told["checkpoint"].encode(),
        stream_key=bytes.fromhex(key["key"]),
        rulebook=(await law_of(desk, stream, actor)).get("rulebook", NO_RULEBOOK).encode(),
        records=[None if item["record"] is None else base64.b64decode(item["record"]) for item in listed],
        proofs=[_proof(item) for item in listed],
        commands={version: raw for version, raw in commands.items() if version <= len(listed)},
        leaves=leaves,
    )


async def _commands(desk: Desk, stream: str, actor: Actor) -> dict[int, bytes]:
    """Return the stored requests by version, for who may have them; without them a bundle is whole too."""
    try:
        requests = await requests_of(desk, stream, actor)
    except Problem as problem:
        if problem.code == NotEntitled.code:
            return {}
        raise
    return {item["version"]: base64.b64decode(item["request"]) for item in requests}


def _proof(item: dict[str, Any]) -> bundle.Proof:
    return item["index"], tuple(base64.b64decode(hash_) for hash_ in item["hashes"])
