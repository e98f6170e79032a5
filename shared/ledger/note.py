"""Signed notes: text with signature lines below, read and verified as c2sp.org/signed-note says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from shared.ledger.errors import BadSignature, Malformed, Unsigned
from shared.ledger.keys import ED25519, Signer, Verifier, check_name
from shared.ledger.text import decode_base64, decode_utf8, encode_base64

MAX_NOTE = 1_000_000  # bytes
MAX_SIGNATURES = 100

_KEY_ID_SIZE = 4
_DASH = "— "


@dataclass(frozen=True)
class Signature:
    """One signature line: the key's name and ID, and the signature's bytes."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        """The line with its newline, as it stands in a note."""
        return f"{_DASH}{self.name} {encode_base64(self.key_id + self.value)}\n"


@dataclass(frozen=True)
class Note:
    """A text, which ends in a newline, and its signatures; nothing in it is verified yet."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """Return the note's bytes."""
        return f"{self.text}\n{''.join(signature.line for signature in self.signatures)}".encode()

    def signed_also_by(self, added: Iterable[Signature]) -> "Note":
        """Return the note with further signatures, each line at most once."""
        return replace(self, signatures=tuple(dict.fromkeys([*self.signatures, *added])))

    def verified(self, trusted: Iterable[Verifier]) -> list[tuple[Verifier, Signature]]:
        """Return the signatures by trusted keys, all of which hold.

        Signatures of other keys are passed over. Raise BadSignature when one that names a trusted key
        does not hold, Unsigned when there is none of a trusted key.
        """
        known = _by_name(trusted)
        found = []
        for signature in self.signatures:
            if verifier := known.get((signature.name, signature.key_id)):
                if not verifier.accepts(self.text, signature.value):
                    raise BadSignature(f"the signature of {signature.name!r} does not hold")
                found.append((verifier, signature))
        if not found:
            raise Unsigned("no trusted key has signed the note")
        return found


def parse(data: bytes) -> Note:
    """Return the note that bytes spell. Raise Malformed; nothing is verified."""
    if len(data) > MAX_NOTE:
        raise Malformed(f"a note has at most {MAX_NOTE} bytes")
    whole = decode_utf8(data)
    if any(mark < " " and mark != "\n" for mark in whole):
        raise Malformed("a note holds no control characters but newlines")
    cut = whole.rfind("\n\n")
    if cut < 0 or not whole.endswith("\n"):
        raise Malformed("a note is a text, an empty line and signature lines")
    lines = whole[cut + 2 :].split("\n")[:-1]
    if not 0 < len(lines) <= MAX_SIGNATURES:
        raise Malformed(f"a note has 1 to {MAX_SIGNATURES} signatures, not {len(lines)}")
    return Note(whole[: cut + 1], tuple(parse_signature(line) for line in lines))


def parse_signature(line: str) -> Signature:
    """Return the signature that one line, without its newline, spells."""
    name, separator, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not separator:
        raise Malformed(f"not a signature line: {line[:80]!r}")
    check_name(name)
    data = decode_base64(encoded)
    if len(data) <= _KEY_ID_SIZE:
        raise Malformed(f"too short for a signature: {line[:80]!r}")
    return Signature(name, data[:_KEY_ID_SIZE], data[_KEY_ID_SIZE:])


def sign(text: str, signers: Sequence[Signer]) -> bytes:
    """Return the note of a text, which must end in a newline, signed by Ed25519 keys (type 0x01)."""
    if not text.endswith("\n"):
        raise Malformed("a note's text ends in a newline")
    signatures = tuple(_signature(signer, text) for signer in signers)
    data = Note(text, signatures).encode()
    parse(data)  # so that nothing is signed that no reader would accept
    return data


def open_note(data: bytes, trusted: Iterable[Verifier]) -> Note:
    """Return a note that at least one trusted key has signed, and none wrongly; else raise LedgerFault."""
    note = parse(data)
    note.verified(trusted)
    return note


def _signature(signer: Signer, text: str) -> Signature:
    if signer.kind != ED25519:
        raise Malformed("a witness key signs checkpoints only, with a time")
    verifier = signer.verifier
    return Signature(verifier.name, verifier.key_id, signer.sign(text.encode()))


def _by_name(trusted: Iterable[Verifier]) -> dict[tuple[str, bytes], Verifier]:
    known: dict[tuple[str, bytes], Verifier] = {}
    for verifier in trusted:
        if known.setdefault((verifier.name, verifier.key_id), verifier) != verifier:
            raise Malformed(f"two trusted keys share the name {verifier.name!r} and their key ID")
    return known
