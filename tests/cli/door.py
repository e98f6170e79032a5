"""A small door of our own on loopback: it verifies who asks, keeps commands by id, and loses answers when told to."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.kernel.canonical import instant
from shared.seal.credential import Facts, issue
from shared.seal.keys import new_signing_key, signing_public
from shared.seal.receipt import issue_receipt
from shared.seal.wire import raw
from tests.seal.world import TOKEN, dice

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
REGISTRY = new_signing_key(dice(51))
PLATFORM = new_signing_key(dice(52))

Answer = tuple[int, dict[str, Any]]


def problem(status: int, code: str, **more: Any) -> Answer:
    """Return a problem as the portal tells it."""
    detail = {"detail_zh": f"拒绝 {code}", "detail_en": f"refused {code}", "article": "平台规则"}
    return status, {"type": f"/problems/{code}", "code": code, "status": status, **detail, **more}


@dataclass
class Door:
    """What the door knows and does; tests set it up and look at it afterwards."""

    accounts: dict[str, str] = field(default_factory=dict)
    pages: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)
    given: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    not_yet: set[str] = field(default_factory=set)
    """Paths that are being made until they stand in `files`."""
    uploads: dict[str, bytearray] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """What was asked for by GET, with its query."""
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What is answered to those who tell something by POST, by path."""
    heard: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    """What was told so: path, body and headers."""
    lose: int = 0
    """How many answers to commands are lost after the command was done."""
    keep: int = 0
    """How many times an outcome is not there yet after a command was kept (202)."""
    break_after: int | None = None
    """After how many bytes of a part the connection breaks, once."""
    busy: int = 0
    """How many questions for the time are too many."""
    stuck: bool = False
    decide: Callable[[str, dict[str, Any]], Answer | None] = field(default=lambda _procedure, _command: None)
    url: str = ""

    def outcome(self, id_: str, procedure: str, command: dict[str, Any]) -> Answer:
        """Do a command once under its id."""
        if id_ in self.outcomes:
            return 200, self.outcomes[id_]
        self.given.append((id_, command))
        if answer := self.decide(procedure, command):
            return answer
        position = len(self.given)
        event = {"type": command["type"] + ".v1", "position": position, "digest": "0" * 64}
        made = {"id": id_, "stream": procedure, "events": [event], "refusal": None, "receipts": []}
        if command["type"] == "bidding.deliver_sealed":
            made["receipts"] = [_receipt(procedure, command, position)]
        self.outcomes[id_] = made
        return 200, made


def _receipt(procedure: str, command: dict[str, Any], position: int) -> dict[str, Any]:
    made = issue_receipt(
        PLATFORM,
        service="bidding",
        procedure=procedure,
        token=command["credential"]["token"],
        sealed=raw(command["sealed"]),
        received_at=NOW,
        position=position,
        record_digest=hashlib.sha256(b"record %d" % position).hexdigest(),
    )
    return made.model_dump(mode="json")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet
    disable_nagle_algorithm = True
    door: Door

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.door.asked.append(self.path)
        if path == "/api/time" and self.door.busy:
            self.door.busy -= 1
            self._answer(*problem(429, "too_many_requests"))
        elif path == "/api/time":
            self._answer(200, {"now": instant(NOW), "simulated": True})
        elif path.startswith("/api/outcomes/"):
            self._outcome(path.rpartition("/")[2])
        elif path in self.door.pages:
            self._answer(200, self.door.pages[path])
        elif path in self.door.files:
            self._raw(200, self.door.files[path])
        elif path in self.door.not_yet:
            self._answer(*problem(409, "not_yet"))
        else:
            self._answer(*problem(404, "not_found"))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path in self.door.told:
            self.door.heard.append((self.path, json.loads(body), dict(self.headers)))
            self._answer(200, self.door.told[self.path])
        elif not self._is_genuine(body):
            self._answer(*problem(401, "not_authentic"))
        elif self.path == "/api/uploads":
            self._begin_upload()
        elif self.path == "/api/credentials":
            self._credential(json.loads(body))
        else:
            self._command(json.loads(body))

    def do_HEAD(self) -> None:
        name = self.path.rpartition("/")[2]
        known = name in self.door.uploads
        headers = {"Upload-Offset": str(len(self.door.uploads[name]))} if known else {}
        self._raw(200 if known else 404, b"", headers)

    def do_PATCH(self) -> None:
        name, length = self.path.rpartition("/")[2], int(self.headers["Content-Length"])
        held = self.door.uploads[name]
        if int(self.headers["Upload-Offset"]) != len(held) or self.door.stuck:
            self.rfile.read(length)
            self._answer(*problem(409, "wrong_offset"))
        elif self.door.break_after is not None:
            held += self.rfile.read(min(length, self.door.break_after))
            self.door.break_after = None
            self._hang_up()
        else:
            held += self.rfile.read(length)
            self._raw(204, b"", {"Upload-Offset": str(len(held))})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's own name
        """Say nothing."""

    def _command(self, body: dict[str, Any]) -> None:
        id_ = self.headers["Idempotency-Key"]
        status, made = self.door.outcome(id_, body["procedure"], body["command"])
        if self.door.lose:
            self.door.lose -= 1
            self._hang_up()
        elif self.door.keep:
            self._answer(202, {"id": id_})
        else:
            self._answer(status, made)

    def _outcome(self, id_: str) -> None:
        if not self._is_genuine(b"") or id_ not in self.door.outcomes or self.door.keep > 1:
            self.door.keep = max(1, self.door.keep - 1)
            self._answer(*problem(404, "not_found"))
        else:
            self.door.keep = 0
            self._answer(200, self.door.outcomes[id_])

    def _credential(self, wanted: dict[str, Any]) -> None:
        facts, until = Facts(not_suspended=True, region="", deposit=False), NOW + timedelta(days=90)
        key = wanted["public_key"]
        made = issue(REGISTRY, tender=wanted["procedure"], token=TOKEN, public_key=key, facts=facts, until=until)
        self._answer(200, made.model_dump(mode="json"))

    def _begin_upload(self) -> None:
        encoded = self.headers["Upload-Metadata"].partition(" ")[2]
        name = base64.b64decode(encoded).decode()[:16] + str(len(self.door.uploads))
        self.door.uploads[name], self.door.lengths[name] = bytearray(), int(self.headers["Upload-Length"])
        self._raw(201, b"", {"Location": f"/api/uploads/{name}", "Upload-Offset": "0"})

    def _is_genuine(self, body: bytes) -> bool:
        """Verify the signature by the account's key, or by the credential's one-time key."""
        headers = self.headers
        if "X-Ggzy-Account" in headers:
            key = self.door.accounts.get(headers["X-Ggzy-Account"], "")
        else:
            key = json.loads(raw(headers["X-Ggzy-Credential"]))["public_key"]
        digest = hashlib.sha256(body).hexdigest()
        signed = f"ggzy-request/v1\n{self.command}\n{self.path}\n{headers['X-Ggzy-At']}\n{digest}".encode()
        try:
            Ed25519PublicKey.from_public_bytes(raw(key)).verify(raw(headers["X-Ggzy-Signature"]), signed)
        except (InvalidSignature, ValueError):
            return False
        return bool(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", headers.get("Idempotency-Key", "x")))

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        self._raw(status, json.dumps(body).encode())

    def _raw(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.close()


@contextmanager
def opened(**given: Any) -> Iterator[Door]:
    """Serve a door on a free port of loopback."""
    door = Door(**given)
    handler = type("Handler", (_Handler,), {"door": door})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        door.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield door
        finally:
            server.shutdown()
            thread.join()


__all__ = ["NOW", "PLATFORM", "REGISTRY", "Door", "opened", "problem", "signing_public"]
