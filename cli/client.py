"""The client of the door: every request signed by the asker's own key, times taken from the platform's clock."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Any, BinaryIO

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cli.output import Misused, Refused, Unanswered
from shared.kernel.canonical import encode, instant, parse_instant
from shared.seal.wire import text

TIMEOUT = httpx.Timeout(60.0, connect=5.0)
LIVE = httpx.Timeout(15.0, connect=5.0)
"""A live feed says something every few seconds; one that is silent for longer is lost."""

PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds between tries of a request whose answer was lost; a command keeps its id, so trying again is safe."""

PATIENCE = 60
"""How many times, a second apart, something that the platform is still at work on is asked for again."""

_BUSY = frozenset({408, 423, 429, 502, 503, 504})


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

    @classmethod
    def session(cls, secret: str) -> "Asker":
        """Ask in a session, which signs nothing."""
        return InSession(secret)

    def headers(self, method: str, path: str, at: datetime, body_digest: str) -> dict[str, str]:
        """Return the headers that sign a request."""
        moment = instant(at)
        signed = f"ggzy-request/v1\n{method}\n{path}\n{moment}\n{body_digest}".encode()
        return {**self._headers, "X-Ggzy-At": moment, "X-Ggzy-Signature": text(self._key.sign(signed))}


class InSession(Asker):
    """Who has logged in."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def headers(self, method: str, path: str, at: datetime, body_digest: str) -> dict[str, str]:
        """Return the header that carries the session."""
        del method, path, at, body_digest
        return {"Authorization": f"Bearer {self._secret}"}


class Lost(Exception):
    """No answer came, or one that says to ask again; whether anything was done is not known."""

    def __init__(self, why: str, response: httpx.Response | None = None) -> None:
        super().__init__(why)
        self.response = response


class Client:
    """Speaks to one platform. `pause` waits a number of seconds."""

    def __init__(self, url: str, pause: Callable[[float], None] = time.sleep, pauses: Sequence[float] = PAUSES) -> None:
        self.url = url
        self._http = httpx.Client(base_url=url, timeout=TIMEOUT, trust_env=False)
        self._pause, self._pauses = pause, pauses

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def now(self) -> datetime:
        """Return the platform's time."""
        return parse_instant(self.get("/api/time")["now"])

    def get(self, path: str, asker: Asker | None = None) -> Any:
        """Return the JSON of a GET. Raise Refused with what the platform said, Unanswered if it said nothing."""
        return _json(self.send("GET", path, b"", asker))

    def fetch(self, path: str, asker: Asker | None = None) -> bytes:
        """Return the bytes of a GET."""
        return self.send("GET", path, b"", asker).content

    def download(self, path: str, sink: BinaryIO, asker: Asker | None = None) -> None:
        """Write the bytes of a GET to a file of its own, piece by piece, and go back to its beginning."""
        self.send("GET", path, b"", asker, sink=sink)
        sink.seek(0)

    def await_bytes(self, path: str, asker: Asker | None = None) -> bytes:
        """Return the bytes of a GET that the platform may ask to wait for, as a checkpoint that is being made."""
        for _ in range(PATIENCE):
            try:
                return self.fetch(path, asker)
            except Refused as refused:
                if refused.details.get("code") != "not_yet":
                    raise
            self._pause(1.0)
        return self.fetch(path, asker)

    def find(self, path: str, asker: Asker | None = None) -> bytes | None:
        """Return the bytes of a GET, None where there is nothing."""
        response = self.send("GET", path, b"", asker, allowed=frozenset({HTTPStatus.NOT_FOUND}))
        return None if response.status_code == HTTPStatus.NOT_FOUND else response.content

    def post(self, path: str, body: Mapping[str, Any], asker: Asker, **headers: str) -> Any:
        """Return the JSON of a signed POST."""
        return _json(self.send("POST", path, encode(dict(body)), asker, headers))

    def tell(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the JSON of a POST that nobody signs."""
        return dict(_json(self.send("POST", path, encode(dict(body)), None)))

    def command(self, asker: Asker, procedure: str, command: Mapping[str, Any], id_: str) -> dict[str, Any]:
        """Give a command under an id and return its outcome. Raise Refused if it was refused, with the article.

        Raise Unanswered if no outcome could be learnt; the same command under the same id then gets it later.
        """
        body = encode({"procedure": procedure, "command": dict(command)})
        response = self.send("POST", "/api/commands", body, asker, {"Idempotency-Key": id_})
        outcome = self._awaited(asker, id_) if response.status_code == HTTPStatus.ACCEPTED else _json(response)
        if refusal := outcome.get("refusal"):
            raise Refused(refusal["zh"], refusal["en"], code=refusal["code"], article=refusal["article"])
        return dict(outcome)

    def send(
        self,
        method: str,
        path: str,
        body: bytes,
        asker: Asker | None,
        extra: Mapping[str, str] | None = None,
        *,
        allowed: frozenset[int] = frozenset(),
        sink: BinaryIO | None = None,
    ) -> httpx.Response:
        """Return the response, trying again while answers are lost. Raise Refused for an error not `allowed`.

        What is not told as an error goes to the `sink`, if there is one.
        """
        for pause in (*self._pauses, None):
            try:
                response = self.try_once(method, path, body, asker, extra, sink=sink)
                break
            except Lost as lost:
                if pause is None:
                    raise self._unanswered(lost) from lost
                self._pause(pause)
        if response.is_error and response.status_code not in allowed:
            raise refusal_of(response)
        return response

    def try_once(
        self,
        method: str,
        path: str,
        body: bytes,
        asker: Asker | None,
        extra: Mapping[str, str] | None = None,
        *,
        sink: BinaryIO | None = None,
    ) -> httpx.Response:
        """Return the response to one request, whatever its status. Raise Lost where it should be asked again."""
        headers = {"Content-Type": "application/json", **(extra or {})} if body else dict(extra or {})
        with self._reaching():
            request = self._http.build_request(method, path, content=body or None, headers=headers)
            self._sign(request, body, asker)
            response = self._http.send(request, stream=sink is not None)
            if sink is not None:
                _pour(response, sink)
        return _unless_busy(response)

    def listen(self, path: str, asker: Asker | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the server-sent events of a GET by their names, until the platform ends them. Raise Refused, Lost."""
        with self._reaching():
            request = self._http.build_request("GET", path, timeout=LIVE)
            self._sign(request, b"", asker)
            with closing(self._http.send(request, stream=True)) as response:
                if response.is_error:
                    response.read()
                    raise refusal_of(_unless_busy(response))
                yield from _events(response.iter_lines())

    def _sign(self, request: httpx.Request, body: bytes, asker: Asker | None) -> None:
        if asker is not None:
            at = parse_instant(_json(_unless_busy(self._http.get("/api/time")))["now"])
            target = request.url.raw_path.decode()
            request.headers.update(asker.headers(request.method, target, at, hashlib.sha256(body).hexdigest()))

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Say of what fails on the way to the platform whether it is the address or may be tried again."""
        try:
            yield
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Misused(f"平台地址有误：{self.url}", f"not the address of a platform: {self.url}") from error
        except httpx.TransportError as error:
            raise Lost(type(error).__name__) from error

    def _awaited(self, asker: Asker, id_: str) -> Any:
        """Return the outcome of a command that the platform has kept and is still to decide."""
        for _ in range(PATIENCE):
            found = self.find(f"/api/outcomes/{id_}", asker)
            if found is not None:
                return _decoded(found)
            self._pause(1.0)
        raise Unanswered(
            f"平台已收到但尚未处理完毕（指令 {id_}），请稍后再执行同一命令",
            f"the platform has it but has not decided yet (command {id_}): give the same command again later",
        )

    def _unanswered(self, lost: Lost) -> Refused:
        """Return what the platform said last, or that it said nothing."""
        if lost.response is not None:
            return refusal_of(lost.response)
        return Unanswered(
            f"{self.url} 没有答复（{lost}）。平台是否已启动？再次执行同一命令是安全的",
            f"no answer from {self.url} ({lost}). Is the platform up? Giving the same command again is safe",
        )


def _events(lines: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the named events of a stream of lines; what has no data is passed over."""
    name = ""
    for line in lines:
        kind, _, value = line.partition(":")
        if kind == "event":
            name = value.strip()
        elif kind == "data":
            yield name, dict(_decoded(value.encode()))


def _pour(response: httpx.Response, sink: BinaryIO) -> None:
    """Write what an answer brings in the place of what an earlier try did; an error is kept, to be told."""
    if response.is_error:
        response.read()
        return
    sink.seek(0)
    sink.truncate()
    sink.writelines(response.iter_bytes())


def _unless_busy(response: httpx.Response) -> httpx.Response:
    """Return a response. Raise Lost for one that says to ask again."""
    if response.status_code in _BUSY:
        raise Lost(str(response.status_code), response)
    return response


def refusal_of(response: httpx.Response) -> Refused:
    """Return what an error response says, in both languages."""
    kind = Unanswered if response.is_server_error or response.status_code in _BUSY else Refused
    try:
        problem = response.json()
        details = {name: problem[name] for name in ("code", "article", "status") if name in problem}
        return kind(problem["detail_zh"], problem["detail_en"], **details)
    except (ValueError, KeyError, TypeError):
        status = response.status_code
        zh, en = f"答复 {status}，不是本平台的格式；请检查地址", f"an answer {status} that is not this platform's"
        return kind(zh, f"{en}: is this the right address?", status=status)


def _json(response: httpx.Response) -> Any:
    if response.is_error:
        raise refusal_of(response)
    return _decoded(response.content)


def _decoded(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError as error:
        raise Unanswered(
            "平台答复的不是 JSON，请检查地址", "the answer is not JSON: is this the right address?"
        ) from error
