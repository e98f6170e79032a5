"""The witness over HTTP: POST <prefix>/add-checkpoint, one thread a connection, on loopback unless told."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from shared.ledger.checkpoint import cosign
from shared.ledger.errors import LedgerFault, Malformed
from shared.ledger.keys import COSIGNATURE, Signer
from witness.core import Answer, NotCosigned, Trusted, conflict, decide
from witness.state import Moved, State

MAX_BODY = 131_072  # bytes; 63 hashes and 16 signatures of 5 KB fit
PATIENCE = 10  # seconds that a connection may be silent

LOG = logging.getLogger("witness")


@dataclass(frozen=True)
class Witness:
    """One witness: its key, the logs it follows, its memory, and `now`, the Unix time in seconds."""

    signer: Signer
    trusted: Trusted
    state: State
    now: Callable[[], int]

    def __post_init__(self) -> None:
        if self.signer.kind != COSIGNATURE:
            raise Malformed("a witness has a key of type 0x04")

    def add_checkpoint(self, body: bytes) -> Answer:
        """Decide, persist, and only then cosign; return the HTTP answer."""
        try:
            accepted = decide(body, self.trusted, self.state.latest)
            self.state.advance(accepted.before, accepted.request.checkpoint)
        except NotCosigned as refused:
            return refused.answer
        except Moved as moved:
            return conflict(moved.latest)
        cosignature = cosign(accepted.request.note, self.signer, self.now())
        return Answer(HTTPStatus.OK, cosignature.line.encode())


def server(witness: Witness, host: str = "127.0.0.1", port: int = 0, prefix: str = "") -> ThreadingHTTPServer:
    """Return a server that is bound and not yet serving; port 0 takes a free one."""

    class Handler(_Handler):
        path_served = f"{prefix}/add-checkpoint"
        served = witness

    return ThreadingHTTPServer((host, port), Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps connections open, as the protocol asks
    timeout = PATIENCE
    path_served: str
    served: Witness

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != self.path_served:
            self._refuse(HTTPStatus.NOT_FOUND)
        elif not length.isascii() or not length.isdigit():
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
        elif len(length) > len(str(MAX_BODY)) or int(length) > MAX_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            self._answer(self._decide(self.rfile.read(int(length))))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's own name
        LOG.info("%s %s", self.address_string(), format % args)

    def _decide(self, body: bytes) -> Answer:
        try:
            return self.served.add_checkpoint(body)
        except (LedgerFault, OSError):
            LOG.exception("the witness's memory cannot be read or written")
            return Answer(HTTPStatus.INTERNAL_SERVER_ERROR, b"the witness cannot remember\n")

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True  # the body is left unread
        self._answer(Answer(status, f"{status.phrase}\n".encode()))

    def _answer(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)
