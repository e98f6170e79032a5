"""Checkpoints: a log's size and root under its name, signed by the log and cosigned by witnesses."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.ledger import note
from shared.ledger.errors import Malformed
from shared.ledger.keys import COSIGNATURE, Signer, Verifier, cosigned_message
from shared.ledger.merkle import HASH_SIZE
from shared.ledger.text import decode_decimal, decode_hash, encode_base64


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself (c2sp.org/tlog-checkpoint): its origin, its size in leaves, its root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any(not line or "\n" in line for line in (self.origin, *self.extensions)):
            raise Malformed("a checkpoint's origin and extensions are lines that are not empty")
        if self.size < 0 or len(self.root) != HASH_SIZE:
            raise Malformed(f"a checkpoint has a size and a root of {HASH_SIZE} bytes")

    @property
    def text(self) -> str:
        """The text that is signed."""
        lines = [self.origin, str(self.size), encode_base64(self.root), *self.extensions]
        return "".join(f"{line}\n" for line in lines)


def parse_text(text: str) -> Checkpoint:
    """Return the checkpoint that a note's text spells. Raise Malformed on any other spelling."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop():  # noqa: PLR2004 - three lines, and nothing after the last newline
        raise Malformed("a checkpoint has three lines or more, each ended by a newline")
    origin, size, root, *extensions = lines
    return Checkpoint(origin, decode_decimal(size), decode_hash(root), tuple(extensions))


def parse(data: bytes) -> Checkpoint:
    """Return the checkpoint that a signed note carries, without verifying any signature."""
    return parse_text(note.parse(data).text)


def sign(checkpoint: Checkpoint, signer: Signer) -> bytes:
    """Return the checkpoint as a note signed by its log (Ed25519, type 0x01)."""
    return note.sign(checkpoint.text, [signer])


def cosign(data: bytes, witness: Signer, time: int) -> note.Signature:
    """Return a witness's cosignature/v1 of a checkpoint note, at a Unix time in seconds.

    It says that the witness has seen no larger tree of this log and that all it saw are consistent; the
    caller must have made sure of that (c2sp.org/tlog-cosignature).
    """
    if witness.kind != COSIGNATURE or time < 0:
        raise Malformed("a witness cosigns with a key of type 0x04 at a time after 1970")
    text = note.parse(data).text
    parse_text(text)
    value = time.to_bytes(8, "big") + witness.sign(cosigned_message(text, time))
    return note.Signature(witness.name, witness.verifier.key_id, value)


def with_cosignatures(data: bytes, added: Iterable[note.Signature]) -> bytes:
    """Return a checkpoint note with cosignatures added below the signatures it has."""
    return note.parse(data).signed_also_by(added).encode()


def open_checkpoint(data: bytes, trusted: Iterable[Verifier]) -> Checkpoint:
    """Return a checkpoint that at least one trusted key has signed, and none wrongly; else raise LedgerFault."""
    return parse_text(note.open_note(data, trusted).text)
