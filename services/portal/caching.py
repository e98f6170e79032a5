"""What may be kept of an answer, and by whom: entity tags that tell nothing, and nothing signed in any cache.

An entity tag (RFC 9110, section 8.8.3) is a keyed hash of the bytes that this asker was given and of the asker's own
headers. The key is made when the door starts and never leaves it, so a tag tells nothing but that the same asker would
be told the same again: nothing of what it is not told goes into it.
"""

import hashlib
from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.portal.identity import ACCOUNT, CREDENTIAL

CLAIMS = (ACCOUNT, CREDENTIAL, "authorization", "cookie")
"""The headers by which somebody asks as somebody."""

VARY = ", ".join((*CLAIMS, "Accept-Language"))
KEPT_BY_NOBODY = "no-store"
ASKED_AGAIN = "no-cache"
"""What everyone is told may be kept, and is asked for again each time by its tag."""

MOVING = frozenset({"/api/time", "/api/health"})
"""Another answer each time."""

KEPT_HEADERS = frozenset({b"cache-control", b"etag", b"vary", b"link", b"content-location", b"date"})
"""What a 304 repeats (RFC 9110, section 15.4.5)."""


def name_of(headers: Mapping[str, str]) -> str:
    """Return a digest of all by which somebody asks as somebody, rightly or not; empty for nobody."""
    named = [headers.get(name, "") for name in CLAIMS]
    return hashlib.blake2b("\n".join(named).encode(), digest_size=16).hexdigest() if any(named) else ""


class Caching:
    """The layer that tags answers, compares tags, and says who may keep what."""

    def __init__(self, app: ASGIApp, *, key: bytes) -> None:
        self._app = app
        self._key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; only what is read is tagged."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] in MOVING:
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Tagging(send, Headers(scope=scope), self._key))


class _Tagging:
    """The way out of one answer."""

    def __init__(self, send: Send, asked: Headers, key: bytes) -> None:
        self._send = send
        self._asked = asked
        self._key = key
        self._held: Message | None = None
        self._body = bytearray()
        self._unchanged = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._start(message)
        elif self._held is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._tagged(self._held)
        elif not self._unchanged:
            await self._send(message)

    async def _start(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        headers.setdefault("Cache-Control", KEPT_BY_NOBODY if name_of(self._asked) else ASKED_AGAIN)
        headers.setdefault("Vary", VARY)
        if message["status"] >= HTTPStatus.BAD_REQUEST:
            headers["Cache-Control"] = KEPT_BY_NOBODY
        if message["status"] != HTTPStatus.OK:
            await self._send(message)
        elif headers.get("content-type", "").startswith("application/json"):
            self._held = message
        elif self._matches(headers.get("etag")):
            await self._say_unchanged(message)
        else:
            await self._send(message)

    async def _tagged(self, start: Message) -> None:
        etag = self._tag(bytes(self._body))
        MutableHeaders(scope=start)["ETag"] = etag
        if self._matches(etag):
            await self._say_unchanged(start)
            return
        await self._send(start)
        await self._send({"type": "http.response.body", "body": bytes(self._body)})

    def _tag(self, body: bytes) -> str:
        """Return the strong tag of bytes for who asks."""
        tagged = hashlib.blake2b(key=self._key, digest_size=16)
        tagged.update(name_of(self._asked).encode() + b"\n" + body)
        return f'"{tagged.hexdigest()}"'

    def _matches(self, etag: str | None) -> bool:
        """Whether the asker has this already, by the weak comparison of If-None-Match (RFC 9110, section 13.1.2)."""
        wanted = [tag.strip().removeprefix("W/") for tag in self._asked.get("if-none-match", "").split(",")]
        return etag is not None and ("*" in wanted or etag.removeprefix("W/") in wanted)

    async def _say_unchanged(self, start: Message) -> None:
        self._unchanged, self._held = True, None
        kept = [(name, value) for name, value in start["headers"] if name.lower() in KEPT_HEADERS]
        await self._send({"type": "http.response.start", "status": 304, "headers": kept})
        await self._send({"type": "http.response.body", "body": b""})
