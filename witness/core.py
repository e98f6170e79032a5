"""What a witness decides about a checkpoint it is sent, as a pure function (c2sp.org/tlog-witness)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from shared.ledger import checkpoint, note
from shared.ledger.checkpoint import Checkpoint
from shared.ledger.errors import BadSignature, Malformed, Unsigned
from shared.ledger.keys import Verifier
from shared.ledger.merkle import EMPTY_ROOT, verify_consistency
from shared.ledger.text import decode_decimal, decode_hash, decode_utf8

MAX_HASHES = 63

Trusted = Mapping[str, Sequence[Verifier]]  # a log's origin -> the keys that may sign for it


@dataclass(frozen=True)
class Request:
    """An add-checkpoint request: the size the log thinks the witness holds, the proof from there, the note."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes
    checkpoint: Checkpoint


@dataclass(frozen=True)
class Accepted:
    """A request to be persisted and cosigned, if `before` is still what the witness remembers then."""

    request: Request
    before: Checkpoint | None


@dataclass(frozen=True)
class Answer:
    """What the witness answers over HTTP."""

    status: HTTPStatus
    body: bytes
    content_type: str = "text/plain; charset=utf-8"


class NotCosigned(Exception):
    """The witness does not cosign; `answer` says why in the protocol's own terms."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body.decode())
        self.answer = answer


def parse_request(body: bytes) -> Request:
    """Return the request that a body spells. Raise Malformed."""
    head, separator, data = body.partition(b"\n\n")
    first, *lines = decode_utf8(head).split("\n")
    if not separator or not first.startswith("old ") or len(lines) > MAX_HASHES:
        raise Malformed(f"a request is `old <size>`, at most {MAX_HASHES} hashes, an empty line, a checkpoint")
    proof = tuple(decode_hash(line) for line in lines)
    return Request(decode_decimal(first.removeprefix("old ")), proof, data, checkpoint.parse(data))


def decide(body: bytes, trusted: Trusted, latest: Callable[[str], Checkpoint | None]) -> Accepted:
    """Return the request that is then to be persisted and cosigned; else raise NotCosigned.

    `latest` gives the checkpoint last cosigned for an origin, None for the first. The answers: 400 for
    what cannot be read or claims to shrink, 404 for an unknown log, 403 without its valid signature, 409
    with the witness's own size when the log has another in mind, 422 for a tree that does not follow.
    """
    try:
        request = parse_request(body)
    except Malformed as fault:
        raise _refused(HTTPStatus.BAD_REQUEST, str(fault)) from fault
    _check_signed(request, trusted)
    if request.old > request.checkpoint.size:
        raise _refused(HTTPStatus.BAD_REQUEST, "the old size is above the checkpoint's")
    before = latest(request.checkpoint.origin)
    _check_follows(request, before)
    return Accepted(request, before)


def conflict(latest: Checkpoint | None) -> Answer:
    """Return the answer 409: the size that the witness last cosigned, for the log to start from."""
    size = latest.size if latest else 0
    return Answer(HTTPStatus.CONFLICT, b"%d\n" % size, "text/x.tlog.size")


def _check_signed(request: Request, trusted: Trusted) -> None:
    if not (keys := trusted.get(request.checkpoint.origin)):
        raise _refused(HTTPStatus.NOT_FOUND, "this witness does not follow that log")
    try:
        note.parse(request.note).verified(keys)
    except (Unsigned, BadSignature) as fault:
        raise _refused(HTTPStatus.FORBIDDEN, str(fault)) from fault


def _check_follows(request: Request, latest: Checkpoint | None) -> None:
    """Refuse unless the new tree begins with the last one cosigned; an empty tree begins every tree."""
    head, (size, root) = request.checkpoint, (latest.size, latest.root) if latest else (0, EMPTY_ROOT)
    if request.old != size:
        raise NotCosigned(conflict(latest))
    if size == 0:
        follows = not request.proof and (head.size > 0 or head.root == EMPTY_ROOT)
    else:
        follows = verify_consistency(size, head.size, request.proof, root, head.root)
    if not follows:
        raise _refused(HTTPStatus.UNPROCESSABLE_ENTITY, "the checkpoint is not shown to follow the last one")


def _refused(status: HTTPStatus, reason: str) -> NotCosigned:
    return NotCosigned(Answer(status, f"{reason}\n".encode()))
