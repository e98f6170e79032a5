"""Accounts, parties and credentials: the registry's answers, to those it lets have them. Nothing here is logged."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.portal.answers import json
from services.portal.desk import Desk
from services.portal.identity import Identity
from services.portal.paging import Page, by_content, listed, named
from services.portal.reading import read_body, read_json
from shared.kernel.errors import BadInput
from shared.kernel.message import Base64Url, Identifier, Message

REGISTRY = "registry_views"
CREDENTIAL_LIMIT = 4096


class Wanted(Message):
    """Asks for a credential in a procedure for a one-time Ed25519 key."""

    procedure: Identifier
    public_key: Base64Url


class Accounts:
    """The rooms of the registry that have a door to the street."""

    def __init__(self, desk: Desk, identity: Identity) -> None:
        self._desk = desk
        self._identity = identity

    def routes(self) -> APIRouter:
        """Return the routes of accounts, parties and credentials."""
        router = APIRouter()
        schema = {"requestBody": {"content": {"application/json": {"schema": Wanted.model_json_schema()}}}}
        router.post("/api/credentials", openapi_extra=schema)(self.issue)
        router.get("/api/accounts/{id}")(self.account)
        router.get("/api/parties")(self.parties)
        router.get("/api/blacklist")(self.blacklist)
        router.get("/api/parties/{scheme}/{id}")(self.party)
        return router

    async def issue(self, request: Request) -> Response:
        """Return a pseudonymous credential for one procedure."""
        body = await read_body(request, CREDENTIAL_LIMIT)
        wanted = read_json(body, Wanted)
        asker = await self._identity.signed(request, body)
        arguments = {"tender": wanted.procedure, "public_key": wanted.public_key}
        arguments |= await self._of_lot(wanted.procedure)
        return json(await self._desk.ask_confidentially("registry", "issue_credential", arguments, asker.actor))

    async def _of_lot(self, procedure: str) -> dict[str, str]:
        """Return the line whose lot this is, or nothing for a tender. Raise BadInput where two lines have the name."""
        found = await self._desk.showing(procedure)
        if len(found) > 1:
            listed = "、".join(found)
            raise BadInput(f"编号重复（{listed}），不能领取凭证", f"{listed} each have a procedure of this name")
        return {"line": found[0]} if found and self._desk.lines[found[0]].timed else {}

    async def account(self, request: Request, id: str) -> Response:  # noqa: A002 - the path's own word
        """Return an account, to the office and to itself."""
        return await self._told(request, "account", {"id": id})

    async def parties(self, request: Request, page: Annotated[Page, Query()]) -> Response:
        """Return a page of the parties, to the office."""
        asker = await self._identity.signed(request)

        async def fetch(behind: Any) -> tuple[list[Any], Any]:
            found = await self._desk.ask(REGISTRY, "parties", {"after": behind or ""}, asker.actor)
            return found["parties"], found["next"]

        return await listed(request, "parties", page, fetch, named("stream"))

    async def blacklist(self, request: Request, page: Annotated[Page, Query()]) -> Response:
        """Return a page of the parties that may not take part (失信、禁入), to everyone."""
        asker = await self._identity.asker(request)

        async def fetch(behind: Any) -> tuple[list[Any], Any]:
            found = await self._desk.ask(REGISTRY, "blacklist", {"after": behind or ""}, asker.actor)
            return found["blacklist"], found["next"]

        return await listed(request, "blacklist", page, fetch, by_content)

    async def party(self, request: Request, scheme: str, id: str) -> Response:  # noqa: A002 - the path's own word
        """Return a party by one of its identifiers, to the office and to the party."""
        return await self._told(request, "party", {"scheme": scheme, "id": id})

    async def _told(self, request: Request, name: str, arguments: dict[str, str]) -> Response:
        asker = await self._identity.signed(request)
        return json(await self._desk.ask(REGISTRY, name, arguments, asker.actor))
