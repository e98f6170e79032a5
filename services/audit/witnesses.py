"""Asking a witness for its cosignature over HTTP (c2sp.org/tlog-witness), with an end to every wait."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Self
from urllib.parse import urlsplit

from shared.ledger.checkpoint import parse
from shared.ledger.errors import LedgerFault
from shared.ledger.keys import COSIGNATURE, MLDSA44, Verifier, parse_vkey
from shared.ledger.note import Signature
from shared.ledger.witnessing import encode_request, read_cosignatures, read_size
from shared.platform.settings import BadSettings

SECONDS = 3.0
"""How long one step of the exchange may take."""

MAX_ANSWER = 65_536

Prove = Callable[[int, int], Sequence[bytes]]
"""(old size, new size) -> the consistency proof."""


class Away(Exception):
    """The witness cannot be reached now."""


class Refused(Exception):
    """The witness answers, and does not cosign: `status` is its HTTP status; the text what that means."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness: the URL of its add-checkpoint endpoint, and its key."""

    url: str
    key: Verifier

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the witness that a setting `URL|vkey` names. Raise BadSettings."""
        url, _, vkey = text.partition("|")
        parts = urlsplit(url)
        try:
            key = parse_vkey(vkey)
        except LedgerFault as fault:
            zh = f"GGZY_WITNESSES：{url} 的公钥无效"
            raise BadSettings(f"GGZY_WITNESSES: {url} has no valid key: {fault}", zh) from fault
        if parts.scheme not in {"http", "https"} or not parts.hostname or key.kind not in {COSIGNATURE, MLDSA44}:
            zh = "GGZY_WITNESSES：每项应为 URL|vkey，公钥须用于见证签名"
            raise BadSettings("GGZY_WITNESSES: each is URL|vkey, the key one for cosignatures", zh)
        return cls(url, key)

    @property
    def name(self) -> str:
        """The witness's name, as its signature lines bear it."""
        return self.key.name

    def cosign(self, note: bytes, old: int, prove: Prove) -> Signature:
        """Return the witness's verified cosignature of a checkpoint note. Raise Away or Refused.

        `old` is the size it is thought to have cosigned last; where it remembers another, it is asked once more.
        """
        size = parse(note).size
        status, answer = self._post(encode_request(old, prove(old, size), note))
        if status == HTTPStatus.CONFLICT:
            old = _told_size(answer)
            if old > size:
                raise Refused(status, f"it has seen {old} leaves of this log, which has {size}")
            status, answer = self._post(encode_request(old, prove(old, size), note))
        if status != HTTPStatus.OK:
            raise Refused(status, f"it answers {status}")
        try:
            return read_cosignatures(answer, note, [self.key])[0]
        except LedgerFault as fault:
            raise Refused(status, f"its cosignature is not one: {fault}") from fault

    def _post(self, body: bytes) -> tuple[int, bytes]:
        parts = urlsplit(self.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(str(parts.hostname), parts.port, timeout=SECONDS)
        try:
            connection.request("POST", parts.path or "/", body, {"Content-Type": "text/plain; charset=utf-8"})
            response = connection.getresponse()
            return response.status, response.read(MAX_ANSWER)
        except (OSError, HTTPException) as error:
            raise Away(type(error).__name__) from error
        finally:
            connection.close()


def _told_size(answer: bytes) -> int:
    try:
        return read_size(answer)
    except LedgerFault as fault:
        raise Refused(HTTPStatus.CONFLICT, f"it does not tell its size: {fault}") from fault
