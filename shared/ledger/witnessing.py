"""The log's side of c2sp.org/tlog-witness: what it asks a witness, and what it takes from the answer."""

from collections.abc import Iterable, Sequence

from shared.ledger import note
from shared.ledger.errors import Malformed
from shared.ledger.keys import Verifier
from shared.ledger.text import decode_decimal, decode_utf8, encode_base64


def encode_request(old: int, proof: Sequence[bytes], checkpoint: bytes) -> bytes:
    """Return the body to post to `<prefix>/add-checkpoint`.

    `old` is the size that this witness last cosigned (0 if none or unknown), `proof` the consistency
    proof from there, `checkpoint` the signed note.
    """
    lines = [f"old {old}", *map(encode_base64, proof), "", ""]
    return "\n".join(lines).encode() + checkpoint


def read_cosignatures(answer: bytes, checkpoint: bytes, trusted: Iterable[Verifier]) -> tuple[note.Signature, ...]:
    """Return the signatures in an answer 200 that trusted keys made over this checkpoint, others left out.

    Raise LedgerFault when there is none, or when one that names a trusted key does not hold.
    """
    lines = decode_utf8(answer).split("\n")
    if lines.pop():
        raise Malformed("a witness's answer ends in a newline")
    signatures = tuple(note.parse_signature(line) for line in lines)
    answered = note.Note(note.parse(checkpoint).text, signatures)
    return tuple(signature for _, signature in answered.verified(trusted))


def read_size(answer: bytes) -> int:
    """Return the size that a witness tells in an answer 409. Raise Malformed."""
    text = decode_utf8(answer)
    if not text.endswith("\n"):
        raise Malformed("a witness's answer ends in a newline")
    return decode_decimal(text.removesuffix("\n"))
