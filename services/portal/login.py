"""Coming in without signing each request: certificates and passwords, sessions; and what the registry keeps erasable.

Everything here travels sealed to the registry, so that the broker sees no password, name or secret of a session.
"""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from services.portal.answers import json
from services.portal.desk import PUBLIC, SYSTEM, Desk
from services.portal.identity import LOGOUT, PASSWORDS, Identity, not_authentic
from services.portal.problems import Problem
from services.portal.reading import read_body, read_json
from shared.kernel.message import Base64Url, Identifier, Message, Sha256

LINE = "registry"
VIEWS = "registry_views"
LIMIT = 65_536


class Challenged(Message):
    """Asks for a challenge to an account."""

    account: Identifier


class Answered(Message):
    """Answers a challenge: a signature over `ggzy-login/v1`, account and nonce by the certificate's key."""

    account: Identifier
    nonce: Base64Url
    fingerprint: Sha256
    signature: Base64Url


class Known(Message):
    """Gives an account's password."""

    account: Identifier
    password: str = Field(min_length=1, max_length=1024)


class NewPassword(Message):
    """Leaves a new password, which the command `registry.set_password` then makes count."""

    password: str = Field(min_length=1, max_length=1024)


class Person(Message):
    """Tells who an account is opened for."""

    name: str = Field(min_length=1, max_length=100)
    phone: str = Field(default="", max_length=32)
    identity_number: str = Field(default="", max_length=64)


class Shown(Message):
    """Shows a certificate, which the command `registry.bind_certificate` then binds."""

    account: Identifier
    certificate: str = Field(max_length=32_768)
    proof: Base64Url


class Login:
    """The rooms in which one becomes known."""

    def __init__(self, desk: Desk, identity: Identity) -> None:
        self._desk = desk
        self._identity = identity

    def routes(self) -> APIRouter:
        """Return the routes of logging in, and of what must be told to the registry alone."""
        router = APIRouter()
        for path, kind, answer in (
            ("/api/login/challenge", Challenged, self.challenge),
            ("/api/login/certificate", Answered, self.by_certificate),
            ("/api/login/password", Known, self.by_password),
            (PASSWORDS, NewPassword, self.keep_password),
            ("/api/people", Person, self.keep_person),
            ("/api/certificates", Shown, self.keep_certificate),
        ):
            schema = {"requestBody": {"content": {"application/json": {"schema": kind.model_json_schema()}}}}
            router.post(path, openapi_extra=schema)(answer)
        router.post(LOGOUT)(self.leave)
        router.get("/api/people/{person}")(self.person)
        router.get("/api/parties/{party}/staff")(self.staff)
        router.get("/api/parties/{party}/relations")(self.relations)
        return router

    async def challenge(self, request: Request) -> Response:
        """Return a nonce to sign within two minutes, whether or not there is such an account."""
        asked = read_json(await read_body(request, LIMIT), Challenged)
        return json(await self._desk.ask(VIEWS, "challenge", asked.model_dump(), PUBLIC))

    async def by_certificate(self, request: Request) -> Response:
        """Return a session for a signed challenge."""
        return await self._enter(request, Answered, "log_in_by_certificate")

    async def by_password(self, request: Request) -> Response:
        """Return a session for a password."""
        return await self._enter(request, Known, "log_in_by_password")

    async def leave(self, request: Request) -> Response:
        """End the session that this is asked in."""
        said, _ = await self._identity.session(request)
        arguments = {"until": said.until, "digest": said.digest}
        return json(await self._desk.ask(VIEWS, "end_session", arguments, SYSTEM))

    async def keep_password(self, request: Request) -> Response:
        """Leave a new password with the registry."""
        return await self._tell(request, NewPassword, "keep_password")

    async def keep_person(self, request: Request) -> Response:
        """Tell the registry who somebody is; return the digest for the record."""
        return await self._tell(request, Person, "keep_person")

    async def keep_certificate(self, request: Request) -> Response:
        """Show the registry a certificate; return its fingerprint."""
        return await self._tell(request, Shown, "keep_certificate")

    async def person(self, request: Request, person: Sha256) -> Response:
        """Return who stands behind a digest, to the office and to those whom it concerns."""
        asker = await self._identity.signed(request)
        return json(await self._desk.ask_confidentially(LINE, "person", {"person": person}, asker.actor))

    async def staff(self, request: Request, party: Identifier) -> Response:
        """Return a party's accounts, to the office and to its administrators."""
        asker = await self._identity.signed(request)
        return json(await self._desk.ask(VIEWS, "staff", {"party": party}, asker.actor))

    async def relations(self, request: Request, party: Identifier) -> Response:
        """Return who is in charge of a party and who controls it, to the office and to its administrators."""
        asker = await self._identity.signed(request)
        return json(await self._desk.ask(VIEWS, "relations", {"party": party}, asker.actor))

    async def _enter(self, request: Request, kind: type[Message], name: str) -> Response:
        asked = read_json(await read_body(request, LIMIT), kind)
        try:
            made: Any = await self._desk.ask_confidentially(LINE, name, asked.model_dump(), PUBLIC)
        except Problem as problem:
            if problem.code == "not_yet":
                raise Problem("too_many_requests", problem.zh, problem.en) from problem
            if problem.code == "not_entitled":
                raise not_authentic() from problem
            raise
        return json(made)

    async def _tell(self, request: Request, kind: type[Message], name: str) -> Response:
        body = await read_body(request, LIMIT)
        told = read_json(body, kind)
        asker = await self._identity.signed(request, body)
        return json(await self._desk.ask_confidentially(LINE, name, told.model_dump(), asker.actor))
