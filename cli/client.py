"""The client of the door: every request signed by the asker's own key, times taken from the platform's clock."""

import base64
import hashlib
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cli.output import Misused, Refused
from shared.kernel.canonical import encode, instant, parse_instant
from shared.seal.wire import text

CHUNK = 4 * 2**20
TIMEOUT = httpx.Timeout(60.0, connect=5.0)


class Asker:
    """Who asks: an account, or a pseudonymous credential for one tender, with the key that signs for it."""

    def __init__(self, headers: Mapping[str, str], key: Ed25519PrivateKey) -> None:
        self._headers = headers
        self._key = key

    @classmethod
    def account(cls, account: str, key: Ed25519PrivateKey) -> "Asker":
        """Ask as an account."""
        return cls({"X-Ggzy-Account": account}, key)

    @classmethod
    def token(cls, credential: Mapping[str, Any], key: Ed25519PrivateKey) -> "Asker":
        """Ask as the holder of a credential, whom the platform does not know."""
        return cls({"X-Ggzy-Credential": text(encode(dict(credential)))}, key)

    def headers(self, method: str, path: str, at: datetime, body_digest: str) -> dict[str, str]:
        """Return the headers that sign a request."""
        moment = instant(at)
        signed = f"ggzy-request/v1\n{method}\n{path}\n{moment}\n{body_digest}".encode()
        return {**self._headers, "X-Ggzy-At": moment, "X-Ggzy-Signature": text(self._key.sign(signed))}


class Client:
    """Speaks to one platform."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=TIMEOUT, trust_env=False)

    def now(self) -> datetime:
        """Return the platform's time."""
        return parse_instant(self.get("/api/time")["now"])

    def get(self, path: str, asker: Asker | None = None) -> Any:
        """Return the JSON of a GET. Raise Refused with what the platform said."""
        return self._send("GET", path, b"", asker).json()

    def fetch(self, path: str, asker: Asker | None = None) -> bytes:
        """Return the bytes of a GET."""
        return self._send("GET", path, b"", asker).content

    def post(self, path: str, body: Mapping[str, Any], asker: Asker, **headers: str) -> Any:
        """Return the JSON of a signed POST."""
        return self._send("POST", path, encode(dict(body)), asker, headers).json()

    def command(self, asker: Asker, procedure: str, command: Mapping[str, Any], id_: str = "") -> dict[str, Any]:
        """Give a command and return its outcome. Raise Refused if it was refused, with the article.

        Without an id a fresh one is made; the same command under the same id gets the same answer.
        """
        body = {"procedure": procedure, "command": dict(command)}
        outcome: dict[str, Any] = self.post(
            "/api/commands", body, asker, **{"Idempotency-Key": id_ or uuid.uuid4().hex}
        )
        return outcome

    def upload(self, path: Path, digest: str, asker: Asker) -> None:
        """Send a file by tus 1.0, going on where an earlier attempt broke off."""
        size = path.stat().st_size
        metadata = f"sha256 {_base64(digest)}"
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Upload-Metadata": metadata}
        made = self._send("POST", "/api/uploads", b"", asker, headers)
        place = httpx.URL(made.headers["Location"]).raw_path.decode()
        offset = int(made.headers.get("Upload-Offset", 0))
        with path.open("rb") as file:
            file.seek(offset)
            for chunk in _chunks(file, size - offset):
                more = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset)}
                more["Content-Type"] = "application/offset+octet-stream"
                self._send("PATCH", place, chunk, asker, more)
                offset += len(chunk)

    def _send(
        self, method: str, path: str, body: bytes, asker: Asker | None, extra: Mapping[str, str] | None = None
    ) -> httpx.Response:
        headers = dict(extra or {})
        if body and "Content-Type" not in headers:
            headers["Content-Type"] = "application/json"
        if asker is not None:
            headers |= asker.headers(method, path, self.now(), hashlib.sha256(body).hexdigest())
        try:
            response = self._http.request(method, path, content=body or None, headers=headers)
        except httpx.ConnectError as error:
            url = self._http.base_url
            raise Misused(
                f"无法连接 {url}，平台是否已启动？", f"nothing answers at {url}: is the platform up?"
            ) from error
        if response.is_error:
            raise _refused(response)
        return response


def _refused(response: httpx.Response) -> Refused:
    try:
        problem = response.json()
        details = {name: problem[name] for name in ("code", "article", "status", "outcome") if name in problem}
        return Refused(problem["detail_zh"], problem["detail_en"], **details)
    except (ValueError, KeyError):
        return Refused(f"平台答复 {response.status_code}", f"the platform answered {response.status_code}")


def _chunks(file: Any, left: int) -> Iterator[bytes]:
    while left > 0:
        chunk = file.read(min(CHUNK, left))
        if not chunk:
            return
        left -= len(chunk)
        yield chunk


def _base64(value: str) -> str:

    return base64.b64encode(value.encode()).decode()
