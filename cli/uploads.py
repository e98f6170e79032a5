"""Uploads by tus 1.0: a file goes on where an earlier attempt broke off, also after a crash of this machine.

Only the beginning is signed: an upload's address is told to its asker alone, so parts need no signature.
"""

import base64
import hashlib
from http import HTTPStatus
from pathlib import Path

import httpx

from cli.client import Asker, Client, Lost, refusal_of
from cli.output import Refused, Unanswered
from cli.wallet import Wallet

CHUNK = 4 * 2**20
TRIES = 8
"""How often in a row a piece may be lost before this attempt ends."""

_TUS = {"Tus-Resumable": "1.0.0"}
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
"""Answers to an upload that the platform no longer knows."""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Uploads:
    """The uploads of this machine to one platform; where each goes on is kept in the wallet."""

    def __init__(self, client: Client, wallet: Wallet) -> None:
        self._client, self._wallet = client, wallet

    def send(self, path: Path, digest: str, asker: Asker) -> None:
        """Send a file whose SHA-256 is `digest`. Raise Unanswered when it should be tried again: it then goes on."""
        place, offset = self._resumed(digest) or self._created(path, digest, asker)
        size, lost = path.stat().st_size, 0
        with path.open("rb") as file:
            while offset < size:
                file.seek(offset)
                try:
                    offset, lost = self._patch(place, offset, file.read(CHUNK)), 0
                except Lost as error:
                    lost += 1
                    if lost == TRIES:
                        zh, en = (
                            f"上传中断于 {offset} / {size} 字节",
                            f"the upload broke off at {offset} of {size} bytes",
                        )
                        raise Unanswered(f"{zh}，再次执行即续传", f"{en}: try again, it goes on there") from error
                    offset = self._offset(place)
        self._wallet.drop("uploads", digest)

    def _created(self, path: Path, digest: str, asker: Asker) -> tuple[str, int]:
        """Begin an upload; return its place and how many bytes the platform has of it already."""
        encoded = base64.b64encode(digest.encode()).decode()
        headers = {**_TUS, "Upload-Length": str(path.stat().st_size), "Upload-Metadata": f"sha256 {encoded}"}
        made = self._client.send("POST", "/api/uploads", b"", asker, headers)
        if "Location" not in made.headers:
            raise Unanswered("平台未给出上传地址", "the platform named no place for the upload")
        place = httpx.URL(made.headers["Location"]).raw_path.decode()
        self._wallet.write({"place": place}, "uploads", digest)
        return place, int(made.headers.get("Upload-Offset", 0))

    def _resumed(self, digest: str) -> tuple[str, int] | None:
        """Return where an earlier attempt left off, None if there was none or the platform has forgotten it."""
        if not self._wallet.has("uploads", digest):
            return None
        place = str(self._wallet.read("uploads", digest)["place"])
        response = self._client.send("HEAD", place, b"", None, _TUS, allowed=_GONE)
        return None if response.status_code in _GONE else (place, int(response.headers["Upload-Offset"]))

    def _patch(self, place: str, offset: int, chunk: bytes) -> int:
        """Send a piece and return where the next begins. Raise Lost where the platform stands elsewhere."""
        headers = {**_TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        response = self._client.try_once("PATCH", place, chunk, None, headers)
        if response.status_code == HTTPStatus.CONFLICT:
            raise Lost("409")
        if response.is_error:
            raise refusal_of(response)
        return int(response.headers.get("Upload-Offset", offset + len(chunk)))

    def _offset(self, place: str) -> int:
        response = self._client.send("HEAD", place, b"", None, _TUS)
        try:
            return int(response.headers["Upload-Offset"])
        except (KeyError, ValueError) as error:
            raise Refused("平台未说明已收到多少", "the platform does not say how much it has") from error
