"""Uploads by tus 1.0, with creation and expiration.

An upload's address is its key: it has 128 random bits and is told to who began it alone, so parts need no signature.
"""

import asyncio
import base64
import binascii
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from email.utils import format_datetime
from functools import wraps
from typing import Any

from fastapi import APIRouter, Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from services.portal.identity import Identity
from services.portal.problems import Problem, problem_of
from shared.kernel.errors import BadInput, Refusal
from shared.store import blobs
from shared.store.blobs import Upload, Uploads

VERSION = "1.0.0"
OCTETS = "application/offset+octet-stream"
IDLE_SECONDS = 30.0
MOST_DIGITS = 16

REFUSED: Mapping[type, tuple[str, str, str]] = {
    blobs.TooLarge: ("too_large", "文件过大，或多于声明的长度", "too large, or more than announced"),
    blobs.NoSuchUpload: ("not_found", "没有该上传，或已过期，请重新上传", "no such upload, or expired: begin again"),
    blobs.WrongOffset: ("wrong_offset", "续传位置不符，请先查询当前位置", "not where the upload stands: ask for it"),
    blobs.UploadBusy: ("upload_busy", "该上传正在写入，请稍后重试", "this upload is being written; try again later"),
}


class Receiving:
    """The way in for files."""

    def __init__(self, identity: Identity, uploads: Uploads, limit: int) -> None:
        self._identity = identity
        self._uploads = uploads
        self._limit = limit

    def routes(self) -> APIRouter:
        """Return the routes of uploads."""
        router = APIRouter()
        router.options("/api/uploads")(self.offer)
        router.post("/api/uploads")(_in_tus(self.begin))
        router.head("/api/uploads/{id}")(_in_tus(self.look))
        router.patch("/api/uploads/{id}")(_in_tus(self.append))
        return router

    async def offer(self) -> Response:
        """Return what of tus is spoken here."""
        most = {"Tus-Max-Size": str(self._limit)}
        return _answer(204, {"Tus-Version": VERSION, "Tus-Extension": "creation,expiration", **most})

    async def begin(self, request: Request) -> Response:
        """Begin an upload of a length and a digest."""
        _require_version(request)
        await self._identity.signed(request)
        length, sha256 = _number(request, "upload-length"), _digest(request)
        upload = await _refusing(asyncio.to_thread(self._uploads.begin, length, sha256))
        return _answer(201, {"Location": f"/api/uploads/{upload.id}", **_stands(upload)})

    async def look(self, request: Request, id: str) -> Response:  # noqa: A002 - the path's own word
        """Return where an upload stands."""
        _require_version(request)
        upload = await _refusing(asyncio.to_thread(self._uploads.look, id))
        return _answer(200, {"Upload-Length": str(upload.length), **_stands(upload)})

    async def append(self, request: Request, id: str) -> Response:  # noqa: A002 - the path's own word
        """Append a part; where the connection breaks, what came before is kept."""
        _require_version(request)
        if request.headers.get("content-type") != OCTETS:
            raise Problem("unsupported_media_type", f"请使用 {OCTETS}", f"send {OCTETS}")
        offset = _number(request, "upload-offset")
        return _answer(204, _stands(await _refusing(self._uploads.append(id, offset, _timely(request)))))


def _in_tus(answering: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    """Return what answers with the protocol's version in problems too, as tus asks of every response."""

    @wraps(answering)
    async def answered(*args: Any, **named: Any) -> Response:
        try:
            return await answering(*args, **named)
        except (Problem, Refusal) as refused:
            problem = refused if isinstance(refused, Problem) else problem_of(refused)
            problem.headers = {"Tus-Resumable": VERSION, **problem.headers}
            raise problem from refused

    return answered


async def _refusing(working: Awaitable[Upload]) -> Upload:
    """Return the upload. Raise the Problem of what the store refuses."""
    try:
        return await working
    except blobs.WrongDigest as wrong:
        zh = f"文件摘要不符：声明为 {wrong.announced}，实为 {wrong.found}，请重新上传"
        raise Problem("wrong_digest", zh, f"announced {wrong.announced}, found {wrong.found}: upload again") from wrong
    except blobs.UploadRefused as refused:
        raise Problem(*REFUSED[type(refused)]) from refused


async def _timely(request: Request) -> AsyncGenerator[bytes, None]:
    """Yield the body's chunks until it ends, breaks off, or nothing comes for half a minute."""
    chunks = request.stream()
    while True:
        try:
            async with asyncio.timeout(IDLE_SECONDS):
                chunk = await anext(chunks)
        except (StopAsyncIteration, ClientDisconnect, TimeoutError):
            return
        yield chunk


def _require_version(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        zh, en = f"请使用 tus {VERSION}", f"speak tus {VERSION}"
        raise Problem("tus_version", zh, en, headers={"Tus-Version": VERSION})


def _number(request: Request, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise Problem("malformed", f"缺少或无法识别 {name}", f"{name} is missing or no number")
    return int(text)


def _digest(request: Request) -> str:
    """Return the digest in Upload-Metadata: `sha256 <base64 of its hexadecimal>`."""
    pairs = (item.strip().partition(" ") for item in request.headers.get("upload-metadata", "").split(","))
    encoded = {name: value for name, _, value in pairs}.get("sha256", "")
    try:
        return blobs.checked(base64.b64decode(encoded, validate=True).decode("ascii"))
    except (binascii.Error, ValueError) as error:
        zh, en = "请在 Upload-Metadata 中给出文件的 sha256", "give the file's sha256 in Upload-Metadata"
        raise BadInput(zh, en) from error


def _stands(upload: Upload) -> dict[str, str]:
    return {"Upload-Offset": str(upload.offset), "Upload-Expires": format_datetime(upload.expires_at, usegmt=True)}


def _answer(status: int, headers: Mapping[str, str]) -> Response:
    return Response(status_code=status, headers={"Tus-Resumable": VERSION, **headers})
