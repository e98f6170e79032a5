"""Accounts, parties and credentials: the registry's answers, to those it lets have them. Nothing here is logged."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import ConfigDict
from starlette.responses import Response

from services.portal.answers import json
from services.portal.desk import Desk
from services.portal.identity import Identity
from services.portal.reading import read_body, read_json
from shared.kernel.message import Base64Url, Identifier, Message

REGISTRY = "registry_views"
CREDENTIAL_LIMIT = 4096


class Wanted(Message):
    """Asks for a credential in a procedure for a one-time Ed25519 key."""

    procedure: Identifier
    public_key: Base64Url


class Page(Message):
    """Which page of a list."""

    model_config = ConfigDict(extra="forbid")

    after: str = ""


def routes(desk: Desk, identity: Identity) -> APIRouter:
    """Return the routes of accounts, parties and credentials."""
    router = APIRouter()
    schema = {"requestBody": {"content": {"application/json": {"schema": Wanted.model_json_schema()}}}}

    @router.post("/api/credentials", openapi_extra=schema)
    async def issue(request: Request) -> Response:
        """Return a pseudonymous credential for one procedure."""
        body = await read_body(request, CREDENTIAL_LIMIT)
        wanted = read_json(body, Wanted)
        asker = await identity.signed(request, body)
        arguments = {"tender": wanted.procedure, "public_key": wanted.public_key}
        return json(await desk.ask_confidentially("registry", "issue_credential", arguments, asker.actor))

    @router.get("/api/accounts/{id}")
    async def account(request: Request, id: str) -> Response:  # noqa: A002 - the path's own word
        """Return an account, to the office and to itself."""
        asker = await identity.signed(request)
        return json(await desk.ask(REGISTRY, "account", {"id": id}, asker.actor))

    @router.get("/api/parties")
    async def parties(request: Request, page: Annotated[Page, Query()]) -> Response:
        """Return a page of the parties, to the office."""
        asker = await identity.signed(request)
        return json(await desk.ask(REGISTRY, "parties", {"after": page.after}, asker.actor))

    @router.get("/api/parties/{scheme}/{id}")
    async def party(request: Request, scheme: str, id: str) -> Response:  # noqa: A002 - the path's own word
        """Return a party by one of its identifiers, to the office and to the party."""
        asker = await identity.signed(request)
        return json(await desk.ask(REGISTRY, "party", {"scheme": scheme, "id": id}, asker.actor))

    return router
